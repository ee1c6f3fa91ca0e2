"""Which steps of a long thread are open on a page, and which are folded away."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

FIRST_KNOTS: Final = 2  # of a long thread, how many stay open at each end
LAST_KNOTS: Final = 4
LEAST_FOLDED: Final = 2
MOST_FUNDED: Final = 3  # steps in a row about one thing's money that all stay open


def folded(knots: Sequence[Any]) -> list[tuple[bool, list[Any]]]:
    """[(folded away?, knots)], in order. A run of one or two is not worth folding."""
    units = _units(knots)
    last = len(units) - LAST_KNOTS
    runs: list[tuple[bool, list[Any]]] = []
    for place, unit in enumerate(units):
        away = FIRST_KNOTS <= place < last and not getattr(unit[0], "here", False)
        if len(unit) > 1 and not away:
            largest = max(unit, key=lambda knot: getattr(knot, "pence", 0))
            runs += [(False, [largest]), (True, [knot for knot in unit if knot is not largest])]
            runs.append((False, []))  # what is folded next is folded apart
        elif runs and runs[-1][0] is away:
            runs[-1][1].extend(unit)
        else:
            runs.append((away, list(unit)))
    return [(away and len(run) > LEAST_FOLDED, run) for away, run in runs if run]


def _units(knots: Sequence[Any]) -> list[list[Any]]:
    """Each knot by itself, but a long run about the money of one thing as one."""
    units: list[list[Any]] = []
    for (step, ref), run in groupby(knots, key=lambda knot: (getattr(knot, "step", ""), getattr(knot, "ref", ""))):
        found = list(run)
        units += [found] if step == "funded" and ref and len(found) > MOST_FUNDED else [[knot] for knot in found]
    return units
