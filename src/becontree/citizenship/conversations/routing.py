"""Which statement is shown next: tables of weights that never change, and draws from them that anybody can repeat."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.db import transaction

from becontree.citizenship.conversations.models import Conversation, RoutingTable, Served, Statement
from becontree.methods import opinion
from becontree.methods.opinion import routing as method

SCALE: Final = method.SCALE


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A routing table as arrays; `at` says where in them a statement stands."""

    version: int
    ids: tuple[int, ...]
    priority: Any
    seen: Any
    about_you: frozenset[int]
    at: Mapping[int, int]


def rebuild(
    conversation: Conversation, *, tallies: Mapping[int, Sequence[int]], reach: Mapping[int, float], now: datetime
) -> int:
    """Lay down a new table and make it the one in force; returns its number. The caller holds the conversation's row.

    `tallies`: statement -> (agrees, disagrees, seen); `reach`: statement -> extremity. A statement in neither is new.
    Nothing is written where nothing has changed.
    """
    live = list(
        Statement.objects.filter(conversation=conversation, state=Statement.State.LIVE)
        .order_by("number")
        .values_list("pk", "about_you")
    )
    counts = np.array([list(tallies.get(pk, (0, 0, 0))) for pk, _ in live], dtype=np.int64).reshape(-1, 3)
    far = np.array([reach.get(pk, 0.0) for pk, _ in live])
    passed = counts[:, 2] - counts[:, 0] - counts[:, 1]
    priority = opinion.priorities(counts[:, 0], passed, counts[:, 2], far)
    rows = [
        [pk, max(1, int(weight * SCALE)), int(seen), int(about)]
        for (pk, about), weight, seen in zip(live, priority.tolist(), counts[:, 2].tolist(), strict=True)
    ]
    last = RoutingTable.objects.filter(conversation=conversation).order_by("-version").first()
    if last is not None and last.rows == rows:
        return last.version
    version = (last.version if last is not None else 0) + 1
    RoutingTable.objects.create(conversation=conversation, version=version, rows=rows, made_at=now)
    Conversation.objects.filter(pk=conversation.pk).update(routing_version=version)
    conversation.routing_version = version
    return version


_KEPT: Final[dict[tuple[int, int, str], Table]] = {}
_MOST_KEPT: Final = 64


def table(conversation_id: int, version: int, seed: str) -> Table:
    """One numbered table. It never changes once it is committed, so that a process may keep it from then on: a number
    that was rolled back is given again to another table. One query the first time.

    The seed is asked for so that a database put back from elsewhere cannot meet what was kept of another.
    """
    key = (conversation_id, version, seed)
    if (known := _KEPT.get(key)) is not None:
        return known
    rows = RoutingTable.objects.values_list("rows", flat=True).get(conversation_id=conversation_id, version=version)
    found = as_table(version, rows)

    def keep() -> None:
        while len(_KEPT) >= _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = found

    transaction.on_commit(keep)
    return found


def as_table(version: int, rows: Sequence[Sequence[int]]) -> Table:
    return Table(
        version=version,
        ids=tuple(row[0] for row in rows),
        priority=np.array([row[1] for row in rows], dtype=np.float64) / SCALE,
        seen=np.array([row[2] for row in rows], dtype=np.int64),
        about_you=frozenset(at for at, row in enumerate(rows) if row[3]),
        at={row[0]: at for at, row in enumerate(rows)},
    )


def draw(
    known: Table, *, answered: Collection[int], recent: Sequence[int], seed: str, person: int, number: int
) -> method.Served | None:
    """Draw number `number` of a person. `answered` and `recent` are ids; the one drawn is an index into `known`."""
    return opinion.next_statement(
        known.priority,
        known.seen,
        answered={known.at[pk] for pk in answered if pk in known.at},
        about_you=known.about_you,
        last_shown=[known.at.get(pk, -1) for pk in recent],
        seed=f"{seed}/{person}",
        counter=number,
    )


@dataclass(frozen=True, slots=True)
class Audited:
    """A logged draw, drawn again: `same` says whether statement, pool and chance came out alike."""

    participant: int
    number: int
    logged: int
    drawn: int | None
    same: bool


def audit(conversation: Conversation) -> Iterator[Audited]:
    """Draw everything again from the tables, the seed and the votes alone."""
    answers: dict[int, list[tuple[int, int]]] = {}
    for participant, statement, pk in conversation.votes.order_by("id").values_list("participant", "statement", "pk"):
        answers.setdefault(participant, []).append((pk, statement))
    draws = Served.objects.filter(participant__conversation=conversation).order_by("participant", "number")
    recent: list[int] = []
    person = 0
    for one in draws.iterator(chunk_size=2000):
        if one.participant_id != person:
            person, recent = one.participant_id, []
        known = table(conversation.pk, one.table, conversation.seed)
        # A draw is made with the votes that were there: those before it in the person's own order.
        before = {statement for pk, statement in answers.get(person, ()) if pk <= one.after}
        again = draw(
            known, answered=before, recent=recent[-2:], seed=conversation.seed, person=person, number=one.number
        )
        drawn = known.ids[again.statement] if again is not None else None
        same = again is not None and (drawn, again.pool, again.probability, again.candidates) == (
            one.statement_id,
            one.pool,
            one.chance,
            one.candidates,
        )
        yield Audited(person, one.number, one.statement_id, drawn, same)
        recent.append(one.statement_id)
