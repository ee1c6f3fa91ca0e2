"""What the worker does for the record: number what waits, and sign."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from becontree.foundations.kit.schedule import Job
from becontree.foundations.record import actions
from becontree.foundations.record.models import Checkpoint


def _sequence(now: datetime) -> int:
    return actions.sequence(now=now)


def _checkpoint(now: datetime) -> int:
    before = Checkpoint.objects.count()
    actions.checkpoint(now=now)
    return Checkpoint.objects.count() - before


JOBS: Final = [
    Job("record.sequence", timedelta(seconds=5), _sequence),
    Job("record.checkpoint", timedelta(hours=1), _checkpoint),
]
