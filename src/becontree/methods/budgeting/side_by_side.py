"""Other rules on the same ballots, beside the chosen one.

Source: the measures are those that towns publish beside results: winners a voter, voters without a winner, cost. Why:
a council chooses a rule by what it would have done. Cost: one count a rule. Rejected: one score for "fairness" (it
would hide which of the measures was weighed how).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from becontree.methods.budgeting.add1 import Progress
from becontree.methods.budgeting.comparison import winners
from becontree.methods.budgeting.count import count
from becontree.methods.budgeting.election import Election
from becontree.methods.budgeting.rules import Rule


@dataclass(frozen=True, slots=True)
class Row:
    """One rule beside the chosen one."""

    rule: Rule
    funded: tuple[str, ...]
    cost: Fraction
    without_winner: int
    mean_winners: Fraction
    not_here: tuple[str, ...] = field(default=())
    only_here: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        return {
            "method": self.rule.method,
            "funded": list(self.funded),
            "projects": len(self.funded),
            "cost": str(self.cost),
            "without_winner": self.without_winner,
            "mean_winners": str(self.mean_winners),
            "not_here": list(self.not_here),
            "only_here": list(self.only_here),
        }


def compare(election: Election, rule: Rule, *, progress: Progress | None = None) -> list[Row]:
    """The chosen rule first, then others on the same ballots."""
    base = Rule(utility=rule.utility, completion="none", ties=rule.ties, seed=rule.seed, zero_cost=rule.zero_cost)
    others = [
        rule,
        base,
        base.but(completion="greedy"),
        base.but(rule="bos"),
        base.but(rule="phragmen", utility="cost"),
        base.but(rule="greedy", order="score"),
    ]
    place = {project.id: number for number, project in enumerate(election.projects)}
    rows: list[Row] = []
    seen: set[str] = set()
    here: set[str] = set()
    for number, other in enumerate(others):
        if progress is not None:
            progress(number, len(others), f"comparing {other.method}")
        if other.method in seen:
            continue
        seen.add(other.method)
        funded = count(election, other).funded
        here = here or set(funded)
        won = winners(election, [place[id_] for id_ in funded])
        people = election.ballots.people
        total = int((won * people).sum())
        rows.append(
            Row(
                other,
                funded,
                election.cost(funded),
                int(people[won == 0].sum()),
                Fraction(total, election.voters),
                tuple(id_ for id_ in funded if id_ not in here),
                tuple(sorted(here - set(funded))),
            )
        )
    return rows
