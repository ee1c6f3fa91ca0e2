"""What else follows when an entry is reversed: the rooms whose facts stand behind entries say so here.

    undoing.register("payments", may=..., undo=...)

Each is asked about every reversal and looks at the entry's kind, key and subject itself.

    may(journal) -> None                      raises Refused where another step is the right one; asked twice, when
                                              somebody asks for the reversal and when the second person approves it
    undo(journal, reason, by, now) -> None    puts the room's own rows right, in the reversal's transaction, before the
                                              mirror image is posted: rooms lock their rows before accounts
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from becontree.foundations.ledger.models import Journal
from becontree.foundations.people.actors import Actor


class _Room(NamedTuple):
    may: Callable[[Journal], Any]
    undo: Callable[..., Any]


_rooms: dict[str, _Room] = {}


def register(name: str, *, may: Callable[[Journal], Any], undo: Callable[..., Any]) -> None:
    """From the room's `AppConfig.ready`; the last word counts."""
    _rooms[name] = _Room(may, undo)


def may(journal: Journal) -> None:
    for name in sorted(_rooms):
        _rooms[name].may(journal)


def undo(journal: Journal, reason: str, by: Actor, now: datetime) -> None:
    for name in sorted(_rooms):
        _rooms[name].undo(journal=journal, reason=reason, by=by, now=now)
