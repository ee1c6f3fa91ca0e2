"""What stands behind an entry: the rooms that post say here which of their pages it came from.

    origins.register("payments", find)

    find(journal) -> [Origin(...)]     the room looks at the entry's key; nothing where the entry is not its own

Only finance and auditors are shown these links: an entry's own page is public and names no gift.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from becontree.foundations.ledger.models import Journal


class Origin(NamedTuple):
    """A page about what an entry was written for, with the words of its link."""

    label: str
    url: str


Find = Callable[[Journal], Sequence[Origin]]
_rooms: dict[str, Find] = {}


def register(name: str, find: Find) -> None:
    """From the room's `AppConfig.ready`; the last word counts."""
    _rooms[name] = find


def of(journal: Journal) -> list[Origin]:
    return [origin for name in sorted(_rooms) for origin in _rooms[name](journal)]
