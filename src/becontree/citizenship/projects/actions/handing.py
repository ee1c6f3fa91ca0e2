"""Handing a project over: who runs it asks somebody to join, and that somebody says yes.

The invitation is a link that its maker passes on; it names nobody, works for one person, and lasts two weeks. Nobody is
looked up by an address, and nobody comes to run anything without having said so.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Protocol

from django.db import transaction
from django.utils.translation import gettext

from becontree.citizenship.projects.models import Organiser, Project
from becontree.citizenship.projects.moves import locked
from becontree.citizenship.projects.permissions import must_organise
from becontree.foundations.kit.errors import Clash, NotAllowed, Refused
from becontree.foundations.kit.invitations import invitation, stands
from becontree.foundations.people.actors import Actor
from becontree.foundations.people.models import Person

_SALT: Final = "becontree.projects.handing"


class Ask(Protocol):
    """Raises Clash where a person may not come to run a project. `locked`: nothing may change before they join."""

    def __call__(self, project: Project, person: Person, *, locked: bool) -> None: ...


_before: dict[str, Ask] = {}


def before_joining(room: str, ask: Ask) -> None:
    """A room right of this one looks, in the same transaction, before somebody joins; it raises Clash to refuse."""
    _before[room] = ask


def why_not_join(*, project: Project, person: Person) -> str:
    """What would refuse a person who joined now, in words and with what to do; "" where nothing would. Only looks."""
    try:
        for ask in _before.values():
            ask(project, person, locked=False)
    except Refused as refused:
        return refused.message
    return ""


def invite(*, project: Project, by: Actor, now: datetime) -> str:
    """A token for one person who may join those who run the project. Nothing is kept of it."""
    must_organise(by, project)
    return invitation([project.pk.hex, project.handings], salt=_SALT, now=now)


def invited(*, project: Project, token: str, now: datetime) -> bool:
    """Whether a token opens this project now. It does not once nobody runs the project any more."""
    good = stands(token, [project.pk.hex, project.handings], salt=_SALT, now=now)
    return good and project.organisers.filter(until=None).exists()


@transaction.atomic
def join_in(*, project: Project, token: str, by: Any, now: datetime) -> Organiser:
    """Become one of those who run the project. Raises NotAllowed where the token is not good, and Clash."""
    if isinstance(by, Person):
        for ask in _before.values():  # first: whoever locks a campaign and its project takes the campaign first
            ask(project, by, locked=True)
    project = locked(project)
    if not isinstance(by, Person) or not invited(project=project, token=token, now=now):
        raise NotAllowed("project.invitation", gettext("This invitation was used already, or is too old. Ask again."))
    if project.organisers.filter(person=by, until=None).exists():
        raise Clash("project.organiser_already", gettext("You run this project already."))
    _handed(project)
    return Organiser.objects.create(project=project, person=by, leads=True, since=now)


@transaction.atomic
def step_back(*, project: Project, by: Person, now: datetime) -> None:
    """No longer run the project. Somebody must go on with it."""
    must_organise(by, project)
    project = locked(project)
    if not project.organisers.filter(until=None).exclude(person=by).exists():
        raise Clash("project.last_organiser", gettext("Nobody else runs this project. Hand it over first."))
    project.organisers.filter(person=by, until=None).update(until=now)
    _handed(project)


def _handed(project: Project) -> None:
    """Others run it from now on: every invitation made until now ends, also one's own. The row is locked."""
    project.handings += 1
    project.save(update_fields=["handings"])
