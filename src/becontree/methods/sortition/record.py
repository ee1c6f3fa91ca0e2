"""The decision record of a selection: all that `becontree.verify.select` needs, and nothing that needs a solver.

It holds everybody's answers *and* who is on each panel: it is for the auditor, never for publishing (from both
together we could work out the answers of 99 people in 100). What may be published is in `protocol`.

Numbers that are not whole are written as whole trillionths. Kinds of people are numbered from 0 in the order of
(answers, answers of the household when an address is shared); rows are the quotas in order of (category, value), then,
if addresses count, one row for those who share with nobody in the pool and one a kind of household, then the seats.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from becontree.methods.sortition.pool import Kinds
from becontree.methods.sortition.selection import TRILLION, Selection, kind_rows


def trillionths(value: float) -> int:
    return round(value * TRILLION)


def decision(selection: Selection, begun: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The auditor's record of a selection.

    begun: how the seed came about, if it came from a fixed pool and a beacon: {"protocol", "purpose", "commitment",
    "salts", "beacon"} (see `protocol`); the verifier then makes the seed again.
    """
    pool = selection.pool
    return {
        "format": "becontree-decision/1",
        "family": "select",
        "method": selection.name,
        "parameters": {
            "seats": pool.seats,
            "panels": len(selection.panels),
            "address": pool.by_address,
            "cap": trillionths(selection.cap),
        },
        "inputs": {
            "features": list(pool.features),
            "quotas": [[quota.feature, quota.value, quota.least, quota.most] for quota in pool.quotas],
            "people": [[person.id, list(person.answers), person.address] for person in pool.people],
        },
        "randomness": {"seed": selection.seed.hex(), **(begun or {})},
        "result": _found(selection) if selection.status == "ok" else _refused(selection),
    }


def _refused(selection: Selection) -> dict[str, Any]:
    impossible = selection.impossible
    assert impossible is not None
    return {
        "status": "infeasible",
        "parity": impossible.parity,
        "proof": [trillionths(value) for value in impossible.proof],
        "conflicts": [conflict.as_dict() for conflict in impossible.conflicts],
        "relaxation": [change.as_dict() for change in impossible.relaxation],
    }


def _found(selection: Selection) -> dict[str, Any]:
    proof, kinds = selection.proof, selection.kinds
    assert proof is not None
    assert kinds is not None
    assert selection.chance is not None
    whole = selection.pool.kinds
    number = {members: place for place, members in enumerate(whole.members)}
    to_whole = [number[members] for members in kinds.members]
    chances = [0] * whole.count
    for kind, members in enumerate(kinds.members):
        chances[to_whole[kind]] = trillionths(selection.chance[selection.pool.people[members[0]].id])
    counts = selection.lottery_counts()
    deviation = max((abs(count * TRILLION - len(selection.panels) * trillionths(selection.chance[name]))
                     for name, count in counts.items()), default=0) if selection.panels else 0  # fmt: skip
    return {
        "status": "ok",
        "chances": chances,
        "left_out": sorted(set(range(whole.count)) - set(to_whole)),
        "certain_cap": trillionths(proof.chances.cap),
        "levels": [
            {
                "value": trillionths(level.value),
                "kinds": [to_whole[kind] for kind in level.kinds],
                "multipliers": [trillionths(value) for value in level.multipliers],
            }
            for level in proof.chances.levels
        ],
        "cuts": [[trillionths(value) for value in cut] for cut in proof.cuts],
        "support": _support(kinds, selection, to_whole),
        "weights": _weights(selection),
        "bound": trillionths(selection.bound),
        "minimum": trillionths(selection.minimum),
        "maximum": trillionths(selection.maximum),
        "unselectable": list(selection.unselectable),
        "panels": [list(panel) for panel in selection.panels],
        "lottery_minimum": min((count for name, count in counts.items() if name not in set(selection.unselectable)),
                               default=0) if selection.panels else 0,
        "lottery_deviation": deviation // max(1, len(selection.panels)),
    }  # fmt: skip


def _support(kinds: Kinds, selection: Selection, to_whole: list[int]) -> list[list[int]]:
    if selection.support is None or selection.weights is None:
        return []
    return [[to_whole[kind] for kind in row] for row in kind_rows(kinds, selection.support)]


def _weights(selection: Selection) -> list[int]:
    if selection.weights is None:
        return []
    return [trillionths(float(weight)) for weight in selection.weights]
