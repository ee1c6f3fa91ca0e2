"""Small steps that the verbs of `projects` share: lock the row, move to an allowed state, hold what may not change."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from becontree.citizenship.projects.models import Project
from becontree.foundations.kit.errors import Clash


def locked(project: Project) -> Project:
    return Project.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=project.pk)


def move(project: Project, to: str) -> None:
    if to not in Project.MOVES[project.state]:
        raise Clash(
            "project.state",
            gettext("The project is %(state)s, so that cannot be done now.") % {"state": project.get_state_display()},
        )
    project.state = to


def draft_only(project: Project) -> None:
    if project.state != Project.State.DRAFT:
        raise Clash(
            "project.fixed", gettext("The project is being checked or is public, so its figures stay as they are.")
        )


def belongs(person: Any, organisation: Any) -> bool:
    return bool(organisation.memberships.filter(person=person, left_at__isnull=True).exists())
