"""The desk's pages of wishes to be forgotten."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from becontree.foundations.access.models import ReadEvent
from becontree.foundations.forgetting.models import Wish
from becontree.foundations.forgetting.tests.test_wishes import asked, somebody
from becontree.foundations.kit.gates import SECOND_FACTOR_KEY
from becontree.foundations.people.models import Person

pytestmark = pytest.mark.django_db


def at_work(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client


def filled(given: str, **more: Any) -> dict[str, Any]:
    today = timezone.now().date().isoformat()
    return {
        "came_by": "letter", "came_on": today, "given": given, "tell_by": "email", "tell_to": "reply@example.org",
    } | more  # fmt: skip


def as_read(officer: Client, wish: Wish) -> str:
    """What the open page carries."""
    (found,) = re.findall(r'name="read" value="(\w+)"', officer.get(wish.get_absolute_url()).content.decode())
    return str(found)


def test_nobody_is_forgotten_who_was_put_there_after_the_reading() -> None:
    ada, stranger = somebody("ada"), somebody("stranger")
    nia, sol = (at_work(somebody(name, "officer", "information")) for name in ("nia", "sol"))
    nia.post("/desk/forgetting/take-down/", filled("ada@example.org"))
    wish = Wish.objects.get()
    check = {"do": "check", "check-how": "answered", "check-check_note": "rang"}
    nia.post(wish.get_absolute_url(), check)
    old = as_read(sol, wish)

    nia.post(wish.get_absolute_url(), {"do": "back"})
    nia.post(wish.get_absolute_url(), {"do": "look", "look-given": "stranger@example.org"})
    nia.post(wish.get_absolute_url(), check)
    answers = [
        sol.post(wish.get_absolute_url(), {"do": "confirm", **more}, follow=True).content.decode()
        for more in ({"read": old}, {}, {"read": "x" * 32})
    ]

    assert all("changed since you read it" in answer for answer in answers)
    for person in (ada, stranger):
        person.refresh_from_db()
        assert person.erased_at is None
    sol.post(wish.get_absolute_url(), {"do": "confirm", "read": as_read(sol, wish)})
    stranger.refresh_from_db()
    assert stranger.erased_at is not None


def test_from_the_letter_to_the_answer_by_two_officers() -> None:
    ada = somebody("ada")
    nia, sol = (at_work(somebody(name, "officer", "information")) for name in ("nia", "sol"))
    assert nia.post("/desk/forgetting/take-down/", filled("ada@example.org")).status_code == 302
    wish = Wish.objects.get()
    page = nia.get(wish.get_absolute_url()).content.decode()
    assert "ada@example.org" in page
    assert "What stays, and why" in page
    nia.post(wish.get_absolute_url(), {"do": "check", "check-how": "answered", "check-check_note": "rang"})
    assert "You checked this yourself" in nia.get(wish.get_absolute_url()).content.decode()
    nia.post(wish.get_absolute_url(), {"do": "confirm"})
    wish.refresh_from_db()
    assert wish.state == "checked"
    today = sol.get("/desk/").content.decode()
    assert f"Request to be forgotten {wish.handle}" in today
    sol.post(wish.get_absolute_url(), {"do": "confirm", "read": as_read(sol, wish)})
    ada.refresh_from_db()
    assert ada.erased_at is not None
    page = sol.get(wish.get_absolute_url()).content.decode()
    assert "ada@example.org" not in page
    assert "reply@example.org" not in page
    assert wish.handle in sol.get("/desk/forgetting/?show=done").content.decode()


def test_an_officer_without_the_right_learns_nothing_of_whether_somebody_is_there() -> None:
    somebody("ada")
    wrong = at_work(somebody("fay", "officer", "funding"))
    there = wrong.post("/desk/forgetting/take-down/", filled("ada@example.org"))
    nobody = wrong.post("/desk/forgetting/take-down/", filled("nobody@example.org"))
    assert (there.status_code, nobody.status_code) == (403, 403)
    assert _body(there) == _body(nobody)
    assert (Wish.objects.count(), ReadEvent.objects.count()) == (0, 0)
    wish = asked(somebody("nia", "officer", "information"))
    there = wrong.get(wish.get_absolute_url())
    nobody = wrong.get("/desk/forgetting/bcdfghjkmn/")
    assert (there.status_code, nobody.status_code) == (403, 403)
    assert _body(there) == _body(nobody)


def _body(answer: Any) -> str:
    """Without what differs from one page to the next: the token against forged forms, the address asked for."""
    varies = r"csrfmiddlewaretoken\" value=\"\w+\"|next=[^\"]+|/desk/forgetting/[\w/-]*"
    return re.sub(varies, "", answer.content.decode())


def test_what_is_missing_is_said_and_what_was_typed_stays() -> None:
    nia = at_work(somebody("nia", "officer", "information"))
    answer = nia.post("/desk/forgetting/take-down/", filled("ada@example.org", tell_to="not an address"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_tell_to_error"' in page
    assert "not an address" in page
    assert not Wish.objects.exists()


def test_a_refusal_without_words_keeps_the_page_and_says_so() -> None:
    somebody("ada")
    officer = somebody("nia", "officer", "information")
    wish = asked(officer)
    answer = at_work(officer).post(wish.get_absolute_url(), {"do": "refuse", "refuse-reason": "law"})
    assert answer.status_code == 422
    assert 'id="id_refuse-words_error"' in answer.content.decode()
    wish.refresh_from_db()
    assert wish.state == "taken"


def test_each_opening_of_a_wish_is_written_down() -> None:
    ada = somebody("ada")
    officer = somebody("nia", "officer", "information")
    wish = asked(officer)
    at_work(officer).get(wish.get_absolute_url())
    assert ReadEvent.objects.filter(subject=ada, purpose="forgetting").count() == 2


def test_an_auditor_sees_the_clocks_and_no_wish() -> None:
    somebody("ada")
    wish = asked(somebody("nia", "officer", "information"))
    auditor = at_work(somebody("hel", "auditor"))
    page = auditor.get("/desk/forgetting/").content.decode()
    assert wish.handle in page
    assert wish.get_absolute_url() not in page
    assert auditor.get(wish.get_absolute_url()).status_code == 403
    table = b"".join(auditor.get("/desk/forgetting/wishes.csv").streaming_content).decode()
    assert wish.handle in table
    assert "ada@" not in table


@pytest.mark.parametrize("many", [1, 8])
def test_the_pages_keep_their_budget_of_queries(many: int, django_assert_max_num_queries: Any) -> None:
    officer = somebody("nia", "officer", "information")
    for number in range(many):
        somebody(f"ada{number}")
        asked(officer, f"ada{number}@example.org")
    client = at_work(officer)
    with django_assert_max_num_queries(12):
        client.get("/desk/forgetting/")
