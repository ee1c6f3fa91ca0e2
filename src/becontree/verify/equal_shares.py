"""Equal Shares and Add1, the obvious way: one purse a ballot, in exact fractions.

A project is bought when its supporters can pay for it together: each pays the same for a unit of utility, or all that
is left in the purse. Each round buys what costs least for a unit of utility (arXiv 2008.13276). Add1 raises the share
of everybody and counts again.
"""

from __future__ import annotations

import math
from fractions import Fraction

from .election import Election, Step, Tie


def level(election: Election, id_: str, money: list[Fraction]) -> Fraction | None:
    """The payment for one unit of utility at which the supporters raise the cost; None if they cannot."""
    holders = [v for v in election.backers[id_] if money[v] > 0]
    backers = [(money[v], election.utility[v][id_], election.people[v]) for v in holders]
    cost = election.cost[id_]
    if not backers:
        return None
    # Over one denominator everything is a whole number: the same sums, much faster.
    bottom = math.lcm(cost.denominator, *{held.denominator for held, _, _ in backers})
    held_by = [held.numerator * (bottom // held.denominator) for held, _, _ in backers]
    missing = cost.numerator * (bottom // cost.denominator)
    if sum(held * n for held, (_, _, n) in zip(held_by, backers)) < missing:
        return None
    if all(units == 1 for _, units, _ in backers):
        order = sorted(range(len(backers)), key=held_by.__getitem__)
    else:
        order = sorted(range(len(backers)), key=lambda place: held_by[place] / backers[place][1])
    units_left = sum((units * n for _, units, n in backers), Fraction(0))
    for place in order:
        _, units, n = backers[place]
        if held_by[place] * units_left >= missing * units:
            return missing / units_left / bottom
        missing -= held_by[place] * n
        units_left -= units * n
    return None


def equal_shares(election: Election, endowment: Fraction, competing: list[str]) -> tuple[list[Step], list[Tie]]:
    """What everybody with the same endowment buys, in order, and the ties met."""
    money = [endowment] * len(election.people)
    open_ = {id_: Fraction(0) for id_ in competing if election.backers[id_]}
    steps: list[Step] = []
    met: list[Tie] = []
    while True:
        best: Fraction | None = None
        tied: list[str] = []
        # Payments never fall from round to round, so what was worse than the best already need not be redone.
        for id_ in sorted(open_, key=open_.__getitem__):
            if best is not None and open_[id_] > best:
                break
            payment = level(election, id_, money)
            if payment is None:
                del open_[id_]
                continue
            rho = open_[id_] = payment / election.worth[id_]
            if best is None or rho < best:
                best, tied = rho, [id_]
            elif rho == best:
                tied.append(id_)
        if best is None:
            return steps, met
        chosen = election.first(tied, "equal-shares", len(steps) + 1, met)
        steps.append(pay(election, chosen, best * election.worth[chosen], money, "equal-shares"))
        del open_[chosen]


def pay(election: Election, id_: str, payment: Fraction, money: list[Fraction], phase: str) -> Step:
    """Take the payment for one unit of utility from the purses `money`, and write the step down."""
    full = short = 0
    for voter in election.backers[id_]:
        if money[voter] > 0:
            due = payment * election.utility[voter][id_]
            if money[voter] >= due:
                full += election.people[voter]
                money[voter] -= due
            else:
                short += election.people[voter]
                money[voter] = Fraction(0)
    return {
        "project": id_,
        "cost": str(election.cost[id_]),
        "phase": phase,
        "payment": str(payment),
        "full": full,
        "short": short,
    }


def add1(
    election: Election, start: Fraction, increment: Fraction, competing: list[str], at: int = 0
) -> tuple[list[Step], list[Tie], Fraction, int, str]:
    """Raise the share from its `at`-th increment on until the rule says stop.

    Returns the steps and ties of the last count, its share, how many increments that is, and why it was the last.
    """
    rule, cost = election.rule, election.cost
    supported = {id_ for id_ in competing if election.backers[id_]}
    among = competing if rule["exhaustive_over"] == "all" else [id_ for id_ in competing if id_ in supported]
    steps, met = equal_shares(election, start + at * increment, competing)
    while True:
        room = election.budget - election.spent(steps)
        funded = {step["project"] for step in steps}
        if room < 0:
            reason = "over the budget"
        elif funded == supported:
            reason = "all supported projects are funded"
        elif rule["exhaustive"] and all(cost[id_] > room for id_ in among if id_ not in funded):
            reason = "no further project fits"
        else:
            following, ties = equal_shares(election, start + (at + 1) * increment, competing)
            if election.spent(following) <= election.budget:
                steps, met, at = following, ties, at + 1
                continue
            reason = "the next step costs more than the budget"
        return steps, met, start + at * increment, at, reason
