"""Rows locked in the room's one order: campaign, then fund. SQLite's transactions are immediate and lock the file."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from becontree.citizenship.giving.models import Campaign, Fund, Pledge


def _campaigns() -> QuerySet[Campaign]:
    return Campaign.objects.select_for_update(of=("self",)).select_related("project")


def campaign_locked(campaign: Campaign) -> Campaign:
    """The campaign as it stands now, held until the transaction ends, with its project."""
    return _campaigns().get(pk=campaign.pk)


def pledge_locked(pledge: Pledge) -> Pledge:
    """The pledge as it stands now, under its campaign's lock."""
    campaign = _campaigns().get(pk=pledge.campaign_id)
    found = Pledge.objects.select_for_update().get(pk=pledge.pk)
    found.campaign = campaign
    return found


def pledge_locked_by(handle: str) -> Pledge | None:
    """The pledge of this handle, under its campaign's lock; None where there is none."""
    campaign = _campaigns().filter(pledges__handle=handle).order_by().first()
    if campaign is None:
        return None
    found = Pledge.objects.select_for_update().get(handle=handle)
    found.campaign = campaign
    return found


def fund_locked(fund: Fund) -> Fund:
    """The fund held until the transaction ends, so that what it has left is read once and spent once."""
    return Fund.objects.select_for_update(of=("self",)).select_related("funder").get(pk=fund.pk)


def following_locked(campaign: Campaign, on: date) -> list[Fund]:
    """Every fund that follows its rule and may go to the campaign on a day, held, in order of priority."""
    of = Fund.wards.through.objects.filter(fund=OuterRef("pk"))
    here = ~Exists(of) | Exists(of.filter(ward=campaign.project.ward_id))
    still = Q(closes_on=None) | Q(closes_on__gte=on)
    found = Fund.objects.filter(here, still, decides=Fund.Decides.RULE, closed_at=None, opens_on__lte=on)
    return list(found.select_for_update(of=("self",)))
