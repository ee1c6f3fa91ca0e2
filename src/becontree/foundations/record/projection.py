"""What of an entry is public, and the exact bytes that the tree fixes. The format: docs/decisions/0003."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from becontree.foundations.record.models import Because, Entry
from becontree.methods.canonical import canonical

DECIDED: Final = ("family", "method", "sha256", "authority", "reasons")  # what is public of a decision, by an entry


@dataclass(frozen=True, slots=True)
class Line:
    """What is public of an entry, read without the entry itself: thousands of them go into one file."""

    because: tuple[str, ...]
    decision: dict[str, str] | None
    sequence: int | None
    id: UUID
    kind: str
    step: str
    thing: str
    title: str
    facts: Any
    happened_on: date
    recorded_at: datetime
    leaf: str


def moment(when: datetime) -> str:
    """A moment as RFC 3339 text in UTC, always with six places of a second: one form, so one hash."""
    return f"{when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def public(entry: Entry, index: int) -> dict[str, Any]:
    """The public projection of an entry at a place in the tree. Wants `because` and `decision` loaded."""
    decision = getattr(entry, "decision", None)
    line = Line(
        tuple(sorted(because.cause_id for because in entry.because.all())),
        None if decision is None else {name: getattr(decision, name) for name in DECIDED},
        index, entry.pk, entry.kind, entry.step, entry.thing_id, entry.title, entry.facts, entry.happened_on,
        entry.recorded_at, entry.leaf,
    )  # fmt: skip
    return public_line(line)


def public_line(line: Line) -> dict[str, Any]:
    """The same of a line; `index` is null until the entry has its place."""
    seen: dict[str, Any] = {
        "index": line.sequence,
        "id": str(line.id),
        "kind": line.kind,
        "step": line.step,
        "thing": line.thing,
        "title": line.title,
        "facts": line.facts,
        "happened_on": line.happened_on.isoformat(),
        "recorded_at": moment(line.recorded_at),
        "because": list(line.because),
    }
    if line.decision is not None:
        seen["decision"] = line.decision
    return seen


def lines(found: QuerySet[Entry], at_once: int = 500) -> Iterator[Line]:
    """Each entry as a line, in the order asked for: one query for the entries, one for the causes of `at_once`."""
    bare = found.select_related(None).prefetch_related(None)
    rows = bare.values_list(
        "sequence", "pk", "kind", "step", "thing_id", "title", "facts", "happened_on", "recorded_at", "leaf",
        *(f"decision__{name}" for name in DECIDED),
    ).iterator(chunk_size=at_once)  # fmt: skip
    some: list[tuple[Any, ...]]
    while some := list(islice(rows, at_once)):
        causes: dict[UUID, list[str]] = {}
        known = Because.objects.filter(entry_id__in=[row[1] for row in some]).order_by()
        for entry, cause in known.values_list("entry_id", "cause_id"):
            causes.setdefault(entry, []).append(cause)
        for row in some:
            decided = row[10:]
            decision = dict(zip(DECIDED, decided, strict=True)) if decided[0] is not None else None
            because = tuple(sorted(causes.get(row[1], ())))
            yield Line(because, decision, *row[:10])


def leaf_bytes(entry: Entry, index: int) -> bytes:
    """The canonical bytes (RFC 8785) of the public projection: one line of the published pages."""
    return canonical(public(entry, index))
