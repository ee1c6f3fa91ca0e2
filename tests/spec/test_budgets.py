"""One query budget a page: lists at most 12 queries, details at most 15, whatever the number of rows.

Held in a small borough and in one three times as large.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.fill import fill

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
LISTS = {
    "home": "/",
    "projects": "/projects/",
    "projects found": "/projects/?words=mill&theme=green&state=raising",
    "voices": "/voices/",
    "voices found": "/voices/?words=mill&kind=hope&ward=F01",
    "rounds": "/voices/rounds/",
    "how we moderate": "/voices/how-we-moderate/",
    "funds": "/funds/",
    "money": "/money/",
    "record": "/record/",
    "places": "/places/",
    "rules": "/policy/",
    "accounts": "/accounts/",
}
DETAILS = {
    "project open": "/projects/project-5/",
    "project done": "/projects/project-8/",
    "give": "/projects/project-5/give/",
    "fund": "/funds/pot/",
    "round": "/voices/rounds/twenty-years/",
    "thread": "/record/thread/project/project-5",
}


@pytest.fixture(params=[(10, 60, 30), (30, 180, 90)], ids=["small", "large"])
def borough(request: pytest.FixtureRequest, db: None) -> None:
    projects, pledges, voices = request.param
    fill(projects=projects, pledges=pledges, voices=voices, now=NOW)


def queries(path: str) -> int:
    client = Client()
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)

    assert answer.status_code == 200, path
    return len(captured)


@pytest.mark.usefixtures("borough")
def test_lists_take_at_most_twelve_queries() -> None:
    over = {name: count for name, path in LISTS.items() if (count := queries(path)) > 12}

    assert over == {}


@pytest.mark.usefixtures("borough")
def test_details_take_at_most_fifteen_queries() -> None:
    over = {name: count for name, path in DETAILS.items() if (count := queries(path)) > 15}

    assert over == {}
