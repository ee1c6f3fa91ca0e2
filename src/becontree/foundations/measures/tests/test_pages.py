"""The pages of measures: for everybody, and for officers."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.measures import actions, example
from becontree.foundations.measures.models import Measure, PopulationSource, Reading
from becontree.foundations.measures.tests.test_actions import GIVEN, NOW, SETUP, measure, ward
from becontree.foundations.people.models import Person, RoleHeld

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> Client:
    person = Person.objects.create_user("marcus@example.org")
    RoleHeld.objects.create(person=person, role="officer", team="work", granted_at=NOW, grant_reason="test")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SECOND_FACTOR_KEY] = timezone.now().timestamp()
    session.save()
    return client


def test_an_empty_borough_says_what_is_to_come(client: Client) -> None:
    assert b"Nothing is measured yet" in client.get("/measures/").content
    assert client.get("/measures/who-lives-here/").status_code == 200


def test_a_measure_has_its_line_its_table_and_its_files_within_its_queries(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    made = measure()
    for year in range(2016, 2026):
        actions.read(measure=made, on=date(year, 9, 30), value=50 + year % 7, n=1_800, by=SETUP, now=NOW)
    with django_assert_max_num_queries(15):
        body = client.get(made.get_absolute_url()).content.decode()
    with django_assert_max_num_queries(12):
        assert made.title in client.get("/measures/").content.decode()
    table = b"".join(client.get(f"/measures/{made.slug}/readings.csv").streaming_content).decode()  # type: ignore[attr-defined]

    assert body.count('class="dot"') == 10
    assert body.count(">1,800<") == 10
    assert body.count("<tr>") == 11
    assert table.count("\r\n") == 11
    assert client.get(f"/measures/{made.slug}/readings.json").status_code == 200


def test_a_measure_that_is_not_public_is_not_there_for_the_public(client: Client) -> None:
    made = measure(public=False)

    assert client.get(made.get_absolute_url()).status_code == 404
    assert made.title not in client.get("/measures/").content.decode()
    assert client.get(f"/measures/{made.slug}/readings.csv").status_code == 404


def test_a_hidden_reading_is_in_no_file(client: Client) -> None:
    made = measure()
    actions.read(measure=made, on=date(2026, 9, 30), value="66.7", n=3, by=SETUP, now=NOW)
    for name in ("", "readings.csv", "readings.json"):
        answer = client.get(made.get_absolute_url() + name)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]

        assert b"66.7" not in body
        assert b"hidden" in body


def test_an_officer_defines_reads_and_corrects(officer: Client) -> None:
    answer = officer.post("/desk/measures/new/", {**GIVEN, "public": "on"}, follow=True)
    made = Measure.objects.get()
    officer.post(f"/desk/measures/{made.slug}/", {"value": "61.5", "on": "2026-09-30", "n": "812"})
    first = Reading.objects.get()
    officer.post(f"/desk/measures/readings/{first.pk}/", {"value": "60", "n": "812", "why": "Typed wrongly."})

    assert answer.status_code == 200
    assert [str(row.value) for row in Reading.objects.order_by("read_at")] == ["61.500000", "60.000000"]
    assert b"Typed wrongly." in officer.get(made.get_absolute_url()).content


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(officer: Client) -> None:
    made = measure()
    answer = officer.post(f"/desk/measures/{made.slug}/", {"value": "lots", "on": "2026-09-30", "note": "Kept words"})

    assert answer.status_code == 422
    assert b"Kept words" in answer.content
    assert b"Write a number" in answer.content
    assert not Reading.objects.exists()


def test_who_lives_here_is_brought_from_a_file_and_given_back_in_the_same_form(officer: Client) -> None:
    ward()
    content = next(files(example).glob("*.csv")).read_bytes()  # type: ignore[attr-defined]
    given = {"title": "Invented figures", "publisher": "Fairlop", "on": "2026-06-30"}
    answer = officer.post(
        "/desk/measures/who-lives-here/", {**given, "file": SimpleUploadedFile("who.csv", content)}, follow=True
    )
    source = PopulationSource.objects.get()
    published = b"".join(officer.get("/measures/who-lives-here.csv").streaming_content)  # type: ignore[attr-defined]
    again = actions.import_population(published, title="Again", publisher="x", on=date(2026, 6, 30), by=SETUP, now=NOW)

    assert answer.status_code == 200
    assert source.shares.count() == again.shares.count() == 32


def test_a_file_that_cannot_be_used_names_its_lines(officer: Client) -> None:
    given = {"title": "Census", "publisher": "Office", "on": "2021-03-21"}
    file = SimpleUploadedFile("who.csv", b"characteristic,category,people\nage,teen,4\n")
    answer = officer.post("/desk/measures/who-lives-here/", {**given, "file": file})

    assert answer.status_code == 422
    assert b"line 2" in answer.content
    assert not PopulationSource.objects.exists()
