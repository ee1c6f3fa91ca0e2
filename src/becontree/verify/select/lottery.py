"""Whether real panels give the chances: the weighted panels exactly, and the lottery of equal panels panel by panel."""

from __future__ import annotations

from typing import Any

from .pool import NEAR, UNIT, Pool


def check_support(pool: Pool, result: dict[str, Any]) -> list[str]:
    support, weights = result["support"], result["weights"]
    if len(support) != len(weights):
        return ["There is not one weight for each weighted panel."]
    if not support:
        return [] if result["panels"] == [] else _check_near(pool, result)
    given = [0] * len(pool.kinds)
    for number, (panel, weight) in enumerate(zip(support, weights, strict=True), 1):
        if type(weight) is not int or weight < 0:
            return [f"The weight of weighted panel {number} is below nothing."]
        seats: dict[int, int] = {}
        for kind in panel:
            if type(kind) is not int or not 0 <= kind < len(pool.kinds):
                return [f"Weighted panel {number} names a kind of person that is not there."]
            seats[kind] = seats.get(kind, 0) + 1
        if not pool.fits(seats):
            return [f"Weighted panel {number} does not meet the quotas."]
        for kind, count in seats.items():
            given[kind] += weight * count
    total = sum(weights)
    if abs(total - UNIT) > NEAR:
        return ["The weights do not add up to 1."]
    for kind, count in enumerate(given):
        if abs(count - total * result["chances"][kind] * pool.size[kind] // UNIT) > NEAR * pool.size[kind]:
            return [f"The weighted panels give {pool.kinds[kind][0]} another chance than the list."]
    return []


def _check_near(pool: Pool, result: dict[str, Any]) -> list[str]:
    """Without weighted panels the lottery itself must come near: within five panels in a thousand."""
    if result["lottery_deviation"] > max(UNIT // 200, 6 * UNIT // len(result["panels"])):
        return ["No weighted panels are given, and the lottery is far from the chances."]
    return []


def check_lottery(pool: Pool, record: dict[str, Any]) -> list[str]:
    result = record["result"]
    panels: list[list[str]] = result["panels"]
    if len(panels) != record["parameters"]["panels"]:
        return ["The lottery does not have the number of panels stated."]
    kind_of = {name: kind for kind, names in enumerate(pool.kinds) for name in names}
    times = dict.fromkeys(pool.people, 0)
    for number, panel in enumerate(panels, 1):
        if len(set(panel)) != len(panel) or any(name not in times for name in panel):
            return [f"Panel {number} names somebody twice, or somebody who is not in the pool."]
        seats: dict[int, int] = {}
        for name in panel:
            times[name] += 1
            seats[kind_of[name]] = seats.get(kind_of[name], 0) + 1
        if not pool.fits(seats):
            return [f"Panel {number} does not meet the quotas."]
        homes = [pool.people[name][1] for name in panel if pool.people[name][1]]
        if len(set(homes)) != len(homes):
            return [f"Panel {number} has two people of one address."]
    if not panels:
        return [] if result["lottery_minimum"] == 0 else ["There is no lottery, and it states a smallest count."]
    problems = []
    for names in pool.kinds:
        counts = [times[name] for name in names]
        if max(counts) - min(counts) > 1:
            problems.append(f"{names[0]} and others with the same answers are not in equally many panels.")
            break
    never = set(result["unselectable"])
    if min(count for name, count in times.items() if name not in never) != result["lottery_minimum"]:
        problems.append("The smallest count of panels stated is not that of the lottery.")
    worst = max(abs(times[name] * UNIT - len(panels) * result["chances"][kind_of[name]]) for name in times)
    if worst // len(panels) != result["lottery_deviation"]:
        problems.append("The distance between lottery and chances stated is not that of the lottery.")
    return problems
