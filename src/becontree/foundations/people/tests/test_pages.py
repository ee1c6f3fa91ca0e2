"""A person's own pages, and the officers' pages of people and organisations."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from becontree.foundations.kit.gates import SECOND_FACTOR_KEY
from becontree.foundations.people import actions
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Membership, Person, RoleHeld

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SETUP = System("test")

pytestmark = pytest.mark.django_db


def somebody(name: str, *roles: tuple[str, str]) -> Person:
    person = actions.register(email=f"{name}@example.org", name=name.title(), by=SETUP, now=NOW)
    for role, team in roles:
        actions.grant_role(person=person, role=role, team=team, by=SETUP, now=NOW)
    return person


def at_work(client: Client, person: Person) -> Client:
    client.force_login(person)
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client


@pytest.fixture
def ada(client: Client) -> Person:
    person = somebody("ada")
    client.force_login(person)
    return person


def test_details_are_kept(client: Client, ada: Person) -> None:
    answer = client.post(
        "/people/me/", {"name": "Ada L.", "phone": "020 7946 0000", "language": "so", "ward_code": ""}, follow=True
    )

    ada.refresh_from_db()
    assert (ada.name, ada.phone, ada.language) == ("Ada L.", "020 7946 0000", "so")
    assert "Your details are kept." in answer.content.decode()


def test_a_wrong_telephone_number_is_said_beside_its_field(client: Client, ada: Person) -> None:
    page = client.post("/people/me/", {"name": "Ada", "phone": "ring me", "language": "en"}).content.decode()

    assert 'id="id_phone_error"' in page
    assert "ring me" in page


def test_taking_ones_data_is_a_file(client: Client, ada: Person) -> None:
    assert client.get("/people/me/data/").status_code == 200
    assert client.get("/people/me/data/file/").status_code == 302
    answer = client.post("/people/me/data/file/")

    assert json.loads(answer.content)["kept"]["people"]["e-mail"] == "ada@example.org"
    assert answer["Content-Disposition"].startswith('attachment; filename="my-data-')
    assert "no-store" in answer["Cache-Control"]


def test_being_forgotten_asks_first_then_signs_out(client: Client, ada: Person) -> None:
    assert client.post("/people/me/forget/").status_code == 200
    ada.refresh_from_db()
    assert ada.erased_at is None
    answer = client.post("/people/me/forget/", {"sure": "on"}, follow=True)
    ada.refresh_from_db()

    assert ada.erased_at is not None
    assert "_auth_user_id" not in client.session
    assert "You are forgotten" in answer.content.decode()


def test_adding_an_organisation_and_leaving_it(client: Client, ada: Person) -> None:
    client.post("/people/organisations/add/", {"name": "Friends of the Park", "kind": "community-group"})
    place = Membership.objects.get(person=ada)
    assert "Friends of the Park" in client.get("/people/organisations/").content.decode()
    assert client.get(f"/people/organisations/leave/{place.pk}/").status_code == 200

    client.post(f"/people/organisations/leave/{place.pk}/")

    place.refresh_from_db()
    assert place.left_at is not None


def test_nobody_ends_anothers_membership_by_its_address(client: Client, ada: Person) -> None:
    bob = somebody("bob")
    actions.add_organisation(name="Friends", by=bob, now=NOW)

    assert client.post(f"/people/organisations/leave/{Membership.objects.get().pk}/").status_code == 404


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/desk/people/", {"administrator"}),
        ("/desk/people/roles/grant/", {"administrator"}),
        ("/desk/people/roles/history/", {"auditor", "administrator"}),
        ("/desk/people/roles/history.csv", {"auditor", "administrator"}),
        ("/desk/people/organisations/", {"officer", "finance"}),
        ("/desk/access/", {"auditor", "administrator"}),
        ("/desk/access/glass/", {"auditor"}),
    ],
)
def test_who_may_see_the_officers_pages(path: str, allowed: set[str]) -> None:
    seen = set()
    for role, team in [
        ("", ""),
        ("organiser", ""),
        ("funder", ""),
        ("officer", "funding"),
        ("finance", ""),
        ("auditor", ""),
        ("administrator", ""),
    ]:
        client = at_work(Client(), somebody(role or "resident", *([(role, team)] if role else [])))
        if client.get(path).status_code == 200:
            seen.add(role)

    assert seen == allowed
    assert Client().get(path).status_code == 302


def test_an_administrator_grants_and_ends_with_reasons(client: Client) -> None:
    somebody("bob")
    at_work(client, somebody("adm", ("administrator", "")))
    answers = {"email": "bob@example.org", "role": "officer", "team": "funding", "reason": "Joined today"}

    client.post("/desk/people/roles/grant/", answers)
    held = RoleHeld.objects.get(person__email="bob@example.org")
    assert (held.role, held.team, held.grant_reason) == ("officer", "funding", "Joined today")
    page = client.get("/desk/people/").content.decode()
    assert "Joined today" in page
    client.post(f"/desk/people/roles/{held.pk}/end/", {"reason": "Has left"})
    held.refresh_from_db()
    assert held.end_reason == "Has left"
    assert "Has left" in client.get("/desk/people/?show=ended").content.decode()


def history_of_three() -> tuple[Person, Person]:
    adm = somebody("adm", ("administrator", ""))
    bob = somebody("bob")
    first = actions.grant_role(person=bob, role="officer", team="funding", reason='=HYPERLINK("x")', by=adm, now=NOW)
    actions.end_role(held=first, reason="+1 moved on", by=adm, now=NOW + timedelta(days=3))
    actions.grant_role(person=bob, role="funder", reason="Covers for Tom", by=adm, now=NOW + timedelta(days=4))
    return adm, bob


def test_an_auditor_sees_who_was_granted_what_by_whom_when_and_why_and_how_it_ended(client: Client) -> None:
    _adm, bob = history_of_three()
    at_work(client, somebody("hel", ("auditor", "")))
    page = client.get("/desk/people/roles/history/").content.decode()
    for said in ("Bob", "Adm", "HYPERLINK", "+1 moved on", "Covers for Tom", "Officer, Funding", "held now"):
        assert said in page
    assert 'name="reason"' not in page  # looks and changes nothing
    ended = client.get("/desk/people/roles/history/", {"who": str(bob.pk), "state": "ended"}).content.decode()
    assert "+1 moved on" in ended
    assert "Covers for Tom" not in ended
    day = (NOW + timedelta(days=3)).date().isoformat()
    on_the_day = client.get("/desk/people/roles/history/", {"since": day, "until": day}).content.decode()
    assert "+1 moved on" in on_the_day
    assert "Covers for Tom" not in on_the_day


def test_the_history_as_a_file_runs_no_formula(client: Client) -> None:
    _adm, bob = history_of_three()
    at_work(client, somebody("hel", ("auditor", "")))
    text = b"".join(client.get("/desk/people/roles/history.csv", {"who": str(bob.pk)}).streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["role"] for row in rows] == ["Funder", "Officer"]
    assert (rows[1]["granted by"], rows[1]["ended by"], rows[1]["ended on"][:10]) == ("Adm", "Adm", "2026-03-05")
    assert not [cell for row in rows for cell in row.values() if cell[:1] in {"=", "+", "-", "@"}]


def test_whoever_was_forgotten_has_no_name_in_the_history(client: Client) -> None:
    _adm, bob = history_of_three()
    actions.erase(person=bob, by=bob, now=NOW + timedelta(days=5))
    at_work(client, somebody("hel", ("auditor", "")))
    page = client.get("/desk/people/roles/history/").content.decode()
    assert "Bob" not in page
    assert "Someone who has left" in page


@pytest.mark.parametrize("many", [1, 9])
def test_the_history_keeps_its_budget(client: Client, many: int, django_assert_max_num_queries: Any) -> None:
    for number in range(many):
        somebody(f"fin{number}", ("finance", ""))
    at_work(client, somebody("hel", ("auditor", "")))
    with django_assert_max_num_queries(12):
        client.get("/desk/people/roles/history/")


def test_what_is_refused_is_said_on_the_form(client: Client) -> None:
    at_work(client, somebody("adm", ("administrator", "")))

    for answers, words in (
        ({"email": "nobody@example.org", "role": "finance", "reason": "x y z"}, "Nobody has an account"),
        ({"email": "adm@example.org", "role": "finance", "reason": "x y z"}, "Nobody grants a role to themselves"),
        ({"email": "adm@example.org", "role": "finance", "reason": " "}, "There is something to put right"),
    ):
        assert words in client.post("/desk/people/roles/grant/", answers).content.decode()


def test_checking_an_organisation_on_the_desk(client: Client) -> None:
    body = actions.add_organisation(name="Friends", by=SETUP, now=NOW)
    at_work(client, somebody("olu", ("officer", "funding")))

    client.post(f"/desk/people/organisations/{body.slug}/", {"check": "bank", "how-how": "Statement seen"})
    sent = {"check": "verify", "how-how": "Register of charities"}
    said = client.post(f"/desk/people/organisations/{body.slug}/", sent, follow=True).text
    assert "Friends is checked" in said

    body.refresh_from_db()
    assert body.verified_how == "Register of charities"
    assert body.bank_verified_at is None
    client.post(f"/desk/people/organisations/{body.slug}/", {"check": "withdraw", "why-reason": "Struck off"})
    body.refresh_from_db()
    assert body.verified_at is None


def test_lists_stay_within_their_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    adm = somebody("adm", ("administrator", ""))
    for number in range(30):
        actions.grant_role(person=somebody(f"p{number}"), role="organiser", by=SETUP, now=NOW)
        actions.add_organisation(name=f"Group {number}", by=SETUP, now=NOW)
    at_work(client, adm)

    with django_assert_max_num_queries(12):
        assert client.get("/desk/people/").status_code == 200
    at_work(client, somebody("olu", ("officer", "funding")))
    with django_assert_max_num_queries(12):
        assert client.get("/desk/people/organisations/").status_code == 200
