"""A cap on each share, with the excess spread over the rest: water filling, exact and to the penny.

Computes: pence m_p = min(cap_p, L * w_p) with one level L for all, as high as the pot allows.
Source: Gitcoin's rounds ("matching cap": excess is shared again in proportion); water filling is Cover and Thomas,
"Elements of Information Theory", section 9.4.
Why: a cap that is applied once either leaves money lying or is broken by the second round; repeating until nobody is
above a cap gives the only fair level. What cannot be placed because everyone is at the cap is *reported*, not lost in
silence. Cost: at most one round a project, each linear. Rejected: a fixed number of rounds.

>>> share_out({"a": 8, "b": 1, "c": 1}, 100, caps={"a": 50}).pence
{'a': 50, 'b': 25, 'c': 25}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from becontree.methods.matching.apportion import apportion

Above = Literal["none", "weights"]


@dataclass(frozen=True, slots=True)
class Filled:
    """`pence` by key in the order of the weights; `left` could not be placed; `capped` are at their cap.

    `short`: the pot was smaller than what the weights asked for. `rounds`: who reached the cap in each round.
    """

    pence: dict[str, int]
    left: int
    capped: tuple[str, ...]
    short: bool
    tied: tuple[str, ...]
    rounds: tuple[tuple[str, ...], ...]


def share_out(
    weights: Mapping[str, int],
    pot: int,
    *,
    caps: Mapping[str, int] | None = None,
    unit: int = 1,
    ceiling: Above = "none",
    lot: Sequence[str] | None = None,
) -> Filled:
    """Share `pot` pence in proportion to `weights`, nobody above their cap.

    unit: how many units of weight make a penny. ceiling: "weights" pays nobody more than their weight in pence.
    """
    if pot < 0 or any(weight < 0 for weight in weights.values()) or any(cap < 0 for cap in (caps or {}).values()):
        raise ValueError("Pot, weights and caps are never below zero.")
    caps = {key: cap for key, cap in (caps or {}).items() if key in weights}
    fixed: dict[str, int] = {}
    rounds: list[tuple[str, ...]] = []
    while True:
        free = {key: weight for key, weight in weights.items() if key not in fixed}
        spare, asked = pot - sum(fixed.values()), sum(free.values())
        level = Fraction(spare * unit, asked) if asked else Fraction(0)
        if ceiling == "weights":
            level = min(level, Fraction(1))
        over = tuple(sorted(key for key in free if key in caps and free[key] * level > caps[key] * unit))
        if not over:
            break
        rounds.append(over)
        fixed.update({key: caps[key] for key in over})
    total = int(level * asked / unit)  # rounded down: a part of a penny is nobody's
    shares = apportion(free, total, lot=lot)
    pence = {key: fixed[key] if key in fixed else shares.pence[key] for key in weights}
    wanted = sum(min(weight, caps.get(key, weight // unit + 1) * unit) for key, weight in weights.items())
    return Filled(
        pence, pot - sum(pence.values()), tuple(sorted(fixed)), wanted > pot * unit, shares.tied, tuple(rounds)
    )
