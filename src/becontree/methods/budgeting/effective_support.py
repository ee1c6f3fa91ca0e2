"""Effective support: how near a losing project came.

It is the highest cost at which the project would have been bought, as a part of its real cost. In a round that bought
something at rho, a project p with cost c is bought first if its supporters bring c at no more than rho, so the highest
such c is the largest solution of g(rho * value(c)) = c, with g(q) the sum of min(balance, q*u); after the last round it
is all they have left. The best over all rounds counts. (equalshares.net publishes the same idea for Wieliczka: "project
16 reached 99 %".)

Cost: a few passes over the supporters a round. Rejected: counting again at every lower cost (a whole count each, as
pabutools does for its `skipped_project`), where one pass finds it. In floats: it is shown and decides nothing; what
`why_not` promises is counted exactly first.

Source: equalshares.net, account of Wieliczka 2023. Why: "your project missed by a tenth of a per cent" is what its
supporters want to know.
"""

from __future__ import annotations

import numpy as np

from becontree.methods.budgeting.election import Election, Floats
from becontree.methods.budgeting.outcome import Outcome
from becontree.methods.budgeting.replay import replay


def effective_support(election: Election, outcome: Outcome) -> dict[str, float]:
    """Effective support of every losing project, from one replay (floats, for tables and pictures)."""
    support = election.support(outcome.rule.utility)
    lost = [
        n
        for n, p in enumerate(election.projects)
        if p.id not in set(outcome.funded) and not p.withdrawn and p.cost > 0 and support.total[n]
    ]
    best = dict.fromkeys(lost, 0.0)
    for purses, _, rho, step in replay(election, outcome):
        for n in lost:
            balance, many = purses.balance[support.who[n]], support.many[n]
            much = support.much[n]
            units = np.ones(len(balance)) if much is None else much
            if step is None:
                cost = float(many @ balance)
            elif support.by_cost:
                if best[n] >= min(float(many @ balance), election.costs[n]):
                    continue
                cost = highest_cost(many, balance, units, float(rho))
            else:
                cost = float(many @ np.minimum(balance, float(rho) * units))
            best[n] = max(best[n], cost)
    return {election.projects[n].id: best[n] / election.costs[n] for n in lost}


def highest_cost(many: Floats, balance: Floats, units: Floats, rho: float) -> float:
    """The largest cost c that supporters bring when each pays at most rho * c * u: sum min(b, rho*c*u) = c."""
    order = np.argsort(balance / units, kind="stable")
    ratio, held, weight = (balance / units)[order], (many * balance)[order], (many * units)[order]
    below = np.concatenate(([0.0], np.cumsum(held)))
    above = weight.sum() - np.concatenate(([0.0], np.cumsum(weight)))
    best = 0.0
    for number in range(len(ratio), -1, -1):  # the `number` poorest pay all they have
        slope = 1 - rho * above[number]
        if slope <= 0:
            break
        cost = below[number] / slope
        if number == 0 or ratio[number - 1] <= rho * cost * (1 + 1e-12):
            best = max(best, float(cost))
            break
    return best
