"""The code that a giver writes on a bank transfer, so that we know whose gift it is.

Eight letters and figures, shown as two groups of four: seven at random and a check character. The alphabet has 29
characters, a prime number, with no vowels (no words) and nothing that looks like something else (no 0, O, 1, I). The
check character makes the sum of (position x value) a multiple of 29, so that any one wrong character and any two
swapped characters are noticed (the same reasoning as ISBN-10: a weighted sum modulo a prime).

>>> is_reference(with_check("BCDFGHJ"))
True
>>> shown("BCDFGHJ9")
'BCDF-GHJ9'
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final

__all__ = ["ALPHABET", "LENGTH", "find", "is_reference", "new_reference", "shown", "with_check"]

ALPHABET: Final = "23456789BCDFGHJKLMNPQRSTVWXYZ"
LENGTH: Final = 8
_VALUE: Final = {letter: value for value, letter in enumerate(ALPHABET)}
_SLIPS: Final = str.maketrans({"I": "L", "1": "L"})  # I and 1 are never issued; L is what was meant


def new_reference() -> str:
    """A random reference (29**7, about 1.7e10; the column is unique, the caller tries again on a clash)."""
    return with_check("".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1)))


def with_check(seven: str) -> str:
    """Seven characters and their check character. The last weight is LENGTH, so one division by it modulo 29."""
    total = sum(weight * _VALUE[letter] for weight, letter in enumerate(seven, 1))
    prime = len(ALPHABET)
    return seven + ALPHABET[-total * pow(LENGTH, -1, prime) % prime]


def is_reference(text: str) -> bool:
    if len(text) != LENGTH or any(letter not in _VALUE for letter in text):
        return False
    return sum(weight * _VALUE[letter] for weight, letter in enumerate(text, 1)) % len(ALPHABET) == 0


def find(text: str) -> Sequence[str]:
    """Every possible reference in what a bank printed: spaces, dashes and case do not matter. In order, no doubles."""
    plain = "".join(letter for letter in text.upper() if letter.isalnum()).translate(_SLIPS)
    windows = (plain[start : start + LENGTH] for start in range(len(plain) - LENGTH + 1))
    return list(dict.fromkeys(window for window in windows if is_reference(window)))


def shown(reference: str) -> str:
    return f"{reference[:4]}-{reference[4:]}"
