"""Who did what in the books: finance and auditors read who wrote, asked, approved and declined; nobody else does."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from becontree.foundations.ledger import actions, queries
from becontree.foundations.ledger.models import Journal
from becontree.foundations.ledger.testing import money
from becontree.foundations.ledger.tests.test_closing import (
    LATER,
    NOW,
    SEPTEMBER,
    WHY,
    desk,
    person,
    posted,  # noqa: F401
)

LOG = "/desk/ledger/log/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def busy() -> Journal:
    """An entry that Fin wrote, whose reversal was declined, then made; one closing declined, one made."""
    fin, bob = person("fin"), person("bob")
    entry = money(
        key="paid-in", debit="asset:bank:main", credit="fund:pot", amount=500, now=NOW, by=fin, kind="fund.paid-in"
    )
    for reason, answer in (("Entered too soon.", actions.decline_reversal), ("Wrong sum.", actions.approve_reversal)):
        asked = actions.ask_reversal(journal=entry, reason=reason, by=fin, now=NOW)
        answer(reversal=asked, by=bob, now=NOW)
    first = actions.propose_closing(month=SEPTEMBER, reason="In a hurry.", by=fin, now=LATER)
    actions.decline_closing(proposal=first, why_not="One line is open.", by=bob, now=LATER)
    again = actions.propose_closing(month=SEPTEMBER, reason=WHY, by=fin, now=LATER)
    actions.confirm_closing(proposal=again, entries=queries.entries_to_close(SEPTEMBER), by=bob, now=LATER)
    return entry


@pytest.mark.parametrize("role", ["finance", "auditor"])
def test_every_reversal_and_closing_is_listed_with_who_asked_and_who_decided(busy: Journal, role: str) -> None:
    client = desk("zoe", role)
    page = client.get(LOG).content.decode()
    rows = list(csv.DictReader(io.StringIO(b"".join(client.get("/desk/ledger/log.csv")).decode("utf-8-sig"))))

    assert f'href="{LOG}"' in client.get("/desk/ledger/").content.decode()
    for said in ("Fin", "Bob", "Entered too soon.", "Wrong sum.", "In a hurry.", "One line is open.", WHY):
        assert said in page
    assert [(row["what"], row["state"], row["asked by"], row["decided by"]) for row in rows].count(
        ("Reversal", "Declined", "Fin", "Bob")
    ) == 1
    assert sorted((row["what"], row["state"], row["reason against"]) for row in rows) == [
        ("Closing the books", "Confirmed", ""),
        ("Closing the books", "Declined", "One line is open."),
        ("Reversal", "Declined", ""),
        ("Reversal", "Reversed", ""),
    ]


def test_an_entrys_page_says_to_finance_and_auditors_who_wrote_asked_and_decided_it(busy: Journal) -> None:
    address = f"/accounts/journal/{busy.pk}/"
    for client in (desk("zoe", "auditor"), desk("yan")):
        page = client.get(address).content.decode()
        assert "Written by Fin." in page
        assert "Entered too soon." in page
        assert "Bob" in page
    for client in (Client(), desk("ola", "officer")):
        page = client.get(address).content.decode()
        assert "Fin" not in page
        assert "Bob" not in page
        assert "Entered too soon." not in page


def test_whoever_wrote_an_entry_that_follows_a_gift_is_told_to_nobody() -> None:
    giver = person("gideon")  # an officer may give as well
    entry = money(
        key="pledge:abc:promise", debit="asset:bank:main", credit="fund:pot", amount=500, now=NOW, by=giver,
        kind="pledge.promised",
    )  # fmt: skip
    page = desk("zoe", "auditor").get(f"/accounts/journal/{entry.pk}/").content.decode()

    assert "Gideon" not in page
    assert "Who wrote it is not told: it follows a gift, or they were not an officer." in page


@pytest.mark.parametrize("role", ["officer", "administrator", "funder"])
def test_nobody_else_reads_who_did_what(busy: Journal, role: str) -> None:
    for address in (LOG, "/desk/ledger/log.csv"):
        assert desk("ola", role).get(address).status_code == 403
        assert Client().get(address).status_code == 302
