"""The addresses of a phone or tablet, and the pages of the room: who gets what, within which number of queries."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from becontree.citizenship.outreach import actions, tablet
from becontree.citizenship.outreach.models import CallBack, Device, NoKnock, Shift, Street, Visit
from becontree.citizenship.outreach.tests.conftest import SETUP, Outing, box, key
from becontree.citizenship.voices.models import Response
from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.access.models import ReadEvent
from becontree.foundations.people.models import Person

SEND = {"content_type": "application/json", "HTTP_X_BECONTREE_TABLET": "1"}


@pytest.fixture
def now(outing: Outing) -> Outing:
    outing.now = timezone.now()
    return outing


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SECOND_FACTOR_KEY] = timezone.now().timestamp()
    session.save()
    return client


def joined(outing: Outing, shift: Shift) -> Client:
    client = Client(enforce_csrf_checks=False)
    _, code = actions.add_device(shift=shift, by=SETUP, now=outing.now)
    answer = client.post("/outreach/join/", {"code": code})
    assert answer.status_code == 302
    return client


def send(client: Client, body: Any, **more: Any) -> Any:
    text = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return client.post("/outreach/tablet/send/", text, **(SEND | more))


def test_a_tablet_gets_its_shift_and_sends_within_its_queries(now: Outing, django_assert_max_num_queries: Any) -> None:
    shift = now.shift()
    client = joined(now, shift)
    with django_assert_max_num_queries(15):
        given = client.get("/outreach/tablet/shift.json").json()
    answer = send(client, {"boxes": [box(shift, now.knock(shift))]})

    assert [street["name"] for street in given["streets"]] == ["Example Row", "Heron Road"]
    assert (answer.status_code, answer.json()["ended"], Response.objects.count()) == (200, False, 1)
    assert answer["Cache-Control"].count("no-store")


@pytest.mark.parametrize(
    ("body", "more", "status"),
    [
        ("{", {}, 400),
        ("[]", {}, 400),
        ('{"boxes": 7}', {}, 400),
        ("[" * 50_000, {}, 400),
        (b"\xff\xfe", {}, 400),
        ('{"boxes": []}', {"HTTP_X_BECONTREE_TABLET": ""}, 400),
        ('{"boxes": []}', {"content_type": "text/plain"}, 400),
        ('{"boxes": ["' + "A" * 1_000_001 + '"]}', {}, 413),
    ],
    ids=["not JSON", "a list", "a number", "deep", "not UTF-8", "no header", "as a form could", "a megabyte"],
)
def test_a_hostile_sending_is_refused_whole(now: Outing, body: Any, more: dict[str, Any], status: int) -> None:
    client = joined(now, now.shift())

    assert send(client, body, **more).status_code == status
    assert not Visit.objects.exists()


def test_without_a_token_or_with_another_nothing_is_given_or_taken(now: Outing) -> None:
    shift = now.shift()
    stranger = Client()
    for token in ("", "x" * 43, "x" * 5000):
        stranger.cookies[tablet.COOKIE] = token
        assert stranger.get("/outreach/tablet/shift.json").status_code == 401
        assert send(stranger, {"boxes": [box(shift, now.knock(shift))]}).status_code == 401
    assert not Visit.objects.exists()


def test_a_box_of_another_teams_shift_is_refused_by_this_ones_token(now: Outing) -> None:
    mine, other = now.shift(), now.shift()
    client = joined(now, mine)
    (done,) = send(client, {"boxes": [box(other, now.knock(other))]}).json()["done"]

    assert (done["what"], done["why"]) == ("refused", "box")


def test_before_its_day_a_shift_is_not_open_and_after_it_only_sends(now: Outing) -> None:
    early = now.shift(begins_on=now.now.date() + timedelta(days=3))
    assert joined(now, early).get("/outreach/tablet/shift.json").status_code == 425
    shift = now.shift()
    client = joined(now, shift)
    Shift.objects.filter(pk=shift.pk).update(
        begins_on=now.now.date() - timedelta(days=2), ends_on=now.now.date() - timedelta(days=2)
    )
    assert client.get("/outreach/tablet/shift.json").status_code == 410
    assert client.get("/outreach/tablet/plain/").status_code == 410
    answer = send(client, {"boxes": [box(shift, now.knock(shift))]}).json()
    assert (answer["done"][0]["what"], answer["ended"]) == ("taken", True)
    Device.objects.update(expires_at=now.now - timedelta(hours=1))
    assert send(client, {"boxes": []}).status_code == 410


def test_the_page_that_is_kept_holds_nothing_of_a_shift_or_a_person(now: Outing) -> None:
    shift = now.shift()
    plain, mine = Client().get("/outreach/tablet/").content, joined(now, shift).get("/outreach/tablet/").content
    signed = client_of(now.officer()).get("/outreach/tablet/").content

    assert plain == mine == signed
    assert b"csrfmiddlewaretoken" not in plain
    worker = Client().get("/outreach/tablet/worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert b"const VERSION" in worker.content


def test_a_code_is_not_guessed(now: Outing, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.THROTTLE_OFF = False
    monkeypatch.setattr("becontree.citizenship.outreach.tablet.WRONG_CODES", 5)
    client = Client()
    answers = [client.post("/outreach/join/", {"code": "bcdf234567"}).status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]


def test_a_team_s_right_codes_from_one_office_are_not_counted(
    now: Outing, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.THROTTLE_OFF = False
    monkeypatch.setattr("becontree.citizenship.outreach.tablet.WRONG_CODES", 2)
    shift = now.shift()
    for _ in range(4):
        _, code = actions.add_device(shift=shift, label="Tablet", by=now.officer(), now=now.now)
        assert Client().post("/outreach/join/", {"code": code}).status_code == 302


def test_the_plain_form_sent_twice_counts_once_and_loses_nothing_when_it_is_wrong(now: Outing) -> None:
    shift = now.shift()
    client = joined(now, shift)
    question = shift.round.questions.get(position=2)
    street = shift.streets.get(name="Heron Road")
    sent = {"key": key(), "voice_key": key(), "street": str(street.pk), "door": "7", "outcome": "spoke",
            f"q-{question.pk}": "More benches.", "language": "en"}  # fmt: skip
    wrong = client.post("/outreach/tablet/plain/", sent | {"door": "999"})
    assert wrong.status_code == 422
    assert b"More benches." in wrong.content
    for _ in range(2):
        assert client.post("/outreach/tablet/plain/", sent).status_code == 302

    assert (Visit.objects.count(), Response.objects.count()) == (1, 1)


def test_nobody_is_signed_in_on_a_phone_or_tablet_with_a_shift(now: Outing) -> None:
    """Whoever opened it, and whoever signs in beside it: the next hand may be a resident's."""
    vera = now.officer("vera")
    shift = now.shift(canvasser=vera)
    _, code = actions.add_device(shift=shift, by=SETUP, now=now.now)
    for opens in (("/outreach/join/", {"code": code}), (f"/my/outreach/{shift.handle}/", {})):
        client = client_of(vera)
        assert client.get("/desk/outreach/calls/").status_code == 200
        assert client.post(*opens).status_code == 302
        assert client.get("/desk/outreach/calls/").status_code == 302
        for address in ("shift.json", "plain/"):
            client.force_login(vera, backend="allauth.account.auth_backends.AuthenticationBackend")
            assert client.get("/my/").status_code == 200
            assert client.get(f"/outreach/tablet/{address}").status_code == 200
            assert client.get("/my/").status_code == 302


def test_a_stranger_cannot_sign_anybody_out_with_a_made_up_device(now: Outing) -> None:
    client = client_of(now.officer())
    client.cookies[tablet.COOKIE] = "x" * 43

    assert client.get("/outreach/tablet/shift.json").status_code == 401
    assert client.get("/desk/outreach/").status_code == 200


@pytest.mark.parametrize("address", ["", "plain/"])
def test_the_pages_of_a_shift_lead_nowhere_else(now: Outing, address: str) -> None:
    page = joined(now, now.shift()).get(f"/outreach/tablet/{address}").text
    links = set(re.findall(r'<a [^>]*href="([^"#]+)"', page))

    assert {link for link in links if not link.startswith(("/outreach/", "/language/", "/words/"))} == set()


def test_leaving_ends_the_device(now: Outing) -> None:
    client = joined(now, now.shift())
    assert client.post("/outreach/tablet/leave/").status_code == 400
    assert client.post("/outreach/tablet/leave/", HTTP_X_BECONTREE_TABLET="1").status_code == 200
    assert client.get("/outreach/tablet/shift.json").status_code == 401


def test_who_read_a_call_is_written_down_within_the_queries_of_a_list(
    now: Outing, django_assert_max_num_queries: Any
) -> None:
    shift = now.shift()
    for number in range(12):
        CallBack.objects.create(
            shift=shift, name=f"N{number}", telephone="020", asked_on=now.now.date(), due_on=now.now.date()
        )
        now.shift("stall", place=f"Place {number}")
    client = client_of(now.officer())
    client.get("/desk/outreach/")
    with django_assert_max_num_queries(12):
        assert client.get("/desk/outreach/calls/").status_code == 200

    assert ReadEvent.objects.filter(kind="outreach.callback").count() == 12


def test_officers_bring_streets_erase_doors_and_end_devices(now: Outing) -> None:
    client = client_of(now.officer())
    bad = SimpleUploadedFile("streets.csv", b"street,ward,doors\nHeron Road,ZZZ,1-9\n")
    answer = client.post("/desk/outreach/streets/", {"file": bad})
    assert (answer.status_code, b"line 2" in answer.content, Street.objects.count()) == (422, True, 0)
    shift = now.shift()
    device, _ = now.device(shift)
    street = Street.objects.get(name="Heron Road")
    client.post("/desk/outreach/left-alone/", {"do": "add", "street": str(street.pk), "door": "7"})
    left = NoKnock.objects.get()
    client.post("/desk/outreach/left-alone/", {"do": "erase", "left": str(left.pk)})
    client.post(f"/desk/outreach/shifts/{shift.handle}/", {"do": "lost", "device": str(device.pk)})
    client.post(f"/desk/outreach/shifts/{shift.handle}/", {"do": "over"})
    shift.refresh_from_db()

    assert not NoKnock.objects.exists()
    assert Device.objects.get(pk=device.pk).lost
    assert shift.state == "ended"


def test_a_new_code_comes_with_the_whole_address_to_type(now: Outing) -> None:
    shift = now.shift()
    page = client_of(now.officer()).post(f"/desk/outreach/shifts/{shift.handle}/", {"do": "add", "label": "Tablet"})

    assert "http://testserver/outreach/join/" in page.text


def test_everybody_sees_who_was_heard_within_its_queries(now: Outing, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(15):
        assert b"No listening round has closed yet" in Client().get("/outreach/").content
    now.round("another")
    now.round().__class__.objects.update(state="closed", closed_at=now.now)
    with django_assert_max_num_queries(15):
        assert Client().get("/outreach/").status_code == 200


def test_a_plan_becomes_a_shift_with_its_streets_chosen_and_its_canvasser(now: Outing) -> None:
    now.round()
    streets = now.streets()
    vera = now.person("vera")
    client = client_of(now.officer())
    page = client.get(f"/desk/outreach/shifts/new/?street={streets[0].pk}&street=nonsense")
    assert f'value="{streets[0].pk}" selected' in page.content.decode()
    assert f'value="{now.now.date()}"' in page.content.decode()
    given = {"kind": "doorstep", "round": "twenty-years", "begins_on": str(now.now.date()),
             "streets": [str(streets[0].pk)], "canvasser": vera.email}  # fmt: skip
    answer = client.post("/desk/outreach/shifts/new/", given)

    assert answer.context is None or not answer.context["form"].errors
    assert Shift.objects.get().canvasser_id == vera.pk
