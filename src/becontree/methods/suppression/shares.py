"""How sure a share is: Wilson's score interval.

Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
Statistical Association 22 (1927), 209-212. Chosen because it behaves for small numbers and for shares near nothing or
everything, where the textbook interval gives shares below 0 (L. D. Brown, T. T. Cai, A. DasGupta, "Interval estimation
for a binomial proportion", Statistical Science 16 (2001), 101-133, who recommend it). It says how far chance alone
would move the share if those heard had been drawn by lot. People who answer are not drawn by lot: pages say so.

Cost: a square root. Rejected: the textbook interval, and Clopper and Pearson's (so careful that it is too wide to
read).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

Z95: Final = 1.959963984540054  # the 97.5 % point of the normal distribution


@dataclass(frozen=True, slots=True)
class Share:
    """`n` of `of` people, as a share with its interval; all three between 0 and 1."""

    n: int
    of: int
    value: float
    low: float
    high: float


def wilson(n: int, of: int, *, z: float = Z95) -> tuple[float, float]:
    """The interval (low, high) of the share `n` of `of`; (0, 1) where nobody was asked.

    >>> low, high = wilson(10, 100)
    >>> f"{low:.4f} {high:.4f}"
    '0.0552 0.1744'
    """
    if not 0 <= n <= of:
        raise ValueError(f"{n} of {of} is no share.")
    if of == 0:
        return 0.0, 1.0
    p, square = n / of, z * z
    middle = (p + square / (2 * of)) / (1 + square / of)
    reach = z / (1 + square / of) * math.sqrt(p * (1 - p) / of + square / (4 * of * of))
    low = 0.0 if n == 0 else max(0.0, middle - reach)
    high = 1.0 if n == of else min(1.0, middle + reach)
    return low, high


def share(n: int, of: int, *, z: float = Z95) -> Share:
    """The share with its interval."""
    low, high = wilson(n, of, z=z)
    return Share(n, of, n / of if of else 0.0, low, high)
