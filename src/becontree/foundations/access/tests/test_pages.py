"""Who has read about me; interests; the auditor's review."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db.models import Q
from django.test import Client

from becontree.foundations.access import breakglass, reads, rules
from becontree.foundations.access.models import BreakGlass, ConflictOfInterest
from becontree.foundations.kit.gates import SECOND_FACTOR_KEY
from becontree.foundations.people import actions
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Membership, Person

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


def test_nobody_sees_who_read_about_others(client: Client, case: Membership) -> None:
    reads.record(somebody("eve", ("officer", "funding")), case, "case", NOW)
    client.force_login(somebody("bob"))

    page = client.get("/access/who-read-about-me/").content.decode()

    assert "<td>Eve" not in page
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
