"""Whether the chances are the fairest there can be: level by level, and for each method's own measure.

Multipliers y of the quotas, added over a panel's seats, give at most B (`Pool.pull`); so does any lottery over panels,
with chances in the place of seats. From B follows how large the smallest chance left can be, whatever the lottery.
Cost: one pass over the rows for each level.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from .pool import NEAR, UNIT, Pool
from .refusal import search


def check_chances(pool: Pool, record: dict[str, Any], method: str) -> list[str]:
    result, cap = record["result"], record["parameters"]["cap"]
    chances: list[int] = result["chances"]
    problems = []
    if not 0 < cap <= UNIT:
        return ["The cap is not a chance."]
    total = sum(value * size for value, size in zip(chances, pool.size, strict=True))
    if abs(total - pool.seats * UNIT) > NEAR * len(chances):
        problems.append("The chances do not add up to the number of seats.")
    if max(chances) > cap + NEAR:
        problems.append("Somebody's chance is above the cap.")
    shut = set(result["left_out"])
    for kind in shut:
        if chances[kind]:
            problems.append("Somebody left out has a chance.")
        elif search(pool, set(), kind) is not False:
            problems.append(f"{pool.kinds[kind][0]} was left out, and it is not shown that no panel can hold them.")
    named = sorted(name for kind, names in enumerate(pool.kinds) if chances[kind] == 0 for name in names)
    if named != sorted(result["unselectable"]):
        problems.append("The people who can never serve are not those whose chance is nothing.")
    open_to = [value for value in chances if value > 0]
    if not open_to or min(open_to) != result["minimum"] or max(open_to) != result["maximum"]:
        problems.append("The smallest or the largest chance stated is not that of the list.")
    settled = dict.fromkeys(shut, 0)
    ceiling = result["certain_cap"]
    if not 0 < ceiling <= cap + 2_000_000:  # a search for the best cap may stop 2 in a million away
        problems.append("The cap that the proof uses is above the cap asked for.")
    if method == "leximin" and abs(ceiling - cap) > NEAR:
        problems.append("The proof is for another cap.")
    whole = method in ("leximin", "maximin", "goldilocks")
    problems += _check_levels(pool, result, chances, settled, ceiling if whole else cap, whole=whole)
    shut |= {kind for level in result["levels"] if level["value"] == 0 for kind in level["kinds"]}
    if any(chances[kind] == 0 and kind not in shut for kind in range(len(chances))):
        problems.append("It is not shown that those without a chance can have none.")
    if method == "maximin":
        problems += _check_smallest(pool, result, shut, cap)
    elif method == "nash":
        problems += _check_nash(pool, result, shut, cap)
    elif method == "goldilocks":
        problems += _check_goldilocks(pool, result, shut, cap)
    return problems


def _check_levels(
    pool: Pool, result: dict[str, Any], chances: list[int], settled: dict[int, int], cap: int, *, whole: bool
) -> list[str]:
    """Level by level: with the settled kinds where they are, the smallest of the others can be no larger."""
    before, first = -1, None
    for number, level in enumerate(result["levels"], 1):
        value, kinds = level["value"], level["kinds"]
        if type(value) is not int or value < before or not kinds:
            return [f"Level {number} is out of order or empty."]
        before = value
        if first is None and value > 0:
            first = value
            if result["bound"] != value:
                return ["The bound stated is not the first level's."]
        each, limit = pool.pull(level["multipliers"])
        room, weight = limit * UNIT, 0  # in trillionths of trillionths: nothing is rounded on the way
        for kind, one in enumerate(each):
            pull = one * pool.size[kind]
            if kind in settled:
                room -= pull * settled[kind]
            elif pull < 0:
                room -= pull * cap
            else:
                weight += pull
        # room bounds the sum of pull x chance over kinds still free: so the smallest of them is at most room / weight.
        at_cap = abs(value - cap) <= NEAR  # nobody can have more than the cap: that needs no proof
        if weight <= 0 and not at_cap:
            return [f"Level {number} proves nothing."]
        over = room - weight * value
        if not at_cap and abs(over) > NEAR * weight:
            return [f"Level {number} does not prove that the smallest chance left is {value / UNIT:.9f}."]
        for kind in kinds:
            if kind in settled or not 0 <= kind < len(chances):
                return [f"Level {number} settles somebody twice."]
            pull = each[kind] * pool.size[kind]
            # with the others at least at the level's value, this kind can rise above it by over / pull at most
            if not at_cap and (pull <= 0 or max(over, 0) > 10 * NEAR * pull):
                return [f"Level {number} does not prove that {pool.kinds[kind][0]} can have no more."]
            if (whole or value == 0) and abs(chances[kind] - value) > NEAR:
                return [f"Level {number} and the chance of {pool.kinds[kind][0]} differ."]
        settled.update(dict.fromkeys(kinds, value))
        if not whole and value > 0:
            break
    if first is None:
        return ["No level gives anybody a chance."]
    if whole and len(settled) != len(chances):
        return ["The levels leave somebody's chance unproved."]
    return []


def _line(pool: Pool, cut: list[int], shut: set[int]) -> tuple[Fraction, Fraction, Fraction]:
    """W, B, E with W x smallest <= B + E x largest, for every lottery."""
    each, limit = pool.pull(cut)
    up = Fraction(sum(max(0, pull) * pool.size[kind] for kind, pull in enumerate(each) if kind not in shut), UNIT)
    down = Fraction(sum(-min(0, pull) * pool.size[kind] for kind, pull in enumerate(each) if kind not in shut), UNIT)
    return up, Fraction(limit, UNIT), down


def _check_smallest(pool: Pool, result: dict[str, Any], shut: set[int], cap: int) -> list[str]:
    if result["minimum"] >= cap - NEAR:
        return []  # nobody can have more than the cap
    up, limit, down = _line(pool, result["cuts"][0], shut)
    if up <= 0 or (limit + down * Fraction(cap, UNIT)) / up > Fraction(result["minimum"] + NEAR, UNIT):
        return ["It is not proved that the smallest chance could not be larger."]
    return []


def _check_nash(pool: Pool, result: dict[str, Any], shut: set[int], cap: int) -> list[str]:
    each, limit = pool.pull(result["cuts"][0])
    most, best, people = cap / UNIT, limit / UNIT, 0
    logs = 0.0
    for kind, size in enumerate(pool.size):
        if kind in shut:
            continue
        price = each[kind] / UNIT
        best += size * (-math.log(price) - 1 if price * most >= 1 else math.log(most) - price * most)
        logs += size * math.log(result["chances"][kind] / UNIT)
        people += size
    if abs(best - logs) > 1e-6 * people:
        return ["It is not proved that the geometric mean of the chances could not be larger."]
    return []


def _check_goldilocks(pool: Pool, result: dict[str, Any], shut: set[int], cap: int) -> list[str]:
    share = pool.seats / sum(size for kind, size in enumerate(pool.size) if kind not in shut)
    lines, lowest = [], share
    for cut in result["cuts"]:
        up, limit, down = map(float, _line(pool, cut, shut))
        if up > 1e-6:
            lines.append((limit / up, down / up))
        elif down > 0:
            lowest = max(lowest, -limit / down)

    def worth(largest: float, smallest: float) -> float:
        return largest / share + share / smallest if smallest > 0 else math.inf

    def best(largest: float) -> float:
        return worth(largest, min(level + slope * largest for level, slope in lines))

    stated = worth(result["maximum"] / UNIT, result["minimum"] / UNIT)
    if stated <= 2 * (1 + 1e-5):
        return []  # everybody alike: the largest is never below the mean, nor the smallest above it
    if not lines:
        return ["Nothing proves the balance of the largest and the smallest chance."]
    low, high = lowest, cap / UNIT
    for _ in range(200):
        left, right = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, right) if best(left) <= best(right) else (left, high)
    if stated > best(low) * (1 + 1e-5):
        return ["It is not proved that the largest and the smallest chance could not be better balanced."]
    return []
