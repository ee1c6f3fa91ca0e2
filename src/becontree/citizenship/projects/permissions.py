"""Who may do what with a project."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from becontree.citizenship.projects.models import Organiser, Project
from becontree.foundations.kit.errors import NotAllowed
from becontree.foundations.people.actors import System


def organises(actor: Any, project: Project) -> bool:
    """Whether the person is one of the project's organisers now. One query a project, then remembered on it."""
    if isinstance(actor, System):
        return True
    known: frozenset[Any] | None = getattr(project, "_organisers", None)
    if known is None:
        known = frozenset(project.organisers.filter(until__isnull=True).values_list("person_id", flat=True))
        project._organisers = known  # type: ignore[attr-defined]
    return getattr(actor, "pk", None) in known


def has_run(person: Any, project: Project) -> bool:
    """Whether the person runs the project or ever did. Who steps back for a day is still one of its own people."""
    return bool(project.organisers.filter(person=getattr(person, "pk", None)).exists())


def checks(actor: Any) -> bool:
    """Whether the actor checks projects for the council."""
    return isinstance(actor, System) or bool(
        getattr(actor, "is_authenticated", False) and actor.has_role("officer", "funding")
    )


def may_see(actor: Any, project: Project) -> bool:
    return project.is_public or organises(actor, project) or checks(actor)


def must_organise(actor: Any, project: Project) -> None:
    if not organises(actor, project):
        raise NotAllowed("project.organiser", gettext("Only the people who run this project can do that."))


def must_check(actor: Any, project: Project) -> None:
    """An officer of the funding team, who does not run the project themself and never did."""
    if not checks(actor):
        raise NotAllowed("project.officer", gettext("Only officers who check projects can do that."))
    if not isinstance(actor, System) and has_run(actor, project):
        raise NotAllowed(
            "project.own", gettext("You run this project, or have run it, so somebody else must check it.")
        )


def own_organisers(user: Any) -> Q | None:
    """Organisers of the projects that the person runs."""
    mine = Organiser.objects.filter(person=user, until__isnull=True).values("project_id")
    return Q(project_id__in=mine)


def checked_organisers(user: Any) -> Q | None:
    """Organisers of any project, for those who check projects."""
    return Q() if checks(user) else None
