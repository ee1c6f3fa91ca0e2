"""What follows gifts is read from the whole history once a state of the account, and is never a pound behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from becontree.foundations.kit import remembered
from becontree.foundations.ledger import actions, queries, together
from becontree.foundations.ledger.testing import money

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def books(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.REMEMBERED_SECONDS = 10
    monkeypatch.setattr(together, "_rooms", {"gifts": together.Room(keys=("gift:",))})
    remembered.forget()
    actions.open_account(code="asset:bank:main", name="Bank", kind="asset")
    actions.open_account(code="fund:pot", name="The pot", kind="fund", floor=True, subject="fund/pot")
    yield
    remembered.forget()


def came(key: str, pence: int) -> None:
    money(key=key, debit="asset:bank:main", credit="fund:pot", amount=pence, now=NOW, on=date(2026, 11, 20))


def gifts() -> list[tuple[int, int | None]]:
    return [(each.amount, each.number) for each in together.put_together(queries.account("fund:pot"))]


def lines() -> list[int]:
    account = queries.account("fund:pot")
    return [line.amount for line in together.statement(account, None, None, 50, "", balances=False).lines]


def test_a_new_pound_is_there_at_once() -> None:
    for number in range(6):
        came(f"gift:{number}", 100)
    came("grant:1", 5_000)
    assert (gifts(), lines()) == ([(600, 6)], [5_000])

    came("gift:7", 250)
    assert (gifts(), lines()) == ([(850, 7)], [5_000])

    came("grant:2", 70)
    assert (gifts(), lines()) == ([(850, 7)], [5_000, 70])


def test_who_reads_the_same_books_again_reads_no_history(django_assert_num_queries: Any) -> None:
    came("gift:1", 100)
    came("grant:1", 5_000)
    account = queries.account("fund:pot")
    before = together.put_together(account), together.statement(account, None, None, 50, "", balances=False)

    with django_assert_num_queries(0):
        again = together.put_together(account), together.statement(account, None, None, 50, "", balances=False)

    assert again == before


def test_a_past_days_balances_are_read_once_and_never_past_an_entry(django_assert_num_queries: Any) -> None:
    def total() -> int:
        return together.trial_balance(date(2026, 11, 20), today=date(2026, 11, 22)).debit

    came("grant:1", 5_000)
    assert total() == 5_000
    with django_assert_num_queries(1):
        assert total() == 5_000
    came("grant:2", 70)
    assert total() == 5_070


def test_another_span_of_days_is_another_statement() -> None:
    came("grant:1", 5_000)
    account = queries.account("fund:pot")

    assert len(together.statement(account, None, None, 50, "", balances=True).lines) == 1
    assert together.statement(account, date(2026, 11, 21), None, 50, "", balances=True).lines == ()
