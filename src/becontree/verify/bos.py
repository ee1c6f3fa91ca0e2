"""BOS Equal Shares, the obvious way: supporters may buy what they miss by a hair (arXiv 2409.15005, section 5)."""

from __future__ import annotations

import math
from fractions import Fraction

from .election import Election, Step, Tie
from .equal_shares import level, pay

GRID = 10**12  # a payment that does not cover the cost is rounded up to one part in this of a currency unit


def bos(election: Election, competing: list[str]) -> tuple[list[Step], list[Tie]]:
    """What is bought, in order, and the ties met. `covered` is the part of the cost that supporters paid."""
    money = [election.budget / election.voters] * len(election.people)
    left = election.budget
    open_ = list(competing)
    steps: list[Step] = []
    met: list[Tie] = []
    while True:
        offers = {id_: best for id_ in open_ if election.cost[id_] <= left if (best := offer(election, id_, money))}
        if not offers:
            return steps, met
        highest = max(score for score, _, _ in offers.values())
        tied = [id_ for id_ in offers if offers[id_][0] == highest]
        chosen = election.first(tied, "bos", len(steps) + 1, met)
        _, alpha, rho = offers[chosen]
        if alpha < 1:
            rho = Fraction(math.ceil(rho * GRID), GRID)
        steps.append(pay(election, chosen, rho, money, "bos") | {"covered": str(alpha)})
        left -= election.cost[chosen]
        open_.remove(chosen)


def offer(election: Election, id_: str, money: list[Fraction]) -> tuple[Fraction, Fraction, Fraction] | None:
    """The best that a project's supporters can do: (score, covered part of the cost, payment per unit of utility).

    Worth looking at are the level that covers the cost, and below it each level at which a purse runs empty.
    """
    utility, people, cost = election.utility, election.people, election.cost[id_]
    backers = [v for v in election.backers[id_] if money[v] > 0]
    full = level(election, id_, money)
    levels = {money[v] / utility[v][id_] for v in backers}
    best: tuple[Fraction, Fraction, Fraction] | None = None
    for payment in [one for one in levels if full is None or one < full] + ([full] if full is not None else []):
        brought = sum((people[v] * min(money[v], payment * utility[v][id_]) for v in backers), Fraction(0))
        alpha = min(Fraction(1), brought / cost)
        score = election.worth[id_] * alpha * alpha / payment
        if best is None or (score, alpha) > best[:2]:
            best = score, alpha, payment / alpha
    return best
