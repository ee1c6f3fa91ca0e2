"""The rounds of a count gone through again at its final share per person, with every purse before each purchase.

Source: the steps of the outcome, nothing else: nothing is decided again. Why: explanations, receipts and pictures all
ask what purses held before a round. Cost: one pass over the supporters of what was bought. Rejected: keeping every
purse of every round while counting (rounds times people, for the few who ask).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from becontree.methods.budgeting.bos import pay_at
from becontree.methods.budgeting.election import Election, Floats
from becontree.methods.budgeting.outcome import Funded, Outcome
from becontree.methods.budgeting.shares import Purses


@dataclass(frozen=True, slots=True)
class Round:
    """One purchase as a picture needs it: balances of the supporters before it, in `people`, and the payment."""

    number: int
    step: Funded
    balances: Floats
    people: Floats
    behind: float
    level: float


def shares_steps(outcome: Outcome) -> list[Funded]:
    return [step for step in outcome.steps if step.phase in ("equal-shares", "bos")]


def replay(election: Election, outcome: Outcome) -> Iterator[tuple[Purses, int, Fraction, Funded | None]]:
    """The purses before each purchase, with its number and exact rho (in units of 1/money_unit), and at the end once
    more with (-1, 0, None). The caller must not keep the purses."""
    support = election.support(outcome.rule.utility)
    unit = election.money_unit
    place = {project.id: number for number, project in enumerate(election.projects)}
    assert outcome.endowment is not None
    purses = Purses(election, support, outcome.endowment * unit)
    for step in shares_steps(outcome):
        number = place[step.project]
        assert step.payment is not None
        payment = step.payment * unit / support.unit
        yield purses, number, payment / support.value[number], step
        if step.phase == "bos":
            pay_at(purses, number, payment)
        else:
            purses.buy(number, purses.price(number, float(payment)))
    yield purses, -1, Fraction(0), None


def rounds(election: Election, outcome: Outcome) -> Iterator[Round]:
    """Each purchase with its supporters' balances just before it, in currency, lowest first."""
    support = election.support(outcome.rule.utility)
    unit = election.money_unit
    for number, (purses, project, _, step) in enumerate(replay(election, outcome), 1):
        if step is None or step.payment is None:
            return
        balance = purses.balance[support.who[project]] / unit
        order = np.argsort(balance, kind="stable")
        people = support.many[project][order]
        yield Round(number, step, balance[order], people, float((balance[order] * people).sum()), float(step.payment))
