"""What a count found: each funded project with how it came to be funded, and the whole outcome, ready to print."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, log10
from typing import Any

from becontree.methods.budgeting.rules import Rule
from becontree.methods.findings import Finding


@dataclass(frozen=True, slots=True)
class Funded:
    """One funded project and how it came to be funded.

    `phase`: free, equal-shares, bos, greedy, phragmen, completion. For Equal Shares `payment` is what a supporter
    pays in full for one unit of utility (for approval ballots: pays), `votes` the effective number of votes
    cost / payment, `full` and `short` how many paid in full and with what they had left. For BOS `covered` is the
    part of the cost that supporters paid. For simple rules `score` is what was compared.
    """

    project: str
    cost: Fraction
    phase: str
    payment: Fraction | None = None
    full: int = 0
    short: int = 0
    score: Fraction | None = None
    covered: Fraction | None = None
    beyond: bool = False

    def as_dict(self) -> dict[str, Any]:
        made: dict[str, Any] = {"project": self.project, "cost": str(self.cost), "phase": self.phase}
        if self.payment is not None:
            made |= {"payment": str(self.payment), "full": self.full, "short": self.short}
        if self.score is not None:
            made["score"] = str(self.score)
        if self.covered is not None:
            made["covered"] = str(self.covered)
        if self.beyond:
            made["beyond"] = True
        return made


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a count found. Money in currency, exactly. `endowment` is the last share per person, `raised` by how many
    increments; `steps` has one entry for each funded project, in order."""

    rule: Rule
    budget: Fraction
    steps: tuple[Funded, ...]
    ties: tuple[dict[str, Any], ...]
    findings: tuple[Finding, ...]
    voters: int
    endowment: Fraction | None = None
    raised: int = 0
    stopped: str = ""
    comparison: dict[str, Any] | None = None

    @property
    def method(self) -> str:
        return self.rule.method

    @property
    def funded(self) -> tuple[str, ...]:
        return tuple(step.project for step in self.steps)

    @property
    def cost(self) -> Fraction:
        return sum((step.cost for step in self.steps), Fraction(0))

    def as_dict(self) -> dict[str, Any]:
        """The contract of `becontree count --json`."""
        made: dict[str, Any] = {
            "method": self.method,
            "funded": list(self.funded),
            "cost": plain(self.cost),
            "budget": plain(self.budget),
            "voters": self.voters,
            "steps": [step.as_dict() for step in self.steps],
            "ties": list(self.ties),
            "findings": [finding.as_dict() for finding in self.findings],
            "rule": self.rule.as_dict(),
        }
        if self.endowment is not None:
            made["endowment"] = {"final": str(self.endowment), "increments": self.raised, "stopped": self.stopped}
        if self.comparison is not None:
            made["comparison"] = self.comparison
        return made


def plain(value: Fraction) -> int | str:
    """A whole number as a number, anything else as "numerator/denominator"."""
    return int(value) if value.denominator == 1 and abs(value) < 2**53 else str(value)


def money(value: Fraction) -> str:
    """An amount for people: whole, or cut off after two places."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    return f"{floor(value * 100) / 100:,.2f}"


def votes_needed(outcome: Outcome) -> tuple[Fraction, int] | None:
    """For a round sum near the dearest winner: how many people with a whole share could pay for it."""
    dearest = max((step.cost for step in outcome.steps), default=Fraction(0))
    if not outcome.endowment or dearest < 1:  # a share rounded down may be nothing
        return None
    cost = Fraction(10 ** int(log10(dearest)))
    return cost, ceil(cost / outcome.endowment)
