"""Who may read, moderate and answer what people say."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from becontree.citizenship.voices.models import Voice
from becontree.foundations.kit.errors import NotAllowed
from becontree.foundations.people.actors import System


def listens(actor: Any) -> bool:
    """Whether the actor works in the team that listens."""
    return isinstance(actor, System) or bool(
        getattr(actor, "is_authenticated", False) and actor.has_role("officer", "engagement")
    )


def must_listen(actor: Any) -> None:
    if not listens(actor):
        raise NotAllowed("voice.officer", "Only officers of the engagement team can do that.")


def must_be_theirs(actor: Any, voice: Voice) -> None:
    if not isinstance(actor, System) and (voice.person_id is None or getattr(actor, "pk", None) != voice.person_id):
        raise NotAllowed("voice.own", "Only the person who said it can do that.")


def own_voices(user: Any) -> Q | None:
    return Q(person=user)


def moderated_voices(user: Any) -> Q | None:
    return Q() if listens(user) else None
