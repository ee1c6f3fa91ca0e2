"""The auditor's list of decisions: narrowed, in words, to take away; nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.people import actions as people
from becontree.foundations.people.models import Person
from becontree.foundations.record import actions as record
from becontree.foundations.record.tests.conftest import BY, NOW, Story, decision_record

pytestmark = pytest.mark.django_db
OLD, NEW = "project/old was decided.", "project/new was decided."


def somebody(name: str, role: str, team: str = "") -> Person:
    person = people.register(email=f"{name}@example.org", name=name.title(), by=BY, now=NOW)
    people.grant_role(person=person, role=role, team=team, by=BY, now=NOW)
    return person


def at_the_desk(client: Client, person: Person) -> Client:
    client.force_login(person)
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client


@pytest.fixture
def decided(client: Client) -> Client:
    """The system decided on a match on 22 November; Eve of funding on an award the day after."""
    story = Story()
    story.thing("project/old")
    story.thing("project/new")
    story.decide("project/old")
    story.clock += timedelta(days=1)
    record = decision_record(family="award", method="award/officer@1")
    eve = somebody("eve", "officer", "funding")
    story.decide("project/new", record=record, by=eve, reasons="The ramp comes first.", authority="Panel, item 4")
    return at_the_desk(client, somebody("aud", "auditor"))


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({}, [NEW, OLD]),
        ({"since": "2026-11-23"}, [NEW]),
        ({"until": "2026-11-22"}, [OLD]),
        ({"who": "system"}, [OLD]),
        ({"who": "Eve"}, [NEW]),
        ({"role": "officer"}, [NEW]),
        ({"role": "finance"}, []),
        ({"kind": "award"}, [NEW]),
        ({"words": "ramp panel"}, [NEW]),
        ({"words": "minute"}, [OLD]),
    ],
)
def test_an_auditor_narrows_the_decisions_and_takes_them_away(
    decided: Client, asked: dict[str, str], left: list[str]
) -> None:
    if asked.get("who") == "Eve":
        asked = {"who": str(Person.objects.get(name="Eve").pk)}
    page = decided.get("/desk/record/", asked).text
    lines = b"".join(decided.get("/desk/record/decisions.csv", asked)).decode().splitlines()  # type: ignore[arg-type]

    assert [line.split(",")[1] for line in lines[1:]] == left
    assert [title for title in (NEW, OLD) if f">{title}</a>" in page] == left
    assert f"{len(left)} found." in page


def test_who_wrote_it_down_is_named_to_the_auditor_and_to_nobody_else(decided: Client, client: Client) -> None:
    assert ">Eve</td>" in decided.get("/desk/record/").text
    for role, team in (("finance", ""), ("administrator", ""), ("officer", "engagement")):
        other = at_the_desk(Client(), somebody(f"other-{role}", role, team))
        assert other.get("/desk/record/").status_code == 403
        assert other.get("/desk/record/decisions.csv").status_code == 403


def test_the_list_takes_few_queries(decided: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_max_num_queries(12):
        decided.get("/desk/record/?who=system&role=officer&words=x")


def test_what_people_alone_decided_is_in_the_list_with_its_authority_and_reasons(client: Client) -> None:
    story = Story()
    story.thing("fund/young")
    facts = {"pence": 5_000, "authority": "Cabinet, item 9", "reasons": "A roof first."}
    record.enter(
        kind="award.promised", step="decided", thing="fund/young", title="Young people promised £50", facts=facts,
        on=NOW.date(), by=somebody("eve", "officer", "funding"), now=NOW,
    )  # fmt: skip
    auditor = at_the_desk(client, somebody("aud", "auditor"))
    page = auditor.get("/desk/record/?words=roof+cabinet&kind=award.promised").text
    lines = b"".join(auditor.get("/desk/record/decisions.csv")).decode()  # type: ignore[arg-type]

    assert "Young people promised £50" in page
    assert ">Eve</td>" in page
    assert "Cabinet, item 9" in page
    assert "A roof first." in lines


def test_what_people_decided_alone_is_counted_and_has_its_authority(decided: Client) -> None:
    assert "made by people alone" not in decided.get("/desk/record/").text
    record.thing(ref="answer/1", kind="answer", title="We light the park")
    record.enter(
        kind="conversation.decision", step="decided", thing="answer/1", title="We light the park",
        facts={"team": "The street team"}, on=NOW.date(), by=BY, now=NOW,
    )  # fmt: skip
    page = decided.get("/desk/record/").text

    assert "1 of these was made by people alone" in page
    assert ">The street team<" in page
