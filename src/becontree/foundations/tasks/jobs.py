"""The tasks' own housekeeping."""

from __future__ import annotations

from datetime import datetime, timedelta

from becontree.foundations.kit.schedule import Job
from becontree.foundations.tasks import queue


def reap(now: datetime) -> int:
    return queue.reap(now=now)


def sweep_out(now: datetime) -> int:
    return queue.sweep_out(now=now)


JOBS = [
    Job("tasks.reap", timedelta(seconds=10), reap),
    Job("tasks.sweep_out", timedelta(hours=6), sweep_out),
]
