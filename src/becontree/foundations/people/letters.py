"""Letters about an account. `messages` lies above this room: it brings the way to send them when the apps are ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils import translation

from becontree.foundations.people.models import Person

_WAYS: Final[list[Callable[..., Any]]] = []


def bring(way: Callable[..., Any]) -> None:
    """How letters are put in the outbox: `way(to=, template=, context=, key=, now=)`. The last one brought is used."""
    _WAYS[:] = [way]


def in_their_language(person: Person) -> translation.override:
    """What is put into words here, such as a day, is said as the person reads it."""
    return translation.override(person.language if translation.check_for_language(person.language) else "en")


def write(*, to: Person, template: str, context: Mapping[str, Any], key: str, now: datetime) -> None:
    """Put a letter in the outbox in the caller's transaction; the same `key` again is the same letter."""
    for way in _WAYS:
        way(to=to, template=template, context=context, key=key, now=now)
