"""Checks a panel selection from its record: the proof, every panel's quotas, the chances and the lottery. No solver.

Written apart from `becontree.methods.sortition`, in whole numbers and fractions, from these facts:

- A panel meets every quota, so multipliers y of the quotas, added over its seats, give at most B: the sum of y times
  the most (y above 0) or y times the least (y below 0). The same holds for any lottery over panels, with chances for
  seats. From B follows how large the smallest chance can be, whatever the lottery.
- The weighted panels of the record give exactly the chances that it states: that is counted.

So chances that panels give, and that no lottery can better, are proved fair without solving anything.
What each file here checks: `pool` the people and quotas, `refusal` that no panel exists, `chances` that none could be
fairer, `lottery` that the panels give them, `beginning` that the seed was not chosen. Units, order of kinds and of
rows: docs/rooms/sortition.md. A chance off by less than 1 in 10 million passes.
"""

from __future__ import annotations

from typing import Any

from .. import files
from .beginning import check_beginning
from .chances import check_chances
from .lottery import check_lottery, check_support
from .pool import UNIT, Pool
from .refusal import check_refusal

METHODS = ("leximin", "maximin", "nash", "goldilocks")


def check(record: dict[str, Any]) -> list[str]:
    """One sentence for each thing that does not agree; empty if all of it does."""
    try:
        return _check(record)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, AttributeError, IndexError, RecursionError,
            OverflowError) as problem:  # fmt: skip
        return [files.unreadable(problem)]


def _check(record: dict[str, Any]) -> list[str]:
    parts = record["method"].removesuffix("@1").split("/")
    if not record["method"].endswith("@1") or len(parts) != 2 or parts[0] != "sortition" or parts[1] not in METHODS:
        return [f"The method {record['method']!r} is not known here."]
    pool = Pool(record)
    if pool.problems:
        return pool.problems
    if begun := check_beginning(record):
        return begun
    result = record["result"]
    if result["status"] == "infeasible":
        return check_refusal(pool, result)
    if result["status"] != "ok":
        return [f"The status {result['status']!r} is not known."]
    chances = result["chances"]
    if len(chances) != len(pool.kinds) or not all(type(value) is int and 0 <= value <= UNIT for value in chances):
        return ["The chances do not fit the kinds of people."]
    problems = check_chances(pool, record, parts[1])
    problems += check_support(pool, result)
    problems += check_lottery(pool, record)
    return problems
