"""Readings of personal data, written down before the page is sent, in a transaction of their own.

A page that shows somebody else's personal data calls `record` with what it is about to show. Reading what is one's
own is nobody's business and is not written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from django.apps import apps
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.text import capfirst

from becontree.foundations.access.models import BreakGlass, ReadEvent
from becontree.foundations.access.rules import PURPOSES, subject_of
from becontree.foundations.kit.dates import LONDON, within
from becontree.foundations.people.models import Person, RoleHeld

COLUMNS: Final = ("when", "who read", "their id", "what kind", "what for", "glass broken")


def record(user: Person, things: models.Model | Iterable[models.Model], purpose: str, now: datetime) -> int:
    """Write that `user` is about to see `things`; returns how many readings were written.

    Must not run inside another transaction (RuntimeError): if the page fails afterwards, the reading stands.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"{purpose!r} is not a purpose.")
    rows = [things] if isinstance(things, models.Model) else list(things)
    if not rows:
        return 0
    glass = _glass(user, rows, now)
    events = [
        ReadEvent(
            at=now,
            reader_id=user.pk,
            subject_id=subject,
            kind=row._meta.label_lower,
            thing=str(row.pk),
            purpose=purpose,
            glass_id=glass.get((row._meta.label_lower, str(row.pk))),
        )
        for row, subject in ((row, subject_of(row)) for row in rows)
        if subject != user.pk
    ]
    with transaction.atomic(durable=True):
        ReadEvent.objects.bulk_create(events, batch_size=500)
    return len(events)


def looked(user: Person, kind: type[models.Model], purpose: str, now: datetime) -> None:
    """Write that `user` looked for somebody and found nobody: who searches is on the list, whatever comes of it."""
    if purpose not in PURPOSES:
        raise ValueError(f"{purpose!r} is not a purpose.")
    with transaction.atomic(durable=True):
        ReadEvent.objects.create(at=now, reader_id=user.pk, kind=kind._meta.label_lower, thing="", purpose=purpose)


def about(person: Person) -> QuerySet[ReadEvent]:
    """Who has read about the person, newest first."""
    return ReadEvent.objects.filter(subject=person).exclude(reader=person).select_related("reader", "glass")


def find(
    *,
    since: date | None = None,
    until: date | None = None,
    who: str = "",
    role: str = "",
    purpose: str = "",
    kind: str = "",
    glass: bool = False,
) -> QuerySet[ReadEvent]:
    """Readings with their readers, newest first, without whom they were about. `role`: held when they read."""
    found = ReadEvent.objects.filter(**within("at", since, until))
    if who:
        found = found.filter(reader__pk=who)
    if role:
        then = RoleHeld.objects.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=OuterRef("at")),
            person=OuterRef("reader"),
            role=role,
            granted_at__lte=OuterRef("at"),
        )
        found = found.filter(Exists(then))
    if purpose:
        found = found.filter(purpose=purpose)
    if kind:
        found = found.filter(kind=kind)
    if glass:
        found = found.filter(glass__isnull=False)
    found = found.select_related("reader").only("at", "kind", "purpose", "glass_id", "reader__name")
    return found.order_by("-at", "-id")


def in_words(events: Iterable[ReadEvent]) -> Iterator[tuple[datetime, str, str, str, str, bool]]:
    """Readings as `COLUMNS`, in words."""
    for event in events:
        who = event.reader.name or "Someone who has left"
        what_for = str(PURPOSES.get(event.purpose, event.purpose))
        yield event.at, who, str(event.reader_id), kind_name(event.kind), what_for, event.glass_id is not None


@dataclass(slots=True)
class Group:
    """Readings that say the same: one reader, one purpose, one kind, one day in London. `moments`: newest first."""

    day: date
    who: str
    kind: str
    what_for: str
    glass: bool
    moments: list[datetime]

    @property
    def minutes(self) -> list[tuple[datetime, int]]:
        """(moment, how many) for each minute: one opening of a page may show many rows."""
        minutes = groupby(self.moments, key=lambda at: at.replace(second=0, microsecond=0))
        return [(at, len(list(some))) for at, some in minutes]


def grouped(events: Iterable[ReadEvent]) -> list[Group]:
    """Readings of one page, equal ones together, in the order of the newest of each."""
    found: dict[tuple[Any, ...], Group] = {}
    events = list(events)
    for event, (at, who, key, kind, what_for, glass) in zip(events, in_words(events), strict=True):
        on = at.astimezone(LONDON).date()
        group = found.setdefault((on, key, event.kind, event.purpose, glass), Group(on, who, kind, what_for, glass, []))
        group.moments.append(at)
    return list(found.values())


def kind_name(kind: str) -> str:
    """What was read, in words: "Voices: response"."""
    try:
        meta = apps.get_model(kind)._meta
    except LookupError:  # a room that is no longer installed
        return kind
    return f"{capfirst(meta.app_config.verbose_name)}: {meta.verbose_name}" if meta.app_config else kind


def _glass(user: Person, rows: list[models.Model], now: datetime) -> dict[tuple[str, str], Any]:
    kinds = {row._meta.label_lower for row in rows}
    found = BreakGlass.objects.filter(person=user, kind__in=kinds, opened_at__lte=now, ends_at__gt=now)
    return {(kind, thing): pk for kind, thing, pk in found.values_list("kind", "thing", "pk")}
