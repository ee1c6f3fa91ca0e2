"""Why it came out so: effective support, who took a losing project's money, what would have been enough, receipts.

Everything here is read from a replay of the count at its final share per person: the rounds are the same, so nothing
is guessed. The two promises ("this lower cost would have won", "so many more votes would have won") are each checked
by an exact count before they are made; both hold the share per person fixed.

**Effective support** of a losing project is the highest cost at which it would have been bought, as a part of its
real cost. In a round that bought something at rho, a project p with cost c is bought first if its supporters bring c
at no more than rho, so the highest such c is the largest solution of g(rho * value(c)) = c, with g(q) the sum of
min(balance, q*u); after the last round it is all they have left. The best over all rounds counts. (equalshares.net
publishes the same idea for Wieliczka: "project 16 reached 99 %".)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil, floor, log10
from typing import Any

import numpy as np

from becontree.methods.budgeting.add1 import Progress
from becontree.methods.budgeting.count import Funded, Outcome, count, plain
from becontree.methods.budgeting.election import Ballots, Election, Floats, Ints
from becontree.methods.budgeting.rules import Rule
from becontree.methods.budgeting.shares import Purses, equal_shares
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


@dataclass(frozen=True, slots=True)
class Round:
    """One purchase as a picture needs it: balances of the supporters before it, in `people`, and the payment."""

    number: int
    step: Funded
    balances: Floats
    people: Floats
    behind: float
    level: float


def shares_steps(outcome: Outcome) -> list[Funded]:
    return [step for step in outcome.steps if step.phase in ("equal-shares", "bos")]


def replay(election: Election, outcome: Outcome) -> Iterator[tuple[Purses, int, Fraction, Funded | None]]:
    """The purses before each purchase, with its number and exact rho (in units of 1/money_unit), and at the end once
    more with (-1, 0, None). The caller must not keep the purses."""
    support = election.support(outcome.rule.utility)
    unit = election.money_unit
    place = {project.id: number for number, project in enumerate(election.projects)}
    assert outcome.endowment is not None
    purses = Purses(election, support, outcome.endowment * unit)
    for step in shares_steps(outcome):
        number = place[step.project]
        assert step.payment is not None
        payment = step.payment * unit / support.unit
        yield purses, number, payment / support.value[number], step
        if step.phase == "bos":
            from becontree.methods.budgeting.bos import pay_at

            pay_at(purses, number, payment)
        else:
            purses.buy(number, purses.price(number, float(payment)))
    yield purses, -1, Fraction(0), None


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
        f"Project {project} has {votes} votes and costs {_money(cost)}.",
        f"When the projects ahead of it were paid for, {_money(left)} was left."
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
            cost, level = _fixed_point(many, balance, units, float(rho)), float(rho) * election.costs[number]
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
        f"Project {here.id} has {votes} votes and costs {_money(here.cost)}. "
        f"Its supporters began with {had:,.2f} together.",
        *(
            f"{n} of them ({100 * n // max(1, votes)} %) also paid for project {id_}: "
            f"{amount:,.2f} of their money went there."
            for id_, n, amount in taken[:5]
        ),
        f"At the end {left:,.2f} was left, {_money(here.cost)} was needed.",
    ]
    if effective is not None:
        words.append(f"Its effective support is {floor(1000 * effective) / 10:.1f} % (100 % wins).")
    if lower is not None:
        words.append(f"It would have been funded at a cost of {_money(lower)}.")
    if more is not None:
        words.append(f"{more} more people voting for it alone, with the same share each, would have been enough.")
    return WhyNot(
        here.id, "not affordable", votes, here.cost, effective, lower, more, had, left, tuple(taken), tuple(words)
    )


def _fixed_point(many: Floats, balance: Floats, units: Floats, rho: float) -> float:
    """The largest cost c that supporters bring when each pays at most rho * c * u: sum min(b, rho*c*u) = c."""
    order = np.argsort(balance / units, kind="stable")
    ratio, held, weight = (balance / units)[order], (many * balance)[order], (many * units)[order]
    below = np.concatenate(([0.0], np.cumsum(held)))
    above = weight.sum() - np.concatenate(([0.0], np.cumsum(weight)))
    best = 0.0
    for number in range(len(ratio), -1, -1):  # the `number` poorest pay all they have
        slope = 1 - rho * above[number]
        if slope <= 0:
            break
        cost = below[number] / slope
        if number == 0 or ratio[number - 1] <= rho * cost * (1 + 1e-12):
            best = max(best, float(cost))
            break
    return best


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


def effective_support(election: Election, outcome: Outcome) -> dict[str, float]:
    """Effective support of every losing project, from one replay (floats, for tables and pictures)."""
    support = election.support(outcome.rule.utility)
    lost = [
        n
        for n, p in enumerate(election.projects)
        if p.id not in set(outcome.funded) and not p.withdrawn and p.cost > 0 and support.total[n]
    ]
    best = dict.fromkeys(lost, 0.0)
    for purses, _, rho, step in replay(election, outcome):
        for n in lost:
            balance, many = purses.balance[support.who[n]], support.many[n]
            much = support.much[n]
            units = np.ones(len(balance)) if much is None else much
            if step is None:
                cost = float(many @ balance)
            elif support.by_cost:
                if best[n] >= min(float(many @ balance), election.costs[n]):
                    continue
                cost = _fixed_point(many, balance, units, float(rho))
            else:
                cost = float(many @ np.minimum(balance, float(rho) * units))
            best[n] = max(best[n], cost)
    return {election.projects[n].id: best[n] / election.costs[n] for n in lost}


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
    words = [f"Your share was {_money(outcome.endowment)}."]
    words += [f"You paid {_money(paid)} for project {id_}." for id_, paid in lines] or [
        "None of your projects was bought."
    ]
    words.append(f"{_money(left)} of your share was not used.")
    return Receipt(outcome.endowment, tuple(lines), left, tuple(words))


def rounds(election: Election, outcome: Outcome) -> Iterator[Round]:
    """Each purchase with its supporters' balances just before it, in currency, lowest first."""
    support = election.support(outcome.rule.utility)
    unit = election.money_unit
    for number, (purses, project, _, step) in enumerate(replay(election, outcome), 1):
        if step is None or step.payment is None:
            return
        balance = purses.balance[support.who[project]] / unit
        order = np.argsort(balance, kind="stable")
        people = support.many[project][order]
        yield Round(number, step, balance[order], people, float((balance[order] * people).sum()), float(step.payment))


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
        winners = _winners(election, set(funded))
        people = election.ballots.people
        total = int((winners * people).sum())
        rows.append(
            Row(
                other,
                funded,
                election.cost(funded),
                int(people[winners == 0].sum()),
                Fraction(total, election.voters),
                tuple(id_ for id_ in funded if id_ not in here),
                tuple(sorted(here - set(funded))),
            )
        )
    return rows


def _winners(election: Election, funded: set[str]) -> Ints:
    ballots = election.ballots
    places = [n for n, p in enumerate(election.projects) if p.id in funded]
    sums = np.concatenate(([0], np.cumsum(np.isin(ballots.projects, places).astype(np.int64))))
    return sums[ballots.starts[1:]] - sums[ballots.starts[:-1]]


def votes_needed(outcome: Outcome) -> tuple[Fraction, int] | None:
    """For a round sum near the dearest winner: how many people with a whole share could pay for it."""
    dearest = max((step.cost for step in outcome.steps), default=Fraction(0))
    if outcome.endowment is None or dearest < 1:
        return None
    cost = Fraction(10 ** int(log10(dearest)))
    return cost, ceil(cost / outcome.endowment)


def _money(value: Fraction) -> str:
    if value.denominator == 1:
        return f"{value.numerator:,}"
    return f"{floor(value * 100) / 100:,.2f}"
