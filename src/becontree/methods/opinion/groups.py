"""Opinion groups: people who stand close together on the plane, and how many groups that makes.

What it computes. k-means for k = 2 to 5 on at most 32 x 32 weighted cells of the plane (exact means and
counts), four k-means++ starts each (Arthur and Vassilvitskii 2007), the k with the best silhouette (Rousseeuw
1987) among those whose smallest group is large enough, then Lloyd's steps on everybody from those centres.

Why cells. The silhouette compares every two people: quadratic. On cells it costs the same for a thousand
people and for a million; on real conversations the inertia stays within 0.03 % of the best known. With up to
600 people every person is a cell of their own, and nothing is approximate.

The choice of k is stated: `Grouping.tried` has every k with its silhouette, its smallest group and why it was
not taken. "One common field, no clear groups" (k = 1) is a result like any other.

Rejected: first-come starting points (Polis: k then depends on who voted first), starting from the smallest
points in sorted order (red-dwarf 0.4.0: finds a "group" of one person in a real conversation).

Cost: at most 1,024 cells squared for the silhouette, and a few passes over the people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from becontree.methods.opinion.plane import Floats, times

SIDE: Final = 32
EXACT: Final = 600
STARTS: Final = 4
ROUNDS: Final = 100
MOST: Final = 5
LEAST_PEOPLE: Final = 5
LEAST_SHARE: Final = 0.05
LEAST_SILHOUETTE: Final = 0.25  # Kaufman and Rousseeuw 1990: below it "no substantial structure"
LETTERS: Final = "ABCDE"


@dataclass(frozen=True, slots=True)
class Tried:
    """One k that was looked at. `why_not` is empty for the one that was taken."""

    k: int
    silhouette: float
    smallest: int
    why_not: str = ""
    set_aside: int = 0  # people so far out that they were left out of the search and joined the nearest group


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """`label` has one group number a person placed; `centres` shape (k, 2); larger groups come first."""

    label: NDArray[np.int64]
    centres: Floats
    tried: tuple[Tried, ...]

    @property
    def k(self) -> int:
        return len(self.centres)


def group(points: Floats, *, k: int | None = None) -> Grouping:
    """Groups among people standing at `points` (people, 2). `k` forces a number of groups."""
    if len(points) == 0:
        return Grouping(np.empty(0, np.int64), np.empty((0, 2)), ())
    cells, weights = _cells(points)
    if k == 1 or len(cells) < 2:
        return _finish(points, np.average(cells, axis=0, weights=weights)[None, :], ())
    least = max(LEAST_PEOPLE, int(np.ceil(LEAST_SHARE * len(points))))
    if k is not None:
        found, _, alone = _search_core(cells, weights, [min(k, len(cells))], least)[0]
        return _finish(points, found, (), settle=not alone)
    distance = _distances(cells)
    looked: list[tuple[Tried, Floats, bool]] = []
    numbers = range(2, min(MOST, len(cells)) + 1)
    for number, (found, label, alone) in zip(numbers, _search_core(cells, weights, numbers, least), strict=True):
        width = _silhouette(distance, weights, label, number)
        smallest = int(np.bincount(label, weights, minlength=number).min())
        why = ""
        if smallest < least:
            why = f"its smallest group has {smallest} people, fewer than {least}"
        elif width < LEAST_SILHOUETTE:
            why = f"its silhouette of {width:.3f} is below {LEAST_SILHOUETTE}: no substantial structure"
        looked.append((Tried(number, round(width, 6), smallest, why, alone), found, alone > 0))
    open_ = [entry for entry in looked if not entry[0].why_not]
    if not open_:
        whole = np.average(cells, axis=0, weights=weights)[None, :]
        return _finish(points, whole, tuple(tried for tried, _, _ in looked))
    taken = max(open_, key=lambda entry: (entry[0].silhouette, -entry[0].k))
    reasons = tuple(
        tried
        if tried.why_not or tried.k == taken[0].k
        else replace(tried, why_not=f"k = {taken[0].k} has a better silhouette")
        for tried, _, _ in looked
    )
    return _finish(points, taken[1], reasons, settle=not taken[2])


def steady_k(history: tuple[int, ...], held: int, *, wins: int = 4) -> int:
    """The k to show: changes only once another k has won `wins` times in a row (Polis's rule).

    >>> steady_k((3, 3, 3), held=2), steady_k((3, 3, 3, 3), held=2), steady_k((3, 2, 3, 3, 3), held=2)
    (2, 3, 2)
    """
    last = history[-wins:]
    return last[-1] if len(last) == wins and len(set(last)) == 1 else held


def agreement(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Adjusted Rand index of two groupings of the same people (Hubert and Arabie 1985): 1 the same, 0 as by
    chance.
    """
    if len(one) < 2:
        return 1.0
    table = np.zeros((int(one.max()) + 1, int(other.max()) + 1), dtype=np.int64)
    np.add.at(table, (one, other), 1)

    def pairs(counts: NDArray[np.int64]) -> float:
        return float((counts * (counts - 1) // 2).sum())

    both, rows, columns = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    chance = rows * columns / (len(one) * (len(one) - 1) / 2)
    most = (rows + columns) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)


def _cells(points: Floats) -> tuple[Floats, Floats]:
    if len(points) <= EXACT:
        places, people = np.unique(points, axis=0, return_counts=True)
        return places, people.astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    width = np.where(high > low, high - low, 1.0)
    at = np.minimum(((points - low) / width * SIDE).astype(np.int64), SIDE - 1)
    key = at[:, 0] * SIDE + at[:, 1]
    counts = np.bincount(key, minlength=SIDE * SIDE).astype(np.float64)
    sums = np.stack([np.bincount(key, points[:, axis], minlength=SIDE * SIDE) for axis in (0, 1)], axis=1)
    used = counts > 0
    return sums[used] / counts[used, None], counts[used]


def _distances(cells: Floats) -> Floats:
    """Every two cells' distance, worked out in two squares of numbers and no more."""
    across, up = (np.subtract.outer(cells[:, axis], cells[:, axis]) for axis in (0, 1))
    across *= across
    up *= up
    across += up
    return np.sqrt(across, out=across)


def _search_core(
    cells: Floats, weights: Floats, numbers: Sequence[int], least: int
) -> list[tuple[Floats, NDArray[np.int64], int]]:
    """For each k of `numbers`: search, and where a handful far out would make a "group" of their own, search again
    without them.

    They then belong to the nearest group, without pulling its centre. At most one person in twenty is set
    aside.
    """
    allowed = LEAST_SHARE * weights.sum()
    results = []
    for k, first in zip(numbers, _search(cells, weights, numbers), strict=True):
        found, label = first
        core = np.ones(len(cells), dtype=np.bool_)
        while True:
            size = np.bincount(label, weights[core], minlength=k)
            small = size < least
            gone = weights[~core].sum() + size[small].sum()
            if not small.any() or gone > allowed or core.sum() - np.isin(label, np.flatnonzero(small)).sum() < k:
                break
            core[np.flatnonzero(core)[small[label]]] = False
            [(found, label)] = _search(cells[core], weights[core], [k])
        results.append((found, _nearest(cells[:, 0], cells[:, 1], found[None])[0], int(weights[~core].sum())))
    return results


def _search(cells: Floats, weights: Floats, numbers: Sequence[int]) -> list[tuple[Floats, NDArray[np.int64]]]:
    """For each k of `numbers` the best of several k-means++ starts by inertia; the first best wins a tie.

    All starts of all k walk together, because a step of NumPy costs more to begin than to do: where a start has
    fewer centres than the widest, the rest stand infinitely far away, where nobody is nearest to them.
    """
    starts = np.full((len(numbers) * STARTS, max(numbers), 2), np.inf)
    for place, k in enumerate(numbers):
        starts[place * STARTS : (place + 1) * STARTS, :k] = _first_centres(cells, weights, k)
    centres, label = _lloyd(cells, weights, starts)
    results = []
    for place, k in enumerate(numbers):
        best, least = 0, np.inf
        for start in range(place * STARTS, (place + 1) * STARTS):
            inertia = float((weights * ((cells - centres[start][label[start]]) ** 2).sum(axis=1)).sum())
            if start == place * STARTS or inertia < least * (1 - 1e-12):
                best, least = start, inertia
        results.append((centres[best, :k], label[best]))
    return results


def _first_centres(cells: Floats, weights: Floats, k: int) -> Floats:
    """k-means++ (Arthur and Vassilvitskii 2007), shape (STARTS, k, 2); the draws are fixed by k."""
    random = np.random.Generator(np.random.PCG64(k))
    share = np.cumsum(weights)
    starts = np.empty((STARTS, k, 2))
    for start in range(STARTS):
        pick = int(np.searchsorted(share, random.random() * share[-1], side="right"))
        near = np.full(len(cells), np.inf)
        for number in range(k):
            starts[start, number] = cells[min(pick, len(cells) - 1)]
            near = np.minimum(near, ((cells - starts[start, number]) ** 2).sum(axis=1))
            mass = np.cumsum(near * weights)
            pick = int(np.searchsorted(mass, random.random() * mass[-1], side="right"))
    return starts


def _lloyd(points: Floats, weights: Floats | None, centres: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Lloyd's steps from several starts at once, each until nobody moves in it.

    `centres` has shape (starts, k, 2); back come centres of that shape and labels (starts, points). A centre
    that loses everybody stays where it was. A start in which nobody moved would stay as it is for ever, so it is
    left out of the rounds that follow.
    """
    starts, k = centres.shape[:2]
    x, y = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    mass = np.ones(len(points)) if weights is None else weights
    wx, wy, mass = np.tile(x * mass, starts), np.tile(y * mass, starts), np.tile(mass, starts)
    centres, label = centres.copy(), np.full((starts, len(points)), -1, dtype=np.int64)
    moving = np.arange(starts)
    for _ in range(ROUNDS):
        nearest = _nearest(x, y, centres[moving])
        moved = (nearest != label[moving]).any(axis=1)
        moving, nearest = moving[moved], nearest[moved]
        if not len(moving):
            break
        label[moving] = nearest
        cells, people = len(moving) * k, nearest.size
        key = (nearest + np.arange(0, cells, k)[:, None]).ravel()
        count = np.bincount(key, mass[:people], minlength=cells)
        held = np.where(count > 0, count, 1.0)
        means = np.stack([np.bincount(key, w[:people], minlength=cells) / held for w in (wx, wy)], axis=1)
        centres[moving] = np.where(count[:, None] > 0, means, centres[moving].reshape(-1, 2)).reshape(-1, k, 2)
    return centres, label


def _nearest(x: Floats, y: Floats, centres: Floats) -> NDArray[np.int64]:
    """Index of the nearest centre, shape (starts, points); the first of equals. |c|^2 - 2 p.c orders as
    distance does.
    """
    x2, y2 = 2 * x, 2 * y
    cx, cy = centres[:, :, 0, None], centres[:, :, 1, None]
    label = np.zeros((len(centres), len(x)), dtype=np.int64)
    best = cx[:, 0] * (cx[:, 0] - x2) + cy[:, 0] * (cy[:, 0] - y2)
    for number in range(1, centres.shape[1]):
        away = cx[:, number] * (cx[:, number] - x2) + cy[:, number] * (cy[:, number] - y2)
        np.copyto(label, number, where=away < best)
        np.minimum(best, away, out=best)
    return label


def _silhouette(distance: Floats, weights: Floats, label: NDArray[np.int64], k: int) -> float:
    """Mean silhouette over people, where people of one cell stand at distance zero of each other."""
    member = np.zeros((len(label), k))
    member[np.arange(len(label)), label] = weights
    size = member.sum(axis=0)
    total = times(distance, member)
    rows = np.arange(len(label))
    own_size = size[label]
    inside = total[rows, label] / np.maximum(own_size - 1, 1)
    total = total / np.maximum(size, 1e-300)
    total[rows, label] = np.inf
    total[:, size == 0] = np.inf
    outside = total.min(axis=1)
    larger = np.maximum(inside, outside)
    width = np.where(
        (own_size > 1) & (larger > 0) & np.isfinite(larger),
        (outside - inside) / np.where(larger > 0, larger, 1),
        0,
    )
    return float((width * weights).sum() / weights.sum())


def _finish(points: Floats, centres: Floats, tried: tuple[Tried, ...], settle: bool = True) -> Grouping:
    """Lloyd on everybody (unless some stand too far out to be let move a centre), empty groups dropped, then
    largest group first (ties: left to right, bottom to top).
    """
    if not len(points):
        return Grouping(np.empty(0, np.int64), centres, tried)
    if settle:
        centres = _lloyd(points, None, centres[None])[0][0]
    label = _nearest(points[:, 0], points[:, 1], centres[None])[0]
    sizes = np.bincount(label, minlength=len(centres))
    order = sorted(np.flatnonzero(sizes), key=lambda g: (-sizes[g], centres[g, 0], centres[g, 1]))
    rank = np.zeros(len(centres), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return Grouping(rank[label], centres[order], tried)
