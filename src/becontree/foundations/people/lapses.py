"""How long a role that one administrator asked for waits for another. `policy` lies above this room: it brings the
council's own setting when the apps are ready."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from becontree.foundations.kit.dates import LONDON

DAYS: Final = 7  # where nobody brought a way to ask, as in a test of this room alone
_WAYS: Final[list[Callable[[date], int]]] = []


def bring(way: Callable[[date], int]) -> None:
    """How the days are asked for: `way(on)`. The last one brought is used."""
    _WAYS[:] = [way]


def days(on: date) -> int:
    """How many days a request waits that is made on this day."""
    return _WAYS[0](on) if _WAYS else DAYS


def at(now: datetime) -> datetime:
    """When a request that is made now lapses."""
    return now + timedelta(days=days(now.astimezone(LONDON).date()))
