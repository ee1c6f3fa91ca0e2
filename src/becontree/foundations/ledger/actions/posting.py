"""Posting, settling and releasing: every transfer is written here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import F

from becontree.foundations.kit.errors import Invalid
from becontree.foundations.kit.ids import new_id
from becontree.foundations.ledger.actions.refusals import reason_of
from becontree.foundations.ledger.errors import KeyClash
from becontree.foundations.ledger.models import Journal, Transfer
from becontree.foundations.ledger.records import MOST_AMOUNT, Line
from becontree.foundations.ledger.writing import Refusal, Row, write
from becontree.foundations.people.actors import Actor, party_id

LONDON: Final = ZoneInfo("Europe/London")
USING: Final = "default"
MOST_LINES: Final = 50_000
_FIELDS: Final = tuple(field.attname for field in Journal._meta.concrete_fields)
_CANONICAL: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def post(
    *,
    key: str,
    kind: str,
    occurred_on: date,
    lines: Sequence[Line],
    subject: str = "",
    by: Actor,
    now: datetime,
) -> Journal:
    """Write one business fact, or return what was written before under the same key.

    Raises Invalid, KeyClash, Overdrawn, MonthClosed; then nothing was written and the caller's transaction goes on.
    """
    rows = [
        Row(
            line.debit,
            line.credit,
            line.amount,
            line.unit,
            "pending" if line.pending else "single",
            None,
            line.expires_at,
        )
        for line in lines
    ]
    return write_rows(key=key, kind=kind, on=occurred_on, rows=rows, subject=subject, by=by, now=now)


def settle(
    *,
    key: str,
    pending: Iterable[Transfer],
    by: Actor,
    now: datetime,
    occurred_on: date | None = None,
    kind: str = "settle",
    subject: str | None = None,
) -> Journal:
    """Post what was pending, all of it. Raises AlreadyResolved where one was settled or released before."""
    return _resolve(phase="post", key=key, pending=pending, by=by, now=now, on=occurred_on, kind=kind, subject=subject)


def release(
    *,
    key: str,
    pending: Iterable[Transfer],
    by: Actor,
    now: datetime,
    occurred_on: date | None = None,
    kind: str = "release",
    subject: str | None = None,
) -> Journal:
    """Let go of what was pending, all of it. Raises AlreadyResolved where one was settled or released before."""
    return _resolve(phase="void", key=key, pending=pending, by=by, now=now, on=occurred_on, kind=kind, subject=subject)


def _resolve(
    *,
    phase: str,
    key: str,
    pending: Iterable[Transfer],
    by: Actor,
    now: datetime,
    on: date | None,
    kind: str,
    subject: str | None,
) -> Journal:
    ids = sorted({transfer.pk for transfer in pending})
    found = list(
        Transfer.objects.filter(pk__in=ids, phase=Transfer.Phase.PENDING)
        .annotate(debit_code=F("debit__code"), credit_code=F("credit__code"), about=F("journal__subject"))
        .order_by("id")
    )
    if not ids or len(found) != len(ids):
        raise Invalid("ledger.pending", "Only what is pending can be settled or released.", "pending")
    rows = [Row(each.debit_code, each.credit_code, each.amount, each.unit, phase, each.pk, None) for each in found]
    about = found[0].about if subject is None else subject
    return write_rows(key=key, kind=kind, on=on, rows=rows, subject=about, by=by, now=now)


def write_rows(
    *,
    key: str,
    kind: str,
    on: date | None,
    rows: Sequence[Row],
    subject: str,
    by: Actor,
    now: datetime,
    reverses: Journal | None = None,
) -> Journal:
    """Write a journal with these transfers, or return what was written before under the same key."""
    occurred_on = on or now.astimezone(LONDON).date()
    _check(key=key, kind=kind, occurred_on=occurred_on, rows=rows, subject=subject, now=now)
    undone = reverses.pk if reverses else None
    # Where no date was asked for, tomorrow's retry must mean the same as today's first try.
    content = content_digest(kind, on, subject, undone, rows)
    journal = Journal.from_db(
        USING,
        _FIELDS,
        (new_id(), key, kind, occurred_on, now, party_id(by), subject, undone, len(rows), content),
    )
    try:
        written = write(journal, rows, USING)
    except Refusal as refusal:
        # PostgreSQL asks its guards (of closed months) before it looks for the key: what is known is still known.
        if not Journal.objects.filter(key=key).exists():
            raise reason_of(str(refusal), journal, rows) from refusal
        written = False
    if written:
        return journal
    first = Journal.objects.get(key=key)
    if first.content != content:
        raise KeyClash(key)
    return first


def content_digest(kind: str, on: date | None, subject: str, reverses: Any, rows: Iterable[Row]) -> str:
    """SHA-256 of what a journal says: what "the same content" means."""
    said = [
        kind,
        on.isoformat() if on else None,
        subject,
        str(reverses) if reverses else None,
        *(
            [
                row.debit,
                row.credit,
                row.amount,
                row.unit,
                row.phase,
                row.pending,
                row.expires_at.astimezone(UTC).isoformat() if row.expires_at else None,
            ]
            for row in rows
        ),
    ]
    return sha256(_CANONICAL.encode(said).encode()).hexdigest()


def _check(*, key: str, kind: str, occurred_on: date, rows: Sequence[Row], subject: str, now: datetime) -> None:
    if not key or len(key) > 200:
        raise Invalid("ledger.key.form", "A key has 1 to 200 letters.", "key")
    if not kind or len(kind) > 60 or len(subject) > 200:
        raise Invalid("ledger.kind.form", "A kind has 1 to 60 letters; a subject at most 200.", "kind")
    if now.tzinfo is None:
        raise Invalid("ledger.now", "The clock must know its zone.", "now")
    if occurred_on > now.date() + timedelta(days=366):
        raise Invalid("ledger.date.future", f"{occurred_on} lies more than a year ahead.", "occurred_on")
    if not 1 <= len(rows) <= MOST_LINES:
        raise Invalid("ledger.lines", f"A journal has 1 to {MOST_LINES} lines.", "lines")
    for row in rows:
        if type(row.amount) is not int or not 0 < row.amount <= MOST_AMOUNT:
            raise Invalid("ledger.amount", f"{row.amount!r} is not a whole amount above zero.", "amount")
        if row.debit == row.credit:
            raise Invalid("ledger.same-account", f"{row.debit} cannot pay itself.", "lines")
        if row.debit.startswith("memo:") != row.credit.startswith("memo:"):  # else the trial balance would not balance
            raise Invalid("ledger.memo", "Memorandum accounts and money never mix in one transfer.", "lines")
