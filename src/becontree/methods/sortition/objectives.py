"""What "fair" means: leximin, maximin, Nash welfare or Goldilocks, each with a cap on certainty if wanted.

All act on the chances p of the kinds of people, on the linear relaxation (`relaxed`); each comes with multipliers of
the quota rows that prove its claim without a solver.

- **leximin** (default): the smallest chance as large as possible, then the next smallest, and so on.
- **maximin**: the smallest chance as large as possible; then the largest as small as possible; then leximin. (The
  peers stop at the first part, and then treat people with the same answers differently.)
- **nash**: the geometric mean of the chances of all who can serve, as large as possible. Solved through its dual, a
  smooth problem with one variable a quota: p_t = min(cap, 1 / y_t), projected Newton, and y is the proof.
- **goldilocks**: least (n/k) max p + gamma (k/n) / min p, so that nobody is nearly certain and nobody nearly shut out
  (Baharav and Flanigan, arXiv 2406.15009, gamma = 1). It depends on the cap c and on the best floor z(c) under it
  only, and is convex in c: a search over c, then leximin under that cap.

Cost, CPU seconds for 1,000 people and 60 seats: leximin and maximin 0.06, nash 0.02, goldilocks 1.2 (a search, 48 times
two programmes). Rejected: a cone or exponential programme for the last two (another solver, and its answer would have
to be believed); the authors' column generation over panels with a commercial solver.

A chance of 1 is the mark of a quota with exactly as many people as seats; it is also what somebody gains who lies
about a rare answer. Hence `cap`, and hence `maximum` is always shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from becontree.methods.findings import Finding, Unusable
from becontree.methods.sortition._solver import panel_program
from becontree.methods.sortition.pool import Floats, Kinds
from becontree.methods.sortition.relaxed import SLACK, Chances, Infeasible, Level, Progress, leximin

METHODS = ("leximin", "maximin", "nash", "goldilocks")
GAMMA = 1.0


@dataclass(frozen=True, slots=True)
class Fair:
    """Chances with their proof: `levels` (leximin, maximin), `cuts` (maximin, nash: one; goldilocks: two)."""

    method: str
    chances: Chances
    cuts: tuple[tuple[float, ...], ...] = ()


def fair(kinds: Kinds, method: str = "leximin", *, cap: float = 1.0, progress: Progress | None = None) -> Fair:
    """The fair chances under `method`. Raises relaxed.Infeasible, or Unusable when `cap` is too low."""
    if method not in METHODS:
        raise ValueError(f"There is no method {method!r}; there are {', '.join(METHODS)}.")
    if not 0 < cap <= 1:
        raise Unusable(Finding("select.cap", f"A cap of {cap} is not a chance.", fix="Give more than 0, at most 1."))
    try:
        if method == "leximin":
            return Fair(method, leximin(kinds, cap=cap, progress=progress))
        first = leximin(kinds, cap=cap, levels=1)
    except Infeasible:
        if cap == 1.0:
            raise
        leximin(kinds, levels=1)  # raises when the quotas are at fault rather than the cap
        least = least_cap(kinds, np.zeros(kinds.count))
        raise Unusable(
            Finding(
                "select.cap.low",
                f"Nobody can be kept to a chance of {cap:g}: the quotas make somebody's at least {least:.6f}.",
                fix=f"Set the cap to {np.ceil(least * 1000) / 1000:g} or more, or widen the quotas.",
            )
        ) from None
    shut = {kind for level in first.levels if level.value <= SLACK for kind in level.kinds}
    open_to = np.array([kind not in shut for kind in range(kinds.count)])
    if method == "maximin":
        ceiling = least_cap(kinds, np.where(open_to, first.bound, 0.0))
        chances = _leximin_under(kinds, cap if ceiling > cap - 1e-6 else ceiling, progress)
        return Fair(method, chances, (next(level for level in first.levels if level.value > SLACK).multipliers,))
    if method == "nash":
        return _nash(kinds, first, open_to, cap)
    return _goldilocks(kinds, open_to, cap, progress)


def least_cap(kinds: Kinds, floor: Floats) -> float:
    """The smallest possible largest chance when every kind has at least `floor` (T). By bisection."""
    size = kinds.size.astype(float)
    program = panel_program(kinds, np.zeros(kinds.count), integer=False)
    indices = np.arange(kinds.count, dtype=np.int32)
    low, high = float(max(floor.max(), kinds.seats / size.sum())), 1.0
    for _ in range(34):  # to 1e-10
        middle = (low + high) / 2
        program.solver.changeColsBounds(kinds.count, indices, size * (floor - SLACK).clip(0), size * middle)
        low, high = (low, middle) if program.solve() else (middle, high)
    return high


def _leximin_under(kinds: Kinds, cap: float, progress: Progress | None) -> Chances:
    """Leximin under a cap that a search has found: exactly there the programme may lack the last digit of room."""
    for room in (SLACK, 1e-8, 1e-7):
        try:
            return leximin(kinds, cap=min(1.0, cap + room), progress=progress)
        except Infeasible:
            continue
    return leximin(kinds, cap=min(1.0, cap + 1e-6), progress=progress)


def _nash(kinds: Kinds, first: Chances, open_to: np.ndarray[tuple[int], np.dtype[np.bool_]], cap: float) -> Fair:
    """max sum n_t log p_t. Dual: min over y of B(y) + sum of max over p of n_t (log p - y_t p)."""
    size = np.where(open_to, kinds.size, 0).astype(float)
    matrix = np.vstack([kinds.matrix(), np.ones((1, kinds.count))])
    least = np.concatenate([kinds.least, [kinds.seats]]).astype(float)
    most = np.concatenate([kinds.most, [kinds.seats]]).astype(float)
    rows = len(least)
    signs = np.concatenate([np.ones(rows), -np.ones(rows)])
    cost = np.concatenate([most, -least])
    body = np.vstack([matrix, -matrix])
    y = np.zeros(2 * rows)
    y[rows - 1] = size.sum() / kinds.seats  # everybody alike: p = k/n

    def at(point: Floats) -> tuple[float, Floats, Floats]:
        price = point @ body
        chance = np.minimum(cap, 1 / np.maximum(price, 1e-12))
        return float(cost @ point + (size * (np.log(chance) - price * chance)).sum()), price, chance

    value, price, chance = at(y)
    for _ in range(500):
        gradient = cost - body @ (size * chance)
        loose = (y > 0) | (gradient < 0)
        if np.abs(np.where(loose, gradient, 0)).max() < 1e-10 * kinds.seats:
            break
        curve = np.where(1 / np.maximum(price, 1e-12) < cap, size * chance**2, 0.0)
        part = body[loose]
        hessian = (part * curve) @ part.T
        hessian[np.diag_indices_from(hessian)] += 1e-12 * max(1.0, np.trace(hessian))
        step = np.zeros(2 * rows)
        step[loose] = -np.linalg.lstsq(hessian, gradient[loose], rcond=1e-13)[0]
        length = 1.0
        while length > 1e-12:
            trial = np.maximum(0.0, y + length * step)
            found = at(trial)
            if found[0] <= value + 1e-4 * float(gradient @ (trial - y)):
                break
            length /= 2
        else:
            break
        y, (value, price, chance) = trial, found
    chance = np.where(open_to, chance, 0.0)
    multipliers = tuple(map(float, (signs * y)[:rows] + (signs * y)[rows:]))
    return Fair("nash", Chances(chance, first.levels, cap), (multipliers,))


def goldilocks_value(largest: float, smallest: float, share: float, gamma: float = GAMMA) -> float:
    """max p / share + gamma share / min p, with share = seats / people who can serve."""
    return largest / share + gamma * share / smallest


def _goldilocks(
    kinds: Kinds, open_to: np.ndarray[tuple[int], np.dtype[np.bool_]], cap: float, progress: Progress | None
) -> Fair:
    share = kinds.seats / float(kinds.size[open_to].sum())
    low, high = least_cap(kinds, np.zeros(kinds.count)) + SLACK, cap
    ratio = (5**0.5 - 1) / 2
    seen: dict[float, float] = {}

    def worth(ceiling: float) -> float:
        if ceiling not in seen:
            try:
                floor = leximin(kinds, cap=ceiling, levels=1).bound
            except Infeasible:
                floor = 0.0
            seen[ceiling] = goldilocks_value(ceiling, floor, share) if floor > 0 else np.inf
        return seen[ceiling]

    left, right = high - ratio * (high - low), low + ratio * (high - low)
    for turn in range(48):
        if worth(left) <= worth(right):
            high, right = right, left
            left = high - ratio * (high - low)
        else:
            low, left = left, right
            right = low + ratio * (high - low)
        if progress:
            progress(turn, 48, "weighing the largest chance against the smallest")
    best = min(seen, key=lambda ceiling: (seen[ceiling], ceiling))
    chances = _leximin_under(kinds, best, progress)
    cuts = []
    for ceiling in (best - 1e-6, best + 1e-6):
        try:
            levels = leximin(kinds, cap=min(1.0, ceiling), levels=1).levels
        except Infeasible as infeasible:
            cuts.append(infeasible.multipliers)
            continue
        cuts += [level.multipliers for level in levels if level.value > SLACK]
    return Fair("goldilocks", chances, tuple(cuts))


__all__ = ["GAMMA", "METHODS", "Fair", "Level", "fair", "goldilocks_value", "least_cap"]
