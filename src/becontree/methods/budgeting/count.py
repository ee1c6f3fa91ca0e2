"""Counting an election under a rule: who competes, the rule itself, completion, comparison, and the record of it all.

The order of things is the same for every rule: free projects, who may compete, the count, what is done with money
left over, the comparison with plain greedy. Each is written into the outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np

from becontree.methods.budgeting.add1 import Progress, Raised, raise_endowment
from becontree.methods.budgeting.bos import bos
from becontree.methods.budgeting.election import Election, Ints, Support
from becontree.methods.budgeting.rules import Rule
from becontree.methods.budgeting.shares import Step, equal_shares
from becontree.methods.budgeting.simple import Taken, greedy, phragmen
from becontree.methods.budgeting.ties import Tie, TieChain
from becontree.methods.findings import Finding, Unusable


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


def count(
    election: Election, rule: Rule | None = None, *, every_step: bool = False, progress: Progress | None = None
) -> Outcome:
    """Count an election.

    Raises `Unusable` if the rule cannot be applied to these ballots. `every_step` counts each Add1 step for itself
    (for checks; same outcome). `progress(done, total, what)` is called during long counts.

    >>> e = Election.of({"park": 60, "bench": 40, "mural": 50}, 100,
    ...     [["park", "bench"], ["park"], ["mural"], ["bench"]])
    >>> count(e, Rule(completion="none")).funded, count(e).funded
    (('bench',), ('bench', 'park'))
    """
    rule = rule or Rule()
    return _Count(election, rule, every_step, progress).run()


class _Count:
    def __init__(self, election: Election, rule: Rule, every_step: bool, progress: Progress | None) -> None:
        self.election, self.rule, self.every_step, self.progress = election, rule, every_step, progress
        self.ties = TieChain(rule.ties, rule.seed)
        self.support: Support = election.support(rule.utility)
        self.unit = election.money_unit
        self.findings: list[Finding] = []
        self.met: list[dict[str, Any]] = []
        self.steps: list[Funded] = []
        self.taken: set[int] = set()
        self.voters = election.voters if rule.blank == "count" else self._not_blank()
        if self.voters == 0:
            raise Unusable(
                Finding(
                    "count.voters.none",
                    "There is no ballot to count.",
                    field="ballots",
                    fix="Check the file and the option for blank ballots.",
                )
            )
        self.left = election.purse
        self.endowment: Fraction | None = None
        self.raised: Raised | None = None
        self.comparison: dict[str, Any] | None = None

    def _not_blank(self) -> int:
        return int(self.election.ballots.people[np.diff(self.election.ballots.starts) > 0].sum())

    def run(self) -> Outcome:
        competing = self._competing()
        kind = self.rule.rule
        if kind == "equal-shares":
            self._equal_shares(competing)
        elif kind == "bos":
            paying = self._paid(competing)
            steps, ties, parts = bos(
                self.election,
                self.support,
                Fraction(self.left, self.voters),
                ties=self.ties,
                competing=paying,
                room=self.left,
            )
            self.endowment = Fraction(self.election.purse, self.voters)
            self._add_shares(steps, "bos", parts)
            self._add_ties(ties, "bos")
        elif kind == "phragmen":
            taken, ties = phragmen(
                self.election,
                self.election.support("cardinality"),
                self.ties,
                competing,
                self.left,
                stop=self.rule.phragmen_stop,
            )
            self._add_taken(taken, "phragmen")
            self._add_ties(ties, "phragmen")
        else:
            taken, ties = greedy(
                self.election,
                self.support,
                order=self.rule.order,
                ties=self.ties,
                competing=competing,
                room=self.left,
                kind=kind,
            )
            self._add_taken(taken, "greedy")
            self._add_ties(ties, "greedy")
        if self.rule.completion.endswith("greedy") and kind != "greedy":
            rest = [project for project in competing if project not in self.taken]
            taken, ties = greedy(
                self.election, self.support, order=self.rule.order, ties=self.ties, competing=rest, room=self.left
            )
            self._add_taken(taken, "completion")
            self._add_ties(ties, "completion")
        if self.rule.comparison != "none":
            self._compare(competing)
        for tie in self.met:
            if tie["decided_by"] == "file-order":
                self.findings.append(
                    Finding(
                        "count.tie.undecided",
                        f"The tie between {', '.join(tie['projects'])} was not decided by the rule; "
                        "the first in the file was taken.",
                        "warning",
                        field="ties",
                        fix="Name a lot with --ties and --seed.",
                    )
                )
        raised = self.raised
        return Outcome(
            self.rule,
            self.election.budget,
            tuple(self.steps),
            tuple(self.met),
            tuple(self.findings),
            self.voters,
            None if self.endowment is None else self.endowment / self.unit,
            raised.increments if raised else 0,
            raised.reason if raised else "",
            self.comparison,
        )

    # -- who may compete -----------------------------------------------------------------------------------------

    def _competing(self) -> list[int]:
        election, rule = self.election, self.rule
        costs, votes = election.costs, election.votes
        least, score = rule.minimum_votes, Fraction(0)
        if rule.threshold:
            if election.threshold is None:
                self.findings.append(
                    Finding(
                        "count.threshold.none",
                        "The file names no minimum support.",
                        "note",
                        field="min_project_score_threshold",
                    )
                )
            else:
                score = election.threshold
        by_points = rule.utility in (
            "points",
            "borda",
            "ranks",
        )  # the file's minimum is one of what is counted, points or votes
        competing: list[int] = []
        for number, project in enumerate(election.projects):
            if project.withdrawn:
                continue
            scored = Fraction(self.support.total[number], self.support.unit) if by_points else votes[number]
            if scored < score:
                what = "points" if by_points else "votes"
                self._out(number, f"has {scored} {what}; at least {score} are needed", "minimum")
            elif least is not None and votes[number] < least:
                self._out(number, f"has {votes[number]} votes; at least {least} are needed", "minimum")
            elif (
                rule.minimum_share is not None
                and votes[number] * election.purse < rule.minimum_share * costs[number] * self.voters
            ):
                self._out(
                    number, f"has {votes[number]} of {self.voters} votes, too small a share for its cost", "share"
                )
            elif costs[number] == 0 and rule.zero_cost == "fund":
                self._free(number)
            else:
                competing.append(number)
        return competing

    def _out(self, number: int, why: str, code: str) -> None:
        project = self.election.projects[number]
        self.findings.append(Finding(f"count.{code}.below", f"Project {project.id!r} {why}.", "note", field=project.id))

    def _free(self, number: int) -> None:
        self.taken.add(number)
        self.steps.append(Funded(self.election.projects[number].id, Fraction(0), "free"))

    # -- Equal Shares --------------------------------------------------------------------------------------------

    def _equal_shares(self, competing: list[int]) -> None:
        election, rule, support = self.election, self.rule, self.support
        costs = election.costs
        competing = self._paid(competing)
        share = Fraction(election.purse, self.voters)
        if rule.start == "integral":
            share = Fraction(floor(share / self.unit) * self.unit)
        wanted = [number for number in competing if support.total[number] > 0]
        if sum(costs[number] for number in wanted) <= self.left:
            self.findings.append(
                Finding(
                    "count.everything.fits",
                    "The budget is enough for every project that anybody supports.",
                    "note",
                    field="budget",
                )
            )
        if rule.completion in ("none", "greedy"):
            steps, ties, _ = equal_shares(election, support, share, self.ties, competing)
        else:
            increment = rule.increment * self.unit
            if rule.completion.startswith("percent"):
                increment = Fraction(election.purse, 100 * self.voters) * rule.increment
            self.raised = raise_endowment(
                election,
                support,
                start=share,
                increment=increment,
                ties=self.ties,
                competing=competing,
                room=self.left,
                exhaustive=self._exhaustive(competing) if rule.exhaustive else None,
                every_step=self.every_step,
                progress=self.progress,
            )
            steps, ties, share = self.raised.steps, self.raised.ties, self.raised.endowment
        self.endowment = share
        self._add_shares(steps, "equal-shares", None)
        self._add_ties(ties, "equal-shares")

    def _paid(self, competing: list[int]) -> list[int]:
        """Those that cost something. As in pabutools, a free project that is let compete and that somebody values is
        bought at once; cost utility values it at 0."""
        costs, support = self.election.costs, self.support
        for number in self.ties.sorted(self.election, [n for n in competing if costs[n] == 0], lambda _: 0):
            if support.total[number] and support.value[number]:
                self._free(number)
        return [number for number in competing if costs[number] > 0]

    def _exhaustive(self, competing: Sequence[int]) -> Callable[[frozenset[int]], bool]:
        costs, left = self.election.costs, self.left
        among = [n for n in competing if self.rule.exhaustive_over == "all" or self.support.total[n] > 0]

        def exhaustive(funded: frozenset[int]) -> bool:
            room = left - sum(costs[number] for number in funded)
            return all(costs[number] > room for number in among if number not in funded)

        return exhaustive

    # -- comparison ----------------------------------------------------------------------------------------------

    def _compare(self, competing: list[int]) -> None:
        """The voters' choice between this outcome and plain greedy by votes."""
        election = self.election
        votes = election.support("cardinality")
        room = election.purse
        other, ties = greedy(election, votes, order="score", ties=self.ties, competing=competing, room=room)
        ours, theirs = self._winners(self.taken), self._winners({item.project for item in other})
        if self.rule.comparison == "exclusion":
            ours, theirs = np.minimum(ours, 1), np.minimum(theirs, 1)
        people = election.ballots.people
        prefer, greedy_ = int(people[ours > theirs].sum()), int(people[theirs > ours].sum())
        kept = prefer >= greedy_
        self.comparison = {
            "measure": self.rule.comparison,
            "prefer_this": prefer,
            "prefer_greedy": greedy_,
            "indifferent": election.voters - prefer - greedy_,
            "kept": kept,
        }
        if not kept:
            self.steps = [step for step in self.steps if step.phase == "free"]
            self.taken = {
                n for n, project in enumerate(election.projects) if project.id in {s.project for s in self.steps}
            }
            self.left = election.purse
            self.met = []
            self._add_taken(other, "greedy")
            self._add_ties(ties, "greedy")

    def _winners(self, funded: set[int]) -> Ints:
        ballots = self.election.ballots
        won = np.isin(ballots.projects, list(funded)).astype(np.int64)
        sums = np.concatenate(([0], np.cumsum(won)))
        return sums[ballots.starts[1:]] - sums[ballots.starts[:-1]]

    # -- writing down --------------------------------------------------------------------------------------------

    def _add_shares(self, steps: list[Step], phase: str, parts: list[Fraction] | None) -> None:
        for number, step in enumerate(steps):
            project = self.election.projects[step.project]
            payment = Fraction(step.payment.top * self.support.unit, step.payment.bottom * self.unit)
            self.steps.append(
                Funded(
                    project.id,
                    project.cost,
                    phase,
                    payment,
                    step.full,
                    step.short,
                    covered=parts[number] if parts else None,
                )
            )
            self.taken.add(step.project)
            self.left -= self.election.costs[step.project]

    def _add_taken(self, taken: list[Taken], phase: str) -> None:
        for item in taken:
            project = self.election.projects[item.project]
            score = item.score / self.unit if phase == "phragmen" and item.score >= 0 else item.score
            self.steps.append(
                Funded(project.id, project.cost, phase, score=score if item.score >= 0 else None, beyond=item.beyond)
            )
            self.taken.add(item.project)
            self.left -= self.election.costs[item.project]

    def _add_ties(self, ties: list[Tie], phase: str) -> None:
        for tie in ties:
            self.met.append(
                {
                    "phase": phase,
                    "round": tie.round,
                    "projects": [self.election.projects[number].id for number in tie.projects],
                    "chosen": self.election.projects[tie.chosen].id,
                    "decided_by": tie.decided_by,
                }
            )
