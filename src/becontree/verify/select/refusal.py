"""Whether a panel exists at all: the proof that none does, or a search by hand where no proof is given.

The proof is a set of multipliers whose sum no panel can reach, not even with the seats that pull it down. The search
tries kinds one by one and stops at the first branch that cannot fill the least numbers; it gives up after `SEARCH`
steps and then says so, because a wrong yes would be worse than none.
"""

from __future__ import annotations

from typing import Any

from .pool import Pool

SEARCH = 300_000  # steps of the search for a panel by hand


def check_refusal(pool: Pool, result: dict[str, Any]) -> list[str]:
    known = {f"{feature}: {value}": (least, most) for feature, value, least, most in pool.quotas}
    for conflict in result["conflicts"]:
        for side in conflict["quotas"]:
            if side["quota"] in known and known[side["quota"]][side["side"] == "most"] != side["value"]:
                return [f"The conflict names a limit of {side['quota']} that is not the quota's."]
    if not result["conflicts"]:
        return ["The record says that no panel exists, and names no conflict."]
    if result["proof"]:
        each, limit = pool.pull(result["proof"])
        least_sum = sum(min(0, value) * size for value, size in zip(each, pool.size, strict=True))
        if limit < least_sum:
            return []
        return ["The proof that no panel exists does not prove it."]
    found = search(pool, set(), None)
    if found is None:
        return ["Whether a panel exists is too large a question to answer here without a solver."]
    return ["A panel exists after all."] if found else []


def search(pool: Pool, shut: set[int], must: int | None) -> bool | None:
    """Whether some panel (with kind `must` in it) exists, by trying; None when that takes too long."""
    kinds = [kind for kind in range(len(pool.kinds)) if kind not in shut and kind != must]
    if must is not None:
        kinds = [must, *kinds]
    left = [[0] * len(pool.rows) for _ in range(len(kinds) + 1)]
    for at in range(len(kinds) - 1, -1, -1):
        left[at] = list(left[at + 1])
        for row in pool.in_rows[kinds[at]]:
            left[at][row] += pool.size[kinds[at]]
    people = [sum(pool.size[kind] for kind in kinds[at:]) for at in range(len(kinds) + 1)]
    used, steps = [0] * len(pool.rows), 0

    def go(at: int, seats: int) -> bool | None:
        nonlocal steps
        steps += 1
        if steps > SEARCH:
            return None
        if seats > people[at]:
            return False
        if any(count + more < least for count, more, (least, _) in zip(used, left[at], pool.rows, strict=True)):
            return False
        if at == len(kinds):
            return seats == 0
        kind = kinds[at]
        first = 1 if kind == must else 0
        room = min([pool.rows[row][1] - used[row] for row in pool.in_rows[kind]] + [seats, pool.size[kind]])
        unknown = False
        for take in range(room, first - 1, -1):
            for row in pool.in_rows[kind]:
                used[row] += take
            found = go(at + 1, seats - take)
            for row in pool.in_rows[kind]:
                used[row] -= take
            if found:
                return True
            unknown = unknown or found is None
        return None if unknown else False

    return go(0, pool.seats)
