"""Workers killed at random moments, four at a time, over a line that fails: nothing twice, nothing lost."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from becontree.foundations.payments.practice import remote
from becontree.foundations.payments.tests.conftest import NOON, begin, settle_down

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SCRIPT = Path(__file__).with_name("run_storm.py")
GIFTS, KILLS = 40, int(os.environ.get("BECONTREE_STORM_KILLS", "6"))


def test_kill_minus_nine_while_collecting_changes_no_sum(shared_database, tmp_path):
    for number in range(GIFTS):
        row = begin(f"storm/{number}", purpose=f"storm/{number}", amount=1000 + number)
        row.refresh_from_db()
        remote.answer_page(setup=row.remote_id, card="pays", now=NOON)
    settle_down(NOON)
    dice = random.Random(20261122)
    environment = os.environ | {
        "BECONTREE_DATABASE_URL": shared_database(),
        "BECONTREE_MODE": "test",
        "BECONTREE_HOME": str(tmp_path),
        "BECONTREE_LOG_LEVEL": "CRITICAL",
        "BECONTREE_TEST_BEGAN": str(time.time()),
        "DJANGO_SETTINGS_MODULE": "becontree.web.settings",
    }

    def start():
        return subprocess.Popen([sys.executable, str(SCRIPT), "work", str(dice.randrange(10**9))], env=environment)

    def at_work():
        """The workers that have begun; each kill hits one of them, wherever it happens to be."""
        return [each for each in workers if (tmp_path / f"at-work-{each.pid}").exists()]

    workers = [start() for _ in range(4)]
    try:
        for _ in range(KILLS):
            end = time.monotonic() + 60
            while not at_work():
                assert time.monotonic() < end, "no worker began"
                time.sleep(0.05)
            time.sleep(dice.uniform(0.1, 1.2))
            victim = dice.choice(at_work())
            assert victim.poll() is None, "a worker fell over by itself"
            victim.kill()
            victim.wait()
            workers[workers.index(victim)] = start()
        time.sleep(6)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "settle"], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])

    assert found["charges"] >= GIFTS // 2
    assert found["settled"] > 0
    assert {name: found[name] for name in ("open", "waiting", "wrongly_told", "paid_keys_differ", "refunds_open")} == {
        "open": 0, "waiting": 0, "wrongly_told": [], "paid_keys_differ": [], "refunds_open": 0,
    }  # fmt: skip
    assert (found["ours"], found["held"], found["suspense"], found["trial"]) == (found["theirs"], found["given"], 0, 0)
