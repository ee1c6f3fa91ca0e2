"""What each group thinks of each statement: counts, tests, what represents whom, common ground and divides.

Sources. Representative statements and group-informed consensus follow Small et al. 2021 with the
pseudo-counts of Polis and red-dwarf 0.4.0, so that both can be compared with theirs digit for digit. Common
ground and divides are ours:

- *Common ground*: in every group, the 10 % lower bound of the agree share (Jeffreys' Beta(agrees + 1/2, rest
  + 1/2), Brown, Cai and DasGupta 2001) is above one half, and every group cast at least five votes. Ranked by
  the geometric mean of those bounds, so that two and five groups compare. The same for shared disagreement.
- *Divisive*: the two groups furthest apart in (agrees + 1)/(seen + 2) differ by more than chance (one-sided
  90 %), and the statement is not common ground. Ranked by the lower bound of the difference. Low consensus alone
  is not division: all may disagree. Nor is a difference of degree: where surely more than half of every group is
  on one side, 95 % here and 65 % there, the statement unites, and the shares say how strongly. So none is both.

Rejected: the plain product as the ranking (93 % agreement scores 0.33 with six groups; two votes can win),
kept only for comparison. With one group only, "divisive" means divided within: both sides' lower bounds, the
smaller one.

Cost: three counts a vote, then array formulas over groups x statements.

Why lower bounds and not shares: a statement with ten votes must not outrank one with a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from becontree.methods.opinion.plane import Floats, Tallies
from becontree.methods.opinion.votes import Votes

Side = Literal["agree", "disagree"]
SIDES: Final[tuple[Side, Side]] = ("agree", "disagree")
Ints = NDArray[np.int64]

Z90: Final = 1.2815515655446004  # the 90 % point of the standard normal
SHOWN: Final = 5  # representative statements a group, and majority statements a side (Polis)
LISTED: Final = 20  # common ground and divisive statements
LEAST_VOTES: Final = 5  # votes each group must have cast before a statement is called common ground or divisive
LOWER: Final = 0.10


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """How each group voted on each statement; arrays of shape (groups, statements). Passes are seen."""

    agree: Ints
    disagree: Ints
    seen: Ints

    def share(self, side: Side) -> Floats:
        """(side + 1) / (seen + 2): the smoothed share."""
        return np.asarray((1 + (self.agree if side == "agree" else self.disagree)) / (2 + self.seen))

    def consensus(self, side: Side) -> Floats:
        """Group-informed consensus: the product over groups of the smoothed share."""
        return np.asarray(self.share(side).prod(axis=0))


@dataclass(frozen=True, slots=True)
class Representative:
    """A statement that sets a group apart. `p` share and its z, `ratio` to everyone else and its z."""

    statement: int
    side: Side
    votes: int
    seen: int
    p: float
    p_z: float
    ratio: float
    ratio_z: float
    best_agree: bool = False


@dataclass(frozen=True, slots=True)
class Shared:
    """A statement that every group supports (or every group opposes)."""

    statement: int
    side: Side
    bound: float  # geometric mean over groups of the lower bounds
    lowest: float  # the least of them
    consensus: float  # the classic product


@dataclass(frozen=True, slots=True)
class Divide:
    """A statement on which groups `high` and `low` stand apart; equal groups mean: divided within the one
    group.
    """

    statement: int
    high: int
    low: int
    difference: float
    bound: float
    z: float


@dataclass(frozen=True, slots=True)
class Majority:
    """A statement most voters agree (disagree) with, whatever their group."""

    statement: int
    side: Side
    votes: int
    seen: int
    p: float
    p_z: float


def count(votes: Votes, label: NDArray[np.int64], groups: int) -> Counts:
    """Votes by group; `label` has one group a participant, -1 for none."""
    columns = len(votes.statements)
    cells = groups * columns
    counted = np.zeros((3, cells), dtype=np.int64)
    for people, part, person in votes.chunks():
        of = label[people][person - people.start]
        value, column = votes.value[part], votes.column[part]
        if (of < 0).any():
            kept = of >= 0
            of, value, column = of[kept], value[kept], column[kept]
        key = (value.astype(np.int64) + 1) * cells + of * columns + column
        counted += np.bincount(key, minlength=3 * cells).reshape(3, cells)
    table = counted.reshape(3, groups, columns)
    return Counts(table[2], table[0], table.sum(axis=0))


def one_share_z(hits: Any, seen: Any) -> Floats:
    """z of a share against one half, one added to hits and seen. +1 without votes: ask for least votes
    first.
    """
    n = np.asarray(seen) + 1
    return np.asarray(2 * np.sqrt(n) * ((np.asarray(hits) + 1) / n - 0.5))


def two_share_z(hits: Any, seen: Any, other_hits: Any, other_seen: Any) -> Floats:
    """Pooled z of the difference of two shares, one added to all four counts; 0 where everybody agrees."""
    a, b = np.asarray(hits) + 1, np.asarray(other_hits) + 1
    m, n = np.asarray(seen) + 1, np.asarray(other_seen) + 1
    pooled = (a + b) / (m + n)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / m + 1 / n))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(pooled == 1, 0.0, (a / m - b / n) / spread)


def representative(counts: Counts, out: NDArray[np.bool_]) -> tuple[tuple[Representative, ...], ...]:
    """Up to five statements a group: its best agreed one, then by ratio x z x share x z; agreements first."""
    whole = Counts(counts.agree.sum(0), counts.disagree.sum(0), counts.seen.sum(0))
    found = []
    usable = np.flatnonzero(~out & (whole.seen > 0))
    for group in range(len(counts.seen)):
        seen = counts.seen[group][usable]
        others_seen = whole.seen[usable] - seen
        sides: dict[Side, dict[str, Floats]] = {}
        for side in ("agree", "disagree"):
            hits = getattr(counts, side)[group][usable]
            others = getattr(whole, side)[usable] - hits
            p = (1 + hits) / (2 + seen)
            sides[side] = {
                "hits": hits,
                "p": p,
                "pz": one_share_z(hits, seen),
                "r": p / ((1 + others) / (2 + others_seen)),
                "rz": two_share_z(hits, seen, others, others_seen),
            }
        found.append(_select(usable, seen, sides["agree"], sides["disagree"]))
    return tuple(found)


def _select(usable: Ints, seen: Ints, yes: dict[str, Floats], no: dict[str, Floats]) -> tuple[Representative, ...]:
    if not len(usable):
        return ()
    agreeing = yes["rz"] > no["rz"]  # the side on which a statement speaks for the group
    telling = ((yes["pz"] > Z90) & (yes["rz"] > Z90)) | ((no["pz"] > Z90) & (no["rz"] > Z90))
    metric = np.where(agreeing, yes["r"] * yes["rz"] * yes["p"] * yes["pz"], no["r"] * no["rz"] * no["p"] * no["pz"])

    def entry(at: int, best: bool = False) -> Representative:
        side: Side = "agree" if agreeing[at] else "disagree"
        of = yes if agreeing[at] else no
        return Representative(
            int(usable[at]), side, int(of["hits"][at]), int(seen[at]), float(of["p"][at]),
            float(of["pz"][at]), float(of["r"][at]), float(of["rz"][at]), best, )  # fmt: skip

    head = _best_agreed(yes, no)
    chosen = [] if head is None else [entry(head, best=True)]
    ranked = sorted(np.flatnonzero(telling).tolist(), key=lambda at: (-metric[at], at))
    if head is None:
        head = ranked[0] if ranked else int(np.argmax(np.maximum(yes["rz"], no["rz"])))
        chosen = [entry(head)]
    chosen += [entry(at) for at in ranked if at != head]
    return tuple(sorted(chosen[:SHOWN], key=lambda one: one.side))


def _best_agreed(yes: dict[str, Floats], no: dict[str, Floats]) -> int | None:
    """The statement a group agrees with most tellingly: by ratio if it beats the others, else by share
    alone.
    """
    share = (yes["p"] * yes["pz"]).tolist()
    full = (yes["r"] * yes["rz"] * yes["p"] * yes["pz"]).tolist()
    ratio, p, pz = yes["r"].tolist(), yes["p"].tolist(), yes["pz"].tolist()
    best: int | None = None
    for at in np.flatnonzero((yes["hits"] > 0) | (no["hits"] > 0)).tolist():
        if best is None:
            if pz[at] > Z90 or (ratio[at] > 1.0 and p[at] > 0.5):
                best = at
        elif ratio[best] > 1.0:
            if full[at] > full[best]:
                best = at
        elif share[at] > share[best]:
            best = at
    return best


def lower_bound(hits: Any, seen: Any) -> Floats:
    """The 10 % point of Beta(hits + 1/2, rest + 1/2)."""
    from scipy.special import betaincinv

    hits = np.asarray(hits, dtype=np.float64)
    return np.asarray(betaincinv(hits + 0.5, np.asarray(seen) - hits + 0.5, LOWER))


def common_ground(counts: Counts, out: NDArray[np.bool_]) -> tuple[Shared, ...]:
    """Statements that every group agrees with, then those that every group disagrees with; strongest
    first.
    """
    found: list[Shared] = []
    for side in SIDES:
        product = counts.consensus(side)
        shared, bounds = _shared(counts, out, side)
        mean = np.exp(np.log(bounds).mean(axis=0)) if len(shared) else np.zeros(0)
        listed = [
            Shared(at, side, float(mean[place]), float(bounds[:, place].min()), float(product[at]))
            for place, at in enumerate(shared.tolist())
        ]
        found += sorted(listed, key=lambda one: (-round(one.bound, 9), one.statement))[:LISTED]
    return tuple(found)


def _shared(counts: Counts, out: NDArray[np.bool_], side: Side) -> tuple[Ints, Floats]:
    """The statements on whose `side` surely more than half of every group is, and each group's lower bound of them."""
    if not counts.seen.size:
        return np.zeros(0, dtype=np.int64), np.zeros((0, 0))
    hits = getattr(counts, side)
    enough = (counts.seen.min(axis=0) >= LEAST_VOTES) & ~out
    open_ = np.flatnonzero(enough & (2 * hits > counts.seen).all(axis=0))
    bounds = lower_bound(hits[:, open_], counts.seen[:, open_])
    sure = bounds.min(axis=0, initial=1.0) > 0.5
    return open_[sure], bounds[:, sure]


def divisive(counts: Counts, out: NDArray[np.bool_]) -> tuple[Divide, ...]:
    """Statements that set groups apart, widest certain difference first. None of them is common ground."""
    if not counts.seen.size:
        return ()
    share = counts.share("agree")
    enough = (counts.seen.min(axis=0) >= LEAST_VOTES) & ~out
    for side in SIDES:
        enough[_shared(counts, out, side)[0]] = False
    found: list[Divide] = []
    if len(share) == 1:
        for at in np.flatnonzero(enough):
            sides = lower_bound([counts.agree[0, at], counts.disagree[0, at]], counts.seen[0, at])
            bound = float(sides.min())
            if bound > 1 / 4:  # at least a quarter on each side, surely
                gap = abs(int(counts.agree[0, at]) - int(counts.disagree[0, at])) / int(counts.seen[0, at])
                found.append(Divide(int(at), 0, 0, gap, bound, 0.0))
    else:
        spread = share * (1 - share) / (counts.seen + 2)
        every = np.arange(share.shape[1])
        high, low = share.argmax(axis=0), share.argmin(axis=0)
        gap = share[high, every] - share[low, every]
        bound = gap - Z90 * np.sqrt(spread[high, every] + spread[low, every])
        z = two_share_z(
            counts.agree[high, every],
            counts.seen[high, every],
            counts.agree[low, every],
            counts.seen[low, every],
        )
        certain = np.flatnonzero(enough & (z > Z90) & (bound > 0)).tolist()
        found = [
            Divide(at, int(high[at]), int(low[at]), float(gap[at]), float(bound[at]), float(z[at])) for at in certain
        ]
    return tuple(sorted(found, key=lambda one: (-round(one.bound, 9), one.statement))[:LISTED])


def majority(tallies: Tallies, out: NDArray[np.bool_]) -> tuple[Majority, ...]:
    """Up to five statements a side that most people agree (disagree) with, groups left aside."""
    found: list[Majority] = []
    for side in SIDES:
        hits = getattr(tallies, side)
        p = (1 + hits) / (2 + tallies.seen)
        z = one_share_z(hits, tallies.seen)
        at = np.flatnonzero(~out & (tallies.seen > 0) & (p > 0.5) & (z > Z90))
        ranked = sorted(at.tolist(), key=lambda one: (-(p[one] * z[one]), one))[:SHOWN]
        found.extend(
            Majority(one, side, int(hits[one]), int(tallies.seen[one]), float(p[one]), float(z[one])) for one in ranked
        )
    return tuple(found)
