"""The fair chances: leximin over kinds of people, on the linear relaxation, with a proof for each level.

Source: leximin selection, Flanigan et al., Nature 596 (2021). There, each level is solved over exponentially many
panels. Here a panel is only its row sums, so each level is

    max z   subject to   p_t = z + s_t (kinds still free),  p_t as settled (the others),
                         least_r <= sum over kinds in row r of n_t p_t <= most_r,   sum of n_t p_t = seats,
                         0 <= p_t <= cap

with some 42 rows whatever the number of people. A kind whose reduced cost is positive cannot rise above z in any
optimum (complementary slackness): it is settled, and the next level goes on from the warm basis. 1 to 60 small
programmes, about 0.1 s for a thousand people. The relaxation bounds every lottery over real panels from above;
`panels` then finds panels that attain it, or says that it cannot. Rejected: an integer programme a level.

**Proof of a level.** Multipliers y, one a row. Every lottery over panels has
    sum_t n_t y_t p_t <= sum_r (y_r most_r if y_r > 0 else y_r least_r) =: B,   y_t = the multipliers of t's rows
and from B, the settled chances and the cap follows an upper bound on the smallest free chance, in five lines of
integer arithmetic (`becontree.verify.select` does it). So nobody needs a solver to check a claim.

Why: the same optimum as over panels wherever panels attain it, from programmes with one row a quota. Cost: as above,
about 0.1 s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from becontree.methods.sortition._solver import INFINITE, Program
from becontree.methods.sortition.pool import Floats, Kinds

SETTLED = 1e-5  # a reduced cost (they sum to 1) above this settles a kind; a smaller one would be a weak proof
SLACK = 1e-9
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Level:
    """One step of leximin: these kinds get `value` and can get no more. `multipliers` (R + 1, the last for seats)."""

    value: float
    kinds: tuple[int, ...]
    multipliers: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Chances:
    """The chance of each kind of person (T), with the levels that prove it and the cap they were found under."""

    chance: Floats
    levels: tuple[Level, ...]
    cap: float = 1.0

    @property
    def bound(self) -> float:
        """No lottery gives everybody who can serve at all a larger smallest chance than this."""
        return next((level.value for level in self.levels if level.value > SLACK), 0.0)


class Infeasible(Exception):
    """No mix of people meets the quotas, even with fractions of people. `multipliers` prove it."""

    def __init__(self, multipliers: tuple[float, ...]) -> None:
        super().__init__("The quotas contradict each other.")
        self.multipliers = multipliers


def leximin(kinds: Kinds, *, cap: float = 1.0, levels: int | None = None, progress: Progress | None = None) -> Chances:
    """Leximin chances under a cap on certainty. `levels=1` stops after the first positive level (maximin's value).

    Raises Infeasible with a proof.
    """
    total, size = kinds.count, kinds.size.astype(float)
    matrix = np.vstack([kinds.matrix(), np.ones((1, total))])
    least = np.concatenate([kinds.least, [kinds.seats]]).astype(float)
    most = np.concatenate([kinds.most, [kinds.seats]]).astype(float)
    free = np.ones(total, dtype=bool)
    settled = np.zeros(total)
    weighted = matrix * size
    columns = np.hstack([weighted, weighted.sum(axis=1, keepdims=True)])
    program = Program(
        np.append(np.zeros(total), 1.0), np.zeros(total + 1), np.append(np.full(total, cap), cap), columns, least, most
    )
    solver = program.solver
    capped: dict[int, int] = {}
    found: list[Level] = []
    while free.any():
        while True:
            if not program.solve():
                raise Infeasible(farkas(kinds, cap))
            values, reduced, duals = program.solution()
            z = values[total]
            chance = np.where(free, z + values[:total], settled)
            above = np.nonzero(free & (chance > cap + SLACK))[0].tolist()
            over = [kind for kind in above if kind not in capped]
            if not over:
                break
            for kind in over:
                capped[kind] = solver.getNumRow()
                solver.addRow(-INFINITE, cap, 2, np.array([kind, total], dtype=np.int32), np.array([1.0, 1.0]))
        multipliers = duals[: len(least)]
        # Recomputed from the multipliers alone, as the verifier does: what a kind pulls on the level.
        pull = size * (multipliers @ matrix)
        now = free & (pull > SETTLED) & (reduced[:total] < -SETTLED)
        if not now.any():
            now = free & (pull >= pull[free].max())
        value = max(0.0, float(z))
        settled[now] = value
        free &= ~now
        found.append(Level(value, tuple(map(int, np.nonzero(now)[0])), tuple(map(float, multipliers))))
        if progress:
            progress(int(total - free.sum()), total, "working out fair chances")
        if levels is not None and value > SLACK and len(found) >= levels:
            settled[free] = chance[free]
            break
        indices = np.nonzero(now)[0].astype(np.int32)
        solver.changeColsBounds(len(indices), indices, np.zeros(len(indices)), np.zeros(len(indices)))
        for kind in indices.tolist():
            if kind in capped:
                solver.changeRowBounds(capped[kind], -INFINITE, INFINITE)
        used = weighted @ settled
        for row in range(len(least)):
            solver.changeRowBounds(row, least[row] - used[row], most[row] - used[row])
        left = weighted[:, free].sum(axis=1)
        for row in np.nonzero(columns[:, total] != left)[0].tolist():
            solver.changeCoeff(row, total, float(left[row]))
        columns[:, total] = left
    return Chances(settled, tuple(found), cap)


def farkas(kinds: Kinds, cap: float = 1.0) -> tuple[float, ...]:
    """Multipliers that prove that no panel exists: every panel would have 0 < 0. Least total violation, its duals."""
    total = kinds.count
    matrix = np.vstack([kinds.matrix(), np.ones((1, total))])
    count = len(matrix)
    elastic = np.hstack([matrix, np.eye(count), -np.eye(count)])
    least = np.concatenate([kinds.least, [kinds.seats]]).astype(float)
    most = np.concatenate([kinds.most, [kinds.seats]]).astype(float)
    program = Program(
        np.concatenate([np.zeros(total), -np.ones(2 * count)]),
        np.zeros(total + 2 * count),
        np.concatenate([kinds.size * cap, np.full(2 * count, INFINITE)]),
        elastic,
        least,
        most,
    )
    program.solve()
    return tuple(map(float, program.solution()[2]))
