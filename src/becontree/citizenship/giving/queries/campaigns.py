"""A project's campaign, where its money comes from, and what it is still owed, holds or may pay out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext

from becontree.citizenship.giving import books
from becontree.citizenship.giving.actions.grants import source_rows, sources
from becontree.citizenship.giving.models import Award, Campaign, Contribution
from becontree.citizenship.projects.models import Project
from becontree.foundations.ledger.models import Account
from becontree.foundations.payments import queries as payments
from becontree.foundations.payments.models import Payout

OPEN = (Campaign.State.LIVE, Campaign.State.COLLECTING)


def latest_campaign(project: Project) -> Campaign | None:
    found = project.campaigns.order_by("-opens_at").first()
    if found is not None:
        found.project = project
    return found


def campaigns_of(projects: Sequence[Project]) -> dict[Any, Campaign]:
    """Project id -> its latest campaign, in one query."""
    found: dict[Any, Campaign] = {}
    for campaign in Campaign.objects.filter(project__in=projects).order_by("opens_at"):
        found[campaign.project_id] = campaign
    return found


def closing_soon(now: datetime) -> QuerySet[Campaign]:
    return Campaign.objects.filter(state__in=OPEN).select_related("project").order_by("closes_at")


def days_left(campaign: Campaign, now: datetime) -> int:
    return max(0, (campaign.closes_at - now).days)


def held(campaign: Campaign) -> int:
    return books.held(campaign)


def running_money(project: Project) -> list[Contribution]:
    """Money from elsewhere to run the project afterwards: never part of the capital sum."""
    return list(project.contributions.filter(part="running", state__in=Contribution.COUNTED))


def promised() -> QuerySet[Contribution]:
    """Money from elsewhere that is promised and has not come, oldest first: what finance looks for."""
    rows = Contribution.objects.filter(state=Contribution.State.PROMISED)
    return rows.select_related("project").order_by("on", "source")


def claimed() -> QuerySet[Contribution]:
    rows = Contribution.objects.filter(state=Contribution.State.CLAIMED)
    return rows.select_related("project", "evidence").order_by("claimed_at")


def payouts_of(campaign: Campaign) -> QuerySet[Payout]:
    """What was asked for, agreed to, paid or refused for a campaign's group, newest first."""
    return payments.payouts_of(campaign.ref)


def unsigned() -> QuerySet[Campaign]:
    rows = Campaign.objects.filter(agreement__isnull=False, agreement__council_signed_at=None)
    return rows.select_related("project", "agreement")


def payable() -> list[tuple[Campaign, int]]:
    """Funded campaigns whose agreement is signed and that still hold money, with what they hold in pence."""
    rows = Campaign.objects.filter(
        state__in=[Campaign.State.FUNDED, Campaign.State.PART],
        agreement__organiser_signed_at__isnull=False,
        agreement__council_signed_at__isnull=False,
    ).select_related("project__organisation")
    accounts = Account.objects.in_bulk([campaign.held for campaign in rows], field_name="code")
    found = []
    for campaign in rows:
        account = accounts[campaign.held]
        held = account.credit_posted - account.debit_posted - account.debit_pending
        if held > 0:
            found.append((campaign, held))
    return found


def spread(project: Project, campaign: Campaign | None) -> dict[str, Any] | None:
    """The funding picture of a project: sources, target and sums in pence."""
    if campaign is None:
        return None
    rows = sources(campaign)
    for row in rows:
        told = campaign.others_told
        if row["kind"] == "own":
            row["label"] = gettext("The project's own people")
        if row["kind"] == "crowd" and row["label"] in {"fewer than 5 people", f"{told} people"}:
            # The record and the agreement have it in English; a page says it in its reader's language.
            row["label"] = (
                gettext("fewer than 5 people")
                if told is None
                else ngettext("%(n)s person", "%(n)s people", told) % {"n": told}
            )
    return {"sources": rows, "target": campaign.target, "raised": sum(row["pence"] for row in rows)}


def sources_of(campaigns: Sequence[Campaign]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """(campaign id, source), each campaign's largest first: `spread` for many campaigns, in two queries."""
    parts: dict[Any, list[Contribution]] = defaultdict(list)
    awards: dict[Any, list[Award]] = defaultdict(list)
    wanted = [campaign.pk for campaign in campaigns]
    for part in Contribution.objects.filter(campaign__in=wanted, part="capital", state__in=Contribution.COUNTED):
        parts[part.campaign_id].append(part)
    for award in Award.objects.filter(campaign__in=wanted).exclude(state=Award.State.LAPSED).select_related("fund"):
        awards[award.campaign_id].append(award)
    for campaign in campaigns:
        for row in source_rows(campaign, parts[campaign.pk], awards[campaign.pk]):
            yield campaign.pk, row
