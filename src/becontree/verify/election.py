"""The election of a record of the family "count", as plain dictionaries: costs, ballots, utilities, ties.

A ballot of the record stands for several people who voted alike; `people[v]` says how many. Nothing is shared with
`becontree.methods.budgeting`. What is not of the form that `verify.count` describes is refused with a ValueError:
a second project of one id, a ballot that names a stranger, a ballot of no people would change nothing today and mean
something else to the next reader.
"""

from __future__ import annotations

import hashlib
import re
from fractions import Fraction
from typing import Any

Step = dict[str, Any]
Tie = dict[str, Any]
Utilities = list[dict[str, Fraction]]

KINDS = ("approval", "choose-1", "cumulative", "scoring", "ordinal")
AMOUNT = re.compile(r"[0-9]{1,9000}(\.[0-9]{1,9000}|/[0-9]{1,9000})?", re.ASCII)


def amount(value: Any) -> Fraction:
    """A whole number, or text such as "12", "12.50" or "1/3". No exponents: "1e999999999" would fill the memory."""
    if type(value) is int and value >= 0:
        return Fraction(value)
    if not isinstance(value, str) or not AMOUNT.fullmatch(value):
        raise ValueError(f"{str(value)[:40]!r} is not an amount")
    return Fraction(value)


def name(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{str(value)[:40]!r} is not an id")
    return value


class Election:
    """One election, seen under one rule.

    `utility[v][p]` are the units of utility (above 0) that ballot v gives to project p, `worth[p]` what one unit of p
    is worth: its cost under cost utility, else 1. `backers[p]` are the ballots that give p any.
    """

    def __init__(self, inputs: dict[str, Any], rule: dict[str, Any]) -> None:
        self.rule = rule
        self.kind = inputs["ballot_type"]
        self.budget = amount(inputs["budget"])
        self.cost = {name(p["id"]): amount(p["cost"]) for p in inputs["projects"]}
        self.withdrawn = {p["id"] for p in inputs["projects"] if p.get("withdrawn", False) is not False}
        self.place = {id_: number for number, id_ in enumerate(self.cost)}
        self.people = [ballot[0] for ballot in inputs["ballots"]]
        self.named = [[name(id_) for id_ in ballot[1]] for ballot in inputs["ballots"]]
        self.values = [[amount(v) for v in ballot[2]] if len(ballot) > 2 else [] for ballot in inputs["ballots"]]
        self.threshold = amount(inputs["threshold"]) if inputs.get("threshold") else None
        self.refuse(inputs)
        self.votes = dict.fromkeys(self.cost, 0)
        for people, named in zip(self.people, self.named):
            for id_ in named:
                self.votes[id_] += people
        self.voters = sum(
            n for n, named in zip(self.people, self.named) if named or rule.get("blank", "count") == "count"
        )
        by = rule["utility"]
        self.utility = self.utilities(by)
        self.worth = dict(self.cost) if by == "cost" else dict.fromkeys(self.cost, Fraction(1))
        self.backers = {id_: [v for v, units in enumerate(self.utility) if id_ in units] for id_ in self.cost}

    def refuse(self, inputs: dict[str, Any]) -> None:
        """Raise ValueError for what no count can have been made from."""
        if self.kind not in KINDS:
            raise ValueError(f"ballots of the type {str(self.kind)[:40]!r}")
        if len(self.cost) != len(inputs["projects"]):
            raise ValueError("two projects of one id")
        if any(p.get("withdrawn", False) not in (False, True) for p in inputs["projects"]):
            raise ValueError("a project that is neither withdrawn nor not")
        if not all(isinstance(p.get("name", ""), str) for p in inputs["projects"]):
            raise ValueError("a project whose name is not text")
        scored = self.kind not in ("approval", "choose-1")
        for people, named, values in zip(self.people, self.named, self.values):
            if type(people) is not int or people < 1:
                raise ValueError(f"a ballot of {str(people)[:40]} people")
            if len(set(named)) != len(named) or not self.cost.keys() >= set(named):
                raise ValueError("a ballot that names a project twice, or one that is not listed")
            if len(values) != (len(named) if scored else 0):
                raise ValueError("a ballot whose values do not fit its projects")

    def utilities(self, name: str) -> Utilities:
        """For each ballot: id -> units of utility (above 0)."""
        longest = max(map(len, self.named), default=0)
        found: Utilities = []
        for named, values in zip(self.named, self.values):
            mine: dict[str, Fraction] = {}
            for number, id_ in enumerate(named):
                if name == "points":
                    units = values[number]
                elif name == "borda":
                    units = len(named) - 1 - values[number]
                elif name == "ranks":
                    units = longest - values[number]
                else:
                    units = Fraction(1)
                    if self.kind in ("cumulative", "scoring") and values[number] == 0:
                        units = Fraction(0)
                if units > 0:
                    mine[id_] = units
            found.append(mine)
        return found

    def total(self, id_: str, utility: Utilities) -> Fraction:
        """The units that everybody together gives to a project."""
        return sum((n * units.get(id_, Fraction(0)) for n, units in zip(self.people, utility)), Fraction(0))

    def spent(self, steps: list[Step]) -> Fraction:
        return sum((self.cost[step["project"]] for step in steps), Fraction(0))

    # -- ties ----------------------------------------------------------------------------------------------------

    def criteria(self, id_: str) -> list[tuple[str, Any]]:
        """The rule's criteria in order, each with this project's key: the smaller key wins."""
        seed = self.rule.get("seed", "")
        keys: dict[str, Any] = {
            "id": id_,
            "min-cost": self.cost[id_],
            "max-cost": -self.cost[id_],
            "max-votes": -self.votes[id_],
            "file-order": self.place[id_],
            "lot": hashlib.sha256(b"becontree-lot/1\0" + seed.encode() + b"\0" + id_.encode()).hexdigest(),
        }
        return [(name, keys[name]) for name in self.rule["ties"] if name != "lot" or seed]

    def ranked(self, ids: list[str], score: dict[str, Fraction]) -> list[str]:
        """Highest score first, equals in the order of the criteria, then as in the file."""
        return sorted(ids, key=lambda id_: (-score[id_], [key for _, key in self.criteria(id_)], self.place[id_]))

    def first(self, tied: list[str], phase: str, round_: int, met: list[Tie]) -> str:
        """The winner among equals. A tie of two or more is added to `met`, with what decided it."""
        order = self.ranked(tied, dict.fromkeys(tied, Fraction(0)))
        if len(tied) > 1:
            met.append(
                {
                    "phase": phase,
                    "round": round_,
                    "projects": sorted(tied, key=self.place.__getitem__),
                    "chosen": order[0],
                    "decided_by": self.decided_by(tied),
                }
            )
        return order[0]

    def decided_by(self, tied: list[str]) -> str:
        """The last criterion that was needed to leave one; "file-order" if they all leave more."""
        left, by = tied, "file-order"
        for number, (name, _) in enumerate(self.criteria(tied[0])):
            best = min(self.criteria(id_)[number][1] for id_ in left)
            rest = [id_ for id_ in left if self.criteria(id_)[number][1] == best]
            if len(rest) < len(left):
                by = name
            left = rest
            if len(left) == 1:
                return by
        return "file-order"
