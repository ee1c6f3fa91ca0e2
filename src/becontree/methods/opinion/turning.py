"""Turn a map to an earlier one, so that dots and letters stay where people saw them.

What it computes. Principal axes have no sign, and two that matter alike change places or turn with a handful of votes;
groups are lettered by size, and sizes pass each other. None of that is news. So a map that is drawn again is turned
whole, in steps of a degree, and mirrored if that is nearer, until its statements lie closest to where they lay (the
orthogonal Procrustes problem, Schonemann 1966; in two dimensions one arc tangent each for turning and for mirroring).
Then each group takes the letter of the earlier group in whose place most of its people stand; what is new takes a
letter that is free.

Distances, groups, shares and every statistic are those of the map as it was. The axes of a turned map are no longer
the principal ones, though they span the same plane.

Whole degrees, so that a map turned to itself is itself, byte for byte: a turn worked out from rounded figures would
creep. Half a degree cannot be seen.

Cost: a few sums over the statements. Rejected: a smooth path between maps (dots would stand where nobody is).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from math import atan2, cos, degrees, hypot, radians, sin

import numpy as np
from numpy.typing import NDArray

from becontree.methods.opinion.groups import LETTERS, Grouping
from becontree.methods.opinion.plane import DECIMALS, Axes, Floats


@dataclass(frozen=True, slots=True)
class Before:
    """What later maps are turned to: where each statement lay (its loadings), and each group's middle by letter."""

    loadings: Mapping[str, tuple[float, float]]
    centres: Mapping[str, tuple[float, float]]


def turn(loadings: Floats, statements: Sequence[str], before: Before) -> Floats:
    """The 2 x 2 turn that brings `loadings` (statements, 2) nearest to where they were; nothing in common: none."""
    at = [index for index, name in enumerate(statements) if name in before.loadings]
    if not at:
        return np.eye(2)
    then = np.array([before.loadings[statements[index]] for index in at])
    m = np.einsum("ij,ik->jk", loadings[at], then)
    turned = hypot(m[0, 0] + m[1, 1], m[0, 1] - m[1, 0])
    mirrored = hypot(m[0, 0] - m[1, 1], m[0, 1] + m[1, 0])
    if max(turned, mirrored) == 0:
        return np.eye(2)
    if turned >= mirrored:
        c, s = _degree(atan2(m[0, 1] - m[1, 0], m[0, 0] + m[1, 1]))
        return np.array([[c, s], [-s, c]])
    c, s = _degree(atan2(m[0, 1] + m[1, 0], m[0, 0] - m[1, 1]))
    return np.array([[c, s], [s, -c]])


def _degree(angle: float) -> tuple[float, float]:
    """(cosine, sine) of the nearest whole degree; exact at the four right angles."""
    whole = round(degrees(angle)) % 360
    if whole % 90 == 0:
        return ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[whole // 90]
    return cos(radians(whole)), sin(radians(whole))


def turned(axes: Axes, position: Floats, by: Floats) -> tuple[Axes, Floats]:
    """Axes and people's places after a turn; places to six decimals again, as `plane.place` gives them."""
    if (by == np.eye(2)).all():
        return axes, position
    where = np.round(_times(position, by), DECIMALS) + 0.0
    return replace(axes, loadings=_times(axes.loadings, by)), where


def _times(rows: Floats, by: Floats) -> Floats:
    """rows @ by, summed in one order on any machine."""
    return np.stack([rows[:, 0] * by[0, at] + rows[:, 1] * by[1, at] for at in (0, 1)], axis=1)


def lettered(grouping: Grouping, points: Floats, by: Floats, before: Before) -> tuple[Grouping, tuple[str, ...]]:
    """The grouping of `points` (people, 2; turned already) in the order of its letters, and the letters."""
    names = letters(grouping.label, points, grouping.k, before)
    order = sorted(range(grouping.k), key=lambda group: names[group])
    rank = np.zeros(grouping.k, dtype=np.int64)
    rank[order] = np.arange(grouping.k)
    label = rank[grouping.label] if grouping.k else grouping.label
    centres = _times(grouping.centres, by)[order] if grouping.k else grouping.centres
    return Grouping(label, centres, grouping.tried), tuple(names[group] for group in order)


def letters(label: NDArray[np.int64], points: Floats, k: int, before: Before) -> list[str]:
    """A letter for each group: of all ways to hand them on, the one in which most people keep theirs."""
    if k <= 1 or not before.centres:
        return list(LETTERS[:k])
    old = sorted(before.centres)
    away = [((points - np.array(before.centres[name])) ** 2).sum(axis=1) for name in old]
    stood = np.argmin(np.stack(away, axis=1), axis=1)
    both = np.zeros((k, max(k, len(old))), dtype=np.int64)
    np.add.at(both, (label, stood), 1)
    ways = permutations(range(both.shape[1]), k)  # at most 120; the first of equals
    best = max(ways, key=lambda way: sum(int(both[group, to]) for group, to in enumerate(way)))
    kept = {group: old[to] for group, to in enumerate(best) if to < len(old) and both[group, to]}
    free = iter(letter for letter in LETTERS if letter not in kept.values())
    return [kept.get(group) or next(free) for group in range(k)]
