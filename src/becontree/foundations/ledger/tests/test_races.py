"""Several processes at once, with real commits: once per key, never overdrawn, resolved once, every sum exact."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

RACER = """
import json, sys
import django
django.setup()
from datetime import UTC, datetime
from django.db import OperationalError
from becontree.foundations.ledger import actions
from becontree.foundations.ledger.actions import AlreadyResolved, KeyClash, Line, Overdrawn
from becontree.foundations.ledger.models import Transfer
from becontree.foundations.people.actors import System
me, us, now = int(sys.argv[1]), System("race"), datetime(2026, 11, 22, 12, tzinfo=UTC)
said = {"reserved": 0, "overdrawn": 0, "resolved": 0, "late": 0, "clash": 0}
def post(key, lines):
    return actions.post(key=key, kind="race", occurred_on=now.date(), lines=lines, by=us, now=now)
print("ready", flush=True)
sys.stdin.readline()
for n in range(60):
    # One pot for everybody: 240 ask for 100, and 120 fit.
    try:
        post(f"ask:{me}:{n}", [Line("fund:pot", "liability:held:race", 100, pending=True)])
        said["reserved"] += 1
    except Overdrawn:
        said["overdrawn"] += 1
    # The same fact told by everybody.
    post(f"same:{n}", [Line("asset:bank:main", "income:gifts", 7)])
    # The same key for different facts: one of them holds.
    try:
        post(f"clash:{n}", [Line("asset:bank:main", "income:gifts", 1000 + me)])
    except KeyClash:
        said["clash"] += 1
    # Two accounts in both directions: rings of waiting would show here.
    pair = ("asset:a:one", "asset:a:two") if me % 2 else ("asset:a:two", "asset:a:one")
    post(f"ring:{me}:{n}", [Line(*pair, 1), Line(*reversed(pair), 2)])
print("asked", flush=True)  # whoever releases before all have asked would make room for more
sys.stdin.readline()
for transfer in Transfer.objects.filter(phase="pending").order_by("id")[:60]:
    try:
        end = actions.settle if me % 2 else actions.release
        end(key=f"end:{me}:{transfer.pk}", pending=[transfer], by=us, now=now)
        said["resolved"] += 1
    except AlreadyResolved:
        said["late"] += 1
print(json.dumps(said), flush=True)
"""
SET_UP = """
import django
django.setup()
from datetime import UTC, datetime
from django.core.management import call_command
call_command("migrate", verbosity=0)
from becontree.foundations.ledger import actions
from becontree.foundations.ledger.testing import money
for code, kind, floor in (("asset:bank:main", "asset", False), ("fund:pot", "fund", True),
        ("liability:held:race", "liability", False), ("income:gifts", "income", False),
        ("asset:a:one", "asset", False), ("asset:a:two", "asset", False)):
    actions.open_account(code=code, name=code, kind=kind, floor=floor)
money(key="fill", debit="asset:bank:main", credit="fund:pot", amount=12_000, now=datetime(2026, 11, 22, 12, tzinfo=UTC))
"""
JUDGE = """
import json
import django
django.setup()
from becontree.foundations.ledger import queries
from becontree.foundations.ledger.audit import find_faults
from becontree.foundations.ledger.models import Journal
trial = queries.trial_balance()
print(json.dumps({
    "faults": [fault.message for fault in find_faults(deep=True)],
    "pot": queries.balance("fund:pot").available,
    "same": Journal.objects.filter(key__startswith="same:").count(),
    "clash": Journal.objects.filter(key__startswith="clash:").count(),
    "debit": trial.debit, "credit": trial.credit,
}))
"""
RACERS = 4


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """An empty database of its own, which other processes can reach."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/race.sqlite3"
        return
    import psycopg

    given = connection.settings_dict
    name = f"{str(given['NAME']).removeprefix('test_')[:40]}_race_{os.getpid()}"
    server = {"user": given["USER"], "password": given["PASSWORD"], "host": given["HOST"], "port": given["PORT"]}
    server = {key: value for key, value in server.items() if value}
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    user = f"{given['USER']}:{given['PASSWORD']}@" if given["USER"] else ""
    port = f":{given['PORT']}" if given["PORT"] else ""
    yield f"postgres://{user}{given['HOST']}{port}/{name}?pool=0"
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_four_processes_race_and_every_sum_is_exact(address: str, tmp_path: Path) -> None:
    env = os.environ | {
        "BECONTREE_MODE": "test",
        "BECONTREE_DATABASE_URL": address,
        "BECONTREE_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "becontree.web.settings",
        "PYTHONWARNINGS": "ignore",
    }
    subprocess.run([sys.executable, "-c", SET_UP], env=env, check=True, timeout=120)
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(n)], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for n in range(RACERS)
    ]
    for racer in racers:
        assert racer.stdout
        assert racer.stdout.readline() == "ready\n"
    for word in ("asked\n", ""):
        for racer in racers:
            assert racer.stdin
            racer.stdin.write("go\n")
            racer.stdin.flush()
        for racer in racers:
            assert racer.stdout
            assert not word or racer.stdout.readline() == word
    said = [json.loads(racer.communicate(timeout=180)[0]) for racer in racers]
    judged = json.loads(
        subprocess.run([sys.executable, "-c", JUDGE], env=env, check=True, capture_output=True, timeout=120).stdout
    )

    assert [racer.returncode for racer in racers] == [0] * RACERS
    assert sum(each["reserved"] for each in said) == 120
    assert sum(each["overdrawn"] for each in said) == RACERS * 60 - 120
    assert sum(each["clash"] for each in said) == (RACERS - 1) * 60
    assert judged["faults"] == []
    assert judged["same"] == judged["clash"] == 60
    assert judged["debit"] == judged["credit"]
    assert judged["pot"] >= 0
