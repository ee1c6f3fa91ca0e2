"""Statements, trial balances and what is promised say what was posted."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from becontree.foundations.kit.errors import Invalid
from becontree.foundations.ledger import actions, queries
from becontree.foundations.ledger.actions import Line
from becontree.foundations.ledger.models import Account
from becontree.foundations.ledger.testing import money
from becontree.foundations.people.actors import System

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
US = System("test")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def posted() -> None:
    """Ten gifts of 1 to 10 pounds, one a month from January to October 2026; one payment of 20 pounds in May."""
    actions.open_account(code="asset:bank:main", name="Bank", kind="asset")
    actions.open_account(code="fund:pot", name="The pot", kind="fund", floor=True, subject="fund/pot")
    actions.open_account(code="expense:grants", name="Grants", kind="expense")
    actions.open_account(code="memo:pledges", name="Pledges", kind="memo")
    actions.open_account(code="memo:campaign:play", name="Play", kind="memo", subject="campaign/play")
    for month in range(1, 11):
        money(
            key=f"gift:{month}",
            debit="asset:bank:main",
            credit="fund:pot",
            amount=month * 100,
            now=NOW,
            on=date(2026, month, 15),
        )
    money(key="gift:late", debit="asset:bank:main", credit="fund:pot", amount=2_000, now=NOW, on=date(2026, 4, 30))
    money(key="paid", debit="expense:grants", credit="asset:bank:main", amount=2_000, now=NOW, on=date(2026, 5, 20))
    actions.post(
        key="pledge",
        kind="pledge",
        occurred_on=NOW.date(),
        lines=[Line("memo:pledges", "memo:campaign:play", 2_500, pending=True)],
        subject="pledge/abc",
        by=US,
        now=NOW,
    )


def test_a_statement_runs_from_opening_to_closing() -> None:
    said = queries.statement("asset:bank:main")

    assert said.opening == 0
    assert said.closing == 5_500
    assert [line.balance for line in said.lines][-1] == 5_500
    balance = said.opening
    for line in said.lines:
        balance += line.amount
        assert line.balance == balance


@pytest.mark.parametrize("closed", [False, True])
def test_a_statement_is_the_same_read_in_pages(closed: bool) -> None:
    if closed:
        actions.close_month(month=date(2026, 6, 1), by=US, now=NOW)
    whole = queries.statement("asset:bank:main").lines
    pages, before = [], ""
    while True:
        page = queries.statement("asset:bank:main", limit=3, before=before)
        pages = [*page.lines, *pages]
        before = page.older
        if not before:
            break

    assert tuple(pages) == whole
    assert page.opening == 0


def test_a_statement_keeps_to_its_dates() -> None:
    said = queries.statement("asset:bank:main", since=date(2026, 5, 1), until=date(2026, 6, 30))

    assert [line.amount for line in said.lines] == [500, -2_000, 600]
    assert said.opening == 100 + 200 + 300 + 400 + 2_000
    assert said.closing == said.opening - 900


def test_a_fund_grows_by_credits() -> None:
    assert queries.statement("fund:pot").lines[0].amount == 100


def test_a_broken_address_is_refused_plainly() -> None:
    with pytest.raises(Invalid):
        queries.statement("fund:pot", before="nonsense")
    with pytest.raises(Invalid):
        queries.statement("fund:none")


@pytest.mark.parametrize("closed", [False, True])
def test_a_trial_balance_balances_on_any_day(closed: bool) -> None:
    if closed:
        actions.close_month(month=date(2026, 6, 1), by=US, now=NOW)
    for day in (None, date(2025, 1, 1), date(2026, 5, 19), date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 31)):
        trial = queries.trial_balance(day)

        assert trial.debit == trial.credit
    assert queries.trial_balance(date(2026, 5, 19)).debit == 100 + 200 + 300 + 400 + 500 + 2_000
    assert queries.trial_balance(None).rows == queries.trial_balance(date(2026, 12, 31)).rows


def test_promises_stand_outside_the_trial_balance() -> None:
    trial = queries.trial_balance()

    assert not any(row.kind == "memo" for row in trial.rows)
    assert [row.code for row in trial.memorandum] == ["memo:campaign:play", "memo:pledges"]
    (found,) = queries.pledges_outstanding()
    assert (found.debit, found.credit, found.unit, found.count, found.amount) == (
        "memo:pledges", "memo:campaign:play", "GBP", 1, 2_500,
    )  # fmt: skip
    names = dict(Account.objects.values_list("code", "name"))
    assert (found.debit_name, found.credit_name) == (names["memo:pledges"], names["memo:campaign:play"])


def test_what_concerns_a_fund_is_found_by_its_reference() -> None:
    assert queries.movements_of(["fund/pot"]).count() == 11


def test_a_pledge_is_never_named_in_public() -> None:
    assert queries.public_subject("pledge/abc") == ""
    assert queries.public_subject("project/play") == "project/play"
