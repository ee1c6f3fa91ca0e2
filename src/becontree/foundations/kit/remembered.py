"""Figures that many readers ask for at once, counted anew only every few seconds by each process.

Only for what may be a moment old: sums of what is closed. Never for money, for what somebody has just sent, or for
anything that depends on who asks. Money only with a key that changes whenever a pound moves (`for_good`).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar

from django.conf import settings

T = TypeVar("T")
MOST: Final = 256  # figures kept by a process; the one asked for longest ago goes first

_kept: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
_lock = Lock()


def remembered(key: Hashable, make: Callable[[], T], *, for_good: bool = False, now: float | None = None) -> T:
    """What `make()` gave for this key no more than `settings.REMEMBERED_SECONDS` ago (0: always made anew).

    for_good: however long ago, where the key itself says of what state of things the figure is. `now` is in seconds on
    a clock that never goes back (default: the process's own). Two threads that ask at once may both make it; neither
    waits for the other.
    """
    seconds = float(getattr(settings, "REMEMBERED_SECONDS", 0))
    if seconds <= 0:
        return make()
    at = time.monotonic() if now is None else now
    with _lock:
        found = _kept.get(key)
        if found is not None and (for_good or 0 <= at - found[0] < seconds):
            _kept.move_to_end(key)
            value: T = found[1]
            return value
    made = make()
    with _lock:
        _kept[key] = (at, made)
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made


def forget() -> None:
    """Count everything anew from here on."""
    with _lock:
        _kept.clear()
