"""Questions that need whole people: is there a panel at all, which quotas conflict, what is the least relaxation.

Also leximin by exact pricing, for pools on which the linear relaxation promises what no panel can keep (three yes/no
categories with one seat of each value are enough: every pair of people may fit in fractions, and none in fact).
That is column generation with one integer programme a column, as in Flanigan et al. 2021: seconds to minutes, so it is
the last resort.

Nothing is relaxed silently: a relaxation is offered as a list of changed quotas, for a person to decide.

Source: HiGHS for the programmes; for conflicts a deletion filter (Chinneck and Dravnieks, ORSA Journal on Computing 3,
1991). Cost: one programme a quota for conflicts, one for the relaxation. Rejected: naming every quota that is tight
(most are innocent), and widening quotas by ourselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from becontree.methods.sortition._solver import INFINITE, Program, panel_program
from becontree.methods.sortition.panels import Face
from becontree.methods.sortition.pool import Floats, Ints, Kinds, Pool
from becontree.methods.sortition.relaxed import SETTLED, Infeasible, Progress, leximin

NODES = 50_000  # of branch and bound: a limit that is the same on every machine, unlike seconds
RAISE_FROM_NONE = 3.0  # letting in a group that the organiser kept out is dearer than one more of another


@dataclass(frozen=True, slots=True)
class Conflict:
    """Quotas that cannot all hold, though any of them given up would do. `sides`: (quota's name, 'least' or 'most')."""

    code: str
    message: str
    sides: tuple[tuple[str, str, int], ...]

    def as_dict(self) -> dict[str, object]:
        return {
            "code": self.code,
            "message": self.message,
            "quotas": [{"quota": name, "side": side, "value": value} for name, side, value in self.sides],
        }


@dataclass(frozen=True, slots=True)
class Change:
    """One step of the least relaxation: this quota's `side` would go from `old` to `new`."""

    quota: str
    side: str
    old: int
    new: int

    def as_dict(self) -> dict[str, object]:
        return {"quota": self.quota, "side": self.side, "from": self.old, "to": self.new}


@dataclass(frozen=True, slots=True)
class Impossible:
    """No panel exists. `parity`: not even though fractions of people would do. `proof`: multipliers, or ()."""

    conflicts: tuple[Conflict, ...]
    relaxation: tuple[Change, ...]
    within_limits: bool
    parity: bool
    proof: tuple[float, ...]


def a_panel(kinds: Kinds, limits: Face | None = None, weight: Floats | None = None) -> Ints | None:
    """Some panel (T counts), the heaviest under `weight`; None when there is none."""
    work = np.zeros(kinds.count) if weight is None else weight
    if limits is None:
        program = panel_program(kinds, work, nodes=NODES)
    else:
        program = panel_program(
            kinds, work, least=limits.least.astype(float), most=limits.most.astype(float),
            lower=limits.lower.astype(float), upper=limits.upper.astype(float), nodes=NODES,
        )  # fmt: skip
    program.solve()
    values = program.solution()[0]
    if len(values) != kinds.count:
        return None
    panel = np.rint(values).astype(np.int64)
    return panel if kinds.feasible(panel) else None


def unreachable_kinds(kinds: Kinds) -> tuple[int, ...]:
    """Kinds of people whom no whole panel can seat. One integer programme for several at a time while any is new."""
    unseen = np.ones(kinds.count, dtype=bool)
    while unseen.any():
        panel = a_panel(kinds, weight=unseen.astype(float))
        if panel is None or not (panel[unseen] > 0).any():
            break
        unseen &= panel == 0
    return tuple(int(kind) for kind in np.nonzero(unseen)[0])


def examine(pool: Pool) -> Impossible | None:
    """None when some panel meets every quota; otherwise why not, and the least change that would help."""
    kinds = pool.kinds
    proof: tuple[float, ...]
    try:
        leximin(kinds, levels=1)
        if a_panel(kinds) is not None:
            return None
        parity, proof = True, ()
    except Infeasible as infeasible:
        parity, proof = False, infeasible.multipliers
    changes, within = least_relaxation(pool)
    return Impossible(conflicts(pool, parity=parity, proof=proof), changes, within, parity, proof)


def conflicts(pool: Pool, *, parity: bool, proof: tuple[float, ...]) -> tuple[Conflict, ...]:
    """The plain contradictions of single quotas and categories; if there are none, one smallest set that conflicts."""
    kinds, found = pool.kinds, []
    if len(pool.people) < pool.seats:
        found.append(Conflict(
            "select.pool.small", f"{len(pool.people)} people cannot fill {pool.seats} seats.", ()
        ))  # fmt: skip
    people = kinds.matrix() @ kinds.size
    for quota, there in zip(pool.quotas, people.astype(int), strict=False):
        if there < quota.least:
            found.append(Conflict(
                "select.quota.short",
                f"{quota.name} needs at least {quota.least} people, and {there} said yes.",
                ((quota.name, "least", quota.least),),
            ))  # fmt: skip
    for feature in pool.features:
        rows = [quota for quota in pool.quotas if quota.feature == feature]
        least, most = sum(quota.least for quota in rows), sum(quota.most for quota in rows)
        if least > pool.seats:
            found.append(Conflict(
                "select.quota.sum_least",
                f"The least numbers for {feature} add up to {least}, more than the {pool.seats} seats.",
                tuple((quota.name, "least", quota.least) for quota in rows if quota.least),
            ))  # fmt: skip
        if most < pool.seats:
            found.append(Conflict(
                "select.quota.sum_most",
                f"The most numbers for {feature} add up to {most}, fewer than the {pool.seats} seats.",
                tuple((quota.name, "most", quota.most) for quota in rows),
            ))  # fmt: skip
    if found:
        return tuple(found)
    sides = _smallest_conflict(kinds, parity=parity, proof=proof)
    told = ", ".join(f"{name} {'at least' if side == 'least' else 'at most'} {value}" for name, side, value in sides)
    if parity:
        message = f"Whole people cannot meet these quotas together, though fractions of people could: {told}."
    else:
        message = f"These quotas cannot be met together: {told}."
    return (Conflict("select.quota.parity" if parity else "select.quota.together", message, sides),)


def _smallest_conflict(kinds: Kinds, *, parity: bool, proof: tuple[float, ...]) -> tuple[tuple[str, str, int], ...]:
    """Leave out one limit after another for as long as what remains still conflicts (a deletion filter)."""
    least, most = kinds.least.astype(float), kinds.most.astype(float)
    there = kinds.matrix() @ kinds.size
    sides = [(row, "least") for row in range(len(least)) if least[row] > 0]
    sides += [(row, "most") for row in range(len(most)) if most[row] < min(there[row], kinds.seats)]
    if proof:  # only limits that the proof uses can matter
        kept = [(row, side) for row, side in sides if proof[row] * (1 if side == "most" else -1) > SETTLED]
        if kept and _impossible(kinds, kept, integer=False):
            sides = kept
    step = max(1, len(sides) // 4)
    while step:
        place = 0
        while place < len(sides):
            fewer = sides[:place] + sides[place + step :]
            if _impossible(kinds, fewer, integer=parity):
                sides = fewer
            else:
                place += step
        step //= 2
    return tuple(
        (kinds.names[row], side, int(kinds.least[row] if side == "least" else kinds.most[row])) for row, side in sides
    )


def _impossible(kinds: Kinds, sides: list[tuple[int, str]], *, integer: bool) -> bool:
    least, most = np.zeros(len(kinds.least)), np.full(len(kinds.most), float(kinds.seats))
    for row, side in sides:
        if side == "least":
            least[row] = kinds.least[row]
        else:
            most[row] = kinds.most[row]
    # The address rule is not a quota: it is never left out.
    for row, name in enumerate(kinds.names):
        if name.startswith("one person at each of "):
            most[row] = kinds.most[row]
    program = panel_program(kinds, np.zeros(kinds.count), least=least, most=most, integer=integer, nodes=NODES)
    return not program.solve()


def least_relaxation(pool: Pool) -> tuple[tuple[Change, ...], bool]:
    """The cheapest change of quotas that lets a panel exist, and whether it stays inside the limits given.

    Lowering a least of b costs 1 + 2/b a step (a small group's seat is dear), raising a most costs 1 (3 from 0).
    """
    for within in (True, False):
        if not within and all(quota.floor is None and quota.ceiling is None for quota in pool.quotas):
            break
        changes = _relax(pool, within=within)
        if changes is not None:
            limited = any(quota.floor is not None or quota.ceiling is not None for quota in pool.quotas)
            return changes, within and limited
    return (), False


def _relax(pool: Pool, *, within: bool) -> tuple[Change, ...] | None:
    kinds = pool.kinds
    total, rows, quotas = kinds.count, len(kinds.least), len(pool.quotas)
    matrix = np.vstack([kinds.matrix(), np.ones((1, total))])
    down, up = np.zeros((rows + 1, quotas)), np.zeros((rows + 1, quotas))
    down[np.arange(quotas), np.arange(quotas)] = 1.0
    up[np.arange(quotas), np.arange(quotas)] = -1.0
    fall, rise, fall_cost, rise_cost = [], [], [], []
    for quota in pool.quotas:
        floor = quota.floor if within and quota.floor is not None else 0
        ceiling = quota.ceiling if within and quota.ceiling is not None else pool.seats
        fall.append(max(0, quota.least - floor))
        rise.append(max(0, ceiling - quota.most))
        fall_cost.append(1 + 2 / quota.least if quota.least else 1.0)
        rise_cost.append(1.0 if quota.most else RAISE_FROM_NONE)
    # least <= A x + down and A x - up <= most, as one row with a range each side needs two rows.
    lower_rows = np.hstack([matrix, down, np.zeros_like(up)])
    upper_rows = np.hstack([matrix, np.zeros_like(down), up])
    seats = [float(pool.seats)]
    program = Program(
        np.concatenate([np.zeros(total), -np.array(fall_cost), -np.array(rise_cost)]),
        np.zeros(total + 2 * quotas),
        np.concatenate([kinds.size, fall, rise]).astype(float),
        np.vstack([lower_rows, upper_rows]),
        np.concatenate([kinds.least, seats, np.full(rows, -INFINITE), seats]),
        np.concatenate([np.full(rows, INFINITE), seats, kinds.most, seats]),
        integer=True, nodes=NODES,
    )  # fmt: skip
    program.solve()
    values = np.rint(program.solution()[0]).astype(int)
    if program.infeasible or len(values) != total + 2 * quotas or not values.any():
        return None
    changes = []
    for index, quota in enumerate(pool.quotas):
        if values[total + index]:
            changes.append(Change(quota.name, "least", quota.least, quota.least - int(values[total + index])))
        if values[total + quotas + index]:
            changes.append(Change(quota.name, "most", quota.most, quota.most + int(values[total + quotas + index])))
    return tuple(changes)


@dataclass(frozen=True, slots=True)
class Priced:
    """What exact pricing found: chances that panels give (T), those panels (M x T), weights, who cannot sit."""

    chance: Floats
    panels: Ints
    weights: Floats
    unreachable: tuple[int, ...]


def priced_leximin(
    kinds: Kinds, *, cap: float = 1.0, levels: int | None = None, progress: Progress | None = None
) -> Priced:
    """Leximin over real panels, one integer programme a column. Raises ValueError when the cap cannot be kept."""
    total, size = kinds.count, kinds.size.astype(float)
    pricing = panel_program(kinds, np.zeros(total), nodes=NODES)
    indices = np.arange(total, dtype=np.int32)

    def heaviest(weight: Floats) -> tuple[Ints, float]:
        pricing.solver.changeColsCost(total, indices, weight)
        pricing.solve()
        panel = np.rint(pricing.solution()[0]).astype(np.int64)
        return panel, float(weight @ panel)

    columns: list[Ints] = []
    unseen = np.ones(total, dtype=bool)
    unreachable: list[int] = []
    while unseen.any():
        panel, weight_found = heaviest(unseen.astype(float))
        if weight_found < 0.5:
            unreachable = [int(kind) for kind in np.nonzero(unseen)[0]]
            break
        columns.append(panel)
        unseen &= panel == 0
    free = np.ones(total, dtype=bool)
    free[unreachable] = False
    settled = np.zeros(total)
    weights = np.full(len(columns), 1 / len(columns))
    done = 0
    while free.any():
        while True:
            # max z: (free) sum lambda x_t - n_t z >= 0, (settled) >= n_t f_t, all <= n_t cap, sum lambda = 1
            matrix = np.array(columns, dtype=float).T
            body = np.hstack([matrix, -(size * free)[:, None]])
            body = np.vstack(
                [body, np.append(np.ones(len(columns)), 0.0)[None, :], np.hstack([matrix, np.zeros((total, 1))])]
            )
            program = Program(
                np.append(np.zeros(len(columns)), 1.0), np.zeros(len(columns) + 1), np.ones(len(columns) + 1), body,
                np.concatenate([np.where(free, 0.0, size * settled - 1e-11), [1.0], np.full(total, -INFINITE)]),
                np.concatenate([np.full(total, INFINITE), [1.0], size * cap + 1e-11]),
            )  # fmt: skip
            if not program.solve():
                raise ValueError("the cap cannot be kept by real panels")
            values, _, duals = program.solution()
            value = float(values[-1])
            pull = -duals[:total] - duals[total + 1 :]
            panel, weight_found = heaviest(pull)
            if weight_found <= float(duals[total]) + 1e-9 or any((panel == other).all() for other in columns):
                break
            columns.append(panel)
        weights = values[:-1]
        share = np.where(free, -duals[:total] * size, 0.0)
        now = free & (share > SETTLED)
        if not now.any():
            now = free.copy()
        settled[now] = value
        free &= ~now
        done += 1
        if progress:
            progress(int(total - free.sum()), total, "pricing real panels")
        if levels is not None and done >= levels:
            break
    panels = np.array(columns)
    used = weights > 1e-12
    panels, weights = panels[used], weights[used] / weights[used].sum()
    return Priced((weights @ panels) / size, panels, weights, tuple(unreachable))
