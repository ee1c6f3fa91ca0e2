"""A random history of the ledger with a plain model of what it must hold; shared by the tests and the benchmark."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.ledger import actions, queries
from becontree.foundations.ledger.actions import AlreadyResolved, KeyClash, Line, MonthClosed, Overdrawn
from becontree.foundations.ledger.audit import find_faults
from becontree.foundations.ledger.models import Journal, Transfer
from becontree.foundations.people.actors import System

US = System("history")
ACCOUNTS = (
    ("asset:bank:main", "asset", "GBP", False),
    ("fund:north", "fund", "GBP", True),
    ("fund:south", "fund", "GBP", True),
    ("liability:held:one", "liability", "GBP", True),
    ("asset:till", "asset", "GBP", True),
    ("memo:hours", "memo", "hour", False),
    ("memo:hours:one", "memo", "hour", False),
)
MONEY = [code for code, _, unit, _ in ACCOUNTS if unit == "GBP"]


class History:
    """Takes steps; remembers in dictionaries what each account must hold and what is pending."""

    def __init__(self) -> None:
        for code, kind, unit, floor in ACCOUNTS:
            actions.open_account(code=code, name=code, kind=kind, unit=unit, floor=floor)
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)
        self.sums = {code: [0, 0, 0, 0] for code, *_ in ACCOUNTS}  # debit, credit, pending debit, pending credit
        self.pending: dict[int, tuple[str, str, int]] = {}
        self.resolved: list[int] = []
        self.done: list[dict[str, Any]] = []
        self.reversible: list[tuple[Journal, list[Line]]] = []
        self.closed = date.min
        self.count = 0

    def take(self, what: str, pick: int, amount: int) -> None:
        self.count += 1
        self.now += timedelta(hours=pick % 60)
        getattr(self, f"_{what}")(pick, amount)

    def _lines(self, pick: int, amount: int, many: int, pending: bool) -> list[Line]:
        lines = []
        for n in range(many):
            one = (pick + n) % len(MONEY)
            two = (one + 1 + (pick // 7 + n) % (len(MONEY) - 1)) % len(MONEY)
            lines.append(Line(MONEY[one], MONEY[two], amount + n, pending=pending))
        return lines

    def _fits(self, lines: list[Line]) -> bool:
        """Whether every floored account stays at or above zero, by the model alone."""
        sums = {code: list(four) for code, four in self.sums.items()}
        for line in lines:
            shift = 2 if line.pending else 0
            sums[line.debit][0 + shift] += line.amount
            sums[line.credit][1 + shift] += line.amount
        for code, kind, _, floor in ACCOUNTS:
            debit, credit, held_debit, held_credit = sums[code]
            left = debit - credit - held_credit if kind == "asset" else credit - debit - held_debit
            if floor and left < 0:
                return False
        return True

    def _try(self, lines: list[Line]) -> Journal | None:
        asked = {
            "key": f"step:{self.count}",
            "kind": "step",
            "occurred_on": self.now.date() - timedelta(days=self.count % 40),
            "lines": lines,
        }
        fits, open_month = self._fits(lines), asked["occurred_on"] > self.closed
        try:
            journal = actions.post(**asked, by=US, now=self.now)
        except Overdrawn:
            assert not fits
            return None
        except MonthClosed:
            assert not open_month
            return None
        assert fits
        assert open_month
        self.done.append(asked)
        for line, transfer in zip(lines, journal.transfers.order_by("n"), strict=True):
            shift = 2 if line.pending else 0
            self.sums[line.debit][0 + shift] += line.amount
            self.sums[line.credit][1 + shift] += line.amount
            if line.pending:
                self.pending[transfer.pk] = (line.debit, line.credit, line.amount)
        return journal

    def _post(self, pick: int, amount: int) -> None:
        lines = self._lines(pick, amount, 1, False)
        if journal := self._try(lines):
            self.reversible.append((journal, lines))

    def _pair(self, pick: int, amount: int) -> None:
        self._try(self._lines(pick, amount, 2 + pick % 3, False))

    def _hold(self, pick: int, amount: int) -> None:
        self._try(self._lines(pick, amount, 1, True))

    def _settle(self, pick: int, amount: int) -> None:
        self._end(pick, settle=True)

    def _release(self, pick: int, amount: int) -> None:
        self._end(pick, settle=False)

    def _end(self, pick: int, *, settle: bool) -> None:
        act = actions.settle if settle else actions.release
        if self.resolved and pick % 5 == 0:  # once more, which must change nothing
            try:
                act(
                    key=f"twice:{self.count}",
                    pending=Transfer.objects.filter(pk=self.resolved[pick % len(self.resolved)]),
                    by=US,
                    now=self.now,
                )
            except (AlreadyResolved, MonthClosed):
                return
            raise AssertionError("a pending transfer was resolved twice")
        if not self.pending or self.now.date() <= self.closed:
            return
        number = sorted(self.pending)[pick % len(self.pending)]
        debit, credit, amount = self.pending.pop(number)
        act(key=f"end:{number}", pending=Transfer.objects.filter(pk=number), by=US, now=self.now)
        self.resolved.append(number)
        self.sums[debit][2] -= amount
        self.sums[credit][3] -= amount
        if settle:
            self.sums[debit][0] += amount
            self.sums[credit][1] += amount

    def _again(self, pick: int, amount: int) -> None:
        """The same event told twice."""
        if self.done:
            asked = self.done[pick % len(self.done)]
            before = Journal.objects.count()
            actions.post(**asked, by=US, now=self.now)
            assert Journal.objects.count() == before

    def _clash(self, pick: int, amount: int) -> None:
        if self.done:
            asked = dict(self.done[pick % len(self.done)])
            asked["kind"] = "other"
            try:
                actions.post(**asked, by=US, now=self.now)
            except KeyClash:
                return
            raise AssertionError("one key stood for two facts")

    def _reverse(self, pick: int, amount: int) -> None:
        if not self.reversible:
            return
        journal, lines = self.reversible[pick % len(self.reversible)]
        mirror = [Line(line.credit, line.debit, line.amount) for line in lines]
        known = journal.reversed_by.exists()
        try:
            actions.reverse(journal=journal, reason="Part of a random history", by=US, now=self.now)
        except Overdrawn:
            assert not self._fits(mirror)
            return
        except (MonthClosed, Clash, Invalid):
            assert self.now.date() <= self.closed
            return
        if not known:
            for line in mirror:
                self.sums[line.debit][0] += line.amount
                self.sums[line.credit][1] += line.amount

    def _close(self, pick: int, amount: int) -> None:
        if pick % 8:
            return
        last = self.now.date().replace(day=1) - timedelta(days=1)
        if last > self.closed and last.year >= 2026:
            actions.close_month(month=last, by=US, now=self.now)
            self.closed = last

    def check(self, *, deep: bool = False) -> None:
        """Debits equal credits in each unit, what is kept equals what is recomputed, and both equal the model."""
        held = {
            each.code: [each.debit_posted, each.credit_posted, each.debit_pending, each.credit_pending]
            for each in queries.accounts()
        }
        trial = queries.trial_balance()
        assert held == self.sums
        assert trial.debit == trial.credit
        assert sum(row.debit for row in trial.memorandum) == sum(row.credit for row in trial.memorandum)
        assert find_faults(deep=deep) == []
        assert queries.pending().count() == len(self.pending)
