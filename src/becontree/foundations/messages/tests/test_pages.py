"""Wishes, one click to leave, the log and the letters to print."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from becontree.foundations.access.models import ReadEvent
from becontree.foundations.kit.gates import SECOND_FACTOR_KEY
from becontree.foundations.messages import actions, leaving
from becontree.foundations.messages.models import Message
from becontree.foundations.people import actions as people
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
SETUP = System("test")
ITEMS = {"items": [{"title": "A secret thing"}]}

pytestmark = pytest.mark.django_db


def somebody(name: str, *roles: tuple[str, str]) -> Person:
    person = people.register(email=f"{name}@example.org", name=name.title(), by=SETUP, now=NOW)
    for role, team in roles:
        people.grant_role(person=person, role=role, team=team, by=SETUP, now=NOW)
    return person


def at_work(client: Client, person: Person) -> Client:
    client.force_login(person)
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client


def letter(to: Person | str, key: str = "k", **more: Any) -> Message:
    return actions.send(to=to, template="messages/digest", context=ITEMS, key=key, now=NOW, **more)


def test_looking_at_the_link_changes_nothing_and_one_post_leaves() -> None:
    ada = somebody("ada")
    address = leaving.link(letter(ada, purpose="news")).removeprefix("http://127.0.0.1:8000")
    program = Client(enforce_csrf_checks=True)

    looked = program.get(address)
    assert looked.status_code == 200
    assert leaving.wants_news(ada)
    answer = program.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 200
    assert not leaving.wants_news(ada)
    assert "ada" not in answer.content.decode().lower().replace("metadata", "")


def test_a_broken_link_says_so(client: Client) -> None:
    assert client.get("/letters/leave/nonsense/").status_code == 404
    assert "This link is broken" in client.post("/letters/leave/nonsense/").content.decode()


def test_wishes_are_kept(client: Client) -> None:
    ada = somebody("ada")
    client.force_login(ada)

    client.post("/letters/wishes/", {})
    assert not leaving.wants_news(ada)
    client.post("/letters/wishes/", {"news": "on"})
    assert leaving.wants_news(ada)
    assert "checked" in client.get("/letters/wishes/").content.decode()


def test_the_log_shows_no_words_names_or_addresses(client: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(60):
        letter(f"secret{number}@example.org", key=str(number))
    at_work(client, somebody("olu", ("officer", "engagement")))

    with django_assert_max_num_queries(12):
        page = client.get("/desk/messages/").content.decode()

    assert "News of the week" in page
    assert "secret" not in page
    assert client.get("/desk/messages/?state=nonsense").status_code == 422
    assert "Nothing yet." in client.get("/desk/messages/?state=failed").content.decode()


@pytest.mark.parametrize(
    ("path", "allowed"), [("/desk/messages/", {"officer", "administrator"}), ("/desk/messages/print/", {"officer"})]
)
def test_who_may_see_the_letters_pages(path: str, allowed: set[str]) -> None:
    seen = set()
    for role, team in [("", ""), ("officer", "funding"), ("finance", ""), ("auditor", ""), ("administrator", "")]:
        client = at_work(Client(), somebody(role or "resident", *([(role, team)] if role else [])))
        if client.get(path).status_code == 200:
            seen.add(role)

    assert seen == allowed


def test_printing_a_letter_is_read_and_written_down(client: Client) -> None:
    person = people.register(name="Doorstep Dora", by=SETUP, now=NOW)
    one = letter(person)
    olu = somebody("olu", ("officer", "engagement"))
    at_work(client, olu)
    assert "A secret thing" not in client.get("/desk/messages/print/").content.decode()

    page = client.get(f"/desk/messages/print/{one.pk}/").content.decode()

    assert "A secret thing" in page
    assert "Doorstep Dora" in page
    event = ReadEvent.objects.get()
    assert (event.reader, event.subject, event.purpose) == (olu, person, "letter")
    client.post(f"/desk/messages/print/{one.pk}/")
    one.refresh_from_db()
    assert one.state == "sent"


def test_another_teams_letter_is_not_there(client: Client) -> None:
    one = letter(people.register(name="Dora", by=SETUP, now=NOW), team="homes")
    at_work(client, somebody("eve", ("officer", "funding")))

    assert client.get(f"/desk/messages/print/{one.pk}/").status_code == 404
    assert not ReadEvent.objects.exists()


def test_an_emailed_letter_cannot_be_opened_on_the_desk(client: Client) -> None:
    one = letter(somebody("ada"))
    at_work(client, somebody("olu", ("officer", "engagement")))

    assert client.get(f"/desk/messages/print/{one.pk}/").status_code == 404


def test_trying_again_takes_a_post(client: Client) -> None:
    one = letter(somebody("ada"))
    Message.objects.update(state="failed")
    at_work(client, somebody("olu", ("officer", "engagement")))

    assert client.get(f"/desk/messages/again/{one.pk}/").status_code == 405
    client.post(f"/desk/messages/again/{one.pk}/")
    one.refresh_from_db()
    assert one.state == "waiting"
