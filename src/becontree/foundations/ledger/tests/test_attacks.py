"""Every attack of the money paper, section 4.4: refused by the database, or found by the audit. On both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from becontree.foundations.kit import triggers
from becontree.foundations.ledger import actions
from becontree.foundations.ledger.actions import Line
from becontree.foundations.ledger.audit import find_faults, record_audit
from becontree.foundations.ledger.guards import triggers_missing
from becontree.foundations.ledger.models import Account, Journal, Transfer
from becontree.foundations.ledger.testing import money, without_guards
from becontree.foundations.people.actors import System

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
US = System("test")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def posted() -> Iterator[None]:
    actions.open_account(code="asset:bank:main", name="Bank", kind="asset")
    actions.open_account(code="fund:pot", name="The pot", kind="fund", floor=True)
    actions.open_account(code="liability:held:play", name="Held", kind="liability")
    actions.open_account(code="memo:hours", name="Hours", kind="memo", unit="hour")
    money(key="in", debit="asset:bank:main", credit="fund:pot", amount=1_000, now=NOW, on=date(2026, 10, 5))
    actions.post(
        key="hold",
        kind="match",
        occurred_on=NOW.date(),
        lines=[Line("fund:pot", "liability:held:play", 400, pending=True)],
        by=US,
        now=NOW,
    )
    yield
    assert triggers_missing() == []


def sql(statement: str, values: list[object] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or [])


def faults() -> set[str]:
    return {fault.code for fault in find_faults(deep=True)}


COPY = "journal_id, n + {n}, debit_id, credit_id, amount, unit, phase, pending_id, expires_at, occurred_on"
INTO = (
    "INSERT INTO ledger_transfer"
    " (journal_id, n, debit_id, credit_id, amount, unit, phase, pending_id, expires_at, occurred_on)"
)
REFUSED = {
    "rewrite_a_transfer": "UPDATE ledger_transfer SET amount = amount + 1",
    "rewrite_a_journal": "UPDATE ledger_journal SET occurred_on = '2026-11-01'",
    "delete_a_transfer": "DELETE FROM ledger_transfer",
    "delete_a_journal": "DELETE FROM ledger_journal",
    "delete_an_account": "DELETE FROM ledger_account",
    "rename_an_account": "UPDATE ledger_account SET code = 'fund:mine' WHERE code = 'fund:pot'",
    "lift_the_floor": "UPDATE ledger_account SET floor = FALSE",
    "sums_below_the_floor": "UPDATE ledger_account SET debit_posted = 5000 WHERE code = 'fund:pot'",
    "pay_itself": f"{INTO} SELECT journal_id, 9, debit_id, debit_id, 1, 'GBP', 'single',"
    " NULL, NULL, occurred_on FROM ledger_transfer",
    "nothing": f"{INTO} SELECT journal_id, 9, debit_id, credit_id, 0, 'GBP', 'single',"
    " NULL, NULL, occurred_on FROM ledger_transfer",
    "less_than_nothing": f"{INTO} SELECT journal_id, 9, debit_id, credit_id, -5, 'GBP',"
    " 'single', NULL, NULL, occurred_on FROM ledger_transfer",
    "same_place": f"{INTO} SELECT {COPY.format(n=0)} FROM ledger_transfer",
    "settle_nothing": f"{INTO} SELECT journal_id, 9, debit_id, credit_id, 1, 'GBP', 'post',"
    " NULL, NULL, occurred_on FROM ledger_transfer",
    "settle_more": f"{INTO} SELECT journal_id, 9, debit_id, credit_id, amount + 1, 'GBP',"
    " 'post', id, NULL, occurred_on FROM ledger_transfer WHERE phase = 'pending'",
    "settle_what_is_posted": f"{INTO} SELECT journal_id, 9, debit_id, credit_id, amount,"
    " 'GBP', 'post', id, NULL, occurred_on FROM ledger_transfer WHERE phase = 'single'",
}


@pytest.mark.parametrize("attack", REFUSED)
def test_the_database_refuses(attack: str) -> None:
    before = list(Transfer.objects.values_list().order_by("id")), list(Account.objects.values_list().order_by("id"))

    with pytest.raises(IntegrityError), transaction.atomic():
        sql(REFUSED[attack])
    assert before == (
        list(Transfer.objects.values_list().order_by("id")),
        list(Account.objects.values_list().order_by("id")),
    )
    assert faults() == set()


@pytest.mark.parametrize("table", ["ledger_journal", "ledger_transfer", "ledger_account"])
def test_a_whole_table_cannot_be_replaced_or_emptied(table: str) -> None:
    """REPLACE is SQLite's way around a DELETE trigger, TRUNCATE is PostgreSQL's."""
    if connection.vendor == "sqlite":
        attack, said = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}", "replaced"
    else:
        sql("SET CONSTRAINTS ALL IMMEDIATE")  # else the open transaction's own checks refuse first
        attack, said = f"TRUNCATE {table} CASCADE", "never deleted"

    with pytest.raises(DatabaseError, match=said), transaction.atomic():
        sql(attack)


def test_the_orm_is_refused_too() -> None:
    journal = Journal.objects.get(key="in")
    journal.kind = "other"

    with pytest.raises(IntegrityError), transaction.atomic():
        journal.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.filter(amount=1_000).update(amount=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Journal.objects.bulk_update([journal], ["kind"])


def test_a_closed_month_refuses_whoever_writes() -> None:
    actions.close_month(month=date(2026, 10, 1), by=US, now=NOW)

    with pytest.raises(IntegrityError, match="ledger_month_open"), transaction.atomic():
        Journal.objects.create(
            key="late", kind="x", occurred_on=date(2026, 10, 31), recorded_at=NOW, actor="x", lines=1, content="x"
        )
    for statement in ("UPDATE ledger_month SET last_day = '2026-01-31'", "DELETE FROM ledger_closing"):
        with pytest.raises(IntegrityError), transaction.atomic():
            sql(statement)


def test_the_audit_finds_a_balance_that_was_changed_by_hand() -> None:
    sql("UPDATE ledger_account SET credit_posted = credit_posted + 1 WHERE code = 'liability:held:play'")

    assert faults() == {"ledger.audit.balance"}


def test_the_audit_finds_a_transfer_slipped_into_a_journal() -> None:
    sql(f"{INTO} SELECT {COPY.format(n=7)} FROM ledger_transfer WHERE phase = 'single'")

    assert {"ledger.audit.lines", "ledger.audit.balance", "ledger.audit.content"} <= faults()


def test_the_audit_finds_units_mixed_by_hand() -> None:
    sql(
        f"{INTO} SELECT journal_id, 9, debit_id, (SELECT id FROM ledger_account WHERE"
        " code = 'memo:hours'), 1, 'GBP', 'single', NULL, NULL, occurred_on FROM ledger_transfer WHERE phase = 'single'"
    )

    assert {"ledger.audit.unit", "ledger.audit.memo"} <= faults()


def resolved(days: float, on: date, *, kept: bool) -> set[str]:
    """The faults after what was set aside is settled or released so many days later, under such a date."""
    how = actions.settle if kept else actions.release
    held = Transfer.objects.filter(phase="pending")
    how(key="resolved", pending=held, by=US, now=NOW + timedelta(days=days), occurred_on=on)
    return faults()


@pytest.mark.parametrize("kept", [True, False], ids=["settled", "released"])
def test_the_audit_finds_what_ended_before_it_was_promised(kept: bool) -> None:
    yesterday = NOW.date() - timedelta(days=1)

    assert resolved(-1, yesterday, kept=kept) == {"ledger.audit.order"}


def test_the_audit_finds_what_is_dated_before_it_was_promised() -> None:
    assert resolved(1, NOW.date() - timedelta(days=1), kept=True) == {"ledger.audit.order"}


@pytest.mark.parametrize("days", [0, 1, -1 / 86_400], ids=["at-once", "next-day", "waited-a-second-for-the-lock"])
def test_what_ends_after_it_was_promised_is_no_fault(days: float) -> None:
    assert resolved(days, NOW.date() + timedelta(days=max(0, int(days))), kept=True) == set()


REWRITTEN = {
    "amount": ("UPDATE ledger_transfer SET amount = 999 WHERE phase = 'single'", "ledger.audit.content"),
    "date": ("UPDATE ledger_journal SET occurred_on = '2026-09-01' WHERE key = 'in'", "ledger.audit.date"),
    "kind": ("UPDATE ledger_journal SET kind = 'gift' WHERE key = 'in'", "ledger.audit.content"),
    "deleted": ("DELETE FROM ledger_transfer WHERE phase = 'single'", "ledger.audit.lines"),
}


@pytest.mark.parametrize("attack", REWRITTEN)
def test_what_was_rewritten_behind_the_guards_is_found(attack: str) -> None:
    statement, code = REWRITTEN[attack]
    with without_guards():
        sql(statement)
        # An attacker who mends the balances as well leaves the content hash.
        sql("UPDATE ledger_account SET debit_posted = debit_posted")

    assert code in faults()


def test_the_audit_is_kept_with_what_it_found() -> None:
    assert record_audit(now=NOW).faults == []
    sql("UPDATE ledger_account SET credit_posted = credit_posted + 1 WHERE code = 'liability:held:play'")

    assert [code for code, _ in record_audit(now=NOW).faults] == ["ledger.audit.balance"]


def test_a_missing_guard_is_missed_and_put_back() -> None:
    triggers.remove()
    assert "ledger_transfer_update" in triggers_missing()
    assert "ledger.audit.guard" in faults()
    triggers.install(triggers.registered())

    assert triggers_missing() == []
