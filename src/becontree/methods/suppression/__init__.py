"""Small counts that must not be told: which cells to hide so that nobody can work them out, and how sure a share is.

- `protect`: hide counts of 1 to 4, and as few others as needed, over any tables that share cells and totals.
- `one_way`, `two_way`: the same for one row of categories, and for a table with margins.
- `bounds`: what a reader of the published cells can still work out about each hidden one.
- `few`: whether any of some counts is 1 to 4, where a row is shown whole or not at all.
- `wilson`: an interval for a share of those asked.

What is protected, against whom, and the sources: docs/rooms/suppression.md.
"""

from becontree.methods.suppression.bounds import Interval, bounds
from becontree.methods.suppression.protecting import (
    LEAST,
    METHOD,
    Protected,
    Step,
    Sum,
    one_way,
    protect,
    two_way,
)
from becontree.methods.suppression.shares import Z95, Share, share, wilson
from becontree.methods.suppression.telling import few

__all__ = [
    "LEAST",
    "METHOD",
    "Z95",
    "Interval",
    "Protected",
    "Share",
    "Step",
    "Sum",
    "bounds",
    "few",
    "one_way",
    "protect",
    "share",
    "two_way",
    "wilson",
]
