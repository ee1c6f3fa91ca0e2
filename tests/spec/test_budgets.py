"""One query budget a page: lists at most 12 queries, details at most 15, whatever the number of rows.

Held in a small borough and in one three times as large.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from becontree.citizenship.conversations.tests.conftest import Talk
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


TALKS = {
    "list": ("/conversations/", 12),
    "conversation": ("", 15),
    "vote": ("vote/", 15),
    "mine": ("mine/", 15),
    "map": ("map/", 15),
    "version": ("map/version/", 12),
    "statements": ("statements/", 12),
    "log": ("moderation/", 12),
}


@pytest.mark.parametrize("people", [12, 60])
@pytest.mark.django_db
def test_pages_of_a_conversation_keep_their_budget_whatever_the_number_of_votes(people: int) -> None:
    talk = Talk().open()
    client = Client()
    client.post(f"/conversations/{talk.conversation.slug}/start/")
    talk.camps(people)
    talk.draw()
    over = {}
    for name, (path, most) in TALKS.items():
        address = path if path.startswith("/") else f"/conversations/{talk.conversation.slug}/{path}"
        if (count := queries_of(client, address)) > most:
            over[name] = count

    assert over == {}


@pytest.mark.django_db
def test_one_vote_is_few_questions_to_the_database() -> None:
    talk = Talk().open()
    client = Client()
    base = f"/conversations/{talk.conversation.slug}/"
    client.post(base + "start/")
    number = client.get(base + "vote/").context["statement"].number
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(base + "vote/", {"statement": number, "value": 1}, headers={"Accept": "application/json"})

    assert answer.json()["receipt"]
    assert len([each for each in captured if not each["sql"].startswith(("BEGIN", "SAVE", "RELEASE"))]) <= 7


def queries_of(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)

    assert answer.status_code == 200, path
    return len(captured)
