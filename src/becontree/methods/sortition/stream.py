"""Numbers and shuffles from a public seed: SHA-256 in counter mode, with rejection.

seed = SHA-256("civic-draw/1" 0 purpose 0 commitment beacon); block i = SHA-256(seed, i as 8 bytes); words of 8 bytes,
big end first; a word at or above the largest multiple of n is thrown away, so every number is equally likely.
Shuffle: Fisher-Yates from the top. Nothing here can be steered by whoever calls it: only by the two inputs, one fixed
before the other is known.

>>> Stream.of("panel", bytes(32), bytes(32)).uniform(6) in range(6)
True
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")
PREFIX = b"civic-draw/1"


def seed_of(purpose: str, commitment: bytes, beacon: bytes) -> bytes:
    """The 32 bytes that drive one purpose. Lengths are fixed or ended by a zero byte, so no two inputs run together."""
    if "\0" in purpose:
        raise ValueError("A purpose holds no zero byte.")
    return hashlib.sha256(PREFIX + b"\0" + purpose.encode() + b"\0" + commitment + beacon).digest()


class Stream:
    """An endless stream of words from a seed."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._block = 0
        self._words: list[int] = []

    @classmethod
    def of(cls, purpose: str, commitment: bytes, beacon: bytes) -> Stream:
        return cls(seed_of(purpose, commitment, beacon))

    def _word(self) -> int:
        if not self._words:
            block = hashlib.sha256(self._seed + self._block.to_bytes(8, "big")).digest()
            self._words = [int.from_bytes(block[start : start + 8], "big") for start in (24, 16, 8, 0)]
            self._block += 1
        return self._words.pop()

    def uniform(self, count: int) -> int:
        """A whole number from 0 to count - 1, each equally likely."""
        if not 0 < count <= 2**64:
            raise ValueError(f"Cannot choose among {count}.")
        limit = 2**64 - 2**64 % count
        while True:
            word = self._word()
            if word < limit:
                return word % count

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """A shuffled copy."""
        deck = list(items)
        for top in range(len(deck) - 1, 0, -1):
            other = self.uniform(top + 1)
            deck[top], deck[other] = deck[other], deck[top]
        return deck
