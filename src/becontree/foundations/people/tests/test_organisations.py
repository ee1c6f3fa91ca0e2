"""Organisations, and who checks them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.people import actions, queries
from becontree.foundations.people.actions.organisations import leads
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SETUP = System("test")

pytestmark = pytest.mark.django_db


def somebody(email: str, *roles: tuple[str, str]) -> Person:
    person = actions.register(email=email, by=SETUP, now=NOW)
    for role, team in roles:
        actions.grant_role(person=person, role=role, team=team, by=SETUP, now=NOW)
    return person


def test_who_adds_an_organisation_leads_it() -> None:
    ada = somebody("ada@example.org")

    group = actions.add_organisation(name="Friends of the Park", by=ada, now=NOW)

    assert group.slug == "friends-of-the-park"
    assert leads(ada, group)


@pytest.mark.parametrize(
    ("charity", "company", "expected"),
    [
        ("202918", "", "GB-CHC-202918"),
        ("1096 537", "", "GB-CHC-1096537"),
        ("SC012345", "", "GB-SC-SC012345"),
        ("NIC100123", "", "GB-NIC-100123"),
        ("", "7492853", "GB-COH-07492853"),
        ("", "SC123456", "GB-COH-SC123456"),
        ("", "", ""),
    ],
)
def test_the_register_gives_the_identifier(charity: str, company: str, expected: str) -> None:
    group = actions.add_organisation(name="A body", charity_number=charity, company_number=company, by=SETUP, now=NOW)

    assert group.org_id == expected


def test_one_register_number_is_one_organisation() -> None:
    actions.add_organisation(name="A body", charity_number="202918", by=SETUP, now=NOW)

    with pytest.raises(Clash):
        actions.add_organisation(name="Another name", charity_number="202918", by=SETUP, now=NOW)


def test_two_with_one_name_get_two_addresses() -> None:
    one = actions.add_organisation(name="Friends", by=SETUP, now=NOW)
    two = actions.add_organisation(name="Friends", by=SETUP, now=NOW)

    assert one.slug != two.slug


def test_wrong_answers_are_named_each() -> None:
    with pytest.raises(Invalid) as refused:
        actions.add_organisation(
            name="X", kind="pirates", charity_number="12", company_number="12345678X", website="x y", by=SETUP, now=NOW
        )
    assert set(refused.value.errors) == {"name", "kind", "charity_number", "company_number", "website"}


def test_officers_verify_and_finance_checks_the_bank() -> None:
    officer, money = somebody("o@example.org", ("officer", "funding")), somebody("m@example.org", ("finance", ""))
    group = actions.add_organisation(name="Friends", by=SETUP, now=NOW)

    with pytest.raises(NotAllowed):
        actions.verify_organisation(organisation=group, how="Register", by=money, now=NOW)
    with pytest.raises(NotAllowed):
        actions.verify_bank(organisation=group, how="Statement seen", by=officer, now=NOW)
    actions.verify_organisation(organisation=group, how="Charity register", by=officer, now=NOW)
    actions.verify_bank(organisation=group, how="Statement seen", by=money, now=NOW)
    assert (group.verified_at, group.bank_verified_at) == (NOW, NOW)
    actions.withdraw_verification(organisation=group, reason="Struck off", by=officer, now=NOW)
    assert (group.verified_at, group.bank_verified_at) == (None, None)


def test_nobody_verifies_their_own() -> None:
    officer = somebody("o@example.org", ("officer", "funding"))
    group = actions.add_organisation(name="Friends", by=officer, now=NOW)

    with pytest.raises(NotAllowed, match="belong"):
        actions.verify_organisation(organisation=group, how="I know us", by=officer, now=NOW)


def test_a_lead_lets_others_in_and_a_member_does_not() -> None:
    ada, bob, cat = (somebody(f"{name}@example.org") for name in ("ada", "bob", "cat"))
    group = actions.add_organisation(name="Friends", by=ada, now=NOW)
    place = actions.join(person=bob, organisation=group, by=ada, now=NOW)

    with pytest.raises(NotAllowed):
        actions.join(person=cat, organisation=group, by=bob, now=NOW)
    actions.leave(place=place, by=bob, now=NOW)
    assert not queries.organisations_of(bob).exists()


def test_a_household_holds_those_who_live_in_it() -> None:
    ada, bob = somebody("ada@example.org"), somebody("bob@example.org")
    home = actions.make_household(members=[ada, bob], by=ada, now=NOW)

    assert queries.household_ids(ada) == {ada.pk, bob.pk}
    actions.leave_household(place=home.members.get(person=bob), by=bob, now=NOW)
    assert queries.household_ids(ada) == {ada.pk}
