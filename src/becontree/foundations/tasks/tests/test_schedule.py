"""The schedule: who may run what when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from becontree.foundations.kit.schedule import Job
from becontree.foundations.tasks import jobs, queue, schedule
from becontree.foundations.tasks.models import Run, ScheduledJob, Worker

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


def a_job(name="test.job", every=MINUTE, run=lambda now: 1):
    return {name: Job(name, every, run)}


def test_every_room_s_jobs_are_found_once():
    assert "tasks.reap" in schedule.jobs()


def test_two_jobs_of_one_name_are_refused(monkeypatch):
    from becontree.foundations.tasks import jobs

    monkeypatch.setattr(jobs, "JOBS", [*jobs.JOBS, jobs.JOBS[0]])
    schedule.jobs.cache_clear()
    try:
        with pytest.raises(ImproperlyConfigured, match=r"tasks\.reap"):
            schedule.jobs()
    finally:
        schedule.jobs.cache_clear()


def test_a_job_runs_when_due_and_not_again_before_its_next_tick():
    calls = []
    table = a_job(run=lambda now: calls.append(now) or 1)
    for seconds in (0, 1, 59, 60, 61):
        schedule.run_due(now=NOON + timedelta(seconds=seconds), worker="w", table=table)

    assert calls == [NOON, NOON + MINUTE]


def test_ticks_missed_are_run_once_and_the_beat_is_kept():
    table = a_job()
    schedule.run_due(now=NOON, worker="w", table=table)
    late = NOON + timedelta(minutes=10, seconds=20)
    assert len(schedule.run_due(now=late, worker="w", table=table)) == 1

    assert ScheduledJob.objects.get().next_run_at == NOON + timedelta(minutes=11)


def test_only_one_of_two_workers_gets_a_tick():
    schedule.ensure(now=NOON, table=a_job())
    leases = [schedule.claim("test.job", worker=worker, now=NOON) for worker in ("one", "two")]

    assert [bool(lease) for lease in leases] == [True, False]


def test_a_lease_that_ran_out_is_taken_over_and_its_first_owner_changes_nothing():
    table = a_job()
    schedule.ensure(now=NOON, table=table)
    first = schedule.claim("test.job", worker="one", now=NOON)
    later = NOON + schedule.LEASE + timedelta(seconds=1)
    second = schedule.claim("test.job", worker="two", now=later)
    late = schedule.finish(table["test.job"], lease=first, started=NOON, now=later, done=1)

    assert late.outcome == "lost"
    assert ScheduledJob.objects.get().lease_owner == second


def test_a_job_that_fails_is_put_off_ever_longer_and_the_others_still_run():
    def wrong(now):
        raise RuntimeError("no")

    table = a_job("test.a", run=wrong, every=timedelta(hours=1)) | a_job("test.b", every=timedelta(hours=1))
    outcomes = schedule.run_due(now=NOON, worker="w", table=table)
    assert [outcome.outcome for outcome in outcomes] == ["failed", "done"]
    row = ScheduledJob.objects.get(name="test.a")
    assert (row.failures, row.next_run_at) == (1, NOON + timedelta(seconds=5))
    assert "RuntimeError: no" in row.last_error
    schedule.run_due(now=row.next_run_at, worker="w", table=table)
    row.refresh_from_db()

    assert (row.failures, row.next_run_at) == (2, NOON + timedelta(seconds=15))


@pytest.mark.parametrize(("failures", "seconds"), [(0, 0), (1, 5), (2, 10), (3, 20), (8, 640), (9, 900), (10_000, 900)])
def test_the_back_off_doubles_to_a_quarter_of_an_hour(failures, seconds):
    assert schedule.backoff(failures) == timedelta(seconds=seconds)


def test_a_success_forgets_the_failures():
    moods = iter([RuntimeError("no"), None])

    def moody(now):
        mood = next(moods)
        if mood:
            raise mood
        return 1

    table = a_job(run=moody)
    schedule.run_due(now=NOON, worker="w", table=table)
    schedule.run_due(now=NOON + MINUTE, worker="w", table=table)
    row = ScheduledJob.objects.get()

    assert (row.failures, row.last_error, row.last_done) == (0, "", 1)


def test_an_empty_run_leaves_no_row_in_the_log():
    schedule.run_due(now=NOON, worker="w", table=a_job("test.a", run=lambda now: 0) | a_job("test.b"))

    assert list(Run.objects.values_list("job", flat=True)) == ["test.b"]


def test_the_reaper_frees_the_lease_of_the_dead_and_leaves_the_living_alone():
    schedule.ensure(now=NOON, table=a_job("test.a") | a_job("test.b"))
    for name, worker in (("test.a", "dead"), ("test.b", "alive")):
        schedule.claim(name, worker=worker, now=NOON)
    later = NOON + timedelta(seconds=40)
    common = {"host": "h", "pid": 1, "started_at": NOON}
    Worker.objects.create(id="dead", heartbeat_at=NOON, **common)
    Worker.objects.create(id="alive", heartbeat_at=later, **common)
    ScheduledJob.objects.filter(name="test.b").update(lease_until=later + schedule.LEASE)

    assert queue.reap(now=later) == 1
    assert ScheduledJob.objects.get(name="test.a").lease_owner == ""
    assert ScheduledJob.objects.get(name="test.b").lease_owner.startswith("alive/")
    assert Worker.objects.get(id="dead").ended_at == later
    assert queue.reap(now=later) == 0


def test_the_newest_of_many_are_found_along_an_index_once_rows_were_counted() -> None:
    """SQLite only: PostgreSQL counts by itself, when it likes."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE many (id INTEGER PRIMARY KEY, state TEXT, at INTEGER)")
        cursor.execute("CREATE INDEX many_state ON many (state)")
        cursor.execute("CREATE INDEX many_at ON many (at DESC)")
        cursor.executemany("INSERT INTO many (state, at) VALUES (%s, %s)", [("out", n) for n in range(3_000)])

        def way(most: int) -> str:  # another text each time: a statement already prepared keeps its way
            cursor.execute(f"EXPLAIN QUERY PLAN SELECT * FROM many WHERE state = 'out' ORDER BY at DESC LIMIT {most}")
            return " ".join(str(row[-1]) for row in cursor.fetchall())

        before = way(24)
        jobs.count_rows(datetime(2026, 11, 23, tzinfo=UTC))
        after = way(25)

    assert "TEMP B-TREE" in before
    assert "TEMP B-TREE" not in after
    assert "many_at" in after
