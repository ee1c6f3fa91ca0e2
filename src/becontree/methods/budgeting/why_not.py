"""Why a project was not funded: who took its supporters' money, and what would have been enough.

Everything is read from a replay of the count at its final share per person: the rounds are the same, so nothing is
guessed. The two promises ("this lower cost would have won", "so many more votes would have won") are each checked by an
exact count before they are made; both hold the share per person fixed.

Source: effective support as equalshares.net publishes it (`effective_support`); the rest is read from the payments.
Cost: one replay and up to seven counts. Rejected: bisection over costs (an outcome need not change only once), and
words without a check ("a few more votes would have done").
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np

from becontree.methods.budgeting.add1 import Progress
from becontree.methods.budgeting.effective_support import highest_cost
from becontree.methods.budgeting.election import Ballots, Election, Floats
from becontree.methods.budgeting.outcome import Funded, Outcome, money, plain
from becontree.methods.budgeting.replay import replay, shares_steps
from becontree.methods.budgeting.shares import equal_shares
from becontree.methods.budgeting.ties import TieChain
from becontree.methods.findings import Finding, Unusable


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a project was not funded. `effective` is its effective support (1 would have won); `taken` says how much of
    its supporters' money each funded project took, largest first; `left` is what they had at the end. Amounts are
    rounded to a hundredth, except `lower_cost` and `more_votes`, which are checked by counting."""

    project: str
    reason: str
    votes: int
    cost: Fraction
    effective: float | None = None
    lower_cost: Fraction | None = None
    more_votes: int | None = None
    had: float = 0.0
    left: float = 0.0
    taken: tuple[tuple[str, int, float], ...] = ()
    words: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "project": self.project,
            "reason": self.reason,
            "votes": self.votes,
            "cost": plain(self.cost),
            "effective_support": None if self.effective is None else round(self.effective, 4),
            "lower_cost": None if self.lower_cost is None else plain(self.lower_cost),
            "more_votes": self.more_votes,
            "supporters_had": round(self.had, 2),
            "supporters_left": round(self.left, 2),
            "taken": [{"project": id_, "voters": n, "amount": round(amount, 2)} for id_, n, amount in self.taken],
            "words": list(self.words),
        }


def why_not(election: Election, outcome: Outcome, project: str, *, progress: Progress | None = None) -> WhyNot:
    """Why a project was not funded. Raises Unusable if there is no such project or it was funded."""
    number = next((n for n, p in enumerate(election.projects) if p.id == project), None)
    if number is None:
        raise Unusable(
            Finding(
                "count.why.unknown",
                f"There is no project {project!r}.",
                field="why",
                fix="Use an id from the column project_id.",
            )
        )
    if project in outcome.funded:
        raise Unusable(Finding("count.why.funded", f"Project {project!r} was funded.", "note", field="why"))
    here, votes = election.projects[number], election.votes[number]
    barred = [f.message for f in outcome.findings if f.field == project and f.code.startswith("count.")]
    if here.withdrawn or barred:
        why = barred[0] if barred else f"Project {project!r} was withdrawn."
        return WhyNot(project, "not competing", votes, here.cost, words=(why,))
    if not shares_steps(outcome) and outcome.endowment is None:
        return _why_simple(outcome, project, votes, here.cost)
    return _why_shares(election, outcome, number, votes)


def _why_simple(outcome: Outcome, project: str, votes: int, cost: Fraction) -> WhyNot:
    left = outcome.budget - outcome.cost
    words = (
        f"Project {project} has {votes} votes and costs {money(cost)}.",
        f"When the projects ahead of it were paid for, {money(left)} was left."
        if left < cost
        else "The rule had stopped before its turn came.",
    )
    return WhyNot(project, "no room" if left < cost else "rule stopped", votes, cost, words=words)


def _why_shares(election: Election, outcome: Outcome, number: int, votes: int) -> WhyNot:
    support, unit = election.support(outcome.rule.utility), election.money_unit
    here = election.projects[number]
    by_cost = support.by_cost
    who, many, much = support.who[number], support.many[number], support.much[number]
    units = np.ones(len(who)) if much is None else much
    best, most_votes = 0.0, None
    assert outcome.endowment is not None
    share = float(outcome.endowment) * unit
    taken: list[tuple[str, int, float]] = []
    before = np.full(len(who), share)
    last: Funded | None = None
    for purses, _, rho, step in replay(election, outcome):
        balance = purses.balance[who]
        if last is not None:
            paid = many * (before - balance)
            if paid.sum() > 0:
                taken.append((last.project, int(many[before > balance].sum()), float(paid.sum()) / unit))
        before, last = balance, step
        if step is None:
            cost, level = float(many @ balance), None
        elif by_cost:
            cost, level = highest_cost(many, balance, units, float(rho)), float(rho) * election.costs[number]
        else:
            level = float(rho)
            cost = float(many @ np.minimum(balance, level * units))
        best = max(best, cost)
        needed = _votes(election.costs[number], many, balance, units, level=level, share=share)
        if needed is not None and (most_votes is None or needed < most_votes):
            most_votes = needed
    taken.sort(key=lambda item: -item[2])
    lower = _checked_cost(election, outcome, number, best / unit)
    more = _checked_votes(election, outcome, number, most_votes) if support.unit == 1 and much is None else None
    had, left = float(many.sum()) * share / unit, float(many @ before) / unit
    effective = best / election.costs[number] if election.costs[number] else None
    words = [
        f"Project {here.id} has {votes} votes and costs {money(here.cost)}. "
        f"Its supporters began with {had:,.2f} together.",
        *(
            f"{n} of them ({100 * n // max(1, votes)} %) also paid for project {id_}: "
            f"{amount:,.2f} of their money went there."
            for id_, n, amount in taken[:5]
        ),
        f"At the end {left:,.2f} was left, {money(here.cost)} was needed.",
    ]
    if effective is not None:
        words += _effective_words(outcome, here.id, effective)
    if lower is not None:
        words.append(f"It would have been funded at a cost of {money(lower)}.")
    if more is not None:
        people = "person" if more == 1 else "people"
        words.append(f"{more} more {people} voting for it alone, with the same share each, would have been enough.")
    return WhyNot(
        here.id, "not affordable", votes, here.cost, effective, lower, more, had, left, tuple(taken), tuple(words)
    )


def _effective_words(outcome: Outcome, project: str, effective: float) -> list[str]:
    """How near it came; a project that could have been paid for lost a tie, and is told which."""
    said = f"Its effective support is {floor(1000 * effective) / 10:.1f} %"
    tie = next((tie for tie in outcome.ties if project in tie["projects"] and tie["chosen"] != project), None)
    if effective < 1 or tie is None:
        return [f"{said} (100 % wins)."]
    others = ", ".join(other for other in tie["projects"] if other != project)
    return [
        f"In round {tie['round']} it tied with {others}, and {tie['chosen']} was taken by {tie['decided_by']}.",
        f"{said}: until then its supporters could have paid for it.",
    ]


def _votes(cost: int, many: Floats, balance: Floats, units: Floats, *, level: float | None, share: float) -> int | None:
    """New supporters needed in this round, each with a whole share, if each pays at most `level`."""
    each = share if level is None else min(share, level)
    held = float(many @ balance) if level is None else float(many @ np.minimum(balance, level * units))
    return None if each <= 0 else max(1, ceil((cost - held) / each - 1e-9))


def _wins(election: Election, outcome: Outcome, number: int) -> bool:
    assert outcome.endowment is not None
    rule = outcome.rule
    competing = [
        n
        for n, p in enumerate(election.projects)
        if p.cost > 0
        and not p.withdrawn
        and not any(f.field == p.id and f.code.endswith(".below") for f in outcome.findings)
    ]
    if rule.rule == "bos":
        return False
    steps, _, _ = equal_shares(
        election,
        election.support(rule.utility),
        outcome.endowment * election.money_unit,
        TieChain(rule.ties, rule.seed),
        competing,
    )
    return any(step.project == number for step in steps)


def _checked_cost(election: Election, outcome: Outcome, number: int, best: float) -> Fraction | None:
    """The highest cost (to a hundredth; above 1,000 to the unit) that wins: found by formula, checked by counting."""
    grain = Fraction(1, 100) if best < 1000 else Fraction(1)
    for less in (0, 1, 2, max(3, int(best / float(grain) * 1e-6))):
        cost = floor(Fraction(best) / grain - less) * grain
        if 0 < cost < election.projects[number].cost and _wins(
            election.priced(number, Fraction(cost)), outcome, number
        ):
            return Fraction(cost)
    return None


def _checked_votes(election: Election, outcome: Outcome, number: int, needed: int | None) -> int | None:
    for more in () if needed is None else (needed, needed + 1, needed + max(2, needed // 100)):
        if _wins(with_votes(election, number, more), outcome, number):
            return more
    return None


def with_votes(election: Election, number: int, more: int) -> Election:
    """The same election with so many more ballots that name this project alone."""
    b = election.ballots
    values = None if b.values is None else np.append(b.values, 0 if election.ballot_type == "ordinal" else b.unit)
    ballots = Ballots(
        np.append(b.starts, b.starts[-1] + 1),
        np.append(b.projects, np.int32(number)),
        np.append(b.people, more),
        values,
        b.unit,
    )
    return replace(election, ballots=ballots, _kept={})
