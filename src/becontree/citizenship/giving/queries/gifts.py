"""Gifts and promises of help, what is still needed, and the names that givers show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from becontree.citizenship.giving import figures
from becontree.citizenship.giving.models import Campaign, NameRuling, Pledge
from becontree.citizenship.projects.models import Project
from becontree.foundations.kit.dates import LONDON


@dataclass(frozen=True, slots=True)
class NeedLine:
    """One need with what is promised and given, in its own unit."""

    need: Any
    promised: int
    delivered: int

    @property
    def left(self) -> int:
        return max(0, int(self.need.quantity) - self.promised - self.delivered)


def needs_of(project: Project) -> list[NeedLine]:
    """Hours, skills and things that a project needs, each with what is promised. One query."""
    rows = project.needs.annotate(
        promised=Sum("pledges__quantity", filter=Q(pledges__state=Pledge.State.FIRM)),
        delivered=Sum("pledges__quantity", filter=Q(pledges__state=Pledge.State.DELIVERED)),
    )
    return [NeedLine(row, row.promised or 0, row.delivered or 0) for row in rows]


def pledges_of(person: Any) -> QuerySet[Pledge]:
    rows = Pledge.objects.visible_to(person, "own").exclude(state=Pledge.State.BEGUN)
    return rows.select_related("campaign__project", "need").order_by("-made_at")


def helpers(project: Project, user: Any) -> QuerySet[Pledge]:
    """Promises of hours, skills and things to a project, for those who run it."""
    rows = Pledge.objects.visible_to(user, "case").filter(campaign__project=project)
    return rows.filter(state__in=[Pledge.State.FIRM, Pledge.State.DELIVERED]).select_related("giver", "need")


@dataclass(frozen=True, slots=True)
class HelpDue:
    """What was promised to one project besides money, and should have come: how many promises, of what, since when."""

    slug: str
    title: str
    closed_at: datetime
    promises: int
    hours: int
    things: int


def help_due(now: datetime) -> list[HelpDue]:
    """Projects whose campaign closed well and whose promised help is past its day, the oldest first. One query."""
    rows = (
        Pledge.objects.filter(
            state=Pledge.State.FIRM,
            campaign__state__in=[Campaign.State.FUNDED, Campaign.State.PART],
            campaign__closes_at__lt=now - timedelta(days=figures.help_days(now.astimezone(LONDON).date())),
        )
        .exclude(kind=Pledge.Kind.MONEY)
        .order_by("campaign__closes_at", "campaign__project__slug")
        .values_list("campaign__project__slug", "campaign__project__title", "campaign__closes_at")
        .annotate(
            promises=Count("pk"),
            hours=Sum("quantity", filter=~Q(kind=Pledge.Kind.THINGS), default=0),
            things=Sum("quantity", filter=Q(kind=Pledge.Kind.THINGS), default=0),
        )
    )
    return [HelpDue(*row) for row in rows]


def public_names(campaign: Campaign, most: int = 60) -> list[str]:
    """The names that givers chose to show, by name; of one giver each name once.

    Never by when they gave: beside the sum of a day before and after, that would tell who gave how much.
    """
    rows = campaign.pledges.filter(
        state__in=[*Pledge.COUNTED, Pledge.State.DELIVERED], name_state=Pledge.NameState.SHOWN
    ).exclude(public_name="")
    found = rows.order_by().values_list("public_name", "giver").distinct()
    return sorted((name for name, _giver in found), key=lambda name: (name.casefold(), name))[:most]


def names_of(campaign: Campaign, giver: Any) -> list[str]:
    """The names that a giver's own gifts to a project show, or will show once read, newest first. One query."""
    if not giver.is_authenticated:
        return []
    rows = campaign.pledges.filter(giver=giver, state__in=[*Pledge.COUNTED, Pledge.State.DELIVERED])
    rows = rows.exclude(name_state=Pledge.NameState.HIDDEN).exclude(public_name="").order_by("-made_at")
    return list(dict.fromkeys(rows.values_list("public_name", flat=True)))


def names_to_read(user: Any) -> QuerySet[Pledge]:
    """Gifts whose name waits until an officer has read it, oldest first. Only the name is read here, never who gave."""
    rows = Pledge.objects.visible_to(user, "moderation").filter(name_state=Pledge.NameState.WAITING)
    return (
        rows.select_related("campaign__project")
        .exclude(state__in=[Pledge.State.BEGUN, Pledge.State.RELEASED])
        .order_by("made_at")
    )


def names_shown(user: Any, words: str = "") -> QuerySet[Pledge]:
    """Gifts that show a name, newest first."""
    rows = Pledge.objects.visible_to(user, "moderation").select_related("campaign__project")
    rows = rows.filter(state__in=[*Pledge.COUNTED, Pledge.State.DELIVERED], name_state=Pledge.NameState.SHOWN)
    return (rows.filter(public_name__icontains=words[:40]) if words else rows).order_by("-made_at")


def name_appeals() -> QuerySet[NameRuling]:
    """Appeals about hidden names that wait for an answer, by their clock."""
    rows = NameRuling.objects.filter(appealed_at__isnull=False, decided_at=None)
    return rows.select_related("pledge__campaign__project").order_by("due_on")
