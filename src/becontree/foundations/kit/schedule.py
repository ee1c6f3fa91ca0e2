"""What a room asks to be done again and again: a name, how often, and the work.

A room's `jobs.py` holds `JOBS`, a list of these; `becontree.foundations.tasks` finds and runs them. The shape lives
here, below every room, so that a room need not import the machinery that runs it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple


class Job(NamedTuple):
    """Work on a schedule.

    `name` is "<room>.<verb>" and unique. `run(now)` does what is due by `now` (aware, UTC), in portions of its own
    choosing, and returns how many things it did. It must be idempotent: after a crash it is run again.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], int]
