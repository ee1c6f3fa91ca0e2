"""The thread through a public thing: back to the words that began it, forward to what came of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

from django.db import connection

from becontree.foundations.record.models import STEPS

Direction = Literal["back", "here", "forward"]
DEEPEST: Final = 12
MOST: Final = 300

STEPS_WALKED: Final = 8  # times `most`: where a web of causes is cut
EVERY: Final = 100  # of one thing, how many entries about its money are told

# UNION, not UNION ALL: a thing met twice at one depth is walked once, so a circle ends at the depth limit. Both engines
# walk breadth first, so a LIMIT ends the walk through a web in which everything hangs together (a hundred milliseconds
# at ten thousand entries otherwise), and the nearest are what is left. PostgreSQL stops the walk where `seen` stops
# asking; SQLite wants the LIMIT in the walk itself. The LIMIT of `near` keeps the planner to the indexes. Of each thing
# and step only the latest word is told, but of money every one: a pound that comes later takes the place of none. Where
# there is not room for all, the earlier ones about money are the first to go.
_WALK: Final = """
WITH RECURSIVE walk(ref, depth) AS (
    SELECT t.ref, 0 FROM record_thing t WHERE t.ref = %s
    UNION
    SELECT b.{far}, w.depth + 1 FROM walk w JOIN record_because b ON b.{near} = w.ref WHERE w.depth < %s{limit}
),
seen AS (SELECT ref, depth FROM walk LIMIT %s),
near AS (SELECT ref, MIN(depth) AS depth FROM seen GROUP BY ref ORDER BY MIN(depth), ref LIMIT %s),
told AS (
    SELECT m.ref, m.depth, t.url, COALESCE(e.step, t.step) AS step, COALESCE(e.title, t.title) AS title,
        e.happened_on, e.id AS entry, CASE WHEN e.step = 'funded' THEN e.facts END AS facts,
        ROW_NUMBER() OVER (PARTITION BY m.ref, e.step ORDER BY e.happened_on DESC, e.recorded_at DESC, e.id) AS place
    FROM near m JOIN record_thing t ON t.ref = m.ref LEFT JOIN record_entry e ON e.thing_id = m.ref
    WHERE m.depth >= %s
)
SELECT ref, depth, url, step, title, happened_on, entry,
    (SELECT COUNT(*) FROM seen) AS walked, (SELECT COUNT(*) FROM near) AS things, facts, place
FROM told WHERE step <> '' AND (place = 1 OR (step = 'funded' AND place <= %s))
ORDER BY CASE WHEN place = 1 THEN 0 ELSE 1 END, depth, happened_on, ref, step, place LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Knot:
    """One step of the thread. `depth` counts the causes between it and the thing asked about.

    `pence`: how much money it tells of, 0 where it tells of none.
    """

    step: str
    date: date | None
    title: str
    url: str
    ref: str
    depth: int
    direction: Direction
    entry: str = ""
    pence: int = 0

    @property
    def here(self) -> bool:
        return self.direction == "here"


@dataclass(frozen=True, slots=True)
class Thread:
    """The knots, oldest first. `more` says that only the nearest ones are here."""

    ref: str
    steps: list[Knot]
    more: bool = False

    @property
    def back(self) -> list[Knot]:
        return [knot for knot in self.steps if knot.direction == "back"]

    @property
    def forward(self) -> list[Knot]:
        return [knot for knot in self.steps if knot.direction == "forward"]


def thread(ref: str, *, depth: int = DEEPEST, most: int = MOST) -> Thread:
    """The thread through `ref`, at most `most` knots each way. Two queries. Empty where nothing is known of it."""
    back, more_back = _walk(ref, "back", least=0, depth=depth, most=most)
    forward, more_forward = _walk(ref, "forward", least=1, depth=depth, most=most)
    # In a circle the same step lies both ways: it is told once, where it is nearer.
    near = {(knot.ref, knot.step, knot.entry): knot for knot in sorted([*forward, *back], key=_away, reverse=True)}
    return Thread(ref, sorted(near.values(), key=_when), more_back or more_forward)


def _away(knot: Knot) -> tuple[int, bool]:
    return knot.depth, knot.direction == "forward"


def _walk(ref: str, direction: Direction, *, least: int, depth: int, most: int) -> tuple[list[Knot], bool]:
    near, far = ("thing_id", "cause_id") if direction == "back" else ("cause_id", "thing_id")
    walked = most * STEPS_WALKED
    with connection.cursor() as cursor:
        asked: list[str | int] = [ref, depth, walked, most + 2, least, EVERY + 1, most + 1]
        limit = f" LIMIT {walked:d}" if connection.vendor == "sqlite" else ""
        cursor.execute(_WALK.format(near=near, far=far, limit=limit), asked)
        rows = cursor.fetchall()
    # One more thing than knots, since the thing itself is walked through in both directions.
    cut = bool(rows) and (len(rows) > most or rows[0][7] >= walked or rows[0][8] > most + 1)
    told = [row for row in rows if row[10] <= EVERY]
    return [_knot(row, direction) for row in told[:most]], cut or len(told) < len(rows)


def _knot(row: tuple[Any, ...], direction: Direction) -> Knot:
    ref, depth, url, step, title, on, entry, _walked, _things, facts, _place = row
    if isinstance(on, str):  # SQLite keeps dates as text
        on = date.fromisoformat(on)
    return Knot(
        step, on, title, url, ref, depth, direction if depth else "here", str(UUID(str(entry))) if entry else "",
        _pence(facts),
    )  # fmt: skip


def _pence(facts: Any) -> int:
    """The money that an entry's facts name, in pence."""
    found = json.loads(facts) if isinstance(facts, str) else facts or {}  # both engines hand over text
    return max((found[key] for key in ("pence", "raised_pence") if isinstance(found.get(key), int)), default=0)


def _when(knot: Knot) -> tuple[date, int, int, str]:
    """Oldest first; of one day in the order of the loop; a thing without a date before or after, as it led here."""
    away = -knot.depth if knot.direction == "back" else knot.depth
    return knot.date or (date.min if away < 0 else date.max), STEPS.index(knot.step), away, knot.ref
