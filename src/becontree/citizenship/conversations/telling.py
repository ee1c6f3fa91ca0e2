"""Which numbers of an opinion map everybody may read: no count of 1 to 4 people follows from any of them.

Pure, and without a solver, as a map is drawn anew every few seconds: a row is shown whole or not at all
(`methods.suppression.few`). What readers can add and take away: the votes on a statement by everybody, the share of one
side in each group, the sizes of the groups, how many took part. Those whom the map could not place are a group that
nobody shows and anybody can work out by taking away: it is held to the same rule.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from becontree.methods.opinion import OpinionMap
from becontree.methods.suppression import LEAST, few, one_way

REST = "not placed"


def tally(found: OpinionMap, at: int) -> list[int | None]:
    """[agree, disagree, seen] of one statement. Where any answer is of 1 to 4 people only how many saw it is told, and
    that only of five or more: then each answer could be any number up to it."""
    agree, disagree, seen = (
        int(each[at]) for each in (found.tallies.agree, found.tallies.disagree, found.tallies.seen)
    )
    if few(agree, disagree, seen - agree - disagree):
        return [None, None, None if few(seen) else seen]
    return [agree, disagree, seen]


def sides(found: OpinionMap) -> list[str]:
    """Which side of each statement is told by group: agreeing, but where all groups disagree, that."""
    told = ["agree"] * len(found.votes.statements)
    for one in found.common_ground:
        told[one.statement] = one.side
    return told


def groups_may_stand(found: OpinionMap, side: str) -> Any:
    """For each statement whether the share of `side` in every group may be shown: an array of true and false."""
    hits, seen = _with_rest(found, side), _with_rest(found, "seen")
    return ~(_few(hits) | _few(seen - hits)).any(axis=0) & _enough(found)


def groups_may_be_counted(found: OpinionMap) -> Any:
    """For each statement whether every group's agree, pass and disagree may be shown as numbers."""
    agree, disagree, seen = (_with_rest(found, name) for name in ("agree", "disagree", "seen"))
    each = _few(agree) | _few(disagree) | _few(seen - agree - disagree) | _few(seen - agree)
    return ~each.any(axis=0) & _enough(found)


def sizes(names: tuple[str, ...], of: tuple[int, ...], people: int) -> dict[str, int | None]:
    """How many are in each group; None: hidden, as it or what is left of all who took part is 1 to 4."""
    rows = dict(zip(names, of, strict=True))
    left = people - sum(of)
    if not few(*of, left):
        return dict(rows)
    safe = one_way({**rows, REST: left}, total=people)
    return {name: None if safe.exposed else safe.shown[name] for name in names}


def _with_rest(found: OpinionMap, name: str) -> Any:
    """(groups + 1, statements): each group, and those who are in none."""
    groups = getattr(found.counts, name)
    return np.vstack([groups, getattr(found.tallies, name) - groups.sum(axis=0)])


def _few(counts: Any) -> Any:
    return (counts > 0) & (counts < LEAST)


def _enough(found: OpinionMap) -> Any:
    """Every group cast at least five votes on it."""
    if not found.names:
        return np.zeros(len(found.votes.statements), dtype=bool)
    return found.counts.seen.min(axis=0) >= LEAST
