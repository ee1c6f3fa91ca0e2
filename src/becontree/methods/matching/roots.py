"""Square roots that decide about money: far more digits than matter, and a stated line below which values are equal.

Computes: sums, products and quotients of square roots of pence, rounded to 60 decimals of a penny and then exact.
Why: square roots are irrational, so some rounding is unavoidable; here it is stated, proven to be right and the same
on every machine. Two subsidies nearer to each other than 10**-60 of a penny are equal, and a tie goes to the lot.
Source: the correctly rounded square root of IEEE 754 decimal arithmetic (Python's `decimal`).
How: 160 significant digits first; if the error bound leaves the sixtieth decimal open, twice as many, and again.
Cost: about a microsecond an operation. Rejected: floats (pandas calculators of quadratic funding differ in the last
pennies from machine to machine); exact radicals (pairwise and COCM divide by sums of roots: no simple normal form).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Final

PLACES: Final = 60
GRID: Final = Decimal(1).scaleb(-PLACES)
SCALE: Final = 10**PLACES
FIRST_DIGITS: Final = 160
LAST_DIGITS: Final = 1280


def settled(values: Callable[[], Mapping[str, Decimal]]) -> dict[str, int]:
    """What `values` computes, in units of 10**-60, each rounded half to even; run again with more digits if unsure.

    `values` must do all its arithmetic with Decimal, on numbers below 10**20, in fewer than 10**20 steps: its error
    is then below 10**-(digits - 60), which is what is allowed for here.
    """
    digits = FIRST_DIGITS
    while True:
        with localcontext(Context(prec=digits, rounding=ROUND_HALF_EVEN)):
            found = values()
            slack = Decimal(1).scaleb(-(digits - 60))
            low = {key: (value - slack).quantize(GRID) for key, value in found.items()}
            high = {key: (value + slack).quantize(GRID) for key, value in found.items()}
            if low == high or digits >= LAST_DIGITS:
                return {key: int(value.quantize(GRID).scaleb(PLACES)) for key, value in found.items()}
        digits *= 2
