"""Who lives here, from a CSV file: characteristic, category, people, within (a ward's code; empty: the borough)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from becontree.foundations.measures.characteristics import ASKED, WARD
from becontree.foundations.places.reading.files import Findings, at_least_one, rows_of, text_of

MOST_ROWS: Final = 20_000
_PEOPLE: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+")  # 12,5 is not a hundred and twenty-five


@dataclass(frozen=True, slots=True)
class GroupRead:
    """One group and how many people are in it."""

    characteristic: str
    category: str
    within: str
    people: int


def read_population(content: bytes, *, wards: Iterable[str], file: str = "") -> tuple[GroupRead, ...]:
    """The groups of the file, in its order. Raises Unusable with every problem, each with its line and what to do."""
    known = frozenset(wards)
    found = Findings(file)
    rows: list[GroupRead] = []
    seen: dict[tuple[str, str, str], int] = {}
    for line, row in rows_of(
        text_of(content, file), file, needed=("characteristic", "category", "people"), most=MOST_ROWS
    ):
        name, category, within = row["characteristic"], row["category"], row.get("within", "")
        if name != WARD and name not in ASKED:
            found.add(
                "measures.characteristic",
                f"{name[:40]!r} is not a characteristic.",
                line=line,
                field="characteristic",
                fix=f"Write one of {', '.join([WARD, *ASKED])}.",
            )
        elif name == WARD and category not in known:
            found.add(
                "measures.ward",
                f"No ward has the code {category[:40]!r}.",
                line=line,
                field="category",
                fix="Bring the wards first, or correct the code.",
            )
        elif name != WARD and category not in dict(ASKED[name].answers):
            found.add(
                "measures.category",
                f"{category[:40]!r} is not an answer to {name}.",
                line=line,
                field="category",
                fix=f"Write one of {', '.join(dict(ASKED[name].answers))}.",
            )
        if within and within not in known:
            found.add(
                "measures.within",
                f"No ward has the code {within[:40]!r}.",
                line=line,
                field="within",
                fix="Correct the code, or leave it empty for the whole borough.",
            )
        people = row["people"].replace(",", "")
        if not _PEOPLE.fullmatch(row["people"]) or len(people) > 8:
            found.add(
                "measures.people",
                f"{row['people'][:40]!r} is not a number of people.",
                line=line,
                field="people",
                fix="Write a whole number.",
            )
            people = "0"
        key = (name, category, within)
        if key in seen:
            found.add(
                "measures.twice",
                f"This group is already on line {seen[key]}.",
                line=line,
                field="category",
                fix="Keep one of the two.",
            )
        seen.setdefault(key, line)
        rows.append(GroupRead(name, category, within, int(people)))
    found.stop()
    at_least_one(rows, file, "group of people")
    return tuple(rows)
