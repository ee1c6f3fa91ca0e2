"""What hubs do by themselves: remind people of a meeting who asked for it, and forget them after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from becontree.citizenship.hubs.actions import reminding

JOBS: list[tuple[str, timedelta, Callable[[datetime], int]]] = [
    ("hubs.remind", timedelta(minutes=10), reminding.send_due),
    ("hubs.drop_reminders", timedelta(days=1), reminding.drop_old),
]
