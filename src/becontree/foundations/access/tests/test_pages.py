"""Who has read about me; interests; the auditor's review."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client

from becontree.foundations.access import breakglass, reads, rules, shred, words
from becontree.foundations.access.models import BreakGlass, ConflictOfInterest
from becontree.foundations.kit.gates import SECOND_FACTOR_KEY
from becontree.foundations.people import actions
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Membership, Person
from becontree.foundations.people.roles import ROLES
from becontree.foundations.people.teams import TEAMS

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SETUP = System("test")
WHY = "She is locked out with a baby and her own officer is on leave."

pytestmark = pytest.mark.django_db


def somebody(name: str, *roles: tuple[str, str]) -> Person:
    person = actions.register(email=f"{name}@example.org", name=name.title(), by=SETUP, now=NOW)
    for role, team in roles:
        actions.grant_role(person=person, role=role, team=team, by=SETUP, now=NOW)
    return person


@pytest.fixture
def case(monkeypatch: pytest.MonkeyPatch) -> Membership:
    monkeypatch.setattr(rules, "_RULES", {})
    monkeypatch.setattr(breakglass, "_ALLOWED", {})
    monkeypatch.setattr(words, "_KINDS", dict(words._KINDS))
    rules.register(Membership, "case", lambda user: Q(), subject="person")
    breakglass.allow(Membership, closed=lambda row: False)
    group = actions.add_organisation(name="Group", by=SETUP, now=NOW)
    return actions.join(person=somebody("ada"), organisation=group, by=SETUP, now=NOW)


def test_a_resident_sees_who_read_and_why(client: Client, case: Membership) -> None:
    eve = somebody("eve", ("officer", "funding"))
    breakglass.open(thing=case, reason=WHY, by=eve, now=NOW)
    reads.record(eve, case, "case", NOW)
    client.force_login(case.person)

    page = client.get("/access/who-read-about-me/").content.decode()

    assert "Eve" in page
    assert "to work on it" in page
    assert WHY in page
    assert "2 March 2026, 9.30am" in page


def test_a_resident_sees_what_was_read_and_as_what_the_reader_read_it(client: Client, case: Membership) -> None:
    """The kind in plain words, the role that the reader held then (not the one they have now), who, when and why."""
    words.told(Membership, "your place in a group")
    eve = somebody("eve", ("officer", "funding"))
    reads.record(eve, case, "case", NOW)
    actions.end_role(held=eve.roles_held.get(), reason="Moved.", by=SETUP, now=NOW + timedelta(days=1))
    actions.grant_role(person=eve, role="officer", team="homes", by=SETUP, now=NOW + timedelta(days=1))
    client.force_login(case.person)
    page = client.get("/access/who-read-about-me/").content.decode()
    assert "your place in a group" in page
    assert "Eve, an officer (team: Funding)" in page
    assert "Homes" not in page
    taken = shred.export(case.person)["who has read about you"][0]
    assert (taken["what"], taken["as"]) == ("your place in a group", "an officer (team: Funding)")


def test_every_kind_of_row_about_people_has_its_words_and_so_has_every_role() -> None:
    kinds = {model.lower() for model, purpose in rules.registered() if purpose != "own"}
    assert [kind for kind in sorted(kinds | {"people.person", "voices.response"}) if not words.known(kind)] == []
    assert {code for code, role in ROLES.items() if role.granted} <= set(words.ROLES)
    assert set(TEAMS) <= set(words.TEAMS)


def test_forty_equal_readings_are_one_line_with_a_count_that_opens(client: Client, case: Membership) -> None:
    eve, fay = somebody("eve", ("officer", "funding")), somebody("fay", ("officer", "homes"))
    for minute in range(40):
        reads.record(eve, case, "case", NOW + timedelta(minutes=minute))
    reads.record(eve, [case, case], "case", NOW + timedelta(minutes=39, seconds=4))
    reads.record(fay, case, "case", NOW + timedelta(minutes=5))
    reads.record(eve, case, "payment", NOW + timedelta(minutes=6))
    reads.record(eve, case, "case", NOW + timedelta(days=1))
    page = sit_down(client, somebody("aud", ("auditor", ""))).get("/desk/access/").text
    table = page[page.index("<tbody>") : page.index("</tbody>")]

    assert table.count("<tr>") == 4
    assert table.count("<summary>") == 1
    assert "42 times" in table
    assert table.count("am</details>") == 1
    assert "10.09am (3)" in re.sub(r"<[^>]+>", "", table)
    assert "9.30am" in table  # the first of them, inside what opens
    assert "45 found." in page


def test_the_list_keeps_its_budget(client: Client, case: Membership, django_assert_max_num_queries: Any) -> None:
    eve = somebody("eve", ("officer", "funding"))
    for minute in range(30):
        reads.record(eve, case, "case", NOW + timedelta(minutes=minute))
    sit_down(client, somebody("aud", ("auditor", "")))
    with django_assert_max_num_queries(12):
        client.get("/desk/access/")
    client.force_login(case.person)
    with django_assert_max_num_queries(12):
        client.get("/access/who-read-about-me/")


def test_the_newest_readings_are_found_by_an_index(case: Membership) -> None:
    eve = somebody("eve", ("officer", "funding"))
    for minute in range(30):
        reads.record(eve, case, "case", NOW + timedelta(minutes=minute))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # thirty rows are read faster whole: forbid that
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    for asked in ({}, {"since": NOW.date()}, {"purpose": "case"}):
        plan = reads.find(**asked)[:300].explain()
        assert "access_read_at" in plan, (asked, plan)
        assert "TEMP B-TREE" not in plan


def test_nobody_sees_who_read_about_others(client: Client, case: Membership) -> None:
    reads.record(somebody("eve", ("officer", "funding")), case, "case", NOW)
    client.force_login(somebody("bob"))

    page = client.get("/access/who-read-about-me/").content.decode()

    assert ">Eve</td>" not in page
    assert "Nobody has opened a page about you." in page


def test_an_auditor_reviews_on_the_desk(client: Client, case: Membership) -> None:
    eve = somebody("eve", ("officer", "funding"))
    glass = breakglass.open(thing=case, reason=WHY, by=eve, now=NOW)
    reads.record(eve, case, "case", NOW)
    client.force_login(somebody("aud", ("auditor", "")))
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    assert WHY in client.get("/desk/access/glass/").content.decode()
    assert "Ada" not in client.get(f"/desk/access/glass/{glass.pk}/").content.decode()

    client.post(f"/desk/access/glass/{glass.pk}/", {"verdict": "justified", "words": "Right to do."})

    assert BreakGlass.objects.get().verdict == "justified"
    assert "Right to do." in client.get(f"/desk/access/glass/{glass.pk}/").content.decode()
    assert "Ada" not in client.get("/desk/access/").content.decode()


def test_declaring_an_interest(client: Client) -> None:
    ada = somebody("ada")
    client.force_login(ada)

    wrong = client.post("/access/interests/", {"ref": "the park", "nature": "My sister runs it."})
    client.post("/access/interests/", {"ref": "project/park", "nature": "My sister runs it."})

    assert "Write a reference" in wrong.content.decode()
    assert ConflictOfInterest.objects.get(person=ada).ref == "project/park"
    assert "My sister runs it." in client.get("/access/interests/").content.decode()


def sit_down(client: Client, person: Person) -> Client:
    client.force_login(person)
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client


@pytest.fixture
def readings(client: Client, case: Membership) -> Client:
    """Eve of funding read in March; Fay, then of finance, in May and through broken glass in June."""
    eve, fay = somebody("eve", ("officer", "funding")), somebody("fay", ("finance", ""))
    reads.record(eve, case, "case", NOW)
    reads.record(fay, case, "payment", NOW.replace(month=5, day=3, hour=22, minute=59))
    actions.end_role(held=fay.roles_held.get(), reason="She left.", by=SETUP, now=NOW.replace(month=5, day=30))
    actions.grant_role(person=fay, role="officer", team="homes", by=SETUP, now=NOW.replace(month=5, day=31))
    june = NOW.replace(month=6)
    breakglass.open(thing=case, reason=WHY, by=fay, now=june)
    reads.record(fay, case, "case", june)
    return sit_down(client, somebody("aud", ("auditor", "")))


ALL = ["Fay 2026-06-02 10:30", "Fay 2026-05-03 23:59", "Eve 2026-03-02 09:30"]


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({}, ALL),
        ({"since": "2026-05-03"}, ALL[:2]),
        ({"until": "2026-05-03"}, ALL[1:]),
        ({"since": "2026-05-03", "until": "2026-05-03"}, ALL[1:2]),
        ({"who": "Eve"}, ALL[2:]),
        ({"role": "finance"}, ALL[1:2]),
        ({"role": "officer"}, [ALL[0], ALL[2]]),
        ({"purpose": "payment"}, ALL[1:2]),
        ({"kind": "people.membership"}, ALL),
        ({"glass": "on"}, ALL[:1]),
    ],
)
def test_an_auditor_narrows_the_readings_and_takes_them_away(
    readings: Client, asked: dict[str, str], left: list[str]
) -> None:
    people = {person.name: str(person.pk) for person in Person.objects.all()}
    asked = asked | ({"who": people[asked["who"]]} if asked.get("who") in people else {})
    page = readings.get("/desk/access/", asked)
    table = page.text[page.text.index("<tbody>") : page.text.index("</tbody>")]
    lines = b"".join(readings.get("/desk/access/readings.csv", asked)).decode().splitlines()  # type: ignore[arg-type]

    assert [f"{line.split(',')[1]} {line.split(',')[0]}" for line in lines[1:]] == left
    assert table.count("<tr>") == len(left)
    assert f"{len(left)} found." in page.text
    assert "Ada" not in page.text + "".join(lines)


def test_readings_are_told_in_words_and_a_part_that_makes_no_sense_is_said(readings: Client) -> None:
    page = readings.get("/desk/access/?since=yesterday&kind=people.membership").text

    assert "to move or check money" in page
    assert "People: membership" in page
    assert "“From” must be a real day" in page


@pytest.mark.parametrize("asked", [{"since": "3 May"}, {"who": "nobody"}, {"purpose": "\0"}])
def test_a_part_that_makes_no_sense_takes_no_file(readings: Client, asked: dict[str, str]) -> None:
    for address in ("/desk/access/", "/desk/access/readings.csv"):
        answer = readings.get(address, asked)

        assert answer.status_code == 422
        assert next(iter(asked)) in answer.text


def test_nobody_else_takes_the_readings(client: Client, case: Membership) -> None:
    assert sit_down(client, somebody("eve", ("officer", "funding"))).get("/desk/access/readings.csv").status_code == 403


def test_what_is_not_a_filter_does_not_come_back_on_the_page(readings: Client) -> None:
    page = readings.get("/desk/access/?purpose=payment&q=Patel&page=1").text

    assert "readings.csv?purpose=payment" in page
    assert "Patel" not in page
