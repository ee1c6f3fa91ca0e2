"""Sixty people give at once, the provider misbehaves, processes are killed: nothing twice, nothing lost.

The small version of `benchmarks/pledges.py`, with gunicorn, the worker and a database of their own.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.db import connection

from benchmarks import pledges

pytestmark = pytest.mark.slow
GIVERS, KILLS = 60, 6


def test_no_gift_is_lost_or_counted_twice_whatever_is_killed() -> None:
    found = pledges.run(connection.vendor, server(), pledges=GIVERS, at_once=GIVERS, kills=KILLS, seed=20261122)

    assert (found["faults"], found["wrong"], found["counters_off"]) == ([], [], []), found
    assert found["killed"] == KILLS
    giving, collecting = found["kills"]["giving"], found["kills"]["collecting"]
    assert giving["victim_had_worked"] + collecting["victim_had_worked"] > KILLS // 2, found["kills"]
    assert collecting["work_before_and_left"] == collecting["killed"] > giving["killed"] > 0, found["kills"]
    assert found["state"] == "funded"
    assert found["pledges"]["collected"] > GIVERS // 2
    assert found["granted_pence"] > 0


def server() -> str:
    """The PostgreSQL server of this run of the tests; databases are made on it and dropped."""
    if connection.vendor == "sqlite":
        return ""
    given = connection.settings_dict
    user = quote(given["USER"]) + (f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else "")
    if given["HOST"].startswith("/"):
        return f"postgres://{user}@/postgres?host={given['HOST']}"
    return f"postgres://{user}@{given['HOST']}:{given['PORT'] or 5432}/postgres"
