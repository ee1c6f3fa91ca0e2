"""Which statement to show a person next: seeded, logged, and fair to late statements.

The base is the priority published for Polis (Small et al. 2021; red-dwarf 0.4.0 has the same):
[(1 - (passes+1)/(seen+2)) x (extremity+1) x (agrees+1)/(seen+2) x (1 + 8 x 2^(-seen/5))]^2, drawn at random
among what the person has not seen. Three rules are ours, because real conversations showed the need:

- *A floor.* Half of all draws, where there are any, go to statements with fewer votes than the median one, so
  that what is said late is heard (in one real conversation the last quarter got 1 vote where the first got
  754).
- *Questions about you* ("meta") come after the seventh vote and at most once in three.
- *Every draw is logged* with its seed, counter, weights' digest and probability, so that an auditor can redo
  it. Polis served uniformly at random for a year because one flag read wrong; `Served.probability` makes that
  visible.

Whole-number weights and a SHA-256 stream with rejection: the draw is exact and the same on every machine.

Cost: one pass over the statements a draw. Rejected: uniformly at random, as Polis did for that year (what is late
stays unheard); without a log (nobody could tell which of the two was at work).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from becontree.methods.opinion.plane import Floats
from becontree.methods.opinion.statistics import Ints

SCALE: Final = 2**20
FLOOR: Final = (1, 2)  # share of draws that go to statements below the median of votes
META_AFTER: Final = 7
META_EVERY: Final = 3
OFFER_TO_STOP: Final = 10
ASK_FOR_OWN: Final = 7


@dataclass(frozen=True, slots=True)
class Served:
    """What was shown and why. `probability` is "numerator/denominator", the chance it had among all
    candidates.
    """

    statement: int
    candidates: int
    pool: str  # "all", "below the median" or "about you"
    probability: str
    seed: str
    counter: int
    weights: str  # SHA-256 of the whole-number weights of the pool
    offer_to_stop: bool
    ask_for_own: bool


def priorities(agree: Any, passed: Any, seen: Any, extremity: Any) -> Floats:
    """The published priority of each statement; arrays of shape (statements,)."""
    agree, passed, seen = np.asarray(agree), np.asarray(passed), np.asarray(seen)
    engaged = 1 - (passed + 1) / (seen + 2)
    fresh = 1 + 8 * np.exp2(-seen / 5)
    return np.asarray((engaged * (np.asarray(extremity) + 1) * (agree + 1) / (seen + 2) * fresh) ** 2)


def extremity(loadings: Floats, mean: Floats, statements: int) -> Floats:
    """How far out a person would stand who agreed with that one statement and had seen nothing else."""
    return np.asarray(np.sqrt(statements) * np.abs(1 - mean) * np.linalg.norm(loadings, axis=1))


def next_statement(
    priority: Floats,
    seen_by_all: Ints,
    *,
    answered: Collection[int],
    withheld: Collection[int] = (),
    about_you: Collection[int] = (),
    last_shown: Collection[int] = (),
    seed: str,
    counter: int,
) -> Served | None:
    """Draw the next statement for one person, or None when all are answered.

    `answered` this person's statements, `withheld` moderated ones, `about_you` the meta questions,
    `last_shown` what this person was shown most recently (newest last). `seed` names the conversation and the
    person, `counter` the draw.
    """
    left = [one for one in range(len(priority)) if one not in answered and one not in withheld]
    personal = [one for one in left if one in about_you]
    opinions = [one for one in left if one not in about_you]
    if not opinions and not personal:
        return None
    stream = _Stream(f"{seed}/{counter}")
    recent = list(last_shown)[-(META_EVERY - 1) :]
    may_ask = len(answered) >= META_AFTER and not any(one in about_you for one in recent)
    chance_top, chance_bottom = 1, 1
    pool, name = opinions, "all"
    if personal and (not opinions or (may_ask and stream.below(META_EVERY) == 0)):
        pool, name = personal, "about you"
        chance_bottom = META_EVERY if opinions else 1
    else:
        if personal and may_ask:
            chance_top, chance_bottom = META_EVERY - 1, META_EVERY
        median = float(np.median(seen_by_all[opinions]))
        below = [one for one in opinions if seen_by_all[one] < median]
        if below and stream.below(FLOOR[1]) < FLOOR[0]:
            pool, name = below, "below the median"
            chance_top, chance_bottom = chance_top * FLOOR[0], chance_bottom * FLOOR[1]
    weights = [max(1, int(priority[one] * SCALE)) if name != "about you" else 1 for one in pool]
    at = stream.below(sum(weights))
    chosen = 0
    while at >= weights[chosen]:
        at -= weights[chosen]
        chosen += 1
    digest = hashlib.sha256(repr(list(zip(pool, weights, strict=True))).encode()).hexdigest()
    return Served(
        statement=pool[chosen],
        candidates=len(opinions) + len(personal),
        pool=name,
        probability=f"{chance_top * weights[chosen]}/{chance_bottom * sum(weights)}",
        seed=seed,
        counter=counter,
        weights=digest,
        offer_to_stop=len(answered) >= OFFER_TO_STOP and len(answered) % OFFER_TO_STOP == 0,
        ask_for_own=len(answered) == ASK_FOR_OWN or len(left) == 1,
    )


class _Stream:
    """Whole numbers from SHA-256(seed/draw): uniform by rejection."""

    def __init__(self, seed: str) -> None:
        self._seed, self._draw = seed, 0

    def below(self, limit: int) -> int:
        span = 1 << 256
        while True:
            number = int.from_bytes(hashlib.sha256(f"{self._seed}/{self._draw}".encode()).digest(), "big")
            self._draw += 1
            if number < span - span % limit:
                return number % limit
