"""Tasks that the tests put on the queue."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django_tasks import task

CALLS: list[str] = []


@task()
def note(word: str) -> str:
    CALLS.append(word)
    return word


@task()
def stumble() -> None:
    CALLS.append("stumble")
    raise RuntimeError("the printer is out of paper")


@task()
def take_long() -> None:
    with Path(os.environ["BECONTREE_TEST_NOTES"]).open("a") as handle:
        handle.write("task-began\n")
    time.sleep(float(os.environ["BECONTREE_TEST_SLEEP"]))
    with Path(os.environ["BECONTREE_TEST_NOTES"]).open("a") as handle:
        handle.write("task-ended\n")
