"""Rows locked in the room's one order: campaign, then fund. SQLite's transactions are immediate and lock the file."""

from __future__ import annotations

from becontree.citizenship.giving.models import Campaign, Fund, Pledge


def campaign_locked(campaign: Campaign) -> Campaign:
    """The campaign as it stands now, held until the transaction ends, with its project."""
    return Campaign.objects.select_for_update(of=("self",)).select_related("project").get(pk=campaign.pk)


def pledge_locked(pledge: Pledge) -> Pledge:
    """The pledge as it stands now, under its campaign's lock."""
    campaign = campaign_locked(pledge.campaign)
    found = Pledge.objects.select_for_update(of=("self",)).select_related("need").get(pk=pledge.pk)
    found.campaign = campaign
    return found


def fund_locked(fund: Fund) -> Fund:
    """The fund held until the transaction ends, so that what it has left is read once and spent once."""
    return Fund.objects.select_for_update(of=("self",)).select_related("funder").get(pk=fund.pk)
