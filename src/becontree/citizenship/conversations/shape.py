"""The document of a map: what everybody may see of it, what places one person, and how firm it is.

Everybody may see no person, no place of fewer than five, and no number that would tell of 1 to 4 (`telling`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from becontree.citizenship.conversations import telling
from becontree.methods import opinion
from becontree.methods.opinion.routing import extremity
from becontree.methods.suppression import LEAST

LEAST_TO_DRAW: Final = 10  # people who can be placed, before there is anything to see
LEAST_FOR_DOTS: Final = 50
LEAST_IN_CELL: Final = LEAST
SIDE: Final = 64  # places along an edge of the picture
MOST_DOTS: Final = 90  # about as many circles as can be told apart, and at most twice that
LEAST_TO_COUNT: Final = LEAST  # votes of every group, before a statement's shares by group are shown
BRIDGES: Final = 5  # of the count without groups, shown beside the common ground: as many, at least five
MOST_BRIDGES: Final = 12
PLACES: Final = 6  # decimals of a loading: eleven are exact, and a map kept up to date rounds as one drawn anew


def public(found: opinion.OpinionMap, numbers: Mapping[str, int], live: int) -> dict[str, Any]:
    """What everybody may see: no person, no place of fewer than five people, no number that would tell of 1 to 4.

    What is hidden is None.
    """
    names, ids = found.names, found.votes.statements
    placed = int((found.label >= 0).sum())
    shown = placed >= LEAST_TO_DRAW
    people = len(found.votes.participants)
    sides = telling.sides(found)
    able = {side: telling.groups_may_stand(found, side) for side in ("agree", "disagree")}
    sizes = telling.sizes(names, found.sizes, people)

    def by_group(at: int, side: str) -> list[int] | None:
        """Whole per cent of each group, for one side of a statement: both would tell of who passed."""
        if not shown or side != sides[at] or not able[side][at]:
            return None
        hits = getattr(found.counts, side)[:, at]
        return [round(100 * int(h) / int(s)) for h, s in zip(hits, found.counts.seen[:, at], strict=True)]

    tallies = {
        str(numbers[ids[at]]): [*telling.tally(found, at), by_group(at, "agree"), by_group(at, "disagree")]
        for at in range(len(ids))
        if found.tallies.seen[at] and not found.votes.out[at]
    }
    return {
        "method": found.method,
        "participants": people,
        "placed": placed,
        "votes": len(found.votes),
        "statements": live,
        "groups": [
            {
                "id": name,
                "size": sizes[name],
                "apart": [
                    {
                        "number": numbers[ids[one.statement]],
                        "side": one.side,
                        "share": shares[at] if (shares := by_group(one.statement, one.side)) else None,
                    }
                    for one in chosen
                    if one.seen >= LEAST_TO_COUNT and one.ratio > 1  # the best agreed of all may be so with everybody
                ],
            }
            for at, (name, chosen) in enumerate(zip(names, found.representative, strict=True))
        ]
        if shown
        else [],
        "common_ground": [
            {
                "number": numbers[ids[one.statement]],
                "side": one.side,
                "shares": by_group(one.statement, one.side),
                "bound": round(100 * one.lowest),
            }
            for one in found.common_ground
        ]
        if shown
        else [],
        "divisive": [
            {
                "number": numbers[ids[one.statement]],
                "high": names[one.high],
                "low": names[one.low],
                "shares": by_group(one.statement, "agree"),
            }
            for one in found.divisive
        ]
        if shown
        else [],
        "cells": _cells(found) if shown and placed >= LEAST_FOR_DOTS else [],
        "side": SIDE,
        "centres": _centres(found) if shown else [],
        "tallies": tallies,
    }


def _frame(found: opinion.OpinionMap) -> tuple[Any, Any]:
    points = found.position[found.label >= 0]
    low, high = points.min(axis=0), points.max(axis=0)
    return low, np.where(high > low, high - low, 1.0)


def _cells(found: opinion.OpinionMap) -> list[list[int]]:
    """[group, column, row, people] of handfuls: each is at least five people of one group who stand near each other.

    A group is halved across its longer side, and each half again, as long as both hold five (median cuts, as in a k-d
    tree: Bentley 1975; each handful then stands at its middle, as in microaggregation). So everybody is in a circle,
    and no circle, nor what the circles leave of a group, tells of 1 to 4. Great maps get larger handfuls, not more.
    """
    low, span = _frame(found)
    handfuls: list[list[int]] = []
    least = max(LEAST_IN_CELL, -(-int((found.label >= 0).sum()) // MOST_DOTS))
    for group in range(len(found.names)):
        at = (found.position[found.label == group] - low) / span * SIDE
        waiting = [np.clip(at.astype(int), 0, SIDE - 1)]
        while waiting:
            points = waiting.pop()
            if len(points) >= 2 * least:
                long = int(np.argmax(points.max(axis=0) - points.min(axis=0)))
                points = points[np.lexsort((points[:, 1 - long], points[:, long]))]
                waiting += [points[len(points) // 2 :], points[: len(points) // 2]]
            elif len(points) >= LEAST_IN_CELL:
                middle = (2 * points.sum(axis=0) + len(points)) // (2 * len(points))
                handfuls.append([group, *middle.tolist(), len(points)])
    return handfuls


def _centres(found: opinion.OpinionMap) -> list[list[float]]:
    low, span = _frame(found)
    middle = [found.position[found.label == group].mean(axis=0) for group in range(len(found.names))]
    return [[_rounded(one, 4) for one in (each - low) / span] for each in middle]


def _rounded(value: Any, digits: int) -> float:
    """Rounded, and never minus nought, which databases write down differently."""
    return round(float(value), digits) + 0.0


def inside(found: opinion.OpinionMap) -> dict[str, Any]:
    """What places a person, and what routing weighs by: statement -> [mean, x, y, agrees, disagrees, seen, reach]."""
    tallies = found.tallies
    known = (tallies.seen > 0) & ~found.votes.out
    far = extremity(found.axes.loadings, tallies.mean, int(known.sum()))
    ids, counts = found.votes.statements, found.counts
    enough = telling.groups_may_be_counted(found)
    placed = found.label >= 0
    low, span = _frame(found) if placed.any() else (np.zeros(2), np.ones(2))
    centres = [found.position[found.label == group].mean(axis=0).tolist() for group in range(len(found.names))]
    return {
        "known": int(known.sum()),
        "least": min(7, int((tallies.seen > 0).sum())),
        "names": list(found.names),
        "centres": centres if placed.any() else [],
        "low": low.tolist(),
        "span": span.tolist(),
        "statements": {
            ids[at]: [
                _rounded(tallies.mean[at], 9),
                *[_rounded(one, PLACES) for one in found.axes.loadings[at]],
                int(tallies.agree[at]),
                int(tallies.disagree[at]),
                int(tallies.seen[at]),
                _rounded(far[at], 6),
            ]
            for at in np.flatnonzero(known).tolist()
        },
        "counts": {
            ids[at]: [
                [name, *(int(one[group, at]) for one in (counts.agree, counts.disagree, counts.seen))]
                for group, name in enumerate(found.names)
            ]
            for at in np.flatnonzero(known & enough).tolist()
        },
    }


def firm(found: opinion.OpinionMap, numbers: Mapping[str, int]) -> dict[str, Any]:
    if int((found.label >= 0).sum()) < LEAST_TO_DRAW:
        return {}
    tested = opinion.stability(found, placement="live")
    ids = found.votes.statements
    common = {one.statement for one in found.common_ground if one.side == "agree"}
    bridging: list[dict[str, Any]] = []
    if int(found.tallies.seen[~found.votes.out].max(initial=0)) >= LEAST_TO_COUNT:
        ranked = [one for one in opinion.bridging(found.votes).ranked() if one.score > 0]
        bridging = [
            {"number": numbers[ids[one.statement]], "alone": one.statement not in common}
            for one in ranked[: max(BRIDGES, len(common))][:MOST_BRIDGES]
        ]
    return {
        "median": tested.median,
        "same_k": tested.same_k,
        "draws": tested.draws,
        "stay": round(100 * tested.people_kept),
        "kept": round(100 * tested.common_ground_kept),
        "bridging": bridging,
    }
