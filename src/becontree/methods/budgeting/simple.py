"""Counts that look at totals only: greedy and its official relatives, and Sequential Phragmen.

**Greedy** takes projects in order of votes (or of utility per cost) and funds what fits. Relatives found in official
Polish counts: *no-skip* stops at the first that does not fit (Gdynia, Wroclaw); *threshold* asks a minimum first;
*Poznan* funds the first that does not fit if at least 80 % of its cost is left, and stops there.

**Sequential Phragmen**: everybody earns money at one speed, a project is bought as soon as its supporters hold its
cost, which empties their purses. With x_i the time supporter i last paid, p is ready at (cost + sum x_i) /
supporters. Source: Brill, Freeman, Janson, Lackner, "Phragmen's Voting Methods and Justified Representation" (2017),
with costs as in Los, Christoff, Grossi, "Proportional Budget Allocations" (IJCAI 2022, arXiv 2203.12324). A person's
time is one of the moments so far, so sums are whole-number combinations of those and ties are exact.

Sources of greedy and its relatives: the descriptions of official rules in Pabulib's files. Why: they are what most
towns do, and what Equal Shares is compared with. Cost: one sort; Phragmen one pass over the supporters a purchase.
Rejected: Phragmen by small steps of time (floats, and ties that are none).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from becontree.methods.budgeting.election import Election, Support
from becontree.methods.budgeting.shares import ULP, dot
from becontree.methods.budgeting.ties import Tie, TieChain


@dataclass(frozen=True, slots=True)
class Taken:
    """One project funded by a simple rule. `beyond` if it went over the budget (Poznan)."""

    project: int
    score: Fraction
    beyond: bool = False


def scores(election: Election, support: Support, order: str) -> list[Fraction]:
    """What greedy sorts by, for each project: total utility per cost, or the plain total."""
    found: list[Fraction] = []
    for project, total in enumerate(support.total):
        worth = Fraction(total, support.unit)
        if order == "score":
            found.append(worth)
        elif support.by_cost:
            found.append(worth)  # votes * cost / cost
        elif election.costs[project] == 0:
            found.append(worth * 10**30)  # stands for "without end"; pabutools too puts free projects first
        else:
            found.append(worth * election.money_unit / election.costs[project])
    return found


def greedy(
    election: Election,
    support: Support,
    *,
    order: str,
    ties: TieChain,
    competing: Sequence[int],
    room: int,
    kind: str = "greedy",
) -> tuple[list[Taken], list[Tie]]:
    """Greedy among `competing` with `room` to spend (whole units); ties that the outcome splits are reported."""
    score = scores(election, support, order)
    ranked = ties.sorted(election, competing, lambda project: -score[project])
    taken: list[Taken] = []
    left = room
    for project in ranked:
        cost = election.costs[project]
        if cost <= left:
            taken.append(Taken(project, score[project]))
            left -= cost
        elif kind == "greedy-no-skip":
            break
        elif kind == "poznan":
            if 10 * left >= 8 * cost:
                taken.append(Taken(project, score[project], beyond=True))
            break
    funded = {item.project for item in taken}
    met: list[Tie] = []
    for value in sorted({score[project] for project in ranked}, reverse=True):
        alike = [project for project in ranked if score[project] == value]
        won = [project for project in alike if project in funded]
        if won and len(won) < len(alike):
            tie = ties.decide(election, alike, ranked.index(alike[0]) + 1)
            met.append(Tie(tie.round, tuple(alike), alike[0], tie.decided_by))
    return taken, met


def phragmen(
    election: Election, support: Support, ties: TieChain, competing: Sequence[int], room: int, *, stop: str = "first"
) -> tuple[list[Taken], list[Tie]]:
    """Sequential Phragmen among `competing`. `stop`: "first" ends as soon as one of the best does not fit; "skip"
    leaves those out and goes on. Projects nobody supports come last."""
    costs = election.costs
    moments: list[Fraction] = [Fraction(0)]
    floats = np.zeros(1)
    last = np.zeros(len(election.ballots), dtype=np.int64)
    left = room
    open_ = [project for project in competing if costs[project] <= room]
    bound = np.full(len(election.projects), np.inf)
    for project in open_:
        if support.heads[project]:
            bound[project] = costs[project] / support.heads[project] * (1 - 4 * ULP)
    taken: list[Taken] = []
    met: list[Tie] = []

    def exact(project: int) -> Fraction:
        paid = np.bincount(last[support.who[project]], weights=support.many[project], minlength=len(moments))
        owed = sum((int(times) * moments[number] for number, times in enumerate(paid.tolist()) if times), Fraction(0))
        return (costs[project] + owed) / support.heads[project]

    while np.isfinite(bound).any():
        fresh: set[int] = set()
        while True:
            leader = int(bound.argmin())
            if leader in fresh:
                break
            who, many = support.who[leader], support.many[leader]
            owed = dot(many, floats[last[who]])
            bound[leader] = (costs[leader] + owed) / support.heads[leader] * (1 - 4 * (len(who) + 8) * ULP)
            fresh.add(leader)
        limit = bound[leader] * (1 + 16 * (max(map(len, support.who)) + 8) * ULP)
        moment = {int(project): exact(int(project)) for project in np.flatnonzero(bound <= limit)}
        least = min(moment.values())
        tied = [project for project in moment if moment[project] == least]
        if any(costs[project] > left for project in tied):
            if stop == "first":
                return taken, met
            for project in tied:
                if costs[project] > left:
                    bound[project] = np.inf
            continue
        chosen = tied[0]
        if len(tied) > 1:
            tie = ties.decide(election, tied, len(taken) + 1)
            met.append(tie)
            chosen = tie.chosen
        taken.append(Taken(chosen, least))
        left -= costs[chosen]
        bound[chosen] = np.inf
        moments.append(least)
        floats = np.append(floats, float(least))
        last[support.who[chosen]] = len(moments) - 1
    for project in ties.sorted(election, [p for p in open_ if not support.heads[p]], lambda _: 0):
        if stop == "first" and any(
            costs[p] > left for p in open_ if not support.heads[p] and p not in {t.project for t in taken}
        ):
            break
        if costs[project] <= left:
            taken.append(Taken(project, Fraction(-1)))
            left -= costs[project]
    return taken, met
