"""Checks a panel selection from its record: the proof, every panel's quotas, the chances and the lottery. No solver.

Written apart from `becontree.methods.sortition`, in whole numbers and fractions, from these facts:

- A panel meets every quota, so multipliers y of the quotas, added over its seats, give at most B: the sum of y times
  the most (y above 0) or y times the least (y below 0). The same holds for any lottery over panels, with chances for
  seats. From B follows how large the smallest chance can be, whatever the lottery.
- The weighted panels of the record give exactly the chances that it states: that is counted.

So chances that panels give, and that no lottery can better, are proved fair without solving anything.
Units, order of kinds and of rows: see docs/rooms/sortition.md. A chance off by less than 1 in 10 million passes.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

UNIT = 10**12
NEAR = 10**5  # trillionths: 1e-7
SEARCH = 300_000  # steps of the search for a panel by hand
METHODS = ("leximin", "maximin", "nash", "goldilocks")


def check(record: dict[str, Any]) -> list[str]:
    """One sentence for each thing that does not agree; empty if all of it does."""
    try:
        return _check(record)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, AttributeError, IndexError, RecursionError,
            OverflowError) as problem:  # fmt: skip
        return [f"The record is not complete or not well formed ({type(problem).__name__}: {problem})."]


class _Pool:
    """People by kinds, rebuilt from the record's rows."""

    def __init__(self, record: dict[str, Any]) -> None:
        inputs, parameters = record["inputs"], record["parameters"]
        for name in ("seats", "panels", "cap"):
            if type(parameters[name]) is not int or parameters[name] < 0:
                raise ValueError(f"{name} that is not a whole number")
        self.seats: int = parameters["seats"]
        self.problems: list[str] = []
        quotas = sorted(tuple(quota) for quota in inputs["quotas"])
        self.quotas: list[tuple[str, str, int, int]] = quotas
        self.rows: list[tuple[int, int]] = [(least, most) for _, _, least, most in self.quotas]
        place = {(feature, value): at for at, (feature, value, _, _) in enumerate(self.quotas)}
        if not all(type(limit) is int for row in self.rows for limit in row):
            raise ValueError("a quota that is not a whole number")
        if len(place) != len(quotas) or any(least < 0 or most < least for least, most in self.rows):
            self.problems.append("A quota is given twice, or its limits make no sense.")
        features = list(inputs["features"])
        if features != sorted(set(features)) or {quota[0] for quota in self.quotas} != set(features):
            self.problems.append("The categories do not fit the quotas.")
        self.people: dict[str, tuple[tuple[str, ...], str]] = {}
        if type(parameters["address"]) is not bool:
            raise ValueError("whether one person an address was asked for")
        for name, answers, address in inputs["people"]:
            if not isinstance(name, str) or not name or not isinstance(address, str):
                raise ValueError("a person without an id, or an address that is not text")
            if name in self.people:
                self.problems.append(f"The id {name} is used twice.")
            if len(answers) != len(features) or not all(isinstance(answer, str) for answer in answers):
                raise ValueError(f"the answers of {name}")
            self.people[name] = (tuple(answers), address if parameters["address"] else "")
        at_home: dict[str, list[str]] = {}
        for name, (_, address) in self.people.items():
            if address:
                at_home.setdefault(address, []).append(name)
        household: dict[str, tuple[tuple[str, ...], ...]] = dict.fromkeys(self.people, ())
        for names in at_home.values():
            if len(names) > 1:
                together = tuple(sorted(self.people[name][0] for name in names))
                household.update(dict.fromkeys(names, together))
        kinds: dict[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], list[str]] = {}
        for name in sorted(self.people):
            kinds.setdefault((self.people[name][0], household[name]), []).append(name)
        self.kinds = [kinds[key] for key in sorted(kinds)]
        self.size = [len(names) for names in self.kinds]
        self.in_rows = [[place[pair] for pair in zip(features, key[0], strict=True)] for key in sorted(kinds)]
        if any(household.values()):
            self.rows.append((0, self.seats))
            row_of: dict[tuple[tuple[str, ...], ...], int] = {(): len(self.rows) - 1}
            for together in sorted({value for value in household.values() if value}):
                homes = sum(1 for names in at_home.values() if len(names) > 1 and household[names[0]] == together)
                row_of[together] = len(self.rows)
                self.rows.append((0, homes))
            for rows, key in zip(self.in_rows, sorted(kinds), strict=True):
                rows.append(row_of[key[1]])

    def fits(self, seats_of_kind: dict[int, int]) -> bool:
        used = [0] * len(self.rows)
        for kind, seats in seats_of_kind.items():
            if not 0 <= seats <= self.size[kind]:
                return False
            for row in self.in_rows[kind]:
                used[row] += seats
        full = sum(seats_of_kind.values()) == self.seats
        return full and all(least <= count <= most for count, (least, most) in zip(used, self.rows, strict=True))

    def pull(self, multipliers: list[int]) -> tuple[list[int], int]:
        """What one seat of each kind adds up to, and B: what no panel's sum can pass. Both in trillionths."""
        if len(multipliers) != len(self.rows) + 1 or not all(type(value) is int for value in multipliers):
            raise ValueError("multipliers that do not fit the rows")
        each = [sum(multipliers[row] for row in rows) + multipliers[-1] for rows in self.in_rows]
        limit = multipliers[-1] * self.seats
        for value, (least, most) in zip(multipliers, self.rows, strict=False):
            limit += value * (most if value > 0 else least)
        return each, limit


def _check(record: dict[str, Any]) -> list[str]:
    parts = record["method"].removesuffix("@1").split("/")
    if not record["method"].endswith("@1") or len(parts) != 2 or parts[0] != "sortition" or parts[1] not in METHODS:
        return [f"The method {record['method']!r} is not known here."]
    bytes.fromhex(record["randomness"]["seed"])
    pool = _Pool(record)
    if pool.problems:
        return pool.problems
    result = record["result"]
    if result["status"] == "infeasible":
        return _check_refusal(pool, result)
    if result["status"] != "ok":
        return [f"The status {result['status']!r} is not known."]
    chances = result["chances"]
    if len(chances) != len(pool.kinds) or not all(type(value) is int and 0 <= value <= UNIT for value in chances):
        return ["The chances do not fit the kinds of people."]
    problems = _check_chances(pool, record, parts[1])
    problems += _check_support(pool, result)
    problems += _check_lottery(pool, record)
    return problems


# -- nobody can be chosen ------------------------------------------------------------------------------------------


def _check_refusal(pool: _Pool, result: dict[str, Any]) -> list[str]:
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
    found = _search(pool, set(), None)
    if found is None:
        return ["Whether a panel exists is too large a question to answer here without a solver."]
    return ["A panel exists after all."] if found else []


def _search(pool: _Pool, shut: set[int], must: int | None) -> bool | None:
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


# -- the chances ---------------------------------------------------------------------------------------------------


def _check_chances(pool: _Pool, record: dict[str, Any], method: str) -> list[str]:
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
        elif _search(pool, set(), kind) is not False:
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
    pool: _Pool, result: dict[str, Any], chances: list[int], settled: dict[int, int], cap: int, *, whole: bool
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


def _line(pool: _Pool, cut: list[int], shut: set[int]) -> tuple[Fraction, Fraction, Fraction]:
    """W, B, E with W x smallest <= B + E x largest, for every lottery."""
    each, limit = pool.pull(cut)
    up = Fraction(sum(max(0, pull) * pool.size[kind] for kind, pull in enumerate(each) if kind not in shut), UNIT)
    down = Fraction(sum(-min(0, pull) * pool.size[kind] for kind, pull in enumerate(each) if kind not in shut), UNIT)
    return up, Fraction(limit, UNIT), down


def _check_smallest(pool: _Pool, result: dict[str, Any], shut: set[int], cap: int) -> list[str]:
    if result["minimum"] >= cap - NEAR:
        return []  # nobody can have more than the cap
    up, limit, down = _line(pool, result["cuts"][0], shut)
    if up <= 0 or (limit + down * Fraction(cap, UNIT)) / up > Fraction(result["minimum"] + NEAR, UNIT):
        return ["It is not proved that the smallest chance could not be larger."]
    return []


def _check_nash(pool: _Pool, result: dict[str, Any], shut: set[int], cap: int) -> list[str]:
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


def _check_goldilocks(pool: _Pool, result: dict[str, Any], shut: set[int], cap: int) -> list[str]:
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


# -- the panels ----------------------------------------------------------------------------------------------------


def _check_support(pool: _Pool, result: dict[str, Any]) -> list[str]:
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


def _check_near(pool: _Pool, result: dict[str, Any]) -> list[str]:
    """Without weighted panels the lottery itself must come near: within five panels in a thousand."""
    if result["lottery_deviation"] > max(UNIT // 200, 6 * UNIT // len(result["panels"])):
        return ["No weighted panels are given, and the lottery is far from the chances."]
    return []


def _check_lottery(pool: _Pool, record: dict[str, Any]) -> list[str]:
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
