"""One worker process: the schedule, then the queue, then a short rest; a heartbeat beside them.

The heartbeat is a thread with its own database connection. It says "alive" and renews the lease of the job that runs.
If a single job runs for longer than `LONGEST`, the heartbeat ends the process: a job that hangs must not be taken over
while it may still be at work, and the operating system's supervisor starts a fresh worker.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType
from typing import Final

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from becontree.foundations.tasks import queue, schedule
from becontree.foundations.tasks.models import ScheduledJob
from becontree.foundations.tasks.models import Worker as WorkerRow

log = logging.getLogger(__name__)

HEARTBEAT: Final = 5.0  # seconds
REST: Final = 1.0  # seconds without work before looking again
LONGEST: Final = timedelta(minutes=30)
HUNG: Final = 70  # exit status: EX_SOFTWARE


def clock() -> datetime:
    """The worker's clock: the one place of this room that asks the time (rehearsals shift it)."""
    shift: timedelta = getattr(settings, "CLOCK_SHIFT", timedelta())
    return timezone.now() + shift


class Worker:
    """Runs until told to stop; `stop()` lets the running job finish."""

    def __init__(self, *, clock: Callable[[], datetime] = clock) -> None:
        self.id = f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._clock = clock
        self._stopping = threading.Event()
        self._leases: set[str] = set()
        self._busy_since: float | None = None

    def stop(self) -> None:
        self._stopping.set()

    def run(self, *, once: bool = False) -> int:
        """Work until stopped, or with `once` until nothing is due. Returns how many jobs and tasks failed (once)."""
        now = self._clock()
        WorkerRow.objects.create(
            id=self.id, host=socket.gethostname()[:100], pid=os.getpid(), started_at=now, heartbeat_at=now
        )
        beat = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        beat.start()
        failed = 0
        try:
            while not self._stopping.is_set():
                close_old_connections()
                try:
                    worked, wrong = self._round()
                except DatabaseError:
                    if once:
                        raise
                    log.exception("The database did not answer; trying again.")
                    worked, wrong = 0, 0
                failed += wrong
                if once:
                    break
                if not worked:
                    self._stopping.wait(REST)
        finally:
            self._stopping.set()
            beat.join(timeout=HEARTBEAT)
            WorkerRow.objects.filter(pk=self.id).update(ended_at=self._clock())
        return failed

    def _round(self) -> tuple[int, int]:
        """Everything due now, once: each due job, then the queue until it is empty (or we are told to stop)."""
        worked = failed = 0
        for name, job in schedule.jobs().items():
            if self._stopping.is_set():
                return worked, failed
            self._busy_since = time.monotonic()
            outcomes = schedule.run_due(
                now=self._clock(), worker=self.id, table={name: job}, leases=self._leases, clock=self._clock
            )
            self._busy_since = None
            worked += sum(outcome.done for outcome in outcomes)
            failed += sum(outcome.outcome == "failed" for outcome in outcomes)
        while not self._stopping.is_set():
            self._busy_since = time.monotonic()
            found = queue.run_one(now=self._clock(), worker=self.id)
            self._busy_since = None
            if not found:
                break
            worked += 1
        return worked, failed

    def _beat(self) -> None:
        try:
            while not self._stopping.wait(HEARTBEAT):
                self._beat_once()
        finally:
            connection.close()

    def _beat_once(self) -> None:
        began = self._busy_since
        if began is not None and time.monotonic() - began > LONGEST.total_seconds():
            log.critical("A job has run for more than %s: this worker ends itself.", LONGEST)
            os._exit(HUNG)
        now = self._clock()
        try:
            WorkerRow.objects.filter(pk=self.id).update(heartbeat_at=now, ended_at=None)
            for lease in tuple(self._leases):
                ScheduledJob.objects.filter(lease_owner=lease).update(lease_until=now + schedule.LEASE)
        except DatabaseError:
            log.warning("A heartbeat could not be written; the next one will try again.")
            connection.close()


def drain_on_signals(worker: Worker) -> None:
    """SIGTERM and Ctrl-C finish the running job, then end; the second one ends at once (the reaper tidies up)."""

    def asked(number: int, frame: FrameType | None) -> None:
        worker.stop()
        signal.signal(number, signal.SIG_DFL)

    signal.signal(signal.SIGTERM, asked)
    signal.signal(signal.SIGINT, asked)
