"""What projects keeps about a person: which of them they run or ran."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from becontree.citizenship.projects.models import Organiser, Project
from becontree.foundations.people.models import Person

OPEN = (
    Project.State.SUBMITTED,
    Project.State.VERIFIED,
    Project.State.RAISING,
    Project.State.DELIVERING,
)


def export(person: Person) -> list[dict[str, Any]]:
    """Each place among a project's organisers, oldest first."""
    rows = Organiser.objects.filter(person=person).select_related("project").order_by("since", "pk")
    return [
        {
            "project": row.project.title,
            "leads": row.leads,
            "since": row.since.isoformat(),
            "until": row.until.isoformat() if row.until else None,
        }
        for row in rows
    ]


def erase(person: Person, now: datetime) -> int:
    """Every place is deleted; the project itself stands, for it is the group's."""
    return Organiser.objects.filter(person=person).delete()[0]


def holds(person: Person) -> str:
    """The only organiser of a project under way must hand it over first."""
    mine = Organiser.objects.filter(person=person, until__isnull=True, project__state__in=OPEN).values("project_id")
    others = Organiser.objects.filter(project_id__in=mine, until__isnull=True).exclude(person=person)
    alone = Project.objects.filter(pk__in=mine).exclude(pk__in=others.values("project_id"))
    return "You are the only one who runs a project that is under way. Hand it over first." if alone.exists() else ""
