"""Whether a count may stand where everybody reads it, where a page shows all of a row or none of it.

`protect` hides as little as it can, with a solver. Where figures change every few seconds, or where a row is only worth
reading whole, this is enough: show all of it if no cell in it is a few, else none of it and its sum alone.

Source: the primary rule of `protecting`. Cost: one look at each cell. Rejected: hiding the one small cell alone (its
row's sum gives it away).
"""

from __future__ import annotations

from becontree.methods.suppression.protecting import LEAST


def few(*counts: int, least: int = LEAST) -> bool:
    """Whether any of these counts is 1 to `least` - 1: about so few that it would tell of them.

    A part beside its whole: ask for the part and for what is left, `few(part, whole - part)`.

    >>> few(0, 12, 5), few(12, 3)
    (False, True)
    """
    return any(0 < n < least for n in counts)
