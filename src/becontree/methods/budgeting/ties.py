"""Ties: a declared chain of criteria, and at its end a public lot. Every tie met is written down.

equalshares.net recommends lowest cost, then most votes, then a lot drawn once and kept for the whole count
(https://equalshares.net/implementation/ties/). pabutools takes the smallest id *as text* ("10" before "9").

Why a lot made from a public seed: it orders all projects at once, can be checked by anybody, and does not change with
the round in which a tie is met. Cost: one comparison a criterion; the lot one hash a project. Rejected: the order of
the file alone (whoever wrote the file would decide), and drawing anew at each tie.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from becontree.methods.budgeting.election import Election
from becontree.methods.findings import Finding, Unusable

CRITERIA: Final = ("id", "min-cost", "max-cost", "max-votes", "file-order", "lot")


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie met in `round` between projects; `decided_by` is the first criterion that separated the chosen one."""

    round: int
    projects: tuple[int, ...]
    chosen: int
    decided_by: str


@dataclass(frozen=True, slots=True)
class TieChain:
    """Criteria in order. `lot` needs a `seed`: text made public only after the ballots were closed.

    The lot orders projects by SHA-256("becontree-lot/1" NUL seed NUL id), smallest first: anyone can redo it with
    one command, and it is the same in every round and every repetition of the count.
    """

    criteria: tuple[str, ...] = ("min-cost", "max-votes", "lot")
    seed: str = ""

    def __post_init__(self) -> None:
        for criterion in self.criteria:
            if criterion not in CRITERIA:
                raise Unusable(
                    Finding(
                        "count.ties.unknown",
                        f"There is no tie criterion called {criterion!r}.",
                        field="ties",
                        fix=f"Use some of {', '.join(CRITERIA)}.",
                    )
                )

    def keys(self, election: Election) -> list[tuple[str, Callable[[int], Any]]]:
        projects, costs = election.projects, election.costs
        made: dict[str, Callable[[int], Any]] = {
            "id": lambda number: projects[number].id,
            "min-cost": lambda number: costs[number],
            "max-cost": lambda number: -costs[number],
            "max-votes": lambda number: -election.votes[number],
            "file-order": lambda number: number,
            "lot": lambda number: lot(self.seed, projects[number].id),
        }
        return [(criterion, made[criterion]) for criterion in self.criteria]

    def decide(self, election: Election, tied: Sequence[int], round_: int) -> Tie:
        """The winner of a tie. If the chain does not decide, the project named first in the file is taken and the
        tie says so (`decided_by` "file-order")."""
        left = list(tied)
        decided = ""
        for criterion, key in self.keys(election):
            if criterion == "lot" and not self.seed:
                continue
            least = min(map(key, left))
            rest = [number for number in left if key(number) == least]
            if len(rest) < len(left):
                left, decided = rest, criterion
            if len(left) == 1:
                break
        if len(left) > 1:
            left, decided = [min(left)], "file-order"
        return Tie(round_, tuple(tied), left[0], decided)

    def sorted(self, election: Election, numbers: Sequence[int], score: Callable[[int], Any]) -> list[int]:
        """Best score first (smallest `score`), ties in the order of the chain."""
        keys = [key for criterion, key in self.keys(election) if criterion != "lot" or self.seed]
        return sorted(numbers, key=lambda number: (score(number), *(key(number) for key in keys), number))


def lot(seed: str, id_: str) -> str:
    return hashlib.sha256(f"becontree-lot/1\0{seed}\0{id_}".encode()).hexdigest()
