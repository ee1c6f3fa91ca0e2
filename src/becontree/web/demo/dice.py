"""Dice for the example borough: NumPy's PCG64, whose numbers are the same in every release and on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, TypeVar

import numpy as np

from becontree.methods.canonical import digest

T = TypeVar("T")


class Dice:
    """What an example needs of chance; one seed, one borough. Nothing that matters is decided with it."""

    def __init__(self, seed: str) -> None:
        self._made = np.random.Generator(np.random.PCG64(int(digest(seed)[:16], 16)))

    def random(self) -> float:
        """At least 0, below 1."""
        return float(self._made.random())

    def randrange(self, low: int, high: int | None = None) -> int:
        """A whole number from `low` (0 where only one is given), below `high`."""
        if high is None:
            low, high = 0, low
        return low + int(self.random() * (high - low))

    def choice(self, items: Sequence[T]) -> T:
        return items[self.randrange(len(items))]

    def weighted(self, shares: dict[T, Any]) -> T:
        """A key, as often as its share says."""
        ends = list(accumulate(shares.values()))
        roll = self.random() * ends[-1]
        return next(key for key, end in zip(shares, ends, strict=True) if roll < end)

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """`count` different ones, in a random order."""
        left = list(items)
        return [left.pop(self.randrange(len(left))) for _ in range(count)]

    def lognormal(self, middle: float, spread: float) -> float:
        return float(np.exp(middle + spread * self._made.standard_normal()))
