"""Reads of the public record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from becontree.foundations.record import tree
from becontree.foundations.record.models import STEPS, Because, Checkpoint, Entry
from becontree.foundations.record.threads import Knot, Thread, thread

__all__ = [
    "STEPS",
    "Consistency",
    "Inclusion",
    "Knot",
    "Thread",
    "checkpoints",
    "consistency",
    "entries",
    "inclusion",
    "kinds",
    "latest",
    "therefore",
    "thread",
    "whole",
]


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The proof that an entry is number `index` of the tree that `checkpoint` signed. Hashes are hexadecimal."""

    index: int
    size: int
    leaf: str
    path: tuple[str, ...]
    root: str
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Consistency:
    """The proof that the tree of `new` entries only adds to that of `old`."""

    old: int
    new: int
    old_root: str
    new_root: str
    path: tuple[str, ...]


def entries(
    *, words: str = "", kind: str = "", step: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Entry]:
    """Entries, newest first, with their things; narrowed by what is given."""
    found = Entry.objects.select_related("thing").order_by("-happened_on", "-recorded_at", "id")
    for word in words.split()[:8]:
        found = found.filter(Q(title__icontains=word) | Q(thing__title__icontains=word) | Q(thing__ref__icontains=word))
    if kind:
        found = found.filter(kind=kind)
    if step:
        found = found.filter(step=step)
    if since:
        found = found.filter(happened_on__gte=since)
    if until:
        found = found.filter(happened_on__lte=until)
    return found


def whole(found: QuerySet[Entry]) -> QuerySet[Entry]:
    """The same entries with all that their public projection needs."""
    return found.select_related("thing", "decision").prefetch_related("because")


def kinds() -> list[str]:
    """Every kind of entry there is. One query."""
    return list(Entry.objects.order_by("kind").values_list("kind", flat=True).distinct())


def therefore(entry: Entry, most: int = 50) -> Iterable[Because]:
    """What came of the entry's thing, newest first. One query."""
    return (
        Because.objects.filter(cause_id=entry.thing_id)
        .select_related("entry", "thing")
        .order_by("-entry__happened_on", "-entry__recorded_at", "id")[:most]
    )


def checkpoints() -> QuerySet[Checkpoint]:
    """Every checkpoint, newest first, with its witnesses."""
    return Checkpoint.objects.order_by("-size").prefetch_related("cosignatures")


def latest() -> Checkpoint | None:
    return checkpoints().first()


def inclusion(entry: Entry) -> Inclusion | None:
    """The proof that the entry is in the latest signed tree; None until it is. Three queries."""
    signed = latest()
    if signed is None or entry.sequence is None or entry.sequence >= signed.size:
        return None
    path = tree.inclusion(entry.sequence, signed.size)
    return Inclusion(
        entry.sequence, signed.size, entry.leaf, tuple(node.hex() for node in path), signed.root, signed
    )  # fmt: skip


def consistency(old: int, new: int) -> Consistency | None:
    """The proof between two signed sizes; None where one of them was never signed, or they are the wrong way round."""
    roots: dict[int, Any] = dict(Checkpoint.objects.filter(size__in=(old, new)).values_list("size", "root"))
    if old > new or not {old, new} <= roots.keys():
        return None
    path = tuple(node.hex() for node in tree.consistency(old, new))
    return Consistency(old, new, roots[old], roots[new], path)
