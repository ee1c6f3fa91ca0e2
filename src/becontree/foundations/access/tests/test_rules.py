"""No rule, no rows; readings are written; the glass breaks for three hours and no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q

from becontree.foundations.access import breakglass, conflicts, reads, rules
from becontree.foundations.access.models import BreakGlass, ConflictOfInterest, ReadEvent
from becontree.foundations.access.rules import PersonalQuerySet
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.people import actions
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Membership, Person

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SETUP = System("test")
WHY = "She is locked out with a baby and her own officer is on leave."

pytestmark = pytest.mark.django_db


def somebody(name: str, *roles: tuple[str, str]) -> Person:
    person = actions.register(email=f"{name}@example.org", name=name, by=SETUP, now=NOW)
    for role, team in roles:
        actions.grant_role(person=person, role=role, team=team, by=SETUP, now=NOW)
    return person


def rows() -> PersonalQuerySet[Membership]:
    """Memberships stand in here for a room's cases: each is about one person."""
    return PersonalQuerySet(Membership)


@pytest.fixture(autouse=True)
def _cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_RULES", {})
    monkeypatch.setattr(breakglass, "_ALLOWED", {})
    rules.register(
        Membership, "case", lambda user: Q() if user.has_role("officer", "homes") else None, subject="person"
    )
    rules.register(Membership, "own", lambda user: Q(person=user), subject="person")
    breakglass.allow(Membership, closed=lambda row: row.role == "treasurer")


def case(person: Person, role: str = "member") -> Membership:
    group = actions.add_organisation(name=f"Group of {person.name}", by=SETUP, now=NOW)
    return actions.join(person=person, organisation=group, role=role, by=SETUP, now=NOW)


def test_without_a_rule_there_are_no_rows() -> None:
    case(somebody("ada"))

    assert not rows().visible_to(somebody("olu", ("officer", "homes")), "payment").exists()


def test_the_rule_decides_by_team() -> None:
    case(somebody("ada"))

    assert rows().visible_to(somebody("olu", ("officer", "homes")), "case").count() == 1
    assert not rows().visible_to(somebody("eve", ("officer", "funding")), "case").exists()
    assert not rows().visible_to(AnonymousUser(), "case").exists()


def test_a_person_sees_their_own() -> None:
    ada, bob = somebody("ada"), somebody("bob")
    mine = case(ada)
    case(bob)

    assert list(rows().visible_to(ada, "own")) == [mine]


def test_a_closed_account_sees_nothing() -> None:
    ada = somebody("ada")
    case(ada)
    ada.is_active = False

    assert not rows().visible_to(ada, "own").exists()


def test_a_worker_does_not_see_their_own_household_at_work() -> None:
    olu, ada, bob = somebody("olu", ("officer", "homes")), somebody("ada"), somebody("bob")
    actions.make_household(members=[olu, ada], by=SETUP, now=NOW)
    case(olu)
    case(ada)
    other = case(bob)

    assert list(rows().visible_to(olu, "case")) == [other]


def test_an_unknown_purpose_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="curiosity"):
        rules.register(Membership, "curiosity", lambda user: Q(), subject="person")


def test_a_reading_is_written_about_whom_it_is() -> None:
    ada, olu = somebody("ada"), somebody("olu", ("officer", "homes"))
    one = case(ada)

    assert reads.record(olu, one, "case", NOW) == 1
    event = reads.about(ada).get()
    assert (event.reader, event.kind, event.thing, event.purpose) == (olu, "people.membership", str(one.pk), "case")


def test_reading_ones_own_is_not_written() -> None:
    ada = somebody("ada")

    assert reads.record(ada, case(ada), "own", NOW) == 0
    assert not ReadEvent.objects.exists()


def test_many_readings_take_few_queries(django_assert_max_num_queries: object) -> None:
    olu = somebody("olu", ("officer", "homes"))
    things = [case(somebody(f"p{number}")) for number in range(12)]

    with django_assert_max_num_queries(4):  # type: ignore[operator]
        assert reads.record(olu, things, "case", NOW) == 12


@pytest.mark.django_db(transaction=True)
def test_a_reading_cannot_hide_in_a_transaction_that_may_be_undone() -> None:
    olu, one = somebody("olu", ("officer", "homes")), case(somebody("ada"))

    with pytest.raises(RuntimeError), transaction.atomic():
        reads.record(olu, one, "case", NOW)
    assert not ReadEvent.objects.exists()


def test_broken_glass_opens_one_thing_for_three_hours() -> None:
    eve, ada, bob = somebody("eve", ("officer", "funding")), somebody("ada"), somebody("bob")
    one = case(ada)
    case(bob)

    glass = breakglass.open(thing=one, reason=WHY, by=eve, now=NOW)

    assert glass.ends_at - glass.opened_at == timedelta(hours=3)
    assert list(rows().visible_to(eve, "case", now=NOW + timedelta(hours=2, minutes=59))) == [one]
    assert not rows().visible_to(eve, "case", now=NOW + timedelta(hours=3)).exists()
    assert not rows().visible_to(eve, "case").exists()


def test_a_reading_through_broken_glass_says_so() -> None:
    eve, ada = somebody("eve", ("officer", "funding")), somebody("ada")
    one = case(ada)
    glass = breakglass.open(thing=one, reason=WHY, by=eve, now=NOW)

    reads.record(eve, one, "case", NOW + timedelta(minutes=1))

    assert reads.about(ada).get().glass == glass


def test_breaking_twice_gives_no_new_hours() -> None:
    eve, one = somebody("eve", ("officer", "funding")), case(somebody("ada"))
    first = breakglass.open(thing=one, reason=WHY, by=eve, now=NOW)

    again = breakglass.open(thing=one, reason=WHY, by=eve, now=NOW + timedelta(hours=1))

    assert again == first


def test_what_is_closed_cannot_be_broken_even_later() -> None:
    eve, one = somebody("eve", ("officer", "funding")), case(somebody("ada"))
    breakglass.open(thing=one, reason=WHY, by=eve, now=NOW)
    Membership.objects.filter(pk=one.pk).update(role="treasurer")

    assert not rows().visible_to(eve, "case", now=NOW + timedelta(hours=1)).exists()
    with pytest.raises(NotAllowed) as refused:
        breakglass.open(thing=case(somebody("cat"), "treasurer"), reason=WHY, by=eve, now=NOW)
    assert refused.value.code == "access.glass_closed"


def test_who_cannot_break_the_glass() -> None:
    eve, ada = somebody("eve", ("officer", "funding")), somebody("ada")
    actions.make_household(members=[eve, ada], by=SETUP, now=NOW)
    own, other = case(ada), case(somebody("bob"))

    for thing, by, code in (
        (own, eve, "access.glass_own"),
        (other, ada, "access.glass_officer"),
        (ada, eve, "access.glass_kind"),
    ):
        with pytest.raises(NotAllowed) as refused:
            breakglass.open(thing=thing, reason=WHY, by=by, now=NOW)
        assert refused.value.code == code
    with pytest.raises(Invalid):
        breakglass.open(thing=other, reason="because", by=eve, now=NOW)
    assert not BreakGlass.objects.exists()


def test_an_auditor_reviews_once() -> None:
    eve, aud = somebody("eve", ("officer", "funding")), somebody("aud", ("auditor", ""))
    glass = breakglass.open(thing=case(somebody("ada")), reason=WHY, by=eve, now=NOW)

    assert list(breakglass.waiting()) == [glass]
    with pytest.raises(NotAllowed):
        breakglass.review(glass=glass, verdict="justified", words="Fine.", by=eve, now=NOW)
    breakglass.review(glass=glass, verdict="justified", words="Fine.", by=aud, now=NOW)
    with pytest.raises(Clash):
        breakglass.review(glass=glass, verdict="unjustified", words="No.", by=aud, now=NOW)
    assert not breakglass.waiting().exists()


def test_an_interest_stands_until_another_officer_ends_it() -> None:
    olu, eve = somebody("olu", ("officer", "homes")), somebody("eve", ("officer", "funding"))
    one = conflicts.declare(person=olu, ref="project/park", nature="My sister runs it.", by=olu, now=NOW)

    assert conflicts.has_conflict(olu, "project/park")
    assert conflicts.has_conflict(olu, ["project/other", "project/park"])
    assert not conflicts.has_conflict(olu, "project/other")
    assert conflicts.declare(person=olu, ref="project/park", nature="Again.", by=olu, now=NOW) == one
    with pytest.raises(NotAllowed):
        conflicts.withdraw(conflict=one, reason="It is over.", by=olu, now=NOW)
    conflicts.withdraw(conflict=one, reason="She has left.", by=eve, now=NOW)
    assert not conflicts.has_conflict(olu, "project/park")


def test_erasing_keeps_readings_and_empties_interests() -> None:
    ada, olu = somebody("ada"), somebody("olu", ("officer", "homes"))
    reads.record(olu, case(ada), "case", NOW)
    conflicts.declare(person=ada, ref="project/park", nature="My sister runs it.", by=ada, now=NOW)

    actions.erase(person=ada, by=ada, now=NOW)

    assert ReadEvent.objects.filter(subject=ada).count() == 1
    assert ConflictOfInterest.objects.get().nature == ""
