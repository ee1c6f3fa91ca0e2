"""The pool of a selection, rebuilt from its record: people by kinds, the rows that limit them, and what rows add up
to.

A kind is everybody with the same answers (and, if addresses count, the same answers around them at home). A row is a
least and a most for the seats of some kinds together: a quota, or how many may come from one sort of household.
Order of kinds and of rows: docs/rooms/sortition.md. Cost: each person is looked at once or twice.
"""

from __future__ import annotations

from typing import Any

UNIT = 10**12  # numbers that are not whole are whole trillionths
NEAR = 10**5  # trillionths: 1e-7


class Pool:
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
