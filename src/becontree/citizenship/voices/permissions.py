"""Who may take down, read, moderate and answer what people say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from becontree.citizenship.voices.models import Voice
from becontree.foundations.kit.errors import NotAllowed
from becontree.foundations.people.actors import System


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whoever holds the private link of a form: somebody without an account, known only by having said it."""

    response_id: UUID


def listens(actor: Any) -> bool:
    """Whether the actor works in the team that listens."""
    return isinstance(actor, System) or bool(
        getattr(actor, "is_authenticated", False) and actor.has_role("officer", "engagement")
    )


def must_listen(actor: Any) -> None:
    if not listens(actor):
        raise NotAllowed("voice.officer", "Only officers of the engagement team can do that.")


def is_theirs(actor: Any, voice: Voice) -> bool:
    if isinstance(actor, System):
        return True
    if isinstance(actor, Speaker):
        return actor.response_id == voice.response_id
    return voice.person_id is not None and getattr(actor, "pk", None) == voice.person_id


def must_be_theirs(actor: Any, voice: Voice) -> None:
    if not is_theirs(actor, voice):
        raise NotAllowed("voice.own", "Only the person who said it can do that.")


def own_voices(user: Any) -> Q | None:
    return Q(response__person=user)


def own_responses(user: Any) -> Q | None:
    return Q(person=user)


def moderated_voices(user: Any) -> Q | None:
    return Q() if listens(user) else None
