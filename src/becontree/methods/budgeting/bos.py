"""BOS Equal Shares: Equal Shares with bounded overspending.

**What it computes.** Equal Shares passes over a popular project that its supporters miss by a hair. BOS lets them buy
it when their money covers a part alpha of the cost: they pay as if the full price were shared (many end with
nothing), and the missing part is forgiven, as long as the real budget holds. At payment level x the supporters bring
g(x) = sum min(balance, x*u), so alpha = min(1, g(x)/cost) and rho = x/alpha; each round buys the project and level
with the smallest rho/alpha among projects that fit in what is really left, and supporter i pays min(balance, rho*u).
Source: Papasotiropoulos, Pishbin, Skibski, Skowron, Was, "Method of Equal Shares with Bounded Overspending", EC 2025
(arXiv 2409.15005), section 5.

**Where to look.** Between two neighbouring balances g is a line a + s*x and x/g(x)**2 first rises, then falls, so
the best level is one of the supporters' balances (per unit of utility) or the level that covers the cost in full.

**Exactness and one declared rounding.** Levels are compared as whole numbers, with floats only to leave out what is
provably worse. But when alpha < 1 the exact rho would double its number of digits in every round. So there, and only
there, rho is rounded *up* to 10**-12 of a currency unit; the verifier does the same.

**Why offered.** It spends most of the budget without Add1's raised shares, and funds what nearly everybody wants (the
paper's Helenka paradox). **Cost.** Every balance of every supporter is looked at: 0.1 CPU s for Wieliczka 2023, 1.0 for
Budapest 2024, a hundred times Equal Shares. **Rejected.** A root finder for the level (what other programs do: floats,
and a tie may be missed or invented); BOS+ and the fractional rule of the same paper, which no town has used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, gcd
from typing import Final

import numpy as np

from becontree.methods.budgeting.election import Election, Support
from becontree.methods.budgeting.shares import ULP, Purses, Step
from becontree.methods.budgeting.ties import Tie, TieChain

GRID: Final = 10**12


@dataclass(frozen=True, slots=True)
class Level:
    """A payment level of a project: `score` = value * alpha**2 / x (larger is better) and the exact payment."""

    score: Fraction
    rho: Fraction
    alpha: Fraction


def best_level(purses: Purses, project: int, value: int) -> Level | None:
    """The best level of a project, exactly; None if its supporters have nothing."""
    who, many, much = purses.who[project], purses.many[project], purses.much[project]
    alive = purses.balance[who] > 0
    if not alive.any():
        return None
    who, many = who[alive], many[alive]
    units = np.ones(len(who)) if much is None else much[alive]
    balance = purses.balance[who]
    order = np.argsort(balance / units, kind="stable")
    who, many, units, balance = who[order], many[order], units[order], balance[order]
    ratio = balance / units
    cost = purses.costs[project]
    bottom = purses.chain.bottom
    below = np.cumsum(many * balance)
    rest = (many * units).sum() - np.cumsum(many * units)
    money = below + ratio * rest
    wrong = 1.01 * many.sum() * purses.slack + 4 * (len(who) + 8) * ULP * money
    reached = money < cost + wrong  # beyond the full price no level is looked at
    score = money / cost * money / cost / ratio * value
    doubt = 2 * wrong / money + purses.slack / balance + 32 * ULP
    lowest = float((score * (1 - doubt))[reached].max()) if reached.any() else 0.0
    found: Level | None = None
    seen: set[Fraction] = set()
    candidates = np.flatnonzero(reached & (score * (1 + doubt) >= lowest)).tolist()
    one = np.ones(1)
    for number in candidates:
        own = purses.exact(who[number : number + 1], one)
        unit = int(units[number])
        level = Fraction(own, bottom * unit)
        if level in seen:
            continue
        seen.add(level)
        poor = ratio < ratio[number] * (1 - 1e-12) - 2 * purses.slack
        near = ~poor & (ratio <= ratio[number] * (1 + 1e-12) + 2 * purses.slack)
        held = purses.exact(who[poor], many[poor])
        rich = int((many * units)[~poor & ~near].sum())
        brought = Fraction(held, bottom) + level * rich
        for other in np.flatnonzero(near).tolist():
            has = Fraction(purses.exact(who[other : other + 1], one), bottom)
            brought += int(many[other]) * min(has, level * int(units[other]))
        if brought >= cost:
            continue
        alpha = brought / cost
        made = Level(value * alpha * alpha / level, level / alpha, alpha)
        if found is None or (made.score, made.alpha) > (found.score, found.alpha):
            found = made
    _, enough = purses.behind(project)
    if enough:
        top, scale, _, _ = purses.price(project, float(cost / (many * units).sum()))
        full = Fraction(top, bottom * scale)
        made = Level(Fraction(value) / full, full, Fraction(1))
        if found is None or made.score >= found.score:
            found = made
    return found


def bos(
    election: Election, support: Support, endowment: Fraction, *, ties: TieChain, competing: Sequence[int], room: int
) -> tuple[list[Step], list[Tie], list[Fraction]]:
    """BOS Equal Shares; returns purchases, ties, and the part alpha of the cost that was covered in each."""
    purses = Purses(election, support, Fraction(endowment))
    purses.chain.endowment *= GRID  # so that a rounded payment needs no new denominator
    purses.chain.start *= GRID
    purses.chain.bottom *= GRID
    open_ = [project for project in competing if support.total[project] > 0]
    left = room
    steps: list[Step] = []
    met: list[Tie] = []
    parts: list[Fraction] = []
    known: dict[int, Level | None] = {project: best_level(purses, project, support.value[project]) for project in open_}
    while True:
        open_ = [project for project in open_ if election.costs[project] <= left and known[project] is not None]
        if not open_:
            return steps, met, parts
        # Scores only fall as money is spent: look again at the best until the best is fresh.
        fresh: set[int] = set()
        while True:
            best = max((level.score for project in open_ if (level := known[project]) is not None), default=None)
            stale = [p for p in open_ if p not in fresh and (level := known[p]) is not None and level.score == best]
            if not stale:
                break
            for project in stale:
                known[project] = best_level(purses, project, support.value[project])
                fresh.add(project)
        tied = [p for p in open_ if (level := known[p]) is not None and level.score == best]
        if not tied:
            return steps, met, parts
        chosen = tied[0]
        if len(tied) > 1:
            tie = ties.decide(election, tied, len(steps) + 1)
            met.append(tie)
            chosen = tie.chosen
        level = known[chosen]
        assert level is not None
        rho = level.rho
        if level.alpha < 1:
            rho = ceil(rho * GRID / election.money_unit) * Fraction(election.money_unit, GRID)
        steps.append(pay_at(purses, chosen, rho))
        parts.append(level.alpha)
        left -= election.costs[chosen]
        open_.remove(chosen)


def pay_at(purses: Purses, project: int, rho: Fraction) -> Step:
    """Everybody pays min(balance, rho * utility), sides decided exactly where floats cannot."""
    who, much = purses.who[project], purses.much[project]
    balance = purses.balance[who]
    full = float(rho) if much is None else float(rho) * much
    alive = balance > 0
    rich = alive & (balance > full)
    broke = alive & ~rich
    bottom = purses.chain.bottom
    for voter in np.flatnonzero(alive & (np.abs(balance - full) <= 2 * purses.slack + 8 * ULP * np.abs(full))).tolist():
        has = Fraction(purses.exact(who[voter : voter + 1], np.ones(1)), bottom)
        need = rho * (1 if much is None else int(much[voter]))
        rich[voter], broke[voter] = has >= need, has <= need
    shared = gcd(bottom, rho.denominator)
    return purses.buy(project, (rho.numerator * (bottom // shared), rho.denominator // shared, rich, broke))
