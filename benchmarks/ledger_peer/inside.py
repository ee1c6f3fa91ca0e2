# ruff: noqa: E402 - Django is set up before what needs it is imported
"""What benchmarks/ledger.py runs inside a fresh database: reads at a size, long histories, one large draw."""

import os
import random
import sys
import time
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction

from becontree.foundations.kit import triggers
from becontree.foundations.kit.ids import new_id
from becontree.foundations.ledger import actions, queries
from becontree.foundations.ledger.actions import Line, content_digest
from becontree.foundations.ledger.audit import find_faults
from becontree.foundations.ledger.models import Account, Journal
from becontree.foundations.ledger.testing import money
from becontree.foundations.ledger.tests.history import History
from becontree.foundations.ledger.writing import Row
from becontree.foundations.people.actors import System
from benchmarks.ledger import timed

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ACCOUNTS = 200


JOURNAL = "id, key, kind, occurred_on, recorded_at, actor, subject, reverses_id, lines, content"
TRANSFER = "journal_id, n, debit_id, credit_id, amount, unit, phase, pending_id, expires_at, occurred_on"


def lay_down(size: int, accounts: list[Account], sums: dict[int, list[int]]) -> None:
    """Write the rows past `post` and with the guards aside, only because a million postings take long."""
    rng, start, sqlite = random.Random(2026), date(2024, 11, 22), connection.vendor == "sqlite"
    triggers.remove()
    for first in range(0, size, 50_000):
        journals, transfers = [], []
        for n in range(first, min(size, first + 50_000)):
            debit = accounts[0] if rng.random() < 0.5 else accounts[rng.randrange(1, ACCOUNTS)]
            credit = accounts[rng.randrange(1, ACCOUNTS)]
            while credit is debit:
                credit = accounts[rng.randrange(1, ACCOUNTS)]
            amount, day, uid = rng.randrange(1, 10_000), start + timedelta(days=n * 730 // size), new_id()
            content = content_digest(
                "bench", day, "", None, [Row(debit.code, credit.code, amount, "GBP", "single", None, None)]
            )
            number, moment = (uid.hex, "2026-11-22 12:00:00") if sqlite else (str(uid), NOW.isoformat())
            journals.append(
                (number, f"bench:{n}", "bench", day.isoformat(), moment, "system:bench", "", None, 1, content)
            )
            transfers.append((number, 0, debit.pk, credit.pk, amount, "GBP", "single", None, None, day.isoformat()))
            sums[debit.pk][0] += amount
            sums[credit.pk][1] += amount
        with transaction.atomic():
            for table, columns, rows in (
                ("ledger_journal", JOURNAL, journals),
                ("ledger_transfer", TRANSFER, transfers),
            ):
                with connection.cursor() as cursor:
                    if sqlite:
                        marks = ", ".join(["%s"] * len(rows[0]))
                        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
                        continue
                    with cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                        for row in rows:
                            copy.write_row(row)
    triggers.install(triggers.registered())


def reading(size: int) -> None:
    """200 accounts, one of them on half of all transfers, over two years; then the reads that pages make."""
    accounts = [
        actions.open_account(
            code=f"{'asset' if n % 2 else 'income'}:bench:{n}", name=str(n), kind="asset" if n % 2 else "income"
        )
        for n in range(ACCOUNTS)
    ]
    begun, sums = time.perf_counter(), defaultdict(lambda: [0, 0])
    lay_down(size, accounts, sums)
    for number, (debit_sum, credit_sum) in sums.items():
        Account.objects.filter(pk=number).update(debit_posted=debit_sum, credit_posted=credit_sum)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say(f"{size:,} transfers laid down in {time.perf_counter() - begun:.0f} s")
    hot, quiet = accounts[0].code, accounts[100].code
    for name, work in {
        "balance, hot account": lambda: queries.balance(hot),
        "balance, quiet account": lambda: queries.balance(quiet),
        "last 50 lines, hot account": lambda: queries.statement(hot),
        "last 50 lines, quiet account": lambda: queries.statement(quiet),
        "trial balance now": queries.trial_balance,
    }.items():
        middle, high = timed(work)
        say(f"{name:32} median {middle:8.2f} ms   p95 {high:8.2f} ms")
    for name, work, times in (
        ("50 lines a year back, hot", lambda: queries.statement(hot, until=date(2025, 11, 22)), 3),
        ("trial balance of a day, no closing", lambda: queries.trial_balance(date(2026, 10, 15)), 3),
    ):
        middle, high = timed(work, times)
        say(f"{name:32} median {middle:8.1f} ms   worst {high:8.1f} ms")
    begun = time.perf_counter()
    actions.close_month(month=date(2026, 9, 30), by=System("bench"), now=NOW)
    say(f"closing two years' months at once   {time.perf_counter() - begun:.1f} s")
    for name, work in (
        ("50 lines a fortnight back, closed", lambda: queries.statement(hot, until=date(2026, 10, 15))),
        ("trial balance of a day, closed", lambda: queries.trial_balance(date(2026, 10, 15))),
    ):
        middle, high = timed(work, 5)
        say(f"{name:32} median {middle:8.1f} ms   worst {high:8.1f} ms")
    begun = time.perf_counter()
    faults = find_faults()
    say(f"audit, every balance recomputed     {time.perf_counter() - begun:.1f} s, {faults or 'sound'}")
    begun = time.perf_counter()
    faults = find_faults(deep=True)
    say(f"audit, every content hash as well   {time.perf_counter() - begun:.1f} s, {faults or 'sound'}")


def histories(steps: int) -> None:
    """One random history of so many steps, checked against the model every five hundred and at the end."""
    rng = random.Random(10_000)
    kinds = ["post", "hold", "settle", "release", "again", "clash", "reverse", "close", "pair"]
    history, begun = History(), time.perf_counter()
    for n in range(steps):
        history.take(rng.choice(kinds), rng.randrange(2**16), rng.randrange(1, 5_000))
        if n % 500 == 499:
            history.check()
    history.check(deep=True)
    say(
        f"{steps:,} steps, {Journal.objects.count():,} journals: "
        f"every invariant held ({time.perf_counter() - begun:.0f} s)"
    )


def draw(size: int) -> None:
    """One journal that closes a draw of ten thousand tickets."""
    for code, kind in (("asset:bank:lottery", "asset"), ("liability:players", "liability"), ("income:draw", "income")):
        actions.open_account(code=code, name=code, kind=kind)
    money(key="stake", debit="asset:bank:lottery", credit="liability:players", amount=1_000_000, now=NOW)
    begun = time.perf_counter()
    lines = [Line("liability:players", "income:draw", 100) for _ in range(10_000)]
    actions.post(key="draw:1", kind="draw", occurred_on=NOW.date(), lines=lines, by=System("bench"), now=NOW)
    say(f"a draw of 10,000 tickets closed in {time.perf_counter() - begun:.2f} s")
    assert find_faults(deep=True) == []


def say(text: str) -> None:
    print(f"[{connection.vendor}, load {os.getloadavg()[0]:.1f}] {text}", flush=True)


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    assert not triggers.missing()
    {"reading": reading, "histories": histories, "draw": draw}[sys.argv[1]](int(sys.argv[2]))
