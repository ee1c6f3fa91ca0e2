"""Which cells to hide: primary suppression of small counts, then complementary suppression until nothing follows.

What it computes. Counts stand in cells; some cells are sums of others. A count of 1 to `least` - 1 is hidden
(primary). A hidden cell that the rest gives away is no secret, so other cells are hidden beside it (complementary),
until for every primary cell a reader who takes all published cells together, and knows that a hidden cell is never a
zero, is left with an interval that

- reaches `least` or more, so that the reader cannot even tell that the count was small; and
- is wider than the count itself (its greatest less its least value exceeds the count).

Zeros are shown: they are about nobody, and showing them keeps tables useful. Where hiding every other cell is not
enough, the zeros of those tables are hidden as well, then their totals (unless `fixed`: known from elsewhere). What
even that does not protect is returned in `exposed`: then nothing of it may be published.

How. Greedily, one cell at a time, for the first unprotected cell: the cell that mends most of the sums in which one
hidden cell stands alone; else one in the sum through it with the fewest cells hidden; the smallest count of several;
inner cells before totals. The greatest and the least are found exactly
(`bounds`). Hiding fewest cells is NP-hard (J. P. Kelly, B. L. Golden, A. A. Assad, "Cell suppression: disclosure
protection for sensitive tabular data", Networks 22 (1992), 397-417); tables of equality answers are small, and a
greedy choice is explained in one sentence. Rejected: rounding to fives (five people shown as "5" of "5" is still a
fact about them, and totals no longer add up); noise (a public count should be true); hiding rows that happen to be
next in order (the pattern itself then tells).

Sources: GSS, "Disclosure control guidance for tables produced from administrative sources" (thresholds, zeros,
secondary suppression); ONS, "Protecting personal data in Census 2021 results"; A. Hundepool et al., "Statistical
Disclosure Control" (Wiley, 2012), chapter 4 (protection levels, audit by linear programming).

Cost: two small integer programs for each check of a cell; a table of 12 by 8 in well under a second.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Literal, TypeVar

from becontree.methods.findings import Finding, Unusable
from becontree.methods.suppression.bounds import Interval, bounds

METHOD: Final = "suppression/greedy@1"
LEAST: Final = 5  # the smallest count that is shown, other than nothing
MOST_CELLS: Final = 5_000

Key = TypeVar("Key", bound=Hashable)
Why = Literal["small", "beside", "zero beside", "total beside"]


@dataclass(frozen=True, slots=True)
class Sum(Generic[Key]):
    """One thing that every reader knows: these parts add up to this total. All are cells."""

    total: Key
    parts: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Step(Generic[Key]):
    """One cell that was hidden: why, and for the sake of which cell."""

    cell: Key
    why: Why
    sake: Key | None = None


@dataclass(frozen=True, slots=True)
class Protected(Generic[Key]):
    """The counts as they may be shown (None: hidden), and each step that led there.

    `floor` is the least that a reader knows each hidden cell to be: 1, but 0 where zeros had to be hidden too.
    """

    shown: Mapping[Key, int | None]
    primary: frozenset[Key]
    steps: tuple[Step[Key], ...]
    floor: Mapping[Key, int]
    exposed: frozenset[Key]
    method: str = METHOD

    @property
    def hidden(self) -> frozenset[Key]:
        return frozenset(key for key, value in self.shown.items() if value is None)


def protect(
    counts: Mapping[Key, int], sums: Sequence[Sum[Key]] = (), *, least: int = LEAST, fixed: Iterable[Key] = ()
) -> Protected[Key]:
    """Hide what must be hidden. `counts` holds every cell, totals as well; `fixed` are cells known from elsewhere.

    Raises Unusable where a sum does not add up, a count is below nothing, or there are more than 5,000 cells.
    """
    known = frozenset(fixed)
    _check(counts, sums, known)
    shown: dict[Key, int | None] = dict(counts)
    primary = frozenset(key for key, n in counts.items() if 0 < n < least and key not in known)
    steps: list[Step[Key]] = [Step(key, "small") for key in counts if key in primary]
    for key in primary:
        shown[key] = None
    order = {key: at for at, key in enumerate(counts)}
    totals = {each.total for each in sums}
    floor: dict[Key, int] = dict.fromkeys(primary, 1)
    waiting = [key for key in counts if key in primary]
    exposed: set[Key] = set()
    while waiting:
        cell = waiting[0]
        if _safe(counts[cell], bounds(shown, sums, of=[cell], floor=floor)[cell], least):
            waiting.pop(0)
            continue
        found = _beside(cell, counts, shown, sums, known=known, totals=totals, order=order)
        if found is None:
            exposed.add(waiting.pop(0))
            continue
        chosen, why = found
        if why == "zero beside":  # from now on a hidden cell near it may be nothing, and a reader sees that
            for key in _near(cell, shown, sums):
                if shown[key] == 0 and key not in known:
                    shown[key] = None
                    steps.append(Step(key, why, cell))
                if shown[key] is None:
                    floor[key] = 0
        else:
            shown[chosen] = None
            floor[chosen] = min(floor.get(cell, 1), 1)
            steps.append(Step(chosen, why, cell))
    # A cell found safe stays so: hiding more only widens what a reader must allow for.
    return Protected(
        shown, primary, tuple(steps), {k: floor.get(k, 1) for k in shown if shown[k] is None}, frozenset(exposed)
    )


def one_way(
    counts: Mapping[str, int], *, total: int | None = None, fixed: bool = True, least: int = LEAST
) -> Protected[str]:
    """One row of categories. Its total stands under "" and is known to the reader unless `fixed` is False."""
    cells = {**counts, "": sum(counts.values()) if total is None else total}
    return protect(cells, [Sum("", tuple(counts))], least=least, fixed=[""] if fixed else [])


def two_way(
    counts: Mapping[tuple[str, str], int], *, least: int = LEAST, fixed: Iterable[tuple[str, str]] = (("", ""),)
) -> Protected[tuple[str, str]]:
    """A table by (row, column) with its margins: ("row", ""), ("", "column") and ("", ""), which is known."""
    rows = list(dict.fromkeys(row for row, _ in counts))
    columns = list(dict.fromkeys(column for _, column in counts))
    cells = {(row, column): counts.get((row, column), 0) for row in rows for column in columns}
    margins = {(row, ""): sum(cells[row, column] for column in columns) for row in rows}
    margins |= {("", column): sum(cells[row, column] for row in rows) for column in columns}
    margins["", ""] = sum(cells.values())
    sums = [Sum((row, ""), tuple((row, column) for column in columns)) for row in rows]
    sums += [Sum(("", column), tuple((row, column) for row in rows)) for column in columns]
    sums += [Sum(("", ""), tuple((row, "") for row in rows)), Sum(("", ""), tuple(("", column) for column in columns))]
    return protect({**cells, **margins}, sums, least=least, fixed=fixed)


def _safe(count: int, interval: Interval, least: int) -> bool:
    return interval.high is None or (interval.high >= least and interval.high - interval.low > count)


def _beside(
    cell: Key,
    counts: Mapping[Key, int],
    shown: Mapping[Key, int | None],
    sums: Sequence[Sum[Key]],
    *,
    known: frozenset[Key],
    totals: set[Key],
    order: Mapping[Key, int],
) -> tuple[Key, Why] | None:
    """The next cell to hide for the sake of `cell`: near it first, an inner cell before a total, small before large."""
    near = _near(cell, shown, sums)
    reached = set(near)
    members = [(each.total, *each.parts) for each in sums]
    hidden = [sum(shown[key] is None for key in keys) for keys in members]
    # A sum with one hidden cell gives it away: what mends most of these comes first (it closes the rectangle).
    lone = [keys for keys, n in zip(members, hidden) if n == 1 and reached.issuperset(keys)]
    through = sorted((n, at) for at, n in enumerate(hidden) if cell in members[at])
    pools = [[key for keys in lone for key in keys], *(members[at] for _, at in through), near]
    for pool in pools:
        inner = [key for key in dict.fromkeys(pool) if shown[key] and key not in known and key not in totals]
        if inner:
            mends = {key: sum(key in keys for keys in lone) for key in inner}
            return min(inner, key=lambda key: (-mends[key], counts[key], order[key])), "beside"
    if any(shown[key] == 0 and key not in known for key in near):
        return cell, "zero beside"
    outer = [key for key in near if shown[key] is not None and key not in known]
    if outer:
        return min(outer, key=lambda key: (counts[key], order[key])), "total beside"
    return None


def _near(cell: Key, shown: Mapping[Key, int | None], sums: Sequence[Sum[Key]]) -> list[Key]:
    """Every cell of every sum that is bound to `cell` through hidden cells, in a fixed order."""
    reached, used = {cell}, set[int]()
    grew = True
    while grew:
        grew = False
        for at, each in enumerate(sums):
            members = (each.total, *each.parts)
            if at not in used and any(key in reached and (shown[key] is None or key == cell) for key in members):
                used.add(at)
                reached.update(members)
                grew = True
    return [key for key in shown if key in reached]


def _check(counts: Mapping[Key, int], sums: Sequence[Sum[Key]], known: frozenset[Any]) -> None:
    findings = []
    if len(counts) > MOST_CELLS:
        findings.append(
            Finding("suppression.too-many", f"There are {len(counts):,} cells; the most is {MOST_CELLS:,}.")
        )
    findings += [
        Finding("suppression.negative", f"{key!r} is {n}; a count is a whole number from nothing up.")
        for key, n in counts.items()
        if isinstance(n, bool) or not isinstance(n, int) or n < 0
    ]
    for each in sums:
        missing = [key for key in (each.total, *each.parts) if key not in counts]
        if missing:
            findings.append(Finding("suppression.missing", f"{missing[0]!r} is in a sum but has no count."))
        elif len(set(each.parts)) != len(each.parts) or each.total in each.parts:
            findings.append(Finding("suppression.twice", f"A cell stands twice in the sum of {each.total!r}."))
        elif not findings and sum(counts[key] for key in each.parts) != counts[each.total]:
            findings.append(Finding("suppression.sum", f"The parts of {each.total!r} do not add up to it."))
    findings += [Finding("suppression.missing", f"{key!r} is fixed but has no count.") for key in known - counts.keys()]
    if findings:
        raise Unusable(findings)
