"""The Method of Equal Shares for a fixed endowment: exact, and fast enough to be asked a thousand times.

**What it computes.** Everybody gets the same endowment e. A project p is bought when its supporters can pay for it;
supporter i pays min(balance of i, rho * u_i(p)), with rho such that the payments add up to the cost. Each round buys
the project with the smallest rho. Under cost utility that is the largest *effective number of votes* cost / payment.
Source: Peters, Pierczynski, Skowron, "Proportional Participatory Budgeting with Additive Utilities", NeurIPS 2021
(arXiv 2008.13276), definition of Rule X.

**How it stays exact.** Floats do the bulk and never decide. Two facts make that possible:

1. A balance is e minus the full payments of the projects bought so far, or nothing once a person could not pay in
   full. So any sum of balances over any set of people is  A*e - sum_j T_j*q_j  with *whole numbers* A and T_j, and
   only one true fraction q_j a round. `Chain` keeps those fractions over denominators that divide one another, so
   the sum is one pass of whole-number arithmetic.
2. The money g(q) = sum min(balance, q*u) that a payment level q brings is concave in q. Newton's step from below
   therefore never passes the answer: after every step, with the rounding error taken off, q is a *proved lower
   bound*. Payments only rise from round to round, so old bounds stay proved.

A round takes the project with the smallest bound, works out its payment exactly, and looks at everything whose bound
does not exceed it. Almost always that is nothing; otherwise those are worked out exactly too and compared as whole
numbers. So ties are found if, and only if, they are real.

**The rounding bound.** u = 2**-53. A balance is off by at most `slack`: each purchase adds at most 4*u*e (rounding the
payment, its product with the utility, and the difference; every term at most e). A sum of m products of non-negative
terms, in whatever order, is off by at most (m + 2)*u times itself, to first order; we take twice that.

**Cost.** O(supporters of the projects looked at) a round with NumPy, O(rounds**2) small whole-number operations in all.
Rejected: fractions kept for each person (a thousand times slower on 75,000 ballots); floats with a fixed tolerance
(cannot tell a tie from a near miss); a compiled kernel (twice as fast, one more thing to build and trust).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from becontree.methods.budgeting.election import Election, Floats, Ints, Support
from becontree.methods.budgeting.ties import Tie, TieChain

ULP: Final = 2.0**-53
TINY: Final = 1e-300  # stands for "more than nothing, below every rounding error"
_BITS: Final = ((np.arange(256)[:, None] >> np.arange(8)[None, :]) & 1).astype(np.float64)


def dot(many: Floats, other: NDArray[Any]) -> float:
    """Sum of products in one thread. (`@` would hand long rows to a linear-algebra library that starts threads: for
    rows of ours that costs more than it brings.)"""
    return float(np.einsum("i,i->", many, other))


@dataclass(frozen=True, slots=True)
class Payment:
    """What the supporters of a bought project pay for one unit of utility: `top / bottom`, exactly."""

    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Step:
    """One purchase. `payment` is what each supporter pays in full for a unit of utility; `short` people paid what
    they had left, `full` people paid in full. Money in whole units of 1/money_unit."""

    project: int
    payment: Payment
    full: int
    short: int


class Chain:
    """The payments q_1 .. q_k as tops over D_1 | D_2 | ..., D_0 the denominator of the endowment."""

    def __init__(self, endowment: Fraction) -> None:
        self.endowment = endowment.numerator
        self.start = endowment.denominator
        self.bottom = endowment.denominator
        self.tops: list[int] = []
        self.scales: list[int] = []

    def sum(self, people: int, times: Sequence[int]) -> int:
        """people * e - sum times_j * q_j, over `bottom`."""
        total = people * self.endowment
        for scale, top, count in zip(self.scales, self.tops, times):
            total = total * scale - count * top
        return total

    def add(self, top: int, scale: int) -> None:
        """The next payment is top / (bottom * scale)."""
        self.tops.append(top)
        self.scales.append(scale)
        self.bottom *= scale


class Purses:
    """Everybody's balance: floats for the bulk, and enough to say any sum of them exactly.

    `bought` purchases are remembered per person as bits (utilities all one) or as columns of utilities.
    """

    def __init__(self, election: Election, support: Support, endowment: Fraction) -> None:
        groups = len(election.ballots)
        self.support = support
        self.costs = election.costs
        self.chain = Chain(endowment)
        self.level = float(endowment)
        self.balance: Floats = np.full(groups, self.level)
        self.slack = 2 * ULP * self.level
        self.who: list[Ints] = list(support.who)
        self.many: list[Floats] = list(support.many)
        self.much: list[Floats | None] = list(support.much)
        self.plain = all(part is None for part in support.much)
        self.bits: list[NDArray[np.uint8]] = []
        self.columns: list[Floats] = []
        self.groups = groups
        self.count = 0

    # -- exact ---------------------------------------------------------------------------------------------------

    def times(self, who: Ints, many: Floats) -> list[int]:
        """For each purchase so far, how many units of it the people of these ballots paid for (dead ones excluded
        by the caller)."""
        if not self.plain:
            return [int(dot(many, column[who])) for column in self.columns]
        found: list[int] = []
        for plane in self.bits:
            counts = np.bincount(plane[who], weights=many, minlength=256)
            found.extend((counts @ _BITS).astype(np.int64).tolist())
        return found[: self.count]

    def exact(self, who: Ints, many: Floats) -> int:
        """The money of the people of these (living) ballots, over `chain.bottom`."""
        return self.chain.sum(int(many.sum()), self.times(who, many))

    # -- bounds --------------------------------------------------------------------------------------------------

    def behind(self, project: int) -> tuple[Floats, bool]:
        """The balances behind a project, after forgetting supporters who have nothing left; and whether the
        project can be paid for (decided exactly when floats cannot)."""
        balance = self.balance[self.who[project]]
        many = self.many[project]
        money, cost = dot(many, balance), float(self.costs[project])
        wrong = self.wrong(len(balance), self.support.heads[project], money)
        if money < cost - wrong - ULP * cost:
            return balance, False
        if np.count_nonzero(balance) < 0.9 * len(balance):
            keep = np.flatnonzero(balance)
            balance, many = balance[keep], many[keep]
            self.who[project] = self.who[project][keep]
            self.many[project] = many
            much = self.much[project]
            if much is not None:
                self.much[project] = much[keep]
        if money > cost + wrong + ULP * cost:
            return balance, True
        keep = np.flatnonzero(balance)
        exact = self.exact(self.who[project][keep], many[keep])
        return balance, exact >= self.costs[project] * self.chain.bottom

    def wrong(self, terms: int, people: int, money: float) -> float:
        """How far a float sum of money over so many people (or fewer) can be from the truth."""
        return 1.01 * people * self.slack + 2 * (terms + 4) * ULP * money

    def level_from_below(self, project: int, balance: Floats, start: float) -> float:
        """A proved lower bound of the payment level q of an affordable project, close to it; `start` is one already."""
        many, much = self.many[project], self.much[project]
        cost = float(self.costs[project]) * (1 - 2 * ULP)
        people = self.support.heads[project]
        q = start
        before = -1.0
        while True:
            if much is None:
                paid = np.minimum(balance, q)
                richer = dot(many, balance > q - self.slack)
            else:
                full = q * much
                paid = np.minimum(balance, full)
                richer = dot(many * much, balance > full * (1 - 4 * ULP) - self.slack)
            brought = dot(many, paid)
            gap = cost - brought - self.wrong(len(balance), people, brought) - 2 * ULP * cost
            if gap <= 0 or richer <= 0:
                return q
            q = (q + gap / richer * (1 - 4 * ULP)) * (1 - 2 * ULP)
            if richer == before:
                return q
            before = richer

    def price(self, project: int, near: float) -> tuple[int, int, NDArray[np.bool_], NDArray[np.bool_]]:
        """The exact payment level of an affordable project, as (top, scale) over chain.bottom * scale, with the
        masks of who pays in full and of who is left with nothing. `near` is close to the answer."""
        who, many, much = self.who[project], self.many[project], self.much[project]
        balance = self.balance[who]
        units = many if much is None else many * much
        ratio = balance if much is None else balance / much
        alive = balance > 0
        rich = alive & (ratio >= near * (1 - 1e-12))
        if not rich.any():
            rich = alive & (ratio >= ratio.max() * (1 - 1e-12))
        cost, bottom = self.costs[project], self.chain.bottom
        known: dict[int, int] = {}
        while True:
            scale = int(units[rich].sum())
            poor = np.flatnonzero(alive & ~rich)
            top = cost * bottom - self.exact(who[poor], many[poor])
            level = top / (bottom * scale)
            # Everybody whose side floats cannot prove is put on the right side exactly.
            full = level if much is None else level * much
            doubtful = np.flatnonzero(alive & (np.abs(balance - full) <= 2 * self.slack + 8 * ULP * np.abs(full)))
            sides = rich.copy()
            sides[alive & (balance > full)] = True
            sides[alive & (balance < full)] = False
            equal: list[int] = []
            for voter in doubtful.tolist():
                if voter not in known:
                    known[voter] = self.exact(who[voter : voter + 1], np.ones(1))
                need = top * (1 if much is None else int(much[voter]))
                sides[voter] = known[voter] * scale >= need
                if known[voter] * scale == need:
                    equal.append(voter)
            if np.array_equal(sides, rich):
                broke = alive & ~rich
                broke[equal] = True
                return top, scale, rich, broke
            rich = sides

    # -- purchase ------------------------------------------------------------------------------------------------

    def pay(self, project: int, top: int, scale: int, rich: NDArray[np.bool_], broke: NDArray[np.bool_]) -> None:
        """Everybody behind the project pays; exact and float balances move together."""
        who, much = self.who[project], self.much[project]
        level = top / (self.chain.bottom * scale)
        keeps = rich & ~broke
        living = who[keeps]
        full = level if much is None else level * much[keeps]
        self.balance[who] = 0.0
        self.balance[living] = np.maximum(self.old[keeps] - full, TINY)
        self.remember(project, living, None if much is None else much[keeps])
        self.chain.add(top, scale)
        self.slack += 4 * ULP * self.level

    def remember(self, project: int, living: Ints, much: Floats | None) -> None:
        if self.plain:
            if self.count % 8 == 0:
                self.bits.append(np.zeros(self.groups, dtype=np.uint8))
            self.bits[-1][living] |= np.uint8(1 << (self.count % 8))
        else:
            column = np.zeros(self.groups)
            column[living] = 1.0 if much is None else much
            self.columns.append(column)
        self.count += 1

    def buy(self, project: int, priced: tuple[int, int, NDArray[np.bool_], NDArray[np.bool_]]) -> Step:
        top, scale, rich, broke = priced
        many = self.many[project]
        self.old = self.balance[self.who[project]]
        payment = Payment(top, self.chain.bottom * scale)
        self.pay(project, top, scale, rich, broke)
        return Step(project, payment, int(many[rich].sum()), int(many[~rich & (self.old > 0)].sum()))


def equal_shares(
    election: Election, support: Support, endowment: Fraction, ties: TieChain, competing: Sequence[int]
) -> tuple[list[Step], list[Tie], Purses]:
    """Equal Shares with this endowment (in units of 1/money_unit a person) among the projects `competing`.

    Returns the purchases in order, the ties met, and the purses at the end. Projects of cost 0 must not compete.
    """
    purses = Purses(election, support, endowment)
    bound = np.full(len(election.projects), np.inf)
    level = np.zeros(len(election.projects))
    value = np.array([float(part) for part in support.value])
    for project in competing:
        if support.total[project] > 0:
            level[project] = election.costs[project] / support.total[project] * (1 - 4 * ULP)
            bound[project] = level[project] / value[project] * (1 - 4 * ULP)
    steps: list[Step] = []
    met: list[Tie] = []
    while True:
        fresh: set[int] = set()

        def look(project: int) -> None:
            balance, enough = purses.behind(project)
            fresh.add(project)  # noqa: B023 - used inside this round only
            if not enough:
                bound[project] = np.inf
                return
            level[project] = purses.level_from_below(project, balance, level[project])
            bound[project] = level[project] / value[project] * (1 - 4 * ULP)

        while True:
            leader = int(bound.argmin())
            if bound[leader] == np.inf:
                return steps, met, purses
            if leader in fresh:
                break
            look(leader)
        priced = {leader: purses.price(leader, level[leader])}
        top, scale = priced[leader][:2]
        # The leader's exact rho, rounded up: whoever's bound is above it is certainly worse.
        limit = top / (purses.chain.bottom * scale) / value[leader] * (1 + 8 * ULP)
        rivals = np.flatnonzero(bound <= limit).tolist()
        for rival in rivals:
            if rival not in fresh:
                look(rival)
        rivals = [rival for rival in rivals if bound[rival] <= limit]
        chosen = leader
        if len(rivals) > 1:
            rho: dict[int, Fraction] = {}
            for rival in rivals:
                if rival not in priced:
                    priced[rival] = purses.price(rival, level[rival])
                rho[rival] = Fraction(priced[rival][0], priced[rival][1] * support.value[rival])
            least = min(rho.values())
            tied = [rival for rival in rivals if rho[rival] == least]
            chosen = tied[0]
            if len(tied) > 1:
                tie = ties.decide(election, tied, len(steps) + 1)
                met.append(tie)
                chosen = tie.chosen
        steps.append(purses.buy(chosen, priced[chosen]))
        bound[chosen] = np.inf
