"""Campaigns that ended without money: what people had promised, and which projects stand so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext, ngettext

from becontree.citizenship.giving.models import Campaign, Pledge
from becontree.citizenship.projects.models import Project
from becontree.foundations.kit.pence import pounds
from becontree.methods.suppression import few

WITHOUT: Final = (Campaign.State.FAILED, Campaign.State.CANCELLED)
NEVER: Final = "verified"  # of `standing`: checked, and nobody was asked yet


@dataclass(frozen=True, slots=True)
class HadPromised:
    """How many people had promised how much money (pence) when a campaign ended; both None for 1 to 4 people.

    `taken`: money had been taken, and went back.
    """

    people: int | None
    pence: int | None
    taken: bool

    def facts(self) -> dict[str, Any]:
        """For the record."""
        if self.people is None:
            return {"promised_by_fewer_than": 5}
        return {"promised_by": self.people, "promised_pence": self.pence}

    def __str__(self) -> str:
        if self.people == 0:
            return gettext("Nobody had promised money.")
        if self.people is None:
            if self.taken:
                return gettext("Fewer than 5 people had promised; what was taken went back.")
            return gettext("Fewer than 5 people had promised; nobody paid.")
        facts = {"n": self.people, "sum": pounds(self.pence or 0, short=True)}
        if self.taken:
            said = ngettext(
                "%(n)s person had promised %(sum)s; what was taken went back.",
                "%(n)s people had promised %(sum)s; what was taken went back.",
                self.people,
            )
        else:
            said = ngettext(
                "%(n)s person had promised %(sum)s; nobody paid.",
                "%(n)s people had promised %(sum)s; nobody paid.",
                self.people,
            )
        return said % facts


def had_promised(campaigns: Iterable[Campaign | None]) -> dict[Any, HadPromised]:
    """Campaign id -> what had been promised, for those that ended without money. One query; none where none did.

    What ended with the campaign carries its moment; who had taken a promise back before is not counted.
    """
    ended = [campaign.pk for campaign in campaigns if campaign is not None and campaign.state in WITHOUT]
    if not ended:
        return {}
    rows = (
        Pledge.objects.filter(
            campaign__in=ended, kind=Pledge.Kind.MONEY, firm_at__isnull=False, done_at=F("campaign__settled_at")
        )
        .order_by()
        .values("campaign")
        .annotate(
            people=Count("giver", distinct=True),
            sum=Sum("pence"),
            back=Count("pk", filter=Q(state=Pledge.State.REFUNDED)),
        )
    )
    found = {row["campaign"]: (row["people"], row["sum"], row["back"]) for row in rows}
    return {campaign: _told(*found.get(campaign, (0, 0, 0))) for campaign in ended}


def _told(people: int, pence: int, back: int) -> HadPromised:
    return HadPromised(None, None, back > 0) if few(people) else HadPromised(people, pence, back > 0)


def standing(rows: QuerySet[Project], how: str) -> QuerySet[Project]:
    """Of projects, those that stand as pages show it: a project's own state, or "failed" or "cancelled".

    A project whose campaign ended without money is ready to try again, and is shown by how that campaign ended.
    """
    if how in WITHOUT:
        return with_last(rows.filter(state=Project.State.VERIFIED), how)
    rows = rows.filter(state=how)
    if how == NEVER:
        rows = rows.alias(last=Subquery(_LAST)).filter(Q(last=None) | ~Q(last__in=WITHOUT))
    return rows


def with_last(rows: QuerySet[Project], state: str) -> QuerySet[Project]:
    """Of projects, those whose latest campaign is in this state."""
    return rows.alias(last=Subquery(_LAST)).filter(last=state)


_LAST: Final = Campaign.objects.filter(project=OuterRef("pk")).order_by("-opens_at").values("state")[:1]
