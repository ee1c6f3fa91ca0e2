"""A real worker in a process of its own, quick to give up on others, with the jobs that a test names.

    python run_worker.py slow|quick|counter [--once]

Each job leaves a line in the file that BECONTREE_TEST_NOTES names: what is written there survives a kill.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import django

django.setup()

from becontree.foundations.kit.schedule import Job  # noqa: E402 (Django first)
from becontree.foundations.tasks import jobs as housekeeping  # noqa: E402 (Django first)
from becontree.foundations.tasks import queue, schedule, worker  # noqa: E402 (Django first)

schedule.LEASE = timedelta(seconds=5)
queue.SILENCE = timedelta(seconds=5)
worker.HEARTBEAT = 0.4
worker.REST = 0.1


def write(word: str) -> int:
    with Path(os.environ["BECONTREE_TEST_NOTES"]).open("a") as handle:
        handle.write(word + "\n")
    return 1


def slow(now: datetime) -> int:
    write("began")
    time.sleep(float(os.environ.get("BECONTREE_TEST_SLEEP", "60")))
    return write("ended")


def counter(now: datetime) -> int:
    return write("tick")


kind = sys.argv[1]
table = {
    "slow": {"test.slow": Job("test.slow", timedelta(hours=1), slow)},
    "counter": {"test.counter": Job("test.counter", timedelta(hours=1), counter)},
    "queue": {},
}[kind]
table["tasks.reap"] = Job("tasks.reap", timedelta(seconds=1), housekeeping.reap)
schedule.jobs = lambda: table
process = worker.Worker()
worker.drain_on_signals(process)
sys.exit(process.run(once="--once" in sys.argv))
