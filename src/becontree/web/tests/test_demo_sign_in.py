"""The example borough, where nothing is sent: a visitor is told so, and is listed where they are signed in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client, RequestFactory

from becontree.foundations.kit.gates import stepped_up
from becontree.foundations.people import actions as people
from becontree.foundations.people.actors import System
from becontree.web.demo import story
from becontree.web.demo.borough import ADDRESS

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def test_who_signs_in_with_one_click_is_listed_where_they_are_signed_in(client: Client, settings: Any) -> None:
    settings.DEMO = True
    handle = story.PEOPLE[0][1]
    people.register(email=ADDRESS.format(handle), name="Amina", by=System("test"), now=NOW)
    client.post("/demo/people/", {"handle": handle})

    assert "(here)" in client.get("/account/sessions/").text


def test_who_shows_a_second_factor_stays_listed_under_the_new_key(client: Client, rf: RequestFactory) -> None:
    person = people.register(email="ada@example.invalid", name="Ada", by=System("test"), now=NOW)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    request: Any = rf.get("/")
    request.user, request.session, request.now = person, client.session, NOW
    stepped_up(request)
    request.session.save()
    client.cookies["becontree"] = request.session.session_key

    assert "(here)" in client.get("/account/sessions/").text


@pytest.mark.parametrize("address", ["/account/login/", "/account/signup/"])
def test_the_example_says_that_nothing_is_sent_and_where_to_go(client: Client, settings: Any, address: str) -> None:
    assert "No message is sent" not in client.get(address).text
    settings.DEMO = True
    asked = client.get(address).text
    client.post(address, {"login": "x@example.invalid", "email": "x@example.invalid"})
    code = client.get("/account/login/code/confirm/" if "login" in address else "/account/confirm-email/").text

    for page in (asked, code):
        assert "No message is sent" in page
        assert 'href="/demo/people/"' in page
    assert "We sent a message" not in code
