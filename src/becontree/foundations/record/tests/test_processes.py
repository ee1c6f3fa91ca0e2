"""Several processes enter and sequence at once, on a real database file or server: one order, one tree, no gap."""

import os
import subprocess
import sys

import pytest
from django.db import connection

WORK = """
import sys, django
django.setup()
from datetime import UTC, date, datetime
from becontree.foundations.people.actors import System
from becontree.foundations.record import actions
me, by = sys.argv[1], System("test")
for number in range(25):
    now = datetime.now(UTC)
    ref = f"voice/{me}-{number}"
    actions.thing(ref=ref, kind="voice", title=ref)
    actions.enter(kind="voice.heard", step="heard", thing=ref, title=ref, on=date(2026, 11, 1), by=by, now=now)
    if number % 3 == 0:
        actions.sequence(now=now, limit=7)
        actions.checkpoint(now=now)
"""
CHECK = """
import sys, django
django.setup()
from datetime import UTC, datetime
from pathlib import Path
from becontree.foundations.record import actions
from becontree.foundations.record.models import Entry
from becontree.verify import log
now = datetime.now(UTC)
while actions.sequence(now=now):
    pass
actions.checkpoint(now=now)
places = list(Entry.objects.order_by("sequence").values_list("sequence", flat=True))
assert places == list(range(100)), places
actions.publish(Path(sys.argv[1]), now=now)
found = log.report(Path(sys.argv[1]))
assert found.problems == [], found.problems
assert found.entries == 100 and found.checkpoints > 1, found
print("one order")
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_four_processes_make_one_order(tmp_path):
    if connection.vendor == "postgresql":
        here = connection.settings_dict
        address = f"{here['USER']}:{here['PASSWORD']}@" if here["USER"] else ""
        url = f"postgres://{address}{here['HOST']}{':' + here['PORT'] if here['PORT'] else ''}/{here['NAME']}?pool=0"
    else:
        url = f"sqlite:///{tmp_path / 'record.sqlite3'}"
    environment = os.environ | {
        "BECONTREE_MODE": "test",
        "BECONTREE_HOME": str(tmp_path),
        "BECONTREE_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "becontree.web.settings",
    }

    def start(code, *arguments):
        return subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    if connection.vendor == "sqlite":
        made = start("from becontree.cli import main; raise SystemExit(main(['manage', 'migrate', '-v', '0']))")
        assert made.wait() == 0, made.communicate()[0]

    workers = [start(WORK, f"w{number}") for number in range(4)]
    for worker in workers:
        said = worker.communicate(timeout=240)[0]

        assert worker.returncode == 0, said

    said = start(CHECK, str(tmp_path / "out")).communicate(timeout=240)[0]

    assert said.endswith("one order\n"), said
