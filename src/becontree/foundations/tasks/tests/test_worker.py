"""Real worker processes: killed with SIGKILL, asked to stop with SIGTERM, and racing each other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from becontree.foundations.tasks.tests import bench_tasks

pytestmark = pytest.mark.django_db(transaction=True)
SCRIPT = Path(__file__).with_name("run_worker.py")


@pytest.fixture
def start(tmp_path, shared_database):
    running = []
    notes = tmp_path / "notes"
    notes.touch()

    def begin(*arguments, sleep="60"):
        environment = os.environ | {
            "BECONTREE_DATABASE_URL": shared_database(),
            "BECONTREE_MODE": "test",
            "BECONTREE_HOME": str(tmp_path),
            "BECONTREE_TEST_NOTES": str(notes),
            "BECONTREE_TEST_SLEEP": sleep,
            "DJANGO_SETTINGS_MODULE": "becontree.web.settings",
        }
        process = subprocess.Popen([sys.executable, str(SCRIPT), *arguments], env=environment)
        running.append(process)
        return process

    begin.notes = lambda: notes.read_text().split()
    yield begin
    for process in running:
        process.kill()
        process.wait()


def wait_until(true, seconds=40):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.05)


def test_a_job_whose_worker_is_killed_is_done_by_another(start):
    victim = start("slow")
    wait_until(lambda: start.notes() == ["began"])
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    start("slow", sleep="0")
    wait_until(lambda: "ended" in start.notes())

    assert start.notes() == ["began", "began", "ended"]


def test_a_long_job_keeps_its_lease_while_its_worker_lives(start):
    start("slow", sleep="12")  # longer than the lease of five seconds
    wait_until(lambda: start.notes() == ["began"])
    rival = start("slow", sleep="0")
    wait_until(lambda: "ended" in start.notes())
    time.sleep(1)
    rival.send_signal(signal.SIGTERM)

    assert rival.wait(20) == 0
    assert start.notes() == ["began", "ended"]


def test_sigterm_lets_the_running_job_finish(start):
    process = start("slow", sleep="2")
    wait_until(lambda: start.notes() == ["began"])
    process.send_signal(signal.SIGTERM)

    assert process.wait(20) == 0
    assert start.notes() == ["began", "ended"]


def test_of_four_workers_at_once_one_does_the_tick(start):
    workers = [start("counter", "--once") for _ in range(4)]

    assert [worker.wait(60) for worker in workers] == [0] * 4
    assert start.notes() == ["tick"]


def test_a_queued_task_that_died_with_its_worker_is_done_by_the_next(start, monkeypatch):
    bench_tasks.take_long.enqueue()
    victim = start("queue")
    wait_until(lambda: start.notes() == ["task-began"])
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    start("queue", sleep="0")
    wait_until(lambda: "task-ended" in start.notes())

    assert start.notes() == ["task-began", "task-began", "task-ended"]


def test_the_command_runs_everything_due_once_and_ends(start, shared_database, tmp_path):
    environment = os.environ | {
        "BECONTREE_DATABASE_URL": shared_database(),
        "BECONTREE_MODE": "test",
        "BECONTREE_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "becontree.web.settings",
    }
    # The tests make their tables without migrations; a worker rightly refuses a database that says nothing of them.
    manage = [sys.executable, "-m", "becontree", "manage"]
    subprocess.run([*manage, "migrate", "--fake"], env=environment, timeout=120, check=True, capture_output=True)
    done = subprocess.run(
        [sys.executable, "-m", "becontree", "worker", "--once"], env=environment, timeout=120, check=False
    )

    assert done.returncode == 0
