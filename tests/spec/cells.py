"""An attacker who takes everything that anybody may read and works out what was meant to stay hidden.

It knows nothing of the methods that hide. Hidden counts are whole numbers from nought up; each thing read is an
equation; the least and the greatest that a count can be are found by integer programming (HiGHS).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import numpy as np
from django.test import Client
from scipy.optimize import Bounds, LinearConstraint, milp

MOST = 10_000  # more people than there are


@dataclass
class Attacker:
    """What is known, as equations between counts. Counts are named by any hashable thing."""

    counts: dict[Any, int] = field(default_factory=dict)
    rows: list[dict[int, int]] = field(default_factory=list)
    sides: list[int] = field(default_factory=list)
    most: dict[int, int] = field(default_factory=dict)

    def _at(self, name: Any) -> int:
        return self.counts.setdefault(name, len(self.counts))

    def knows(self, parts: Iterable[Any], total: int, *, less: Iterable[Any] = ()) -> None:
        """These counts (less those) come to `total`."""
        row: dict[int, int] = {}
        for sign, names in ((1, parts), (-1, less)):
            for name in names:
                at = self._at(name)
                row[at] = row.get(at, 0) + sign
        self.rows.append(row)
        self.sides.append(total)

    def at_most(self, name: Any, most: int) -> None:
        at = self._at(name)
        self.most[at] = min(most, self.most.get(at, MOST))

    def between(self, name: Any) -> tuple[int, int]:
        """The least and the greatest that a count can be."""
        at = self._at(name)
        matrix = np.zeros((len(self.rows), len(self.counts)))
        for number, row in enumerate(self.rows):
            for key, sign in row.items():
                matrix[number, key] = sign
        high = np.array([self.most.get(key, MOST) for key in range(len(self.counts))], dtype=float)
        found = []
        for sign in (1, -1):
            wish = np.zeros(len(self.counts))
            wish[at] = sign
            solved = milp(
                wish,
                constraints=[LinearConstraint(matrix, self.sides, self.sides)] if self.rows else [],
                bounds=Bounds(np.zeros(len(high)), high),
                integrality=np.ones(len(high)),
            )
            assert solved.status == 0, f"What was read of {name} contradicts itself."
            found.append(round(solved.x[at]))
        return found[0], found[1]


def recovered(attacker: Attacker, secrets: Mapping[Any, int]) -> list[str]:
    """One line for each secret count of 1 to 4 that the attacker knows, or knows to be 1 to 4."""
    told = []
    for name, true in secrets.items():
        if not 0 < true < 5:
            continue
        low, high = attacker.between(name)
        assert low <= true <= high, f"{name} is {true}; the attacker was told {low} to {high}"
        if low == high or (low >= 1 and high < 5):
            told.append(f"{name}: {true}, worked out as {low} to {high}")
    return told


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in {"td", "th"} and self.tables and self.tables[-1]:
            self.tables[-1][-1].append("")
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside and self.tables and self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1] += data.strip()


def tables(page: str) -> list[list[list[str]]]:
    """Every table of a page as rows of cells."""
    found = _Tables()
    found.feed(page)
    return found.tables


def body(client: Client, address: str) -> str:
    """What a stranger reads there."""
    answer: Any = client.get(address)
    assert answer.status_code == 200, f"{address} answered {answer.status_code}"
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def table(client: Client, address: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(body(client, address).lstrip("\ufeff"))))


def document(client: Client, address: str) -> Any:
    return json.loads(body(client, address))


def whole(text: str) -> int | None:
    """A count as it was read; None where it is hidden."""
    return int(text.replace(",", "")) if text.replace(",", "").isdigit() else None
