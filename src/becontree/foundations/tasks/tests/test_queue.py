"""The queue: tried again, given up, put back when the worker is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from becontree.foundations.tasks import queue
from becontree.foundations.tasks.models import Worker
from becontree.foundations.tasks.tests import bench_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet():
    bench_tasks.CALLS.clear()


def test_a_task_is_run_once_and_its_answer_kept():
    result = bench_tasks.note.enqueue("hello")
    now = timezone.now()
    ran = [queue.run_one(now=now, worker="w") for _ in range(2)]
    result.refresh()

    assert ran == [True, False]
    assert bench_tasks.CALLS == ["hello"]
    assert (result.status, result.return_value) == (TaskResultStatus.SUCCESSFUL, "hello")


def test_a_task_is_undone_with_the_transaction_that_asked_for_it():
    with transaction.atomic():
        bench_tasks.note.enqueue("never")
        transaction.set_rollback(True)

    assert not queue.run_one(now=timezone.now(), worker="w")


def test_a_failing_task_waits_longer_each_time_and_is_given_up_at_last():
    bench_tasks.stumble.enqueue()
    now = timezone.now()
    for attempt in range(1, queue.MOST_ATTEMPTS + 1):
        assert queue.run_one(now=now, worker="w")
        assert not queue.run_one(now=now, worker="w")
        now = max(now, DBTaskResult.objects.get().run_after)
        assert len(bench_tasks.CALLS) == attempt
    row = DBTaskResult.objects.get()

    assert row.status == TaskResultStatus.FAILED
    assert "out of paper" in row.traceback
    assert not queue.run_one(now=now + timedelta(days=9), worker="w")
    assert queue.try_again(task_id=row.pk, now=now)
    assert queue.run_one(now=now, worker="w")


def test_a_task_whose_worker_is_gone_is_put_back_and_one_of_a_living_worker_is_not():
    now = timezone.now()
    for word, worker in (("orphan", "dead"), ("busy", "alive")):
        bench_tasks.note.enqueue(word)
        with transaction.atomic():
            DBTaskResult.objects.filter(status=TaskResultStatus.READY).get().claim(worker)
    later = now + timedelta(minutes=2)
    Worker.objects.create(id="alive", host="h", pid=1, started_at=now, heartbeat_at=later)

    assert queue.reap(now=later) == 1
    assert queue.run_one(now=later + timedelta(minutes=1), worker="w")
    assert bench_tasks.CALLS == ["orphan"]
