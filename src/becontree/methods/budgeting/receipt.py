"""A receipt of one ballot: what it paid for, exactly, and what was not used.

How: the count is gone through again (`replay`) and this one purse is followed in exact fractions. Source: the payments
of the rule itself (Peters, Pierczynski and Skowron 2021 call them a price system). Why: a voter can check a sum of
their own and need trust nobody. Cost: one replay. Rejected: a share of the total (nobody pays an average).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from becontree.methods.budgeting.election import Election
from becontree.methods.budgeting.outcome import Outcome, money
from becontree.methods.budgeting.replay import shares_steps
from becontree.methods.findings import Finding, Unusable


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one ballot paid for: exact amounts, and what was left of its share."""

    endowment: Fraction
    lines: tuple[tuple[str, Fraction], ...]
    left: Fraction
    words: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "endowment": str(self.endowment),
            "paid": [{"project": id_, "amount": str(a)} for id_, a in self.lines],
            "left": str(self.left),
            "words": list(self.words),
        }


def receipt(election: Election, outcome: Outcome, ballot: Sequence[str]) -> Receipt:
    """What one ballot paid for: ids, in order for ordinal ballots, "id=points" for points. Exact."""
    if outcome.endowment is None:
        raise Unusable(
            Finding(
                "count.receipt.rule",
                f"Under {outcome.method} ballots do not pay.",
                "note",
                field="receipt",
                fix="Receipts exist for Equal Shares and BOS.",
            )
        )
    names = [part.partition("=")[0] for part in ballot]
    longest = int(np.diff(election.ballots.starts).max(initial=0))
    worth: dict[str, Fraction] = {}
    for place, part in enumerate(ballot):
        points = Fraction(part.partition("=")[2].replace(",", ".") or 1)
        worth.setdefault(
            names[place],
            {
                "points": points,
                "borda": Fraction(len(ballot) - 1 - place),
                "ranks": Fraction(longest - place),
            }.get(outcome.rule.utility, Fraction(1 if points > 0 else 0)),
        )
    left, lines = outcome.endowment, []
    for step in shares_steps(outcome):
        units = worth.get(step.project, Fraction(0))
        if units > 0 and step.payment is not None:
            paid = min(left, step.payment * units)
            lines.append((step.project, paid))
            left -= paid
    words = [f"Your share was {money(outcome.endowment)}."]
    words += [f"You paid {money(paid)} for project {id_}." for id_, paid in lines] or [
        "None of your projects was bought."
    ]
    words.append(f"{money(left)} of your share was not used.")
    return Receipt(outcome.endowment, tuple(lines), left, tuple(words))
