"""Becontree's own settings with a clock that runs fast, for benchmarks.pledges: a second of the machine is a minute.

`BENCH_EPOCH` is when the run began (seconds since 1970). The file `BENCH_SKIP` holds minutes by which the whole of it
was moved on meanwhile: every process reads it at each look at the clock, as a rehearsal would be moved on.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from becontree.web.settings import *  # noqa: F403

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
FAST = 60


class FastClock:
    """What is added to the machine's time: it comes out as the benchmark's."""

    def __radd__(self, now: datetime) -> datetime:
        gone = now.timestamp() - float(os.environ["BENCH_EPOCH"])
        skipped = float(Path(os.environ["BENCH_SKIP"]).read_text(encoding="ascii") or 0)
        return START + timedelta(seconds=gone * FAST, minutes=skipped)


CLOCK_SHIFT = FastClock()
