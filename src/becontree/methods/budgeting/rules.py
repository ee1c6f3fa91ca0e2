"""A rule is data: everything that can change the winners is named, hashed and printed with the result.

Whether Add1 stops at the first outcome that leaves no room, whether the endowment starts at a whole unit, how ties are
broken: such options decided real outcomes (Wieliczka 2023 has 30 winners without the stopping test and 31 with it).
A count without them named cannot be repeated.

Source of each preset: its entry in `PRESETS`, and the table in docs/rooms/budgeting.md. Why data and not code: a rule
must be fixed before voting opens, printed, and hashed. Cost: none. Rejected: options that are read where they are used
(nobody could then say what the rule was).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from becontree.methods.budgeting.election import UTILITIES
from becontree.methods.budgeting.ties import CRITERIA
from becontree.methods.findings import Finding, Unusable

RULES: Final = ("equal-shares", "bos", "phragmen", "greedy", "greedy-no-skip", "greedy-threshold", "poznan")
COMPLETIONS: Final = ("none", "greedy", "add1", "add1+greedy", "percent", "percent+greedy")


@dataclass(frozen=True, slots=True)
class Rule:
    """A counting rule. The defaults are what equalshares.net recommends, completed so that money is not left over.

    - `utility`: cost, cardinality, points, borda (length of the ballot - 1 - place, as pabutools has it) or ranks
      (longest ballot - place, so the last one ranked still counts).
    - `order` (greedy rules): `per-cost` compares utility per unit of cost (with cost utility: votes), `score` the
      plain sum of votes or points.
    - `start`: `fraction` (budget / voters) or `integral` (rounded down to whole currency); `increment` in currency.
    - `exhaustive`: whether Add1 stops when no further project fits; `exhaustive_over`: `supported` or `all` projects.
    - `comparison`: none, `satisfaction` (more voters with more approved winners) or `exclusion` (more voters with at
      least one); if more voters prefer plain greedy, its outcome is taken.
    - `minimum_votes`, `minimum_share` (votes/voters must be at least this times cost/budget), `threshold` (the
      file's own minimum): projects below do not compete.
    - `zero_cost`: `fund` (funded first, outside the competition) or `compete` (as pabutools treats them).
    - `blank`: whether ballots that name nobody count when the budget is divided.
    - `phragmen_stop`: `first` (stop at the first best project that does not fit) or `skip`.
    """

    rule: str = "equal-shares"
    utility: str = "cost"
    completion: str = "add1+greedy"
    start: str = "fraction"
    increment: Fraction = Fraction(1)
    exhaustive: bool = True
    exhaustive_over: str = "supported"
    comparison: str = "none"
    order: str = "per-cost"
    ties: tuple[str, ...] = ("min-cost", "max-votes", "lot")
    seed: str = ""
    minimum_votes: Fraction | None = None
    minimum_share: Fraction | None = None
    threshold: bool = False
    zero_cost: str = "fund"
    blank: str = "count"
    phragmen_stop: str = "first"

    def __post_init__(self) -> None:
        for name, allowed in _ALLOWED.items():
            if getattr(self, name) not in allowed:
                raise Unusable(
                    Finding(
                        f"count.{name}.unknown",
                        f"There is no {name} called {getattr(self, name)!r}.",
                        field=name,
                        fix=f"Use one of {', '.join(allowed)}.",
                    )
                )
        for criterion in self.ties:
            if criterion not in CRITERIA:
                raise Unusable(
                    Finding(
                        "count.ties.unknown",
                        f"There is no tie criterion called {criterion!r}.",
                        field="ties",
                        fix=f"Use some of {', '.join(CRITERIA)}.",
                    )
                )
        if self.increment <= 0:
            raise Unusable(
                Finding(
                    "count.increment.positive",
                    f"The increment is {self.increment}.",
                    field="increment",
                    fix="Give an amount above 0.",
                )
            )
        if self.completion not in ("none", "greedy") and self.rule != "equal-shares":
            raise Unusable(
                Finding(
                    "count.completion.rule",
                    f"The completion {self.completion!r} is for Equal Shares.",
                    field="completion",
                    fix="Use --completion none or greedy with this rule.",
                )
            )

    @property
    def method(self) -> str:
        """Name and version, for records: `equal-shares/cost/add1@1`."""
        if self.rule in ("equal-shares", "bos"):
            return f"{self.rule}/{self.utility}/{self.completion}@1"
        return f"{self.rule}/{self.utility}@1" if self.rule != "phragmen" else "phragmen@1"

    def as_dict(self) -> dict[str, Any]:
        """Every option, as plain JSON values (fractions as text)."""
        return {
            field.name: str(value)
            if isinstance(value, Fraction)
            else list(value)
            if isinstance(value, tuple)
            else value
            for field in fields(self)
            if (value := getattr(self, field.name)) is not None
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Rule:
        known = {field.name for field in fields(cls)}
        made: dict[str, Any] = {}
        for name, value in values.items():
            if name not in known:
                raise Unusable(Finding("count.option.unknown", f"There is no option {name!r}.", field=name))
            if name in ("increment", "minimum_votes", "minimum_share"):
                value = Fraction(value)  # noqa: PLW2901
            made[name] = tuple(value) if name == "ties" else value
        return cls(**made)

    def but(self, **changes: Any) -> Rule:
        return replace(self, **changes)


_ALLOWED: Final = {
    "rule": RULES,
    "utility": (*UTILITIES, "ranks"),
    "completion": COMPLETIONS,
    "start": ("fraction", "integral"),
    "exhaustive_over": ("supported", "all"),
    "comparison": ("none", "satisfaction", "exclusion"),
    "order": ("per-cost", "score"),
    "zero_cost": ("fund", "compete"),
    "blank": ("count", "ignore"),
    "phragmen_stop": ("first", "skip"),
}

_CITY: Final = Rule(completion="add1", exhaustive=False, comparison="satisfaction")

# Each with its source; what a city did not publish is marked in docs/rooms/budgeting.md.
PRESETS: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        # pabutools 1.2.3: smallest id as text in ties, zero-cost projects compete, fractional start.
        "pabutools": Rule(completion="none", ties=("id",), zero_cost="compete"),
        # The code generator of equalshares.net: cost utility, Add1 with both options, lowest cost, then most votes.
        "equalshares.net": Rule(completion="add1", start="integral", exhaustive_over="all"),
        # Add1 without the stopping test reproduces the official outcome (docs/rooms/budgeting.md).
        "wieliczka-2023": _CITY,
        # Pabulib's file says Add1; without the stopping test it reproduces the official outcome.
        "assen-2024": Rule(completion="add1", exhaustive=False),
        # The town's published program: as Wieliczka, but ties go to most votes first, greedy fills up what is left, and
        # a project needs at least a third of its cost share in votes.
        "swiecie-2023": _CITY.but(
            completion="add1+greedy", ties=("max-votes", "min-cost", "lot"), minimum_share=Fraction(1, 3)
        ),
        # Ten points on at least three projects; Add1.
        "aarau-2023": Rule(utility="points", completion="add1"),
        # Most votes (or points) first, skip what does not fit.
        "greedy": Rule(rule="greedy", completion="none", order="score"),
        "greedy-no-skip": Rule(rule="greedy-no-skip", completion="none", order="score"),
        "greedy-threshold": Rule(rule="greedy-threshold", completion="none", order="score", threshold=True),
        "poznan": Rule(rule="poznan", completion="none", order="score"),
    }
)


def preset(name: str, ballot_type: str = "approval") -> Rule:
    """A named rule for these ballots: counts by totals add up points, or places, where voters gave those."""
    rule = PRESETS[name]
    utility = {"cumulative": "points", "scoring": "points", "ordinal": "ranks"}.get(ballot_type)
    by_totals = rule.rule in ("greedy", "greedy-no-skip", "greedy-threshold", "poznan")
    return rule.but(utility=utility) if by_totals and utility else rule
