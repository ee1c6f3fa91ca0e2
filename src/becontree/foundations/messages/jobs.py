"""Work of `messages` that comes round by the clock; `tasks` collects it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from becontree.foundations.messages.actions import deliver, digest, prune

JOBS: list[tuple[str, timedelta, Callable[[datetime], int]]] = [
    ("messages.deliver", timedelta(seconds=5), deliver),
    ("messages.digest", timedelta(hours=1), digest),
    ("messages.prune", timedelta(days=1), prune),
]
