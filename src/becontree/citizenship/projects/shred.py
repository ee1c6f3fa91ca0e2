"""What projects keeps about a person: which of them they run or ran."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext

from becontree.citizenship.projects.models import Organiser, Project
from becontree.foundations.people.models import Person
from becontree.foundations.people.shredders import Standing

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
    """Every place is deleted; the project itself stands, for it is the group's. Their invitations end."""
    Project.objects.filter(organisers__person=person).update(handings=F("handings") + 1)
    return Organiser.objects.filter(person=person).delete()[0]


def did(person: Person) -> bool:
    """Whether the person ever ran a project."""
    return Organiser.objects.filter(person=person).exists()


def standing(person: Person, now: datetime) -> list[Standing]:
    """The projects under way that nobody else runs: each must be handed over first."""
    mine = Organiser.objects.filter(person=person, until__isnull=True, project__state__in=OPEN).values("project_id")
    others = Organiser.objects.filter(project_id__in=mine, until__isnull=True).exclude(person=person)
    alone = Project.objects.filter(pk__in=mine).exclude(pk__in=others.values("project_id")).order_by("title")
    return [
        Standing(
            gettext("You are the only one who runs “%(title)s”, which is under way.") % {"title": project.title},
            gettext("Hand it over first."),
            reverse("projects:work", args=[project.slug]) + "#hand-over",
        )
        for project in alone
    ]
