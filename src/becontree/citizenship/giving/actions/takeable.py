"""Whether a gift can be taken: the campaign is open, the sum is large enough, and the project needs it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from becontree.citizenship.giving.models import Campaign
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.pence import pounds
from becontree.foundations.payments import limits


def must_be_takeable(campaign: Campaign, pence: int, now: datetime) -> None:
    """Whether a gift of so many pence could be begun now.

    Raises:
        Invalid: less than the least gift, or more than the project still needs; it names the field "amount".
        Clash: the project has all that it needs.
    """
    least = limits.least_gift(now.date())
    if pence < least:
        raise Invalid(
            "pledge.least",
            gettext("The least we can take is %(least)s.") % {"least": pounds(least, short=True)},
            "amount",
        )
    if not has_room(campaign, pence):
        if campaign.missing == 0:
            raise Clash(
                "pledge.reached", gettext("The project has all the money it needs. It may still need time or things.")
            )
        raise Invalid(
            "pledge.above",
            gettext("The project needs %(missing)s more. Please give up to that.")
            % {"missing": pounds(campaign.missing)},
            "amount",
        )


def has_room(campaign: Campaign, pence: int) -> bool:
    """Whether so many pence more may count. Asked as a gift begins, and under the campaign's lock as it counts."""
    return bool(campaign.extra_use) or pence <= campaign.missing


def is_open(campaign: Campaign, now: datetime) -> bool:
    return campaign.state == Campaign.State.LIVE and campaign.opens_at <= now < campaign.closes_at


def must_be_open(campaign: Campaign, now: datetime) -> None:
    if not is_open(campaign, now):
        raise Clash("pledge.closed", gettext("This campaign is not open for gifts."))
