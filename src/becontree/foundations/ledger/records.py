"""Records that pass between the ledger and its callers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

UNITS: Final = ("GBP", "hour", "item")
KINDS: Final = ("asset", "liability", "fund", "income", "expense", "memo")
DEBIT_KINDS: Final = ("asset", "expense")  # what these hold grows by debits; the others grow by credits
MOST_AMOUNT: Final = 10**13  # one hundred billion pounds in pence: anything above is a slip


@dataclass(frozen=True, slots=True)
class Line:
    """One transfer to write: `amount` (> 0; pence, hours or items) from the debit account to the credit account.

    `pending` reserves it until `settle` or `release`; `expires_at` says when its owner should have decided.
    """

    debit: str
    credit: str
    amount: int
    unit: str = "GBP"
    pending: bool = False
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account holds, in the direction in which its kind grows. `available` = posted - pending_out."""

    posted: int
    pending_out: int
    pending_in: int
    available: int


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One account in a trial balance; the net stands on one side and the other is 0."""

    code: str
    name: str
    kind: str
    unit: str
    debit: int
    credit: int


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every account with its net, on a date (None: everything posted so far). Memorandum accounts stand apart."""

    on: date | None
    rows: tuple[TrialRow, ...]
    memorandum: tuple[TrialRow, ...]

    @property
    def debit(self) -> int:
        """Pence on the debit side."""
        return sum(row.debit for row in self.rows)

    @property
    def credit(self) -> int:
        """Pence on the credit side; always equal to the debit side."""
        return sum(row.credit for row in self.rows)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement of an account. `amount` is signed as the account's balance moves; `balance` is after it."""

    id: int
    occurred_on: date
    kind: str
    subject: str
    journal: UUID
    other: str
    amount: int
    balance: int


@dataclass(frozen=True, slots=True)
class Statement:
    """Movements, oldest first; `opening` + their amounts = `closing`. `older` continues further back, or is ""."""

    code: str
    name: str
    unit: str
    opening: int
    closing: int
    lines: tuple[StatementLine, ...]
    older: str = ""


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What is promised and neither settled nor released: from one account to another, by code and by name."""

    debit: str
    credit: str
    debit_name: str
    credit_name: str
    unit: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Something the audit found that must never be: a code, and a sentence naming where."""

    code: str
    message: str
