"""What posting promises: once per key, never below zero, reserved once, nothing by half."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DataError, connection, transaction

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.ledger import actions, queries
from becontree.foundations.ledger.actions import AlreadyResolved, KeyClash, Line, MonthClosed, Overdrawn
from becontree.foundations.ledger.audit import find_faults
from becontree.foundations.ledger.models import Account, Journal, Reversal, Transfer
from becontree.foundations.ledger.testing import money
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person, RoleHeld

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
US = System("test")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def chart() -> None:
    actions.open_account(code="asset:bank:main", name="Bank", kind="asset")
    actions.open_account(code="fund:pot", name="The pot", kind="fund", floor=True, subject="fund/pot")
    actions.open_account(code="liability:held:play", name="Held", kind="liability", subject="campaign/play")
    actions.open_account(code="memo:hours", name="Hours", kind="memo", unit="hour")
    actions.open_account(code="memo:hours:play", name="Hours for play", kind="memo", unit="hour")


@pytest.fixture
def sound() -> None:
    """After the test, every balance recomputes."""
    yield
    assert find_faults(deep=True) == []


def fill(amount: int = 10_000) -> Journal:
    return money(key="fill", debit="asset:bank:main", credit="fund:pot", amount=amount, now=NOW)


def reserve(key: str, amount: int) -> Journal:
    return actions.post(
        key=key,
        kind="match",
        occurred_on=TODAY,
        lines=[Line("fund:pot", "liability:held:play", amount, pending=True)],
        subject="campaign/play",
        by=US,
        now=NOW,
    )


def finance(email: str) -> Person:
    person = Person.objects.create_user(email)
    RoleHeld.objects.create(person=person, role="finance", granted_at=NOW, grant_reason="test")
    return person


@pytest.mark.usefixtures("sound")
def test_posting_moves_both_accounts() -> None:
    fill()

    assert queries.balance("asset:bank:main").posted == 10_000
    assert queries.balance("fund:pot").posted == 10_000


@pytest.mark.usefixtures("sound")
def test_the_same_key_and_content_return_the_first_journal() -> None:
    assert fill().pk == fill().pk
    assert queries.balance("fund:pot").posted == 10_000


@pytest.mark.usefixtures("sound")
def test_the_same_key_with_other_content_is_refused() -> None:
    fill()

    with pytest.raises(KeyClash):
        fill(9_999)
    assert queries.balance("fund:pot").posted == 10_000


@pytest.mark.usefixtures("sound")
def test_a_floored_account_never_falls_below_zero() -> None:
    fill(100)

    with pytest.raises(Overdrawn) as refusal:
        money(key="out", debit="fund:pot", credit="liability:held:play", amount=101, now=NOW)
    assert refusal.value.account == "fund:pot"
    assert not Journal.objects.filter(key="out").exists()


@pytest.mark.usefixtures("sound")
def test_what_is_pending_counts_as_gone() -> None:
    fill(100)
    reserve("one", 60)

    with pytest.raises(Overdrawn):
        reserve("two", 41)
    reserve("three", 40)
    assert queries.balance("fund:pot").available == 0
    assert queries.balance("liability:held:play").pending_in == 100


@pytest.mark.usefixtures("sound")
def test_settling_posts_what_was_pending_once() -> None:
    fill()
    held = reserve("one", 60)
    first = actions.settle(key="one:settle", pending=held.transfers.all(), by=US, now=NOW)
    again = actions.settle(key="one:settle", pending=held.transfers.all(), by=US, now=NOW + timedelta(days=1))

    assert first.pk == again.pk
    assert first.subject == "campaign/play"
    assert queries.balance("liability:held:play").posted == 60
    assert queries.balance("fund:pot") == queries.Balance(9_940, 0, 0, 9_940)
    with pytest.raises(AlreadyResolved):
        actions.release(key="one:release", pending=held.transfers.all(), by=US, now=NOW)


@pytest.mark.usefixtures("sound")
def test_releasing_gives_back_what_was_pending() -> None:
    fill()
    held = reserve("one", 60)
    actions.release(key="one:release", pending=held.transfers.all(), by=US, now=NOW)

    assert queries.balance("fund:pot").available == 10_000
    assert queries.pledges_outstanding() == []


def test_only_what_is_pending_can_be_settled() -> None:
    with pytest.raises(Invalid):
        actions.settle(key="x", pending=fill().transfers.all(), by=US, now=NOW)
    with pytest.raises(Invalid):
        actions.settle(key="x", pending=[], by=US, now=NOW)


@pytest.mark.usefixtures("sound")
def test_several_lines_are_one_fact() -> None:
    fill(100)

    with pytest.raises(Overdrawn):
        actions.post(
            key="both",
            kind="test",
            occurred_on=TODAY,
            lines=[
                Line("asset:bank:main", "liability:held:play", 5),
                Line("fund:pot", "liability:held:play", 101),
            ],
            by=US,
            now=NOW,
        )
    assert queries.balance("liability:held:play").posted == 0


def test_hours_and_pounds_never_mix() -> None:
    actions.open_account(code="memo:pledges", name="Pledges", kind="memo")

    with pytest.raises(Invalid) as refusal:
        money(key="mixed", debit="memo:hours", credit="memo:pledges", amount=1, now=NOW)
    assert refusal.value.code == "ledger.unit"
    with pytest.raises(Invalid) as refusal:
        money(key="mixed", debit="memo:pledges", credit="fund:pot", amount=1, now=NOW)
    assert refusal.value.code == "ledger.memo"
    money(key="hours", debit="memo:hours", credit="memo:hours:play", amount=3, now=NOW, unit="hour")
    assert queries.balance("memo:hours:play").posted == 3


@pytest.mark.parametrize("amount", [0, -1, 10**13 + 1, True, 1.5, "5"])
def test_an_amount_is_a_whole_number_above_zero(amount: object) -> None:
    with pytest.raises(Invalid):
        money(key="k", debit="asset:bank:main", credit="fund:pot", amount=amount, now=NOW)


def test_an_unknown_account_is_named() -> None:
    with pytest.raises(Invalid, match="fund:nowhere"):
        money(key="k", debit="asset:bank:main", credit="fund:nowhere", amount=1, now=NOW)


def test_opening_an_account_twice_gives_the_same_and_never_another() -> None:
    one = actions.open_account(code="fund:pot", name="Other words", kind="fund", floor=True)

    assert one.pk == Account.objects.get(code="fund:pot").pk
    with pytest.raises(Clash):
        actions.open_account(code="fund:pot", name="The pot", kind="fund", floor=False)
    with pytest.raises(Invalid):
        actions.open_account(code="fund:other", name="Other", kind="asset")
    with pytest.raises(Invalid):
        actions.open_account(code="Fund Pot", name="The pot", kind="fund")


@pytest.mark.usefixtures("sound")
def test_a_closed_month_takes_nothing_more() -> None:
    fill()
    money(key="old", debit="asset:bank:main", credit="fund:pot", amount=5, now=NOW, on=date(2026, 10, 31))
    actions.close_month(month=date(2026, 10, 5), by=US, now=NOW)

    for day in (date(2026, 10, 31), date(2026, 1, 1)):
        with pytest.raises(MonthClosed):
            money(key=f"late {day}", debit="asset:bank:main", credit="fund:pot", amount=5, now=NOW, on=day)
    money(key="new", debit="asset:bank:main", credit="fund:pot", amount=5, now=NOW, on=date(2026, 11, 1))
    with pytest.raises(Invalid):
        actions.close_month(month=date(2026, 10, 5), by=US, now=NOW)
    with pytest.raises(Invalid):
        actions.close_month(month=TODAY, by=US, now=NOW)


def test_what_was_posted_before_its_month_closed_may_be_said_again() -> None:
    fact = {"key": "old", "kind": "test", "occurred_on": date(2026, 10, 31), "by": US, "now": NOW}
    lines = [Line("asset:bank:main", "fund:pot", 5)]
    first = actions.post(**fact, lines=lines)
    actions.close_month(month=date(2026, 10, 5), by=US, now=NOW)

    assert actions.post(**fact, lines=lines) == first
    with pytest.raises(KeyClash):
        actions.post(**fact, lines=[Line("asset:bank:main", "fund:pot", 6)])


def test_nobody_closes_a_month_alone() -> None:
    with pytest.raises(NotAllowed):
        actions.close_month(month=date(2026, 10, 5), by=Person.objects.create_user("a@example.org"), now=NOW)


@pytest.mark.usefixtures("sound")
def test_a_reversal_takes_two_people_and_names_what_it_reverses() -> None:
    wrong = fill(500)
    one, two = finance("one@example.org"), finance("two@example.org")
    asked = actions.ask_reversal(journal=wrong, reason="Paid in twice by the bank", by=one, now=NOW)

    with pytest.raises(NotAllowed):
        actions.approve_reversal(reversal=asked, by=one, now=NOW)
    assert queries.balance("fund:pot").posted == 500
    done = actions.approve_reversal(reversal=asked, by=two, now=NOW)
    assert done.result.reverses == wrong
    assert queries.balance("fund:pot").posted == 0
    with pytest.raises(Clash):
        actions.approve_reversal(reversal=asked, by=two, now=NOW)
    with pytest.raises(Clash):
        actions.ask_reversal(journal=wrong, reason="Paid in twice by the bank", by=two, now=NOW)


@pytest.mark.usefixtures("sound")
def test_a_declined_reversal_changes_nothing_and_may_be_asked_again() -> None:
    wrong = fill(500)
    one, two = finance("one@example.org"), finance("two@example.org")
    asked = actions.ask_reversal(journal=wrong, reason="Paid in twice", by=one, now=NOW)
    actions.decline_reversal(reversal=asked, by=two, now=NOW)
    actions.ask_reversal(journal=wrong, reason="Paid in twice indeed", by=two, now=NOW)

    assert queries.balance("fund:pot").posted == 500


@pytest.mark.usefixtures("sound")
def test_the_software_reverses_once() -> None:
    wrong = fill(500)
    first = actions.reverse(journal=wrong, reason="The charge bounced", by=US, now=NOW)

    assert actions.reverse(journal=wrong, reason="The charge bounced", by=US, now=NOW).pk == first.pk
    assert Reversal.objects.count() == 1
    with pytest.raises(NotAllowed):
        actions.reverse(journal=wrong, reason="I say so", by=finance("one@example.org"), now=NOW)


@pytest.mark.usefixtures("sound")
def test_reversing_a_promise_releases_it() -> None:
    fill()
    held = reserve("one", 60)
    actions.reverse(journal=held, reason="Given by mistake", by=US, now=NOW)

    assert queries.balance("fund:pot").available == 10_000


def test_a_promise_that_was_settled_is_not_reversed_itself() -> None:
    fill()
    held = reserve("one", 60)
    actions.settle(key="s", pending=held.transfers.all(), by=US, now=NOW)

    with pytest.raises(Invalid):
        actions.reverse(journal=held, reason="Given by mistake", by=US, now=NOW)


@pytest.mark.usefixtures("sound")
def test_one_journal_of_ten_thousand_lines_is_written_whole() -> None:
    lines = [Line("asset:bank:main", "fund:pot", n + 1) for n in range(10_000)]
    actions.post(key="many", kind="draw", occurred_on=TODAY, lines=lines, by=US, now=NOW)

    assert queries.balance("fund:pot").posted == 10_000 * 10_001 // 2
    assert Transfer.objects.count() == 10_000


@pytest.mark.parametrize("threshold", [0, None], ids=["lasting", "behind pgbouncer"])
def test_the_call_is_prepared_where_the_connection_lasts(
    threshold: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        monkeypatch.setattr(connection.connection, "prepare_threshold", threshold)
    before = money_calls_prepared()
    for n in range(3):
        fill_once(f"prepared:{n}")
    after = money_calls_prepared()
    assert Journal.objects.filter(key__startswith="prepared:").count() == 3
    if connection.vendor == "postgresql" and threshold == 0:
        assert after >= 1
    else:
        assert after == before


def test_text_that_the_database_cannot_hold_is_never_cut_short() -> None:
    key = "cut\0short"
    if connection.vendor == "postgresql":
        with pytest.raises(DataError), transaction.atomic():
            fill_once(key)
    else:
        assert fill_once(key).key == key
    assert not Journal.objects.filter(key="cut").exists()


def test_execute_wrappers_see_the_call() -> None:
    seen = []

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        fill_once("wrapped")
    assert any("ledger_post_one" in sql or "ledger_journal" in sql for sql in seen)


def fill_once(key: str) -> Journal:
    return money(key=key, debit="asset:bank:main", credit="fund:pot", amount=100, now=NOW)


def money_calls_prepared() -> int:
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%ledger_post_one(%'")
        return int(cursor.fetchone()[0])
