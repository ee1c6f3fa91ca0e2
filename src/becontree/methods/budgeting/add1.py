"""Raising the endowment until the money is used: Add1 and its relatives, without trying every unit.

**What it computes.** Equal Shares leaves money over. Add1 counts again with endowment e + 1, e + 2, ... (one unit of
currency a person) and stops with the outcome that leaves room for no further project (if the rule has that test), or
with the last one that costs no more than the budget (https://equalshares.net/implementation/completion/). The
outcome is *not* monotone in the endowment, so no bisection: every step matters.

**How steps are skipped, exactly.** For a fixed order of purchases balances rise and payments fall with the endowment.
So carry two sets of balances through the rounds, `low` and `high`, that enclose everybody's true balance for *every*
endowment from a to b at once. If in each round the next purchases are proved to be the same small set of projects for
all of them (in whatever order: what is enclosed afterwards covers all orders), and at the end nothing is affordable
even to `high`, then all endowments from a to b fund exactly the same projects. Only that matters for stopping.

The proof for a set C of next purchases: Q_x bounds from above what x can cost a supporter even if all others of C were
paid for first (checked by putting the Q's back into themselves: if nothing exceeds its Q when the others take theirs,
then by induction over the purchases nothing ever does). If every project outside C is worse, even at `high`, than the
worst of C at its Q, the next |C| purchases are C. All bounds are directed: the rounding error of every sum is taken
off or added on, so no tolerance is trusted.

When the proof fails the range is made smaller; a range of one unit is counted exactly by `shares.equal_shares`.
Rejected: bisection (wrong), order certificates only (on large elections two neighbours swap places at almost every
unit while the funded set stays the same).

Why: real rules name Add1, and its options decided real winners. Cost: each range that is proved costs two counts; a
range that splits down to single units costs one count a unit (Wieliczka 2023 0.25 CPU s, Warsaw 2024 3, Budapest 2024
24 for 22,001 units).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from becontree.methods.budgeting.election import Election, Floats, Support
from becontree.methods.budgeting.shares import ULP, Step, dot, equal_shares
from becontree.methods.budgeting.ties import Tie, TieChain

_CLUSTER: Final = 8
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Raised:
    """The run Add1 stops with, how many increments it took, how many of them were counted or proved in a batch."""

    steps: list[Step]
    ties: list[Tie]
    endowment: Fraction
    increments: int
    counted: int
    proved: int
    reason: str


class Enclosure:
    """Balances low <= true <= high for every endowment from a to b."""

    def __init__(self, election: Election, support: Support, a: Fraction, b: Fraction) -> None:
        groups = len(election.ballots)
        self.support, self.costs = support, election.costs
        self.top = float(b) * (1 + 4 * ULP)
        self.low: Floats = np.full(groups, float(a) * (1 - 4 * ULP))
        self.high: Floats = np.full(groups, self.top)
        self.who, self.many, self.much = list(support.who), list(support.many), list(support.much)

    def money(self, project: int, balance: Floats) -> tuple[float, float]:
        """What these balances hold, and how far the float sum can be off."""
        money = dot(self.many[project], balance)
        return money, 2 * (len(balance) + 4) * ULP * money

    def least(self, project: int, start: float) -> float | None:
        """A proved lower bound of the payment at `high`; None if the project is out of reach for all endowments."""
        balance = self.high[self.who[project]]
        if np.count_nonzero(balance) < 0.9 * len(balance):
            keep = np.flatnonzero(balance)
            balance, self.who[project], self.many[project] = (
                balance[keep],
                self.who[project][keep],
                self.many[project][keep],
            )
            much = self.much[project]
            self.much[project] = None if much is None else much[keep]
        cost = float(self.costs[project])
        money, wrong = self.money(project, balance)
        if money + wrong < cost * (1 - ULP):
            return None
        many, much = self.many[project], self.much[project]
        units = many if much is None else many * much
        q, before = start, -1.0
        while True:
            full = q if much is None else q * much
            brought = dot(many, np.minimum(balance, full))
            richer = dot(units, balance > full * (1 - 4 * ULP))
            gap = cost * (1 - 4 * ULP) - brought * (1 + 2 * (len(balance) + 4) * ULP)
            if gap <= 0 or richer <= 0:
                return q
            q = (q + gap / richer * (1 - 4 * ULP)) * (1 - 2 * ULP)
            if richer == before:
                return q
            before = richer

    def most(self, project: int, balance: Floats, start: float) -> float | None:
        """A proved upper bound of the payment at these balances of its supporters; None if they may not suffice."""
        many, much = self.many[project], self.much[project]
        units = many if much is None else many * much
        cost = float(self.costs[project]) * (1 + 2 * ULP)
        money, wrong = self.money(project, balance)
        if money - wrong < cost:
            return None
        q, before = start, -1.0
        for _ in range(60):
            full = q if much is None else q * much
            brought = dot(many, np.minimum(balance, full))
            richer = dot(units, balance > full)
            gap = cost - brought
            if gap <= 0 or richer <= 0 or richer == before:
                break
            q += gap / richer
            before = richer
        for spare in (1e-13, 1e-11, 1e-9, 1e-7):
            q *= 1 + spare
            brought = dot(many, np.minimum(balance, q if much is None else q * much))
            if brought * (1 - 2 * (len(balance) + 4) * ULP) >= cost:
                return q
        return None

    def cluster(self, members: Sequence[int], levels: dict[int, float]) -> dict[int, float] | None:
        """Q for each member: the most it can cost whatever the order among them, or None."""
        bounds: dict[int, float] = {}
        for project in members:
            most = self.most(project, self.low[self.who[project]], levels[project])
            if most is None:
                return None
            bounds[project] = most
        if len(members) == 1:
            return bounds
        for _ in range(12):
            taken = np.zeros(len(self.low))
            for project, level in bounds.items():
                much = self.much[project]
                taken[self.who[project]] += level if much is None else level * much
            worse: dict[int, float] = {}
            for project in members:
                who, much = self.who[project], self.much[project]
                own = bounds[project] if much is None else bounds[project] * much
                left = np.maximum(self.low[who] - (taken[who] - own) - 16 * ULP * self.top, 0.0)
                most = self.most(project, left, levels[project])
                if most is None:
                    return None
                worse[project] = most
            if all(worse[project] <= bounds[project] for project in members):
                return bounds
            bounds = {  # a step beyond, so that a series that settles is overtaken; the check above is the proof
                project: max(worse[project] + 0.4 * (worse[project] - bounds[project]), bounds[project]) * (1 + 1e-12)
                for project in members
            }
        return None

    def constant(self, project: int, level: float) -> Fraction | None:
        """The exact payment, if all who have anything left pay in full whatever the endowment; else None."""
        low, high = self.low[self.who[project]], self.high[self.who[project]]
        many, much = self.many[project], self.much[project]
        full = level * (1 + 1e-9) * (1.0 if much is None else much)
        some = high > 0
        if (low[some] < (full if much is None else np.asarray(full)[some])).any():
            return None
        units = many if much is None else many * much
        return Fraction(self.costs[project], int(units[some].sum()))

    def pay(self, most: dict[int, float], least: dict[int, float]) -> None:
        for project, level in most.items():
            who, much = self.who[project], self.much[project]
            self.low[who] = np.maximum(
                self.low[who] - (level if much is None else level * much) - 4 * ULP * self.top, 0.0
            )
        for project, level in least.items():
            who, much = self.who[project], self.much[project]
            old = self.high[who]
            left = old - (level if much is None else level * much) + 4 * ULP * self.top
            self.high[who] = np.where(old > 0, np.maximum(left, 0.0), 0.0)


def same_for_all(
    election: Election, support: Support, a: Fraction, b: Fraction, *, competing: Sequence[int], ties: TieChain
) -> frozenset[int] | None:
    """The set funded by Equal Shares for every endowment from a to b, if it can be proved to be one set."""
    both = Enclosure(election, support, a, b)
    bound = np.full(len(election.projects), np.inf)
    level: dict[int, float] = {}
    value = [float(part) for part in support.value]
    for project in competing:
        if support.total[project] > 0:
            level[project] = election.costs[project] / support.total[project] * (1 - 4 * ULP)
            bound[project] = level[project] / value[project] * (1 - 4 * ULP)
    bought: set[int] = set()
    while True:
        fresh: set[int] = set()

        def look(project: int) -> None:
            least = both.least(project, level[project])
            fresh.add(project)  # noqa: B023
            if least is None:
                bound[project] = np.inf
            else:
                level[project] = least
                bound[project] = least / value[project] * (1 - 4 * ULP)

        while True:
            leader = int(bound.argmin())
            if bound[leader] == np.inf:
                return frozenset(bought)
            if leader in fresh:
                break
            look(leader)
        members = [leader]
        while True:
            most = both.cluster(members, level)
            if most is None:
                return None
            limit = max(most[project] / value[project] for project in members) * (1 + 4 * ULP)
            inside = [int(project) for project in np.flatnonzero(bound <= limit)]
            for project in inside:
                if project not in fresh:
                    look(project)
            inside = [project for project in inside if bound[project] <= limit]
            if len(members) == 1 and len(inside) > 1:
                first = first_of_constants(election, both, inside, level, ties)
                if first is not None and first not in members:
                    members = [first]
                    continue
                if first is not None:
                    break
            if len(inside) > _CLUSTER:
                return None
            if set(inside) <= set(members):
                break
            members = inside
        both.pay(most, {project: level[project] for project in members})
        for project in members:
            bound[project] = np.inf
            bought.add(project)


def first_of_constants(
    election: Election, both: Enclosure, rivals: list[int], level: dict[int, float], ties: TieChain
) -> int | None:
    """The next purchase, if the payments of all rivals are constants: then the comparison and the tie are exact."""
    rho: dict[int, Fraction] = {}
    for project in rivals:
        constant = both.constant(project, level[project])
        if constant is None:
            return None
        rho[project] = constant / both.support.value[project]
    least = min(rho.values())
    tied = [project for project in rivals if rho[project] == least]
    return tied[0] if len(tied) == 1 else ties.decide(election, tied, 0).chosen


def raise_endowment(
    election: Election,
    support: Support,
    *,
    start: Fraction,
    increment: Fraction,
    ties: TieChain,
    competing: Sequence[int],
    room: int,
    exhaustive: Callable[[frozenset[int]], bool] | None,
    every_step: bool = False,
    progress: Progress | None = None,
) -> Raised:
    """Add1 from `start` by `increment` (both in units of 1/money_unit a person), with `room` to spend.

    `exhaustive` says whether an outcome leaves no room (None: the rule has no such test). `every_step` counts each
    step, for checks. Raising also stops when nothing is left that anybody supports.
    """
    supported = frozenset(project for project in competing if support.total[project] > 0)
    costs = election.costs

    def judge(funded: frozenset[int]) -> str:
        if sum(costs[project] for project in funded) > room:
            return "over"
        if funded == supported:
            return "all supported projects are funded"
        if exhaustive is not None and exhaustive(funded):
            return "no further project fits"
        return ""

    def count(at: int) -> tuple[list[Step], list[Tie]]:
        steps, met, _ = equal_shares(election, support, start + at * increment, ties, competing)
        return steps, met

    steps, met = count(0)
    counted, proved, at, width = 1, 0, 0, 1
    wait = calm = 0  # after a failure, how many successes before a wider range is tried; and how many there were
    kept: tuple[int, list[Step], list[Tie]] = (0, steps, met)
    reason = judge(frozenset(step.project for step in steps))
    while not reason:
        low, high = at + 1, at + width
        funded = None
        if not every_step:
            funded = same_for_all(
                election, support, start + low * increment, start + high * increment, competing=competing, ties=ties
            )
            counted += 1
        if funded is None:
            if width > 1:
                width = max(1, width // 4)
                wait, calm = min(6, 2 * wait + 1), 0
                continue
            steps, met = count(low)
            counted += 1
            funded = frozenset(step.project for step in steps)
            if judge(funded) != "over":
                kept = (low, steps, met)
        else:
            proved += high - at
        reason = judge(funded)
        if reason == "over":
            reason = "the next step costs more than the budget"
        elif reason:
            at = low
        else:
            at = high
            if calm >= wait:
                width, wait, calm = width * 2, wait // 2, 0
            else:
                calm += 1
        if progress is not None:
            progress(sum(costs[project] for project in funded), room, f"share per person raised {at} times")
    if kept[0] != at:
        steps, met = count(at)
        counted += 1
        kept = (at, steps, met)
    return Raised(kept[1], kept[2], start + at * increment, at, counted, proved, reason)
