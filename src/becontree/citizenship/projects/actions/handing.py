"""Handing a project over: who runs it asks somebody to join, and that somebody says yes.

The invitation is a link that its maker passes on; it names nobody, works for one person, and lasts two weeks. Nobody is
looked up by an address, and nobody comes to run anything without having said so.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext

from becontree.citizenship.projects.models import Organiser, Project
from becontree.citizenship.projects.moves import locked
from becontree.citizenship.projects.permissions import must_organise
from becontree.foundations.kit.errors import Clash, NotAllowed
from becontree.foundations.people.actors import Actor
from becontree.foundations.people.models import Person

LASTS: Final = timedelta(days=14)
_SALT: Final = "becontree.projects.handing"


def invite(*, project: Project, by: Actor, now: datetime) -> str:
    """A token for one person who may join those who run the project. Nothing is kept of it."""
    must_organise(by, project)
    # How many ever ran it changes when the token is used, or when anybody else joins: so it works once.
    until = (now + LASTS).date().isoformat()
    return signing.dumps([project.pk.hex, project.organisers.count(), until], salt=_SALT)


def invited(*, project: Project, token: str, now: datetime) -> bool:
    """Whether a token opens this project now. It does not once nobody runs the project any more."""
    try:
        key, ever, until = signing.loads(token, salt=_SALT) if len(token) < 400 else ("", 0, "")
        good = key == project.pk.hex and now.date() <= date.fromisoformat(until)
    except (signing.BadSignature, TypeError, ValueError):
        return False
    return bool(good and ever == project.organisers.count() and project.organisers.filter(until=None).exists())


@transaction.atomic
def join_in(*, project: Project, token: str, by: Any, now: datetime) -> Organiser:
    """Become one of those who run the project. Raises NotAllowed where the token is not good."""
    project = locked(project)
    if not isinstance(by, Person) or not invited(project=project, token=token, now=now):
        raise NotAllowed("project.invitation", gettext("This invitation was used already, or is too old. Ask again."))
    if project.organisers.filter(person=by, until=None).exists():
        raise Clash("project.organiser_already", gettext("You run this project already."))
    return Organiser.objects.create(project=project, person=by, leads=True, since=now)


@transaction.atomic
def step_back(*, project: Project, by: Person, now: datetime) -> None:
    """No longer run the project. Somebody must go on with it."""
    must_organise(by, project)
    project = locked(project)
    if not project.organisers.filter(until=None).exclude(person=by).exists():
        raise Clash("project.last_organiser", gettext("Nobody else runs this project. Hand it over first."))
    project.organisers.filter(person=by, until=None).update(until=now)
