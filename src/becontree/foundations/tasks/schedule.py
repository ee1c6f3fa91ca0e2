"""The schedule: every room's `jobs.py`, each tick claimed by one worker, retried with back-off, freed when it dies.

A claim is one conditional UPDATE, so that of any number of workers exactly one wins, on both databases. The row's
`next_run_at` moves only when the job has finished: a tick whose worker was killed is still due once its lease ends, and
runs again (so every job is idempotent). Ticks missed while nobody was looking are run once, not once each.
"""

from __future__ import annotations

import importlib
import logging
import traceback
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.util import find_spec
from typing import Final

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q

from becontree.foundations.kit.schedule import Job
from becontree.foundations.tasks.models import Run, ScheduledJob

__all__ = ["LEASE", "Job", "Outcome", "backoff", "claim", "ensure", "finish", "jobs", "run_due"]

log = logging.getLogger(__name__)

# A worker renews its leases every few seconds (worker.HEARTBEAT); six missed renewals mean that it is gone.
LEASE: Final = timedelta(seconds=30)
FIRST_RETRY: Final = timedelta(seconds=5)
LONGEST_RETRY: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one run: `outcome` is "done", "failed" or "lost" (somebody else holds the lease by now)."""

    job: str
    outcome: str
    done: int = 0
    error: str = ""


@cache
def jobs() -> dict[str, Job]:
    """Every job of every installed app, by name, in the order of the apps. Raises where two have one name."""
    found: dict[str, Job] = {}
    for config in apps.get_app_configs():
        if not config.name.startswith("becontree.") or find_spec(f"{config.name}.jobs") is None:
            continue
        for name, every, run in importlib.import_module(f"{config.name}.jobs").JOBS:
            if name in found:
                raise ImproperlyConfigured(f"Two jobs are called {name!r}: rename one.")
            if every <= timedelta():
                raise ImproperlyConfigured(f"The job {name!r} must have a time between its runs.")
            found[name] = Job(name, every, run)
    return found


def ensure(*, now: datetime, table: dict[str, Job] | None = None) -> None:
    """Give each job its row; a new job is due at once. Safe to call from many workers."""
    table = jobs() if table is None else table
    known = set(ScheduledJob.objects.values_list("name", flat=True))
    missing = [ScheduledJob(name=name, next_run_at=now) for name in table if name not in known]
    if missing:
        ScheduledJob.objects.bulk_create(missing, ignore_conflicts=True)


def backoff(failures: int) -> timedelta:
    """How long to wait after the n-th failure in a row: 5 s, doubling, at most 15 minutes."""
    if failures < 1:
        return timedelta()
    doubled = FIRST_RETRY * (1 << min(failures - 1, 20))
    return min(LONGEST_RETRY, doubled)


def claim(name: str, *, worker: str, now: datetime) -> str:
    """Take the job for this worker, if it is due and free. Returns the lease, or "" where somebody else has it."""
    lease = f"{worker}/{uuid.uuid4().hex}"
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    won = ScheduledJob.objects.filter(free, name=name, next_run_at__lte=now).update(
        lease_owner=lease, lease_until=now + LEASE, running_since=now, last_started_at=now
    )
    return lease if won else ""


def finish(job: Job, *, lease: str, started: datetime, now: datetime, done: int = 0, error: str = "") -> Outcome:
    """Give the job back and set when it is next due. Does nothing where the lease has been lost meanwhile."""
    row = ScheduledJob.objects.filter(name=job.name, lease_owner=lease).first()
    failures = row.failures + 1 if row and error else 0
    held = ScheduledJob.objects.filter(name=job.name, lease_owner=lease).update(
        next_run_at=now + backoff(failures) if error else _next_tick(row.next_run_at if row else now, job.every, now),
        last_finished_at=now,
        last_done=done,
        running_since=None,
        lease_owner="",
        lease_until=None,
        failures=failures,
        last_error=error,
    )
    outcome = Run.Outcome.LOST if not held else Run.Outcome.FAILED if error else Run.Outcome.DONE
    if done or error or not held:
        Run.objects.create(
            job=job.name,
            worker=lease.partition("/")[0],
            started_at=started,
            finished_at=now,
            outcome=outcome,
            done=done,
            error=error,
        )
    return Outcome(job.name, outcome, done, error)


def run_due(
    *,
    now: datetime,
    worker: str,
    table: dict[str, Job] | None = None,
    leases: set[str] | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Sequence[Outcome]:
    """Run, one after another, each job that is due and free. A job that raises is put off; the others still run.

    `leases` holds the lease of the running job, for a heartbeat to renew; `clock` tells when each job was finished
    (without it, they are taken to be instant).
    """
    table = jobs() if table is None else table
    ensure(now=now, table=table)
    held = leases if leases is not None else set()
    outcomes = []
    due = ScheduledJob.objects.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now), next_run_at__lte=now)
    names = set(due.values_list("name", flat=True))
    for name, job in table.items():
        lease = claim(name, worker=worker, now=now) if name in names else ""
        if not lease:
            continue
        held.add(lease)
        done, error = 0, ""
        try:
            done = int(job.run(now) or 0)
        except Exception:
            error = traceback.format_exc(limit=20)
            log.exception("The job %s failed; it will be tried again.", name)
        finally:
            held.discard(lease)
        outcomes.append(finish(job, lease=lease, started=now, now=clock() if clock else now, done=done, error=error))
    return outcomes


def _next_tick(due: datetime, every: timedelta, now: datetime) -> datetime:
    """The first tick after `now` on the job's own beat: lateness neither adds up nor is made up for."""
    missed = max(0, (now - due) // every)
    return due + every * (missed + 1)
