"""One query budget a page: lists at most 12 queries, details at most 15, whatever the number of rows.

Held in a small borough and in one three times as large.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from becontree.citizenship.conversations import actions
from becontree.citizenship.conversations.tests.conftest import Talk
from becontree.citizenship.conversations.tests.test_banning import _desk
from becontree.citizenship.hubs import actions as hubs
from becontree.citizenship.outreach import actions as walking
from becontree.citizenship.outreach.tests import conftest as outreach
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


@pytest.mark.parametrize("many", [2, 12])
@pytest.mark.django_db
def test_an_officers_pages_of_conversations_and_rooms_keep_their_budget(many: int) -> None:
    talk = Talk().open()
    oona, omar = talk.officer("oona"), talk.officer("omar")
    for at in range(many):
        who = talk.joins(f"key-{at}", talk.person(f"person{at}"))
        said = {"conversation": talk.conversation, "participant": who, "now": talk.now}
        actions.suggest(words=f"Something personal by Mrs Patel{at}.", **said)
        held = actions.suggest(words=f"Something that was held, {at}.", **said)
        actions.hold(statement=held, reason="hate", by=oona, now=talk.now)
        actions.appeal(statement=held, participant=who, words="Why?", now=talk.now)
        actions.ban(participant=who, reason="hate", by=oona, now=talk.now)
        actions.appeal_ban(participant=who, words="Why?", now=talk.now)
    talk.camps(20)
    talk.draw()  # as the worker does, every two seconds
    plan = {"conversation": talk.conversation, "place": "The hall", "agenda": ["We vote"], "by": oona, "now": talk.now}
    later = hubs.plan(starts_at=talk.now + timedelta(days=2), **plan)
    room = hubs.begin(meeting=hubs.plan(starts_at=talk.now, **plan), by=oona, now=talk.now)
    hubs.show(meeting=room, number=1, by=oona, now=talk.now)
    desk = _desk(Client(), omar)
    base, slug = "/desk/conversations/", talk.conversation.slug
    pages = {
        "/desk/": 15,
        base: 12,
        f"{base}{slug}/": 15,
        f"{base}new/": 12,
        f"{base}{slug}/answer/": 15,
        f"{base}{slug}/appeals/{talk.statement(held.number).appeals.get().pk}/": 15,
        f"{base}{slug}/bans/": 12,
        f"{base}{slug}/bans/{who.pk}/": 15,
        f"{base}{slug}/statements/{held.number}/": 15,
        "/desk/hubs/": 12,
        "/desk/hubs/plan/": 12,
        f"/desk/hubs/meetings/{room.handle}/": 15,
        f"/desk/hubs/meetings/{room.handle}/papers/": 15,
        f"/desk/hubs/meetings/{room.handle}/screen/": 15,
        f"/desk/hubs/meetings/{room.handle}/screen/?show=map": 15,
        later.get_absolute_url(): 12,
        "/conversations/list.csv": 12,
    }
    over = {address: count for address, most in pages.items() if (count := queries_of(desk, address)) > most}

    assert over == {}


@pytest.mark.parametrize("many", [1, 9])
@pytest.mark.django_db
def test_an_officers_pages_of_going_to_people_keep_their_budget(many: int) -> None:
    town = outreach.build()
    town.now = timezone.now()
    oona = town.officer("oona")
    shift = town.shift()
    heron = shift.streets.get(name="Heron Road")
    for at in range(many):
        device, _ = town.device(shift, f"Tablet {at}")
        door, call = heron.doors[at], {"name": "Ivy", "telephone": "020 7946 0000"}
        said = town.knock(shift, door, voice=town.voice(equality={"age": "25-34"}))
        boxes = [outreach.box(shift, said), outreach.box(shift, town.knock(shift, door, "call", call=call))]
        assert {each.what for each in walking.take(device=device, boxes=boxes, now=town.now)} == {"taken"}
        walking.leave_alone(street=heron, door=door, by=oona, now=town.now)
        town.shift("stall", place=f"Place {at}", canvasser=oona)
    town.round("closed", state="closed", closed_at=town.now)
    desk = _desk(Client(), oona)
    pages = {
        "": 12,
        "streets/": 12,
        "calls/": 12,
        "left-alone/": 12,
        "plan/?people=4&hours=2": 12,
        "heard/": 15,
        "heard/?round=closed": 15,
        "shifts/new/": 15,
        f"shifts/{shift.handle}/": 15,
    }
    asked = {address: queries_of(desk, f"/desk/outreach/{address}") for address in pages}
    asked |= {address: queries_of(desk, address) for address in ("/my/outreach/", "/outreach/")}
    pages |= {"/my/outreach/": 12, "/outreach/": 15}

    assert {address: count for address, count in asked.items() if count > pages[address]} == {}


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
