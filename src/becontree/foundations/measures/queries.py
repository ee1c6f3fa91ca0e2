"""Reads: measures with their series, who lives here on a day, and equality answers with small counts hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from becontree.foundations.measures.characteristics import ASKED, answers_of
from becontree.foundations.measures.models import EqualityTally, Measure, PopulationShare, PopulationSource, Reading
from becontree.methods.suppression import LEAST, Sum, protect


def measures(*, everything: bool = False) -> QuerySet[Any]:
    """The public measures (or all), each with how many readings it has and the day of the last."""
    rows = Measure.objects.all() if everything else Measure.objects.filter(public=True)
    return rows.annotate(
        reading_count=Count("readings", filter=Q(readings__corrected_by=None)), last_on=Max("readings__on")
    ).order_by("title", "slug")


@dataclass(frozen=True, slots=True)
class Point:
    """One reading as it may be shown. `value` None: too few people to show. `before`: what it corrected, with why."""

    reading: Reading
    begins: date | None
    on: date
    ward_code: str
    ward_name: str
    value: Decimal | None
    n: int | None
    hidden: bool
    note: str
    source: str
    before: tuple[Reading, ...] = ()


def series(measure: Measure) -> tuple[Point, ...]:
    """Every reading of a measure as it stands after corrections, oldest first, the borough before its wards.

    Counts of 1 to 4 people are hidden, and so are others from which they would follow: the wards of one period with
    the borough as their sum. One query.
    """
    return _points(measure, list(_readings().filter(measure=measure)))


def series_of_many(measures: Iterable[Measure]) -> dict[Any, tuple[Point, ...]]:
    """{measure's key: what `series` says of it}, of many measures together. One query."""
    known = {measure.pk: measure for measure in measures}
    rows: dict[Any, list[Reading]] = {key: [] for key in known}
    for row in _readings().filter(measure__in=list(known)):
        rows[row.measure_id].append(row)
    return {key: _points(known[key], found) for key, found in rows.items()}


def _readings() -> QuerySet[Reading]:
    return Reading.objects.select_related("ward").defer("ward__geometry").order_by("read_at", "id")


def _points(measure: Measure, rows: list[Reading]) -> tuple[Point, ...]:
    replaced = {row.corrects_id: row for row in rows if row.corrects_id}
    by_id = {row.pk: row for row in rows}
    standing = [row for row in rows if row.pk not in replaced]
    hidden = _hidden(measure, standing)
    points = [
        Point(
            reading=row,
            begins=row.begins,
            on=row.on,
            ward_code=row.ward_id or "",
            ward_name=row.ward.name if row.ward else "",
            value=None if row.pk in hidden else row.value,
            n=None if row.pk in hidden else row.n,
            hidden=row.pk in hidden,
            note=row.note,
            source=row.source or measure.source,
            before=() if row.pk in hidden or _any_small(measure, row, by_id) else tuple(_before(row, by_id)),
        )
        for row in standing
    ]
    return tuple(sorted(points, key=lambda point: (point.on, point.ward_name, point.ward_code)))


def latest(measure: Measure) -> Point | None:
    """The newest reading for the whole borough that may be shown."""
    found = [point for point in series(measure) if not point.ward_code and not point.hidden]
    return found[-1] if found else None


def population_source(on: date | None = None) -> PopulationSource | None:
    """The newest source of who lives here; with `on`, the newest that was about that day or before it."""
    rows = PopulationSource.objects.all()
    return (rows.filter(on__lte=on).first() if on is not None else None) or rows.first()


def population(source: PopulationSource, *, within: str = "") -> dict[str, dict[str, int]]:
    """{characteristic: {category: people}} of the borough, or of one ward. One query."""
    found: dict[str, dict[str, int]] = {}
    for row in PopulationShare.objects.filter(source=source, within=within).order_by("id"):
        found.setdefault(row.characteristic, {})[row.category] = row.people
    return found


@dataclass(frozen=True, slots=True)
class Cell:
    """How many gave one answer; `n` None: hidden, as it is a small count or would give one away."""

    code: str
    label: Any
    n: int | None


@dataclass(frozen=True, slots=True)
class EqualityTable:
    """The answers to one question. `n` is how many answered it; cells in the order they were asked."""

    characteristic: str
    name: Any
    n: int
    cells: tuple[Cell, ...]
    withheld: bool  # so few answered that nothing can be shown


@dataclass(frozen=True, slots=True)
class Equality:
    """What may be read of a collection's equality answers: as they stood at the last step of ten forms."""

    collection: str
    forms: int
    on: date | None
    tables: tuple[EqualityTable, ...]


def equality(collection: str) -> Equality:
    """The equality answers of a collection, safe to show. Two pages of the same collection never differ by less than
    ten forms. For several collections on one page use `equality_counts` and protect them together. One query.
    """
    tally = EqualityTally.objects.filter(pk=collection).first()
    if tally is None or not tally.shown_forms:
        return Equality(collection, 0, None, ())
    tables = tuple(table(name, tally.shown[name]) for name in ASKED if name in tally.shown)
    return Equality(collection, tally.shown_forms, tally.shown_on, tables)


def table(name: str, counts: Mapping[str, int]) -> EqualityTable:
    """One question's counts with the small ones hidden, and those that would give them away."""
    every = {code: counts.get(code, 0) for code in answers_of(name)}
    total = sum(every.values())
    safe = protect({**every, "": total}, [Sum("", tuple(every))], fixed=[""])
    withheld = bool(safe.exposed)
    cells = tuple(Cell(code, label, None if withheld else safe.shown[code]) for code, label in answers_of(name).items())
    return EqualityTable(name, ASKED[name].name, total, cells, withheld)


def equality_counts(collections: Iterable[str]) -> dict[str, dict[str, dict[str, int]]]:
    """{collection: {characteristic: {answer: n}}} as of their last steps, unprotected: for a page that protects them
    together with everything else it shows. Never show these. One query.
    """
    rows = EqualityTally.objects.filter(pk__in=list(collections), shown_forms__gt=0)
    return {row.collection: row.shown for row in rows}


def _hidden(measure: Measure, standing: Sequence[Reading]) -> set[Any]:
    """The readings that are small, or would give a small one away."""
    hidden: set[Any] = set()
    for pick in (lambda row: row.n, lambda row: int(row.value) if measure.counts_people else None):
        periods: dict[Any, list[Reading]] = {}
        for row in standing:
            if pick(row) is not None:
                periods.setdefault((row.begins, row.on), []).append(row)
        for rows in periods.values():
            if not any(0 < (pick(row) or 0) < LEAST for row in rows):
                continue
            cells: dict[Any, int] = {row.pk: pick(row) or 0 for row in rows}
            whole: list[Any] = [row.pk for row in rows if row.ward_id is None]
            parts: list[Any] = [row.pk for row in rows if row.ward_id is not None]
            left = cells[whole[0]] - sum(cells[key] for key in parts) if whole else 0
            sums: list[Sum[Any]] = []
            if whole and parts and left >= 0:
                if left:  # those of no ward, or of wards not read: a part that is not shown, but could be worked out
                    cells["rest"] = left
                    parts = [*parts, "rest"]
                sums = [Sum(whole[0], tuple(parts))]
            safe = protect(cells, sums)
            hidden |= safe.hidden | safe.exposed
            if safe.exposed:
                hidden |= set(cells)
    return hidden


def _any_small(measure: Measure, row: Reading, by_id: Mapping[Any, Reading]) -> bool:
    return any(
        (old.n is not None and 0 < old.n < LEAST) or (measure.counts_people and 0 < old.value < LEAST)
        for old in _before(row, by_id)
    ) or (bool(row.ward_id) and measure.counts_people)


def _before(row: Reading, by_id: Mapping[Any, Reading]) -> list[Reading]:
    found = []
    while row.corrects_id and row.corrects_id in by_id:
        row = by_id[row.corrects_id]
        found.append(row)
    return found
