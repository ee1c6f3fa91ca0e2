"""Shares in whole pence that add up exactly: largest remainder (Hamilton, Hare).

Computes: for weights w and a total M, pence m with sum(m) = M and each m within one penny of M * w / sum(w).
Source: Hamilton's method of 1792; Balinski and Young, "Fair Representation" (1982), chapter 3.
Why: nobody is more than a penny from their exact share, and the sum is never wrong. Its known fault, that a share may
fall when the total grows by a penny, is worth at most one penny here.
Cost: one sort. Rejected: rounding each share (the sum drifts), the divisor rules (they may leave the exact share by
more than a penny).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Apportioned:
    """`pence` by key, in the order given; `tied` are the keys between which a penny had to be decided by `lot`."""

    pence: dict[str, int]
    tied: tuple[str, ...] = ()


def apportion(weights: Mapping[str, int | Fraction], total: int, *, lot: Sequence[str] | None = None) -> Apportioned:
    """Share `total` pence in proportion to `weights` (none below zero), to the penny.

    Equal remainders go by `lot`, an order drawn in public; without one, by the order of the ids as text.
    If every weight is zero nothing is shared out.

    >>> apportion({"park": 1, "choir": 1, "shed": 1}, 100, lot=["shed", "park", "choir"])
    Apportioned(pence={'park': 33, 'choir': 33, 'shed': 34}, tied=('choir', 'park', 'shed'))
    """
    if total < 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError("Shares and their total are never below zero.")
    whole = sum(weights.values(), start=Fraction(0))
    if whole == 0:
        return Apportioned(dict.fromkeys(weights, 0))
    exact = {key: Fraction(weight) * total / whole for key, weight in weights.items()}
    pence = {key: share.numerator // share.denominator for key, share in exact.items()}
    spare = total - sum(pence.values())
    place = {key: number for number, key in enumerate(lot if lot is not None else sorted(weights))}
    remainder = {key: exact[key] - pence[key] for key in weights}
    order = sorted(weights, key=lambda key: (-remainder[key], place.get(key, len(place)), key))
    for key in order[:spare]:
        pence[key] += 1
    tied: tuple[str, ...] = ()
    if 0 < spare < len(order) and remainder[order[spare - 1]] == remainder[order[spare]]:
        tied = tuple(sorted(key for key in weights if remainder[key] == remainder[order[spare]]))
    return Apportioned(pence, tied)
