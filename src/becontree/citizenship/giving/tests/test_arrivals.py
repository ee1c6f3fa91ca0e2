"""Money that people paid and the bank has not: the desk says so, and so does a payout that would go out ahead of it."""

from __future__ import annotations

import pytest
from django.test import Client

from becontree.citizenship.giving.actions import grants
from becontree.citizenship.giving.models import Campaign
from becontree.citizenship.giving.tests.conftest import Town
from becontree.citizenship.giving.tests.test_following import at_the_desk
from becontree.citizenship.giving.tests.test_payouts import funded, pay, statement, who
from becontree.foundations.payments import actions as payments
from becontree.foundations.payments import arrivals
from becontree.foundations.payments.models import Payout
from becontree.foundations.people import actions as people

__all__ = ["funded"]


@pytest.fixture
def desk(town: Town) -> Client:
    return at_the_desk(town, "ines", "auditor")


def paid_in(town: Town, pounds: str) -> None:
    (line,) = statement(town, (f"PRACTICE PAY-IN {pounds}", pounds))
    payments.match_line(line=line, kind="provider", to="practice", by=who(town, "fin"), now=town.now)


def of(desk: Client, payout: Payout) -> str:
    return desk.get(f"/desk/payments/payouts/{payout.pk}/").content.decode()


def test_what_was_paid_out_before_the_provider_paid_in_is_said_until_it_does(
    town: Town, funded: Campaign, desk: Client
) -> None:
    paid_in(town, "200.00")
    first = pay(town, funded, 15_000)
    town.later(minutes=5)
    second = pay(town, funded, 35_000)

    assert "has not reached the bank" not in of(desk, first)
    assert "£300.00 of this has not reached the bank" in of(desk, second)
    payments_page = desk.get("/desk/payments/").content.decode()
    assert "£300.00 that people paid has not reached the bank" in payments_page
    paid_in(town, "300.00")
    for page in (of(desk, first), of(desk, second), desk.get("/desk/payments/").content.decode()):
        assert "reached the bank" not in page


def test_the_desk_says_how_much_providers_hold(town: Town, funded: Campaign, desk: Client) -> None:
    page = desk.get("/desk/payments/").content.decode()

    assert "£500.00 that people paid has not reached the bank" in page


def test_one_project_s_money_does_not_count_for_another(town: Town, funded: Campaign) -> None:
    paid_in(town, "500.00")
    other = town.campaign(town.project("A bench", pence=10_000), days=5)
    town.gives("cyd", other, 10_000)
    town.later(days=6)

    assert arrivals.still_with_providers() == {other.held: 10_000}
    assert arrivals.paid_ahead([pay(town, funded, 50_000)]) == {}


def test_a_payout_says_when_by_whom_and_how_the_account_was_checked(town: Town, funded: Campaign, desk: Client) -> None:
    payout = grants.ask_payout(campaign=funded, pence=1_000, by=who(town, "fin"), now=town.now)
    first = of(desk, payout)
    assert "by The system: seen" in " ".join(first.split())
    assert "It is its first check." in first
    people.verify_bank(organisation=town.group, how="Rang the treasurer", by=who(town, "bob"), now=town.now)
    again = " ".join(of(desk, payout).split())

    assert "by Bob: Rang the treasurer" in again
    assert "It was checked before, 4 May 2026" in again
