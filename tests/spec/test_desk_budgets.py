"""Officers' pages of funds, payments, projects and accounts: lists at most 12 queries, details at most 15."""

from __future__ import annotations

import pytest
from django.test import Client

from becontree.citizenship.giving.actions import elsewhere, grants
from becontree.citizenship.giving.models import Agreement, Pledge
from becontree.citizenship.giving.tests.conftest import SETUP, Town, town
from becontree.citizenship.projects import actions as projects
from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.ledger.models import Journal
from becontree.foundations.payments import actions as payments
from becontree.foundations.payments.models import BankLine, Charge
from tests.spec.test_budgets import queries_of

__all__ = ["town"]


def at_the_desk(town: Town, name: str, role: str, team: str = "") -> Client:
    client = Client()
    client.force_login(town.officer(name, role, team))
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client


def over(client: Client, pages: dict[str, int]) -> dict[str, int]:
    return {address: count for address, most in pages.items() if (count := queries_of(client, address)) > most}


@pytest.mark.parametrize("many", [1, 6])
def test_pages_of_funds_and_projects_keep_their_budget(town: Town, many: int) -> None:
    fund = town.fund(per_project=100, decides="officer")
    for number in range(many):
        project = town.project(f"Project {number}", pence=10_000)
        campaign = town.campaign(project)
        claim = elsewhere.claim(
            project=project, source="A trust", kind="trust", part="capital", pence=1_000, on=town.now.date(),
            evidence_note="Letter", by=town.person("olive"), now=town.now,
        )  # fmt: skip
        pledge = town.gives(f"giver{number}", campaign, 500)
        Pledge.objects.filter(pk=pledge.pk).update(public_name="Ada", name_state="waiting")
        draft = projects.propose(
            title=f"Draft {number}", summary="x", story="x", theme="green", by=town.person("olive"), now=town.now
        )
        projects.set_budget(project=draft, lines=[projects.Line("Soil", 5)], by=town.person("olive"), now=town.now)
        draft = projects.edit(project=draft, organisation=town.group, by=town.person("olive"), now=town.now)
        projects.submit(project=draft, by=town.person("olive"), now=town.now)
    client = at_the_desk(town, "priya", "officer", "funding")
    pages = {
        "/desk/giving/": 15,  # the front of three lists and a table
        "/desk/giving/help/": 12,
        "/desk/giving/names/": 12,
        f"/desk/giving/names/{pledge.handle}/": 15,
        "/desk/giving/funds/new/": 15,
        f"/desk/giving/funds/{fund.slug}/": 15,
        f"/desk/giving/funds/{fund.slug}/close/": 15,
        f"/desk/giving/funds/{fund.slug}/award/": 15,
        f"/desk/giving/elsewhere/{claim.pk}/": 15,
        "/desk/projects/": 12,
        f"/desk/projects/{draft.slug}/": 15,
    }

    assert over(client, pages) == {}


@pytest.mark.parametrize("many", [1, 6])
def test_pages_of_payments_and_accounts_keep_their_budget(town: Town, many: int) -> None:
    tom, ruth = town.officer("tom", "finance"), town.officer("ruth", "finance")
    fund = town.fund()
    done = []
    for number in range(many):
        campaign = town.campaign(town.project(f"Project {number}", pence=1_000))
        town.gives(f"giver{number}", campaign, 1_000)
        done.append(campaign)
    town.later(days=31)
    for campaign in done:
        agreement = Agreement.objects.get(campaign=campaign)
        grants.sign(agreement=agreement, by=town.person("olive"), now=town.now)
        grants.sign(agreement=agreement, by=SETUP, now=town.now)
        payouts = [grants.ask_payout(campaign=campaign, pence=400, by=tom, now=town.now) for _ in range(2)]
        payments.approve_payout(payout=payouts[0], by=ruth, now=town.now)
    listed = payments.make_list(by=tom, now=town.now)
    text = "Date,Description,Amount\n" + "".join(f"01/05/2026,WHO {n},{n + 1}.00\n" for n in range(many))
    payments.import_statement(raw=text.encode(), file_name="s.csv", by=SETUP, now=town.now)
    client = at_the_desk(town, "ruth", "finance")
    pages = {
        "/desk/giving/": 15,
        f"/desk/giving/funds/{fund.slug}/pay-in/": 15,
        f"/desk/giving/campaigns/{done[0].slug}/pay/": 15,
        "/desk/payments/": 15,
        "/desk/giving/gifts/": 12,
        f"/desk/giving/gifts/{Pledge.objects.order_by('made_at')[0].handle}/": 15,
        "/desk/payments/charges/": 12,
        f"/desk/payments/charges/{Charge.objects.order_by('created_at')[0].pk}/": 15,
        "/desk/payments/lines/?show=all": 12,
        f"/desk/payments/lines/{BankLine.objects.first().pk}/": 15,  # type: ignore[union-attr]
        "/desk/payments/refunds/": 12,
        "/desk/payments/payouts/": 12,
        "/desk/payments/payouts/?state=proposed&role=finance": 12,
        f"/desk/payments/payouts/{payouts[1].pk}/": 15,
        "/desk/payments/lists/": 12,
        f"/desk/payments/lists/{listed.number}/": 15,
        f"/desk/payments/lists/?who={tom.pk}&role=finance": 12,
        "/desk/ledger/": 12,
        f"/desk/ledger/reverse/{Journal.objects.order_by('pk')[0].pk}/": 15,
    }

    assert over(client, pages) == {}
