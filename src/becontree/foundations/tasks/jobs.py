"""The tasks' own housekeeping."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from becontree.foundations.kit.schedule import Job
from becontree.foundations.tasks import queue


def reap(now: datetime) -> int:
    return queue.reap(now=now)


def sweep_out(now: datetime) -> int:
    return queue.sweep_out(now=now)


def count_rows(now: datetime) -> int:
    """Tell SQLite how its rows lie, so that a list of the newest walks an index instead of sorting all of them.

    Only tables that changed much since are looked at (0x10000), and ten thousand rows of an index at most: a second or
    two at the worst. PostgreSQL does the like by itself. https://www.sqlite.org/pragma.html#pragma_optimize
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit=10000")
            cursor.execute("PRAGMA optimize=0x10002")
    return 0


JOBS = [
    Job("tasks.reap", timedelta(seconds=10), reap),
    Job("tasks.sweep_out", timedelta(hours=6), sweep_out),
    Job("tasks.count_rows", timedelta(hours=6), count_rows),
]
