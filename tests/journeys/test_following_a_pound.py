"""An auditor follows one pound from a resident's gift to the group's bank account and back, by links alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from becontree.citizenship.giving.actions import grants
from becontree.citizenship.giving.models import Campaign, Pledge
from becontree.citizenship.giving.tests.conftest import SETUP, Town
from becontree.foundations.access.models import ReadEvent
from becontree.foundations.payments import actions as payments
from becontree.foundations.payments.models import BankLine, Charge, Payout
from becontree.foundations.people.models import Person
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser
GIVER = "Gideon Marrowbone"


@pytest.fixture
def paid(borough: Town) -> tuple[Pledge, Payout]:
    """A gift by card, the provider's pay-in, and the payout to the group, all on the bank's statement."""
    town = borough
    town.now -= timedelta(days=40)
    tom, ruth = town.officer("tom", "finance"), town.officer("ruth", "finance")
    campaign = town.campaign(town.project("Beds on Heron Road", pence=12_000), days=20)
    pledge = town.gives("gwen", campaign, 12_000)
    Person.objects.filter(pk=pledge.giver_id).update(name=GIVER)
    town.later(days=31)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.FUNDED
    grants.sign(agreement=campaign.agreement, by=town.person("olive"), now=town.now)
    grants.sign(agreement=campaign.agreement, by=SETUP, now=town.now)
    payout = grants.ask_payout(campaign=campaign, pence=12_000, by=tom, now=town.now)
    payments.approve_payout(payout=payout, by=ruth, now=town.now)
    listed = payments.make_list(by=tom, now=town.now)
    payments.release_list(listed=listed, by=ruth, now=town.now)
    bring(town, f"PROVIDER PAY-IN,120.00\n{town.now:%d/%m/%Y},BACS {payout.reference},-120.00", tom)
    payments.match_line(line=BankLine.objects.get(amount=12_000), kind="provider", to="practice", by=tom, now=town.now)
    payout.refresh_from_db()
    assert payout.state == Payout.State.PAID
    pledge.refresh_from_db()
    return pledge, payout


def bring(town: Town, lines: str, by: Any) -> None:
    text = f"Date,Description,Amount\n{town.now:%d/%m/%Y},{lines}\n"
    payments.import_statement(raw=text.encode(), file_name="s.csv", by=by, now=town.now)


def follow(page: Page, link: str, heading: str) -> None:
    """By a link in the page's own words; the page that comes has this heading and names no giver."""
    page.locator("main").get_by_role("link", name=link).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    assert GIVER not in page.content()


def test_an_auditor_follows_one_pound_there_and_back(
    visitor: Visitor, borough: Town, paid: tuple[Pledge, Payout]
) -> None:
    pledge, _payout = paid
    page = visitor(borough.officer("ines", "auditor"), script=False)
    page.goto("/desk/")
    page.get_by_role("navigation", name="Desk").get_by_role("link", name="Gifts", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gifts")

    follow(page, pledge.handle, f"Gift {pledge.handle}")
    follow(page, "£120.00, settled", "A charge of £120.00")
    follow(page, "PROVIDER PAY-IN", "£120.00 came in")  # with it the pound arrived
    follow(page, "A bank line matched", "A bank line matched")  # what the books say of it
    follow(page, "A line on the bank's statement", "£120.00 came in")
    follow(page, "The charges that this provider took", "Charges")
    follow(page, "Beds on Heron Road", "A charge of £120.00")
    follow(page, "A payment received", "A payment received")
    follow(page, "Charge", "A charge of £120.00")
    follow(page, "£120.00 to Friends of Heron Road", "£120.00 to Friends of Heron Road")  # with it the pound left
    follow(page, "A promise kept", "A promise kept")
    follow(page, "Payout", "£120.00 to Friends of Heron Road")
    follow(page, "BACS", "£120.00 went out")

    follow(page, "Payout", "£120.00 to Friends of Heron Road")  # and back
    follow(page, "The gifts that it was paid from", "Gifts")
    follow(page, pledge.handle, f"Gift {pledge.handle}")
    assert "This page names nobody" in page.locator("main").inner_text()

    read = ReadEvent.objects.filter(reader__email="ines@example.invalid", subject=pledge.giver)
    assert {(event.kind, event.purpose) for event in read} == {("giving.pledge", "audit")}
    assert read.count() >= 2 + Charge.objects.count()
