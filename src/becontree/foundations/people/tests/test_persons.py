"""People come, change, take their data and go."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.people import actions, queries, roles, shredders
from becontree.foundations.people.actors import System, party_id
from becontree.foundations.people.models import Change, Person

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SETUP = System("test")

pytestmark = pytest.mark.django_db


def somebody(email: str = "ada@example.org", **more: Any) -> Person:
    return actions.register(email=email, by=SETUP, now=NOW, **more)


def administrator() -> Person:
    person = somebody("admin@example.org")
    actions.grant_role(person=person, role="administrator", by=SETUP, now=NOW)
    return person


def test_registering_keeps_the_address_in_small_letters_and_no_password() -> None:
    person = somebody(" Ada@Example.ORG ", name="  Ada \n Lovelace ")

    assert person.email == "ada@example.org"
    assert person.name == "Ada Lovelace"
    assert not person.has_usable_password()
    assert EmailAddress.objects.get(user=person).email == "ada@example.org"


def test_an_address_is_registered_once() -> None:
    somebody()

    with pytest.raises(Clash) as refused:
        somebody("ADA@example.org")
    assert refused.value.code == "people.email_taken"


def test_a_resident_cannot_register_others() -> None:
    resident = somebody()

    with pytest.raises(NotAllowed):
        actions.register(name="Bob", by=resident, now=NOW)


def test_two_people_may_have_no_address() -> None:
    actions.register(name="Doorstep one", by=SETUP, now=NOW)
    actions.register(name="Doorstep two", by=SETUP, now=NOW)

    assert Person.objects.filter(email__isnull=True).count() == 2


def test_changing_details_says_which_but_not_what() -> None:
    person = somebody()

    actions.change_details(person=person, name="Ada L.", phone="020 7946 0000", by=person, now=NOW)

    change = Change.objects.filter(what="details changed").get()
    assert change.facts == {"fields": ["name", "phone"]}
    assert change.by == party_id(person)
    assert "Ada" not in str(change.facts)


def test_nobody_changes_another_persons_details() -> None:
    with pytest.raises(NotAllowed):
        actions.change_details(person=somebody(), name="X", by=somebody("b@example.org"), now=NOW)


@pytest.mark.parametrize(
    ("field", "value"), [("phone", "ring me"), ("name", "x" * 201), ("ward_code", "E0500000000000")]
)
def test_details_that_cannot_stand_name_their_field(field: str, value: str) -> None:
    person = somebody()

    with pytest.raises(Invalid) as refused:
        actions.change_details(person=person, by=person, now=NOW, **{field: value})
    assert field in refused.value.errors


def test_an_officer_is_one_in_their_team_only() -> None:
    officer = somebody()
    actions.grant_role(person=officer, role="officer", team="funding", by=SETUP, now=NOW)

    assert officer.has_role("officer")
    assert officer.has_role("officer", "funding")
    assert not officer.has_role("officer", "homes")
    assert officer.teams == {"funding"}


def test_roles_are_read_once(django_assert_num_queries: Any) -> None:
    person = Person.objects.get(pk=somebody().pk)

    with django_assert_num_queries(1):
        for role in ("officer", "finance", "auditor", "resident"):
            person.has_role(role)
        assert not person.teams


def test_only_an_administrator_grants_and_says_why() -> None:
    resident, admin = somebody(), administrator()

    with pytest.raises(NotAllowed):
        actions.grant_role(person=admin, role="funder", reason="please", by=resident, now=NOW)
    with pytest.raises(NotAllowed, match="themselves"):
        actions.grant_role(person=admin, role="funder", reason="please", by=admin, now=NOW)
    with pytest.raises(Invalid, match="why"):
        actions.grant_role(person=resident, role="funder", reason=" ", by=admin, now=NOW)
    held = actions.grant_role(person=resident, role="funder", reason="New in the team", by=admin, now=NOW)
    assert held.granted_by == party_id(admin)


def test_granting_twice_leaves_one() -> None:
    person = somebody()
    first = actions.grant_role(person=person, role="finance", by=SETUP, now=NOW)

    again = actions.grant_role(person=person, role="finance", by=SETUP, now=NOW)

    assert again.pk == first.pk


@pytest.mark.parametrize("codes", roles.APART)
@pytest.mark.parametrize("turn", [1, -1])
def test_roles_that_check_each_other_are_two_people(codes: frozenset[str], turn: int) -> None:
    person = somebody()
    one, other = sorted(codes)[::turn]
    given = {code: {"role": code, "team": "funding" if code == "officer" else ""} for code in codes}
    actions.grant_role(person=person, **given[one], by=SETUP, now=NOW)

    with pytest.raises(Clash) as refused:
        actions.grant_role(person=person, **given[other], by=SETUP, now=NOW)
    assert refused.value.code == "people.roles_apart"


def test_nobody_is_both_people_of_finance_by_making_themselves_another_account() -> None:
    """Who keeps the money is not who says who may: neither can be granted beside the other, whoever grants it."""
    pairs = {frozenset({"administrator", "finance"}), frozenset({"administrator", "auditor"})}

    assert pairs <= set(roles.APART)
    tom, admin = somebody("tom@example.org"), administrator()
    actions.grant_role(person=tom, role="finance", by=SETUP, now=NOW)
    with pytest.raises(NotAllowed, match="Two administrators"):
        actions.grant_role(person=tom, role="administrator", reason="Holidays", by=admin, now=NOW)
    with pytest.raises(Clash):
        actions.ask_role(person=tom, role="administrator", reason="Holidays", by=admin, now=NOW)
    with pytest.raises(Clash):
        actions.grant_role(person=admin, role="finance", by=SETUP, now=NOW)
    assert not tom.has_role("administrator")


def test_an_ended_role_is_kept_with_who_and_why() -> None:
    person, admin = somebody(), administrator()
    held = actions.grant_role(person=person, role="finance", by=SETUP, now=NOW)

    ended = actions.end_role(held=held, reason="Moved on", by=admin, now=NOW + timedelta(days=1))

    assert (ended.end_reason, ended.ended_by) == ("Moved on", party_id(admin))
    assert not Person.objects.get(pk=person.pk).has_role("finance")
    assert list(person.roles_held.values_list("role", flat=True)) == ["finance"]


def test_the_last_administrator_stays() -> None:
    admin = administrator()

    with pytest.raises(Clash):
        actions.end_role(held=admin.roles_held.get(), reason="Bye", by=admin, now=NOW)
    with pytest.raises(Clash):
        actions.erase(person=admin, by=admin, now=NOW)


def test_an_administrator_who_cannot_sign_in_is_no_other_administrator() -> None:
    admin = administrator()
    paper = actions.register(name="On paper", by=SETUP, now=NOW)  # without an address nobody signs in
    actions.grant_role(person=paper, role="administrator", by=SETUP, now=NOW)

    with pytest.raises(Clash, match="only administrator"):
        actions.end_role(held=admin.roles_held.get(), reason="Bye", by=admin, now=NOW)
    with pytest.raises(Clash, match="only administrator"):
        actions.erase(person=admin, by=admin, now=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["end each other", "both are forgotten", "one ends, one is forgotten"])
def test_two_administrators_who_go_in_the_same_moment_leave_one(way: str) -> None:
    two = [somebody(f"admin{number}@example.org") for number in range(2)]
    held = [actions.grant_role(person=one, role="administrator", by=SETUP, now=NOW) for one in two]
    ready = Barrier(2)

    def go(number: int) -> str:
        person = Person.objects.get(pk=two[number].pk)
        try:
            if not one_connection:
                ready.wait(10)
            if way == "both are forgotten" or (way.endswith("forgotten") and number):
                actions.erase(person=person, by=person, now=NOW)
            else:
                actions.end_role(held=held[1 - number], reason="Has left", by=person, now=NOW)
        except (Clash, NotAllowed) as refused:
            return refused.code
        finally:
            connection.close()
        return "done"

    # SQLite in memory has one connection for all threads: there they take turns.
    one_connection = connection.vendor == "sqlite" and connection.is_in_memory_db()
    with ThreadPoolExecutor(1 if one_connection else 2) as pool:
        answers = sorted(pool.map(go, range(2)))

    # Whose role was ended first may still be forgotten; the other two ways, only one of them goes.
    assert answers.count("done") == 1 or way.startswith("one"), answers
    assert queries.keyholders().count() == 1


def test_erasing_empties_the_person_and_keeps_the_party_id() -> None:
    person = somebody(name="Ada", phone="020 7946 0000", ward_code="E05000026")
    actions.grant_role(person=person, role="organiser", by=SETUP, now=NOW)
    actions.add_organisation(name="Friends of the Park", by=person, now=NOW)

    actions.erase(person=person, by=person, now=NOW)

    left = Person.objects.get(pk=person.pk)
    assert (left.email, left.name, left.phone, left.ward_code, left.is_active) == (None, "", "", "", False)
    assert left.erased_at == NOW
    assert not EmailAddress.objects.filter(email="ada@example.org").exists()
    assert not left.live_roles
    assert not queries.organisations_of(left).exists()
    assert queries.names([left.pk]) == {str(left.pk): "Someone who has left"}


def test_erasing_twice_changes_nothing_more() -> None:
    person = somebody()
    actions.erase(person=person, by=person, now=NOW)

    again = actions.erase(person=person, by=SETUP, now=NOW + timedelta(days=1))

    assert again.erased_at == NOW


def test_somebody_else_cannot_erase_me() -> None:
    with pytest.raises(NotAllowed):
        actions.erase(person=somebody(), by=administrator(), now=NOW)


def test_the_database_refuses_an_erased_person_with_a_name() -> None:
    person = somebody()
    actions.erase(person=person, by=person, now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(name="Ada")


def test_a_room_is_asked_for_its_part_and_can_ask_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shredders, "_SHREDDERS", dict(shredders._SHREDDERS))
    waiting = [shredders.Standing("A payment is under way.", "Come back when it has arrived.")]
    shredders.register(
        "toys",
        name="Toys",
        export=lambda p: ["a ball"],
        erase=lambda p, now: 1,
        standing=lambda p, now: list(waiting),
    )
    person = somebody()

    assert actions.export(person=person, by=person, now=NOW)["kept"]["toys"] == ["a ball"]
    with pytest.raises(Clash, match="under way"):
        actions.erase(person=person, by=person, now=NOW)
    assert Person.objects.get(pk=person.pk).is_active
    waiting.clear()
    actions.erase(person=person, by=person, now=NOW)
    assert Change.objects.get(what="erased").facts["emptied"]["toys"] == 1


def test_the_export_holds_every_class(django_assert_max_num_queries: Any) -> None:
    person = somebody(name="Ada", phone="020 7946 0000")

    with django_assert_max_num_queries(28):
        taken = actions.export(person=person, by=person, now=NOW)

    assert taken["kept"]["people"]["phone"] == "020 7946 0000"
    assert set(taken["kept"]) == {shredder.label for shredder in shredders.every()}
