"""From public randomness to numbers, without bias: a SHA-256 stream, rejection, and the Fisher-Yates shuffle.

Computes:
    seed    = SHA-256("civic-draw/1" 0x00 purpose 0x00 commitment beacon)
    block i = SHA-256(seed, i as 8 bytes, big-endian); each block is four 8-byte big-endian words
    uniform(n): words v in turn; v >= 2**64 - (2**64 mod n) is thrown away; the first kept v gives v mod n
    shuffle: from the last place to the second, swap place i with uniform(i + 1)

Source: NIST SP 800-90A appendix A.5 (simple discard method); Durstenfeld, CACM 7 (1964) 420; RFC 3797 for publishing
the pool and the method first. Why: short enough to write again in an afternoon in any language, and every number is
exactly equally likely. Cost: one hash for four numbers.
Rejected: a plain remainder (an 8-bit word for 1 to 100 is out by 17%); RFC 3797's MD5; `random` (32-bit seeds, and its
numbers are promised to nobody).

Test vector: commitment SHA-256("test commitment"), quicknet round 657413: purpose "panel", uniform(1000) is 719;
purpose "prize", uniform(1000000) is 438821.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, TypeVar

T = TypeVar("T")
PROTOCOL: Final = "civic-draw/1"
WORDS: Final = 2**64


def seed(purpose: str, commitment: bytes, beacon: bytes) -> bytes:
    """The 32-byte seed of one draw. `purpose` keeps two draws from one beacon apart; it holds no zero byte."""
    if "\0" in purpose:
        raise ValueError("A purpose holds no zero byte: it would blur where the commitment begins.")
    if len(commitment) != 32 or not beacon:
        raise ValueError("A commitment is 32 bytes, and the beacon is never empty.")
    return hashlib.sha256(b"\0".join((PROTOCOL.encode(), purpose.encode(), commitment + beacon))).digest()


class Stream:
    """Numbers from a seed, in one fixed order. Two streams with one seed give the same numbers."""

    __slots__ = ("_block", "_next", "_seed", "_words")

    def __init__(self, start: bytes) -> None:
        self._seed, self._block, self._words, self._next = start, 0, (0, 0, 0, 0), 4

    def word(self) -> int:
        """The next 64-bit word."""
        if self._next == 4:
            block = hashlib.sha256(self._seed + self._block.to_bytes(8, "big")).digest()
            self._words = tuple(int.from_bytes(block[at : at + 8], "big") for at in (0, 8, 16, 24))  # type: ignore[assignment]
            self._block, self._next = self._block + 1, 0
        self._next += 1
        return self._words[self._next - 1]

    def uniform(self, n: int) -> int:
        """A whole number from 0 to n - 1, each exactly equally likely."""
        if not 1 <= n <= WORDS:
            raise ValueError(f"{n} is not between 1 and 2**64.")
        limit = WORDS - WORDS % n
        while (value := self.word()) >= limit:
            pass
        return value % n


def shuffled(items: Sequence[T], stream: Stream) -> list[T]:
    """The items in a random order, each order equally likely. Put them in a fixed order first."""
    order = list(items)
    for place in range(len(order) - 1, 0, -1):
        other = stream.uniform(place + 1)
        order[place], order[other] = order[other], order[place]
    return order


def chosen(items: Sequence[T], count: int, stream: Stream) -> list[T]:
    """`count` different items, first drawn first: the first places of a shuffle."""
    if not 0 <= count <= len(items):
        raise ValueError(f"{count} cannot be drawn from {len(items)}.")
    return shuffled(items, stream)[:count]


def lot(ids: Sequence[str], start: bytes) -> list[str]:
    """A public order of ids for breaking ties: sorted as text first, then shuffled."""
    return shuffled(sorted(ids), Stream(start))
