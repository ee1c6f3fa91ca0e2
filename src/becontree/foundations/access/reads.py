"""Readings of personal data, written down before the page is sent, in a transaction of their own.

A page that shows somebody else's personal data calls `record` with what it is about to show. Reading what is one's
own is nobody's business and is not written.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import QuerySet

from becontree.foundations.access.models import BreakGlass, ReadEvent
from becontree.foundations.access.rules import PURPOSES, subject_of
from becontree.foundations.people.models import Person


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


def about(person: Person) -> QuerySet[ReadEvent]:
    """Who has read about the person, newest first."""
    return ReadEvent.objects.filter(subject=person).exclude(reader=person).select_related("reader", "glass")


def _glass(user: Person, rows: list[models.Model], now: datetime) -> dict[tuple[str, str], Any]:
    kinds = {row._meta.label_lower for row in rows}
    found = BreakGlass.objects.filter(person=user, kind__in=kinds, opened_at__lte=now, ends_at__gt=now)
    return {(kind, thing): pk for kind, thing, pk in found.values_list("kind", "thing", "pk")}
