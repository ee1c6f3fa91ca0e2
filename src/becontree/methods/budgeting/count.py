"""Counting an election under a rule, from the ballots to the outcome.

The order of things is the same for every rule, and each is written into the outcome:

1. who may compete, and what is free (`eligibility.py`);
2. the rule itself (`shares.py` and `add1.py`, `bos.py`, `simple.py`);
3. the completion: what is done with money left over;
4. the comparison with plain greedy (`comparison.py`).

Source: the sequence is that of the towns' own rules (Wieliczka and Swiecie 2023) and of the pages of equalshares.net
on completion. Why one order for all: an outcome can then be compared line by line with another rule's. Cost: that of
the rule, and a few passes over the projects. Rejected: a class for each rule (the same four steps written out nine
times).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np

from becontree.methods.budgeting.add1 import Progress, Raised, raise_endowment
from becontree.methods.budgeting.bos import bos
from becontree.methods.budgeting.comparison import compare
from becontree.methods.budgeting.election import LARGEST, Election, Support
from becontree.methods.budgeting.eligibility import eligible
from becontree.methods.budgeting.outcome import Funded, Outcome
from becontree.methods.budgeting.rules import Rule
from becontree.methods.budgeting.shares import Step, equal_shares
from becontree.methods.budgeting.simple import Taken, greedy, phragmen
from becontree.methods.budgeting.ties import Tie, TieChain
from becontree.methods.findings import Finding, Unusable


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
        if election.budget >= LARGEST:
            raise Unusable(
                Finding(
                    "count.budget.large",
                    f"The budget of {election.budget} is past counting.",
                    field="budget",
                    fix=f"Give less than {LARGEST:,}; check the unit of currency.",
                )
            )
        self.left = election.purse
        self.endowment: Fraction | None = None
        self.raised: Raised | None = None
        self.comparison: dict[str, Any] | None = None

    def _not_blank(self) -> int:
        return int(self.election.ballots.people[np.diff(self.election.ballots.starts) > 0].sum())

    def run(self) -> Outcome:
        found = eligible(self.election, self.rule, self.support, self.voters)
        self.findings += found.findings
        for number in found.free:
            self._free(number)
        self._apply(found.competing)
        if self.rule.completion.endswith("greedy") and self.rule.rule != "greedy":
            self._complete(found.competing)
        if self.rule.comparison != "none":
            self._compare(found.competing)
        self._warn_of_undecided_ties()
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

    # -- the rule ------------------------------------------------------------------------------------------------

    def _apply(self, competing: list[int]) -> None:
        kind = self.rule.rule
        if kind == "equal-shares":
            self._equal_shares(competing)
        elif kind == "bos":
            self._bos(competing)
        elif kind == "phragmen":
            heads = self.election.support("cardinality")
            stop = self.rule.phragmen_stop
            taken, ties = phragmen(self.election, heads, self.ties, competing, self.left, stop=stop)
            self._add_taken(taken, "phragmen")
            self._add_ties(ties, "phragmen")
        else:
            self._greedy(competing, "greedy", kind)

    def _greedy(self, competing: list[int], phase: str, kind: str = "greedy") -> None:
        taken, ties = greedy(
            self.election,
            self.support,
            order=self.rule.order,
            ties=self.ties,
            competing=competing,
            room=self.left,
            kind=kind,
        )
        self._add_taken(taken, phase)
        self._add_ties(ties, phase)

    def _bos(self, competing: list[int]) -> None:
        paying = self._paid(competing)
        share = Fraction(self.left, self.voters)
        steps, ties, parts = bos(self.election, self.support, share, ties=self.ties, competing=paying, room=self.left)
        self.endowment = Fraction(self.election.purse, self.voters)
        self._add_shares(steps, "bos", parts)
        self._add_ties(ties, "bos")

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

    # -- what comes after ----------------------------------------------------------------------------------------

    def _complete(self, competing: list[int]) -> None:
        """Greedy spends what is left."""
        self._greedy([project for project in competing if project not in self.taken], "completion")

    def _compare(self, competing: list[int]) -> None:
        """Take the outcome of plain greedy instead, if more voters prefer it."""
        election = self.election
        found = compare(election, self.taken, competing, measure=self.rule.comparison, ties=self.ties)
        self.comparison = found.as_dict()
        if not found.kept:
            self.steps = [step for step in self.steps if step.phase == "free"]
            free = {step.project for step in self.steps}
            self.taken = {number for number, project in enumerate(election.projects) if project.id in free}
            self.left = election.purse
            self.met = []
            self._add_taken(found.greedy, "greedy")
            self._add_ties(found.ties, "greedy")

    def _warn_of_undecided_ties(self) -> None:
        for tie in self.met:
            if tie["decided_by"] == "file-order" and "file-order" not in self.rule.ties:
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

    # -- writing down --------------------------------------------------------------------------------------------

    def _free(self, number: int) -> None:
        self.taken.add(number)
        self.steps.append(Funded(self.election.projects[number].id, Fraction(0), "free"))

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
