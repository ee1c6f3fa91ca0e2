"""The queue: Django's own task interface (django-tasks-db), with the retry and the reaper that it lacks.

`some_task.enqueue(...)` writes a row in the caller's transaction. A row is tried up to `MOST_ATTEMPTS` times with
growing pauses; a row whose worker has died is put back. The attempts are counted in the row itself: each claim adds the
worker's name to `worker_ids`. Tasks are therefore idempotent, as jobs are.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from traceback import format_exception
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django_tasks import TaskContext, TaskResultStatus
from django_tasks.utils import normalize_json
from django_tasks_db.models import DBTaskResult, get_date_max

from becontree.foundations.tasks.models import Run, ScheduledJob, Worker
from becontree.foundations.tasks.schedule import backoff

log = logging.getLogger(__name__)

MOST_ATTEMPTS: Final = 6
# A worker beats every five seconds; one that has not for this long is dead or cut off, and its work is free again.
SILENCE: Final = timedelta(seconds=30)
KEEP_RUNS: Final = timedelta(days=30)
KEEP_DONE: Final = timedelta(days=7)


def run_one(*, now: datetime, worker: str) -> bool:
    """Claim and run the next ready task. Returns whether there was one. A task that raises is put back for later."""
    with transaction.atomic():
        ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY).filter(
            Q(run_after=get_date_max()) | Q(run_after__lte=now)
        )
        row: Any = ready.select_for_update(skip_locked=True).first()
        if row is None:
            return False
        row.claim(worker)
    try:
        task, result = row.task, row.task_result
        given = (TaskContext(task_result=result),) if task.takes_context else ()
        value = normalize_json(task.call(*given, *result.args, **result.kwargs))
    except Exception as error:
        log.exception("The task %s failed.", row.task_path)
        _put_back(row, now=now, worker=worker, error=error)
        return True
    _if_ours(row, worker).update(
        status=TaskResultStatus.SUCCESSFUL, finished_at=now, return_value=value, exception_class_path="", traceback=""
    )
    return True


def reap(*, now: datetime) -> int:
    """Free what dead workers held: leases of jobs, and tasks that say they are running. Returns how many."""
    quiet = now - SILENCE
    alive = set(Worker.objects.filter(ended_at__isnull=True, heartbeat_at__gte=quiet).values_list("id", flat=True))
    freed = 0
    for job in ScheduledJob.objects.filter(lease_until__lt=now):
        owner = job.lease_owner.partition("/")[0]
        if owner in alive:
            continue  # slow to renew, not dead; the lease is open to others all the same
        won = ScheduledJob.objects.filter(name=job.name, lease_owner=job.lease_owner, lease_until__lt=now).update(
            lease_owner="", lease_until=None, running_since=None
        )
        if won:
            freed += 1
            Run.objects.create(
                job=job.name,
                worker=owner,
                started_at=job.running_since or now,
                finished_at=now,
                outcome=Run.Outcome.LOST,
            )
    for row in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=quiet):
        holder = row.worker_ids[-1] if row.worker_ids else ""
        if holder not in alive:
            freed += _put_back(row, now=now, worker=holder, error=None)
    Worker.objects.filter(ended_at__isnull=True, heartbeat_at__lt=quiet).update(ended_at=now)
    return freed


def sweep_out(*, now: datetime) -> int:
    """Drop old rows of the log, finished tasks and workers long gone. Failed tasks stay until somebody looks."""
    gone, _ = Run.objects.filter(started_at__lt=now - KEEP_RUNS).delete()
    finished, _ = DBTaskResult.objects.filter(
        status=TaskResultStatus.SUCCESSFUL, finished_at__lt=now - KEEP_DONE
    ).delete()
    old, _ = Worker.objects.filter(ended_at__lt=now - KEEP_RUNS).delete()
    return gone + finished + old


def try_again(*, task_id: Any, now: datetime) -> bool:
    """Put a task that was given up back at the start, by an administrator's hand."""
    return bool(
        DBTaskResult.objects.filter(pk=task_id, status=TaskResultStatus.FAILED).update(
            status=TaskResultStatus.READY, run_after=now, worker_ids=[], started_at=None, finished_at=None
        )
    )


def _if_ours(row: Any, worker: str) -> Any:
    """The row, only while it is still the attempt that this worker began."""
    return DBTaskResult.objects.filter(
        pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at, worker_ids=row.worker_ids
    )


def _put_back(row: Any, *, now: datetime, worker: str, error: BaseException | None) -> int:
    attempts = len(row.worker_ids)
    over = attempts >= MOST_ATTEMPTS
    path = "" if error is None else f"{type(error).__module__}.{type(error).__qualname__}"
    return int(
        _if_ours(row, worker).update(
            status=TaskResultStatus.FAILED if over else TaskResultStatus.READY,
            run_after=now + backoff(attempts),
            started_at=row.started_at if over else None,
            finished_at=now if over else None,
            exception_class_path=path or "WorkerLost",
            traceback="" if error is None else "".join(format_exception(error)),
        )
    )
