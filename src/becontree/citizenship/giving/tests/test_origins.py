"""What an entry leads finance and auditors to: the grant's decision, its fund, and where other money came from."""

from __future__ import annotations

import pytest
from django.test import Client

from becontree.citizenship.giving.actions import elsewhere
from becontree.citizenship.giving.models import Campaign
from becontree.citizenship.giving.tests.conftest import Town
from becontree.citizenship.giving.tests.test_following import at_the_desk
from becontree.citizenship.giving.tests.test_payouts import (
    funded,  # noqa: F401
    match,
    promised,
    statement,
    who,
)
from becontree.foundations.ledger.models import Journal
from becontree.foundations.record.models import Entry


def links(client: Client, journal: Journal) -> str:
    """The part of an entry's page that says where it came from."""
    page = client.get(f"/accounts/journal/{journal.pk}/").content.decode()
    return page.partition("Where it came from</h2>")[2].partition("</ul>")[0]


@pytest.mark.parametrize("people", [1, 5])  # with fewer than five givers the grant has no frozen record
def test_a_grant_and_a_match_lead_to_the_decision_and_to_the_fund(town: Town, people: int) -> None:
    fund = town.fund(pence=500_000)
    campaign = town.campaign(days=10)
    for number in range(people):
        town.gives(f"giver{number}", campaign, 50_000 // people)
    town.later(days=12)
    auditor = at_the_desk(town, "ada", "auditor")
    decided = Entry.objects.get(kind="award.granted")
    where = "decision" if people == 5 else "entry"
    for prefix in ("award:", "match:"):
        shown = links(auditor, Journal.objects.filter(key__startswith=prefix).first())
        assert f'href="/record/{where}/{decided.pk}/"' in shown
        assert f'href="{fund.get_absolute_url()}"' in shown
    assert f'href="{fund.get_absolute_url()}"' in links(auditor, Journal.objects.get(kind="fund.paid-in"))
    assert links(Client(), Journal.objects.get(kind="fund.paid-in")) == ""


@pytest.mark.parametrize("by_hand", [True, False])
def test_money_from_elsewhere_leads_to_its_giver_and_its_project(town: Town, funded: Campaign, by_hand: bool) -> None:  # noqa: F811
    trust = promised(town, funded)
    if by_hand:
        elsewhere.mark_received(contribution=trust, by=who(town, "fin"), now=town.now)
        journal = Journal.objects.get(kind="contribution.received")
    else:
        (line,) = statement(town, ("A TRUST", "300.00"))
        match(town, line, f"contribution/{trust.pk}")
        journal = Journal.objects.get(kind="bank-match", subject=f"contribution/{trust.pk}")
    shown = links(at_the_desk(town, "ada", "auditor"), journal)

    assert f'href="{trust.project.get_absolute_url()}"' in shown
    assert "A trust for A garden on Heron Road" in shown
