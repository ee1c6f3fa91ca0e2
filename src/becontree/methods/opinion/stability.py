"""How much of the map would change if a tenth of the people had not voted.

Leaves out a tenth of the people at random, draws the map again, and compares: would those who remain stand in
the same groups (adjusted Rand index), would there be as many groups, would the same statements be common
ground? Done twenty times. This is the jackknife-like check that belongs beside every map (the design paper
found that the number of groups flips in two of seven real conversations).

The people left out follow from `seed` and the order of ids alone. Cost: one warm map a draw.

Source: Hubert and Arabie, "Comparing partitions", Journal of Classification 2 (1985), for the index; Quenouille's and
Tukey's jackknife for leaving out. Rejected: resampling with repeats (a person twice in a map makes pairs that agree in
everything), and a p-value (there is no hypothesis here, only firmness).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from becontree.methods.opinion.chart import OpinionMap, draw_map
from becontree.methods.opinion.groups import agreement
from becontree.methods.opinion.plane import Placement, Progress

DRAWS: Final = 20
SHARE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Stability:
    """Over `draws` maps without `share` of the people; agreements are adjusted Rand indices (1 is the
    same).
    """

    draws: int
    share: float
    median: float
    lowest: float
    same_k: int
    common_ground_kept: float
    people_kept: float

    @property
    def words(self) -> str:
        """One plain sentence for people."""
        firm = "hold firm" if self.median >= 0.9 else "mostly hold" if self.median >= 0.7 else "are loose"
        return (
            f"The groups {firm}: without a tenth of the people, {self.people_kept:.0%} of the rest stay in the "
            f"same group (typical of {self.draws} tries), the number of groups stays the same in "
            f"{self.same_k} of {self.draws}, and {self.common_ground_kept:.0%} of the common ground remains."
        )


def stability(
    found: OpinionMap,
    *,
    draws: int = DRAWS,
    share: float = SHARE,
    seed: int = 0,
    placement: Placement = "polis",
    progress: Progress = None,
) -> Stability:
    """Compare `found` with `draws` maps drawn without a random `share` of its people."""
    people = len(found.votes.participants)
    away = max(1, round(people * share))
    agreements, stays, kept, same = [], [], [], 0
    ground = {(entry.statement, entry.side) for entry in found.common_ground}
    for draw in range(draws):
        if progress:
            progress(draw, draws, "testing how firm the map is")
        gone = np.zeros(people, dtype=np.bool_)
        gone[np.random.Generator(np.random.PCG64([seed, draw])).permutation(people)[:away]] = True
        if gone.all() or not len(found.votes.without(gone)):
            continue
        again = draw_map(found.votes.without(gone), placement=placement, start=found.axes.start)
        same += len(again.names) == len(found.names)
        before, after = found.label[~gone], again.label
        both = (before >= 0) & (after >= 0)
        agreements.append(agreement(before[both], after[both]))
        stays.append(_overlap(before[both], after[both]))
        if ground:
            left = {(entry.statement, entry.side) for entry in again.common_ground}
            kept.append(len(ground & left) / len(ground))
    if progress:
        progress(draws, draws, "testing how firm the map is")
    return Stability(
        draws=len(agreements),
        share=share,
        median=round(float(np.median(agreements)), 6) if agreements else 1.0,
        lowest=round(min(agreements, default=1.0), 6),
        same_k=same,
        common_ground_kept=round(float(np.median(kept)), 6) if kept else 1.0,
        people_kept=round(float(np.median(stays)), 6) if stays else 1.0,
    )


def _overlap(before: NDArray[np.int64], after: NDArray[np.int64]) -> float:
    """Share of people whose new group is the one that most of their old group went to, or came from."""
    if not len(before):
        return 1.0
    table = np.zeros((int(before.max()) + 1, int(after.max()) + 1), dtype=np.int64)
    np.add.at(table, (before, after), 1)
    return _most(table.tolist()) / len(before)


def _most(table: list[list[int]]) -> int:
    """The largest sum of entries of which no two share a row or a column.

    Exact: the best sum for each set of columns used, row by row. There are at most five groups on one side, so a few
    hundred sums do, where SciPy's solver for big tables takes a second to load.
    """
    if len(table[0]) > len(table):
        table = [list(column) for column in zip(*table, strict=True)]
    best = {0: 0}  # the columns used, as the bits of a number -> the sum
    for row in table:
        for used, total in list(best.items()):
            for at, entry in enumerate(row):
                if not used >> at & 1:
                    now = used | 1 << at
                    best[now] = max(best.get(now, 0), total + entry)
    return max(best.values())
