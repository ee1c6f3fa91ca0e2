"""The comparison step: would more voters rather have the outcome of plain greedy?

Wieliczka 2023 and Swiecie 2023 had it in their rules. Each ballot prefers the outcome in which it has more winners
(`satisfaction`), or the only one in which it has any (`exclusion`). A ballot without a winner counts as having none.
(The tool of equalshares.net leaves such ballots out.) Equal Shares stays unless more voters prefer greedy.

Source: both measures are those of the equalshares.net tool; the towns' accounts are on its pages on Wieliczka and
Swiecie. Why: it answers, before anybody asks, those who say that simply counting votes would have pleased more people.
Cost: one greedy count and one pass over the ballots. Rejected: leaving out ballots without a winner (those are the
people who lose most from the outcome).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from becontree.methods.budgeting.election import Election, Ints
from becontree.methods.budgeting.simple import Taken, greedy
from becontree.methods.budgeting.ties import Tie, TieChain


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many people prefer which outcome; `greedy` and `ties` are the other outcome, should it be taken."""

    measure: str
    prefer_this: int
    prefer_greedy: int
    indifferent: int
    greedy: list[Taken]
    ties: list[Tie]

    @property
    def kept(self) -> bool:
        return self.prefer_this >= self.prefer_greedy

    def as_dict(self) -> dict[str, Any]:
        return {
            "measure": self.measure,
            "prefer_this": self.prefer_this,
            "prefer_greedy": self.prefer_greedy,
            "indifferent": self.indifferent,
            "kept": self.kept,
        }


def compare(
    election: Election, funded: Collection[int], competing: Sequence[int], *, measure: str, ties: TieChain
) -> Comparison:
    """The voters' choice between `funded` and what greedy by votes would fund with the whole budget."""
    votes = election.support("cardinality")
    other, met = greedy(election, votes, order="score", ties=ties, competing=competing, room=election.purse)
    ours, theirs = winners(election, funded), winners(election, {item.project for item in other})
    if measure == "exclusion":
        ours, theirs = np.minimum(ours, 1), np.minimum(theirs, 1)
    people = election.ballots.people
    this, greedy_ = int(people[ours > theirs].sum()), int(people[theirs > ours].sum())
    return Comparison(measure, this, greedy_, election.voters - this - greedy_, other, met)


def winners(election: Election, funded: Collection[int]) -> Ints:
    """How many of `funded` each ballot names."""
    ballots = election.ballots
    won = np.isin(ballots.projects, list(funded)).astype(np.int64)
    sums = np.concatenate(([0], np.cumsum(won)))
    return sums[ballots.starts[1:]] - sums[ballots.starts[:-1]]
