"""What pages and exports read of projects. Lists take three queries whatever their length."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum

from becontree.citizenship.projects.models import Organiser, Project

_ON_A_CARD: Final = ("slug", "title", "summary", "theme", "state", "ward__name")


def public() -> QuerySet[Project]:
    """Every project that anyone may see, newest first, with ward and group joined."""
    return (
        Project.objects.filter(state__in=Project.PUBLIC).select_related("ward", "organisation").defer("ward__geometry")
    )


def on_cards(rows: QuerySet[Project]) -> QuerySet[Project]:
    """Projects with only what their cards say."""
    return rows.select_related(None).select_related("ward").defer(None).only(*_ON_A_CARD)


def found(*, words: str = "", theme: str = "", ward: str = "", state: str = "") -> QuerySet[Project]:
    """Public projects by words in title, summary or place, by theme, ward and state."""
    rows = public()
    for word in words.split()[:8]:
        rows = rows.filter(Q(title__icontains=word) | Q(summary__icontains=word) | Q(place__icontains=word))
    if theme:
        rows = rows.filter(theme=theme)
    if ward:
        rows = rows.filter(ward_id=ward)
    if state:
        rows = rows.filter(state=state)
    return rows


def one(slug: str) -> Project:
    """A project with its group and ward; raises Project.DoesNotExist."""
    return Project.objects.select_related("ward", "organisation").defer("ward__geometry").get(slug=slug)


def of_person(person: Any) -> QuerySet[Project]:
    """The projects that a person runs."""
    mine = Organiser.objects.filter(person=person, until__isnull=True).values("project_id")
    return Project.objects.filter(pk__in=mine).select_related("ward", "organisation").defer("ward__geometry")


def waiting() -> QuerySet[Project]:
    """Projects that wait for a check, oldest first."""
    return (
        Project.objects.filter(state=Project.State.SUBMITTED)
        .select_related("ward", "organisation")
        .defer("ward__geometry")
        .annotate(open_checks=Count("checks", filter=Q(checks__state="asked")))
        .order_by("submitted_at")
    )


def given_back() -> QuerySet[Project]:
    """Projects that their people have to put right before the check goes on, the longest first. One query."""
    rows = Project.objects.filter(state=Project.State.DRAFT).exclude(returned_because="")
    return rows.select_related("organisation").order_by("returned_at", "slug")


def by_ward() -> dict[str, int]:
    """Ward code -> number of public projects."""
    return dict(public().exclude(ward=None).order_by().values_list("ward_id").annotate(n=Count("pk")))


def budget(project: Project) -> dict[str, Any]:
    """Lines by part, and each part's sum in pence."""
    lines = list(project.budget.all())
    return {
        "capital": [line for line in lines if line.part == "capital"],
        "running": [line for line in lines if line.part == "running"],
        "capital_pence": sum(line.pence for line in lines if line.part == "capital"),
        "running_pence": sum(line.pence for line in lines if line.part == "running"),
    }


def counts() -> dict[str, int]:
    """Public projects by state."""
    return dict(public().order_by().values_list("state").annotate(n=Count("pk")))


def asked_for() -> int:
    """What all public projects cost to make, in pence."""
    return public().filter(budget__part="capital").aggregate(pence=Sum("budget__pence"))["pence"] or 0
