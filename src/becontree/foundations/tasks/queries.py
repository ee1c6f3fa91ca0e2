"""What the administrators' page asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils.translation import ngettext
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from becontree.foundations.tasks import schedule
from becontree.foundations.tasks.models import Run, ScheduledJob, Worker
from becontree.foundations.tasks.queue import SILENCE


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job with how it stands: `state` is "running", "failing", "late", "waiting" or "new"."""

    name: str
    every: timedelta
    state: str
    row: ScheduledJob | None

    @property
    def how_often(self) -> str:
        """As people say it: "5 minutes"."""
        seconds = int(self.every.total_seconds())
        if seconds % 86_400 == 0:
            return ngettext("%(n)s day", "%(n)s days", seconds // 86_400) % {"n": seconds // 86_400}
        if seconds % 3_600 == 0:
            return ngettext("%(n)s hour", "%(n)s hours", seconds // 3_600) % {"n": seconds // 3_600}
        if seconds % 60 == 0:
            return ngettext("%(n)s minute", "%(n)s minutes", seconds // 60) % {"n": seconds // 60}
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}


def job_rows(now: datetime) -> Sequence[JobRow]:
    rows = {row.name: row for row in ScheduledJob.objects.all()}
    return [
        JobRow(name, job.every, _state(rows.get(name), job, now), rows.get(name))
        for name, job in schedule.jobs().items()
    ]


def _state(row: ScheduledJob | None, job: schedule.Job, now: datetime) -> str:
    if row is None:
        return "new"
    if row.lease_until is not None and row.lease_until >= now:
        return "running"
    if row.failures:
        return "failing"
    return "late" if now - row.next_run_at > max(job.every, timedelta(minutes=1)) else "waiting"


def runs() -> QuerySet[Run]:
    return Run.objects.order_by("-started_at", "-id")


def workers(now: datetime) -> QuerySet[Worker]:
    return Worker.objects.filter(ended_at__isnull=True, heartbeat_at__gte=now - SILENCE).order_by("started_at")


def backlog(now: datetime) -> dict[str, Any]:
    """How many tasks wait, since when the oldest, and how many were given up."""
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY).aggregate(
        n=Count("pk"), oldest=Min("enqueued_at")
    )
    return {
        "waiting": waiting["n"],
        "age": now - waiting["oldest"] if waiting["oldest"] else None,
        "given_up": DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).order_by("-finished_at")[:20],
    }
