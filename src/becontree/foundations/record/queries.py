"""Reads of the public record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final

from django.db.models import Count, Max, Q, QuerySet

from becontree.foundations.kit.dates import within
from becontree.foundations.people import queries as people
from becontree.foundations.record import tree
from becontree.foundations.record.models import STEPS, Because, Checkpoint, Decision, Entry, Thing
from becontree.foundations.record.threads import Knot, Thread, thread

__all__ = [
    "STEPS",
    "Consistency",
    "Inclusion",
    "Knot",
    "Thread",
    "about",
    "checkpoints",
    "consistency",
    "decisions",
    "entries",
    "families",
    "inclusion",
    "kinds",
    "latest",
    "reversed_by",
    "therefore",
    "thread",
    "titles",
    "whole",
]


# An officer's award stands as "decided" in the record with its authority and reasons, and has nothing to compute.
DECIDED: Final = Q(decision__isnull=False) | Q(step="decided")


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


def decisions(
    *,
    since: date | None = None,
    until: date | None = None,
    who: str = "",
    role: str = "",
    kind: str = "",
    words: str = "",
) -> QuerySet[Entry]:
    """Everything decided, the last one written down first: by a method that can be computed again, or by people alone.

    `who`: a party id; `role`: held ever; `kind`: a family of methods, or the entry's kind where people alone decided.
    """
    found = Entry.objects.filter(DECIDED, **within("recorded_at", since, until))
    found = people.done_by(found, "entered_by", who=who, role=role)
    if kind:
        found = found.filter(Q(decision__family=kind) | Q(decision__isnull=True, kind=kind))
    for word in words.split()[:8]:
        found = found.filter(
            Q(title__icontains=word)
            | Q(decision__authority__icontains=word)
            | Q(decision__reasons__icontains=word)
            | Q(facts__authority__icontains=word)
            | Q(facts__reasons__icontains=word)
        )
    return found.select_related("decision").defer("decision__record").order_by("-recorded_at", "pk")


def families() -> list[str]:
    """What decisions can be narrowed to: families of methods, and kinds of entry that people alone decided."""
    found = set(Decision.objects.order_by().values_list("family", flat=True).distinct())
    alone = Entry.objects.filter(step="decided", decision__isnull=True).order_by()
    return sorted(found | set(alone.values_list("kind", flat=True).distinct()))


def whole(found: QuerySet[Entry]) -> QuerySet[Entry]:
    """The same entries with all that their public projection needs."""
    return found.select_related("thing", "decision").prefetch_related("because")


def version() -> tuple[object, ...]:
    """What changes whenever the list of entries does: they are only added, and then take their place. Two queries."""
    found = Entry.objects.aggregate(Count("pk"), Count("sequence"), Max("sequence"), Max("recorded_at"))
    newest = Entry.objects.order_by("-recorded_at", "-pk").values_list("pk", flat=True).first()
    return (newest, *found.values())


def kinds() -> list[str]:
    """Every kind of entry there is. One query."""
    return list(Entry.objects.order_by("kind").values_list("kind", flat=True).distinct())


def therefore(entry: Entry, most: int = 50) -> Iterable[Because]:
    """What came of the entry, newest first: what its thing caused from then on. One query.

    A cause is written down as a thing, so what came of it before this entry did not come of this entry. Of one moment,
    the steps of the loop say which came first.
    """
    day, moment = entry.happened_on, entry.recorded_at
    later = (
        Q(entry__happened_on__gt=day)
        | Q(entry__happened_on=day, entry__recorded_at__gt=moment)
        | Q(entry__happened_on=day, entry__recorded_at=moment, entry__step__in=STEPS[STEPS.index(entry.step) :])
    )
    return (
        Because.objects.filter(later, cause_id=entry.thing_id)
        .select_related("entry", "thing")
        .order_by("-entry__happened_on", "-entry__recorded_at", "id")[:most]
    )


def reversed_by(entry: Entry) -> Entry | None:
    """The entry that takes this one back, if there is one: of the same thing, and it names this one. One query."""
    rows = Entry.objects.filter(thing_id=entry.thing_id, kind=f"{entry.kind}.reversed")
    return next((row for row in rows if row.facts.get("reverses") == str(entry.pk)), None)


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


def titles(refs: Iterable[str]) -> dict[str, str]:
    """The titles of public things, by ref; of more than a page would show, the first. One query, none for none."""
    asked = list(islice(dict.fromkeys(refs), 500))
    return dict(Thing.objects.filter(ref__in=asked).values_list("ref", "title")) if asked else {}


def about(entry: Entry, refs: Iterable[str]) -> Thing:
    """What an entry is about. Where that has the entry's own title, as an award has, what it names on the same page.

    `refs`: what the entry's facts name. One query at most.
    """
    if entry.thing.title != entry.title or not entry.thing.url:
        return entry.thing
    asked = list(islice(dict.fromkeys(refs), 500))
    return Thing.objects.filter(ref__in=asked, url=entry.thing.url).order_by("ref").first() or entry.thing
