"""What a reader can work out about hidden cells: the least and the most that each could be.

The published cells and the sums between cells are equations in whole numbers. For every hidden cell the least and the
greatest whole solution is found by integer programming (HiGHS through SciPy). A table with margins is a transport
problem, whose corners are whole by themselves; several tables that share margins need not be, so whole numbers are
asked for.

Cost: two small programs a cell; a table of 12 by 8 takes about a tenth of a second.

Source: Hundepool et al., "Statistical Disclosure Control" (2012), chapter 4 (audit). Why exactly: a bound found by
hand is the one that a newspaper finds too. Rejected: rules of thumb ("two hidden in each row"), which tables that
share margins defeat.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from becontree.methods.suppression.protecting import Sum

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both possible. `high` None: nothing published bounds it."""

    low: int
    high: int | None

    @property
    def width(self) -> float:
        return float("inf") if self.high is None else self.high - self.low


def bounds(
    shown: Mapping[Key, int | None],
    sums: Sequence[Sum[Key]],
    *,
    of: Iterable[Key] | None = None,
    floor: Mapping[Key, int] | None = None,
) -> dict[Key, Interval]:
    """The interval of each hidden cell (`shown` None), or of those in `of`, for a reader who knows everything shown.

    `floor` is the least that the reader knows a hidden cell to be (0 where it is not given). Raises ValueError where
    the published cells contradict one another.
    """
    wanted = [key for key in (shown if of is None else of) if shown[key] is None]
    hidden = [key for key, value in shown.items() if value is None]
    place = {key: number for number, key in enumerate(hidden)}
    rows: list[dict[int, int]] = []
    right: list[int] = []
    for each in sums:
        row: dict[int, int] = {}
        known = 0
        for key, sign in [(each.total, -1), *((part, 1) for part in each.parts)]:
            value = shown[key]
            if value is None:
                row[place[key]] = row.get(place[key], 0) + sign
            else:
                known += sign * value
        row = {at: sign for at, sign in row.items() if sign}
        if row:
            rows.append(row)
            right.append(-known)
        elif known:
            raise ValueError(f"The parts of {each.total!r} do not add up to it.")
    least = [0 if floor is None else floor.get(key, 0) for key in hidden]
    return {key: _interval(place[key], rows, right, least) for key in wanted}


def _interval(cell: int, rows: list[dict[int, int]], right: list[int], least: list[int]) -> Interval:
    mine, cells = _connected(cell, rows)
    if not mine:
        return Interval(least[cell], None)
    number = {key: at for at, key in enumerate(cells)}
    matrix = np.zeros((len(mine), len(cells)))
    for at, row in enumerate(mine):
        for key, sign in rows[row].items():
            matrix[at, number[key]] = sign
    sides = np.array([right[row] for row in mine], dtype=float)
    lows = np.array([least[key] for key in cells], dtype=float)
    low = _solve(matrix, sides, lows, number[cell], +1)
    if low is None:
        raise ValueError("The published cells contradict one another.")
    return Interval(low, _solve(matrix, sides, lows, number[cell], -1))


def _connected(cell: int, rows: list[dict[int, int]]) -> tuple[list[int], list[int]]:
    """The equations that have anything to do with a cell, and their hidden cells: the rest cannot matter."""
    cells, mine = {cell}, set[int]()
    grew = True
    while grew:
        grew = False
        for at, row in enumerate(rows):
            if at not in mine and not cells.isdisjoint(row):
                mine.add(at)
                cells |= row.keys()
                grew = True
    return sorted(mine), sorted(cells)


def _solve(matrix: Any, sides: Any, lows: Any, cell: int, sign: int) -> int | None:
    optimize: Any = import_module("scipy.optimize")  # late: pages that hide nothing need no solver
    wish = np.zeros(matrix.shape[1])
    wish[cell] = sign
    found = optimize.milp(
        wish,
        constraints=optimize.LinearConstraint(matrix, sides, sides),
        bounds=optimize.Bounds(lows, np.full(len(lows), np.inf)),
        integrality=np.ones(len(lows)),
    )
    if found.status == 0:
        value: float = found.x[cell]
        return round(value)
    if found.status == 2 and sign > 0:
        return None
    if found.status in {3, 4}:  # unbounded (HiGHS may say "unbounded or infeasible"; the least was found already)
        return None
    raise ValueError("The published cells contradict one another.")
