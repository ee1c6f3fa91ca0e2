"""Nobody who takes every public page and file of the money can tell what one person gave where fewer than five did.

The rule: docs/decisions/0019. Three campaigns: to one few gave and it has ended, to one few gave and it runs, to one
many gave. A stranger reads every account on every day, every file, the record and the API, and compares any two.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from becontree.citizenship.giving.models import Campaign, Pledge
from becontree.citizenship.giving.tests.conftest import Town, town
from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.ledger.models import Account, Journal
from becontree.foundations.ledger.queries import trial_balance
from becontree.foundations.payments import actions as payments
from becontree.foundations.payments.models import BankLine, Charge
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Decision, Entry
from becontree.verify import match as verify_match

__all__ = ["town"]
FEW = {"ada": 1_237, "ben": 4_111, "cyd": 3_453}  # an ended campaign's; with the fund's match of the same, all apart
RUNS = {"dot": 2_903, "eve": 6_089}
MANY = {"fay": 1_009, "gus": 1_103, "hal": 1_201, "ivy": 1_361, "jon": 1_409, "kim": 1_511}
SUMS = {**FEW, **RUNS}


@pytest.fixture(autouse=True)
def _patient(settings: Any) -> None:
    """Whoever looks takes as many minutes as the brake on files asks for."""
    settings.THROTTLE_OFF = True


@pytest.fixture
def asking(town: Town) -> dict[str, Campaign]:
    """Three campaigns with a fund behind them, gifts on different days, and the bank's lines."""
    town.now = timezone.now() - timedelta(days=80)
    town.fund()
    few = town.campaign(town.project("Few gave", pence=2 * sum(FEW.values())), days=20)
    many = town.campaign(town.project("Many gave", pence=2 * sum(MANY.values())), days=20)
    for campaign, gifts in ((few, FEW), (many, MANY)):
        for name, pence in gifts.items():
            town.gives(name, campaign, pence)
            Pledge.objects.filter(giver=town.person(name)).update(public_name=name.title())
            town.later(days=1)
    town.later(days=30)
    runs = town.campaign(town.project("It runs", pence=900_000), days=60)
    for name, pence in RUNS.items():
        town.gives(name, runs, pence)
        town.later(days=2)
    tom = town.officer("tom", "finance")
    lines = "".join(f"{town.now:%d/%m/%Y},CARD {pence},{pence / 100:.2f}\n" for pence in FEW.values())
    payments.import_statement(raw=f"Date,Description,Amount\n{lines}".encode(), file_name="s.csv", by=tom, now=town.now)
    for line in BankLine.objects.order_by("line_number"):
        payments.match_line(line=line, kind="provider", to="practice", by=tom, now=town.now)
    record.sequence(now=town.now)
    for campaign in (few, many, runs):
        campaign.refresh_from_db()
    assert (few.state, many.state, runs.state) == ("funded", "funded", "live")
    return {"few": few, "many": many, "runs": runs}


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def days(town: Town) -> Iterator[date]:
    day = town.now.date() - timedelta(days=85)
    while day <= timezone.now().date():
        yield day
        day += timedelta(days=1)


def everything(town: Town) -> dict[str, str]:
    """Every public page and file about money, as a stranger reads it."""
    client = Client()
    pages = [f"/accounts/{part}" for part in ("", "trial-balance.csv", "reversals/", "reversals.csv", "promised/")]
    pages += ["/money/", "/funds/", "/funds/council-pot/", "/funds/grants.csv", "/api/v1/projects"]
    pages += ["/projects/", "/projects/projects.csv", "/projects/projects.json"]
    pages += ["/record/entries.csv", "/record/entries.json"]
    for campaign in Campaign.objects.select_related("project"):
        pages += [f"/projects/{campaign.project.slug}/", f"/api/v1/projects/{campaign.project.slug}"]
    for code in Account.objects.values_list("code", flat=True):
        pages += [f"/accounts/account/{code}/", f"/accounts/account/{code}.csv", f"/accounts/account/{code}.json"]
        for since in (10, 20, 40, 60):
            a_day = (town.now - timedelta(days=since)).date()
            pages.append(f"/accounts/account/{code}.csv?since={a_day}&until={a_day + timedelta(days=1)}")
    pages += [f"/record/entry/{pk}/" for pk in Entry.objects.values_list("pk", flat=True)]
    read = {address: body(client, address) for address in dict.fromkeys(pages)}
    for pk in Journal.objects.values_list("pk", flat=True):
        answer = client.get(f"/accounts/journal/{pk}.json")
        read[f"journal {pk}"] = answer.content.decode() if answer.status_code == 200 else ""
    read["decisions"] = str(list(Decision.objects.values_list("record", flat=True)))
    return read


def said(text: str, pence: int) -> bool:
    pounds = f"{pence // 100:,}.{pence % 100:02d}"
    plain = f"{pence // 100}.{pence % 100:02d}"
    return any(re.search(rf"(?<![\d.]){re.escape(form)}(?!\d)", text) for form in (pounds, plain, str(pence)))


def test_no_page_or_file_says_what_one_of_few_gave(town: Town, asking: dict[str, Campaign]) -> None:
    read = everything(town)
    told = sorted(
        (name, address) for address, text in read.items() for name, pence in SUMS.items() if said(text, pence)
    )

    assert told == []
    assert any(said(text, sum(FEW.values())) for text in read.values())  # the stranger reads sums where they stand


def test_no_two_days_of_the_accounts_differ_by_what_one_gave(town: Town, asking: dict[str, Campaign]) -> None:
    client = Client()
    held: dict[str, set[int]] = {}
    for day in days(town):
        rows = list(csv.DictReader(io.StringIO(body(client, f"/accounts/trial-balance.csv?on={day}"))))
        money = [row for row in rows if row["kind"] != "memo"]
        assert sum(int((Decimal(row["debit"]) - Decimal(row["credit"])) * 100) for row in money) == 0
        for row in rows:
            sums = held.setdefault(row["code"], set())
            sums.add(int((Decimal(row["debit"]) - Decimal(row["credit"])) * 100))
    found = {(code, abs(a - b)) for code, sums in held.items() for a, b in combinations(sums, 2)}
    singles = {*SUMS.values()}

    assert {(code, step) for code, step in found if step in singles} == set()
    assert (asking["few"].held, 2 * sum(FEW.values())) in found  # it counts when it has ended


def test_a_statement_adds_up_to_what_the_account_holds(town: Town, asking: dict[str, Campaign]) -> None:
    client = Client()
    for account in Account.objects.all():
        rows = csv.DictReader(io.StringIO(body(client, f"/accounts/account/{account.code}.csv")))
        total = sum(Decimal(row["amount"]) * (100 if account.unit == "GBP" else 1) for row in rows)
        assert total == account.sign * (account.debit_posted - account.credit_posted), account.code


def test_how_many_gave_is_not_told_where_few_did(town: Town, asking: dict[str, Campaign]) -> None:
    client = Client()
    for name, campaign in asking.items():
        page = body(client, f"/projects/{campaign.project.slug}/")
        answer = client.get(f"/api/v1/projects/{campaign.project.slug}").json()
        people = 6 if name == "many" else None
        assert ("fewer than 5 people" in page) == (people is None)
        assert "others who keep their names" not in page or people
        assert answer["campaign"]["people"] == people
    ended = Entry.objects.get(kind="campaign.funded", thing=asking["few"].ref)
    assert "backers" not in ended.facts
    assert ended.facts["backers_fewer_than"] == 5
    assert "fewer than 5 people" in str(ended.facts["sources"])


def test_a_grant_beside_few_gifts_is_entered_and_beside_many_it_recomputes(
    town: Town, asking: dict[str, Campaign]
) -> None:
    decided = Decision.objects.get()

    assert Entry.objects.filter(kind="award.granted").count() == 2
    assert verify_match.check(decided.record) == []
    assert len(decided.record["inputs"]["pledges"]) == len(MANY)


def test_finance_and_auditors_read_the_books_as_they_are(town: Town, asking: dict[str, Campaign]) -> None:
    few = asking["few"]
    client = Client()
    client.force_login(town.officer("ines", "auditor"))
    address = f"/accounts/account/{few.held}.csv"
    assert not any(said(body(client, address), pence) for pence in FEW.values())  # no second factor yet
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()

    assert all(said(body(client, address), pence) for pence in FEW.values())
    entry = Journal.objects.get(key=f"charge:{Charge.objects.filter(amount=FEW['ada']).get().pk}:settled")
    assert client.get(f"/accounts/journal/{entry.pk}/").status_code == 200
    assert Client().get(f"/accounts/journal/{entry.pk}/").status_code == 404
    assert trial_balance().debit == trial_balance().credit
