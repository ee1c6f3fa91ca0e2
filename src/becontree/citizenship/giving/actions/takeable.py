"""Whether a gift can be taken: the campaign is open, the sum is large enough, and the project needs it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from becontree.citizenship.giving.models import Campaign, Pledge
from becontree.citizenship.projects.models import Project
from becontree.citizenship.projects.permissions import has_run
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.pence import pounds
from becontree.foundations.payments import limits
from becontree.foundations.people.models import Person


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


def may_count(pledge: Pledge, campaign: Campaign, now: datetime) -> bool:
    """Whether a gift that was begun may count now: the campaign is open, and nobody joined the project on the way.

    Who came to run the project while paying had not agreed to the public line of its own people, and would be matched.
    """
    return is_open(campaign, now) and not (pledge.matchable and has_run(pledge.giver, campaign.project))


def why_not(campaign: Campaign, now: datetime) -> str:
    """Why money that came in goes back: for the accounts, in English."""
    if is_open(campaign, now):
        return "The giver had come to run the project"
    return "The campaign had closed"


def before_joining(project: Project, person: Person, *, locked: bool) -> None:
    """Nobody comes to run a project whose match money their own gift has just brought in. Raises Clash.

    To join, it looks under the lock of each campaign that is not settled, so that no gift counts between the look and
    the join. A page that only tells beforehand locks nothing.
    """
    unsettled = project.campaigns.filter(state__in=[Campaign.State.LIVE, Campaign.State.COLLECTING])
    held = list(unsettled.order_by("pk").select_for_update(of=("self",)) if locked else unsettled)
    gifts = Pledge.objects.filter(campaign__in=held, giver=person, kind=Pledge.Kind.MONEY, matchable=True)
    if gifts.filter(state__in=Pledge.COUNTED).exists():
        raise Clash(
            "project.organiser_gave",
            gettext(
                "You gave to this project, and funds may put money beside your gift. Take the gift back first, or join "
                "once the campaign is settled."
            ),
        )
