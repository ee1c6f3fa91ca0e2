"""A bank's statement file, read strictly: every line in, or none, with the number of each line that is wrong.

Banks name their columns differently; the usual names are known, and finance can say which column is which. Dates are
read day first (2026-11-22, 22/11/2026, 22 Nov 2026, 22-Nov-26), as every British bank writes them. Amounts stand in one
signed column, or in one for money in and one for money out.

A line has no number of its own, so its identity is what it says: account, day, pence, words, and which one it is of
several that say exactly the same within the file. Importing a file again, or a longer one over the same days, therefore
finds every line known. It relies on a file holding whole days, which is how banks cut them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Final

from becontree.formats.tables import Limits, Row, Table, read_table
from becontree.methods.findings import Finding, Unusable

__all__ = ["Columns", "Line", "guess_columns", "read_statement"]

LIMITS: Final = Limits(bytes=5_000_000, rows=50_000, columns=60, cell=2_000, cells=1_500_000)
MOST_FINDINGS: Final = 50
_MONTH_NAMES: Final = "janfebmaraprmayjunjulaugsepoctnovdec"
_MONTHS: Final = {_MONTH_NAMES[at : at + 3]: at // 3 + 1 for at in range(0, 36, 3)}
_ISO: Final = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$", re.ASCII)
_DAY_FIRST: Final = re.compile(r"^(\d{1,2})[/. -](\d{1,2}|[A-Za-z]{3,9})[/. -](\d{4}|\d{2})(?: .*)?$", re.ASCII)
_AMOUNT: Final = re.compile(r"^([-+]?)£?([-+]?)(\d{1,3}(?:,\d{3})+|\d{1,11})(?:\.(\d{1,2}))?( ?(?:CR|DR))?$", re.ASCII)

_ON: Final = ("date", "transaction date", "posting date", "posted date", "value date", "completed date")
_AMOUNTS: Final = ("amount", "value", "amount (gbp)", "transaction amount", "amount gbp")
_IN: Final = (
    "money in",
    "paid in",
    "credit",
    "credit amount",
    "credits",
    "in",
    "receipts",
    "paid in (gbp)",
    "credit (£)",
)
_OUT: Final = ("money out", "paid out", "debit", "debit amount", "debits", "out", "payments", "withdrawn", "debit (£)")
_WORDS: Final = (
    "description", "narrative", "details", "transaction description", "memo", "reference", "payment reference", "name",
    "payee", "counter party", "counterparty", "type", "transaction type", "narrative #1", "narrative #2", "particulars",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is which: `amount` signed, or `money_in` and `money_out`; `words` are joined in their order."""

    on: str
    words: tuple[str, ...]
    amount: str = ""
    money_in: str = ""
    money_out: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the bank's: its number in the file, day, words, signed pence and its hash."""

    number: int
    on: date
    words: str
    amount: int
    line_hash: str


def guess_columns(columns: Sequence[str]) -> Columns:
    """The columns by their usual names. Raises Unusable where a date, an amount or any words cannot be told."""
    by_name = {" ".join(column.lower().split()): column for column in columns}

    def first(names: Sequence[str]) -> str:
        return next((by_name[name] for name in names if name in by_name), "")

    on, amount, money_in, money_out = first(_ON), first(_AMOUNTS), first(_IN), first(_OUT)
    words = tuple(column for name, column in by_name.items() if name in _WORDS)
    if money_in and money_out:
        amount = ""
    else:
        money_in = money_out = ""
    missing = [
        what for what, there in (("date", on), ("amount", amount or money_in), ("description", words)) if not there
    ]
    if missing:
        raise Unusable(
            Finding(
                "statement.columns",
                f"No column could be recognised as the {' or the '.join(missing)}.",
                line=1,
                fix=f"Say which column it is. The file has: {', '.join(columns)[:300]}.",
            )
        )
    return Columns(on, words, amount, money_in, money_out)


def read_statement(
    raw: bytes, *, account: str, today: date, file: str = "", columns: Columns | None = None
) -> tuple[Sequence[Line], Sequence[Finding]]:
    """The lines of a statement, and what was put right on the way. Raises Unusable with at most 50 wrong lines."""
    table = read_table(raw, file=file, ragged="pad", fallback="cp1252", limits=LIMITS)
    named = columns or guess_columns(table.columns)
    _all_there(named, table)
    lines: list[Line] = []
    wrong: list[Finding] = []
    seen: Counter[tuple[date, int, str]] = Counter()
    for row in table.rows:
        try:
            on = _day(row, named.on, today)
            amount = _pence(row, named)
        except Unusable as problem:
            wrong.extend(problem.findings)
            if len(wrong) >= MOST_FINDINGS:
                break
            continue
        words = " ".join(" ".join(row[column] for column in named.words).split())[:400]
        if amount == 0:
            continue  # banks print lines such as "balance brought forward"
        seen[on, amount, words] += 1
        identity = f"{account}|{on.isoformat()}|{amount}|{words}|{seen[on, amount, words]}"
        lines.append(Line(row.line, on, words, amount, sha256(identity.encode()).hexdigest()))
    if wrong:
        raise Unusable(wrong)
    if not lines:
        raise Unusable(
            Finding("statement.empty", "There is no payment in this file.", file=file, fix="Choose another.")
        )
    return lines, table.findings


def _all_there(named: Columns, table: Table) -> None:
    wanted = [column for column in (named.on, named.amount, named.money_in, named.money_out, *named.words) if column]
    lost = [column for column in wanted if column not in table.columns]
    if lost or not (named.amount or (named.money_in and named.money_out)) or not named.words:
        raise Unusable(
            Finding(
                "statement.columns",
                f"The file has no column called {', '.join(lost)}." if lost else "Name the amount, date and words.",
                file=table.file,
                line=1,
                fix=f"It has: {', '.join(table.columns)[:300]}.",
            )
        )


def _day(row: Row, column: str, today: date) -> date:
    text = row[column].strip()
    found: date | None = None
    try:
        if given := _ISO.match(text):
            found = date(int(given[1]), int(given[2]), int(given[3]))
        elif given := _DAY_FIRST.match(text):
            month = int(given[2]) if given[2].isdigit() else _MONTHS[given[2][:3].lower()]
            found = date(int(given[3]) + (2000 if len(given[3]) == 2 else 0), month, int(given[1]))
    except (ValueError, KeyError):
        found = None
    if found is None:
        raise _wrong(
            row, "statement.date", column, f"{text[:40]!r} is not a date.", "Write it like 22/11/2026, day first."
        )
    if not date(2000, 1, 1) <= found <= today + timedelta(days=7):
        raise _wrong(
            row,
            "statement.date.far",
            column,
            f"{found} cannot be the day of a payment.",
            "Check the order of day and month.",
        )
    return found


def _pence(row: Row, named: Columns) -> int:
    if named.amount:
        return _signed(row, named.amount)
    into, out = _signed(row, named.money_in), _signed(row, named.money_out)
    if into and out:
        raise _wrong(
            row,
            "statement.amount.both",
            named.money_in,
            "There is money in and money out on one line.",
            "Leave one of the two empty.",
        )
    if into < 0:
        raise _wrong(
            row, "statement.amount.sign", named.money_in, "Money in cannot be below zero.", "Put it under money out."
        )
    return into or -abs(out)


def _signed(row: Row, column: str) -> int:
    text = row[column].strip().replace("−", "-")
    if not text:
        return 0
    bracketed = text.startswith("(") and text.endswith(")")
    given = _AMOUNT.match(text[1:-1] if bracketed else text)
    if not given or (given[1] and given[2]):
        raise _wrong(
            row, "statement.amount", column, f"{text[:40]!r} is not an amount.", "Write it like 1,234.50 or -12.00."
        )
    pence = int(given[3].replace(",", "")) * 100 + int((given[4] or "").ljust(2, "0"))
    below = bracketed or "-" in (given[1] + given[2]) or (given[5] or "").strip() == "DR"
    return -pence if below else pence


def _wrong(row: Row, code: str, column: str, message: str, fix: str) -> Unusable:
    return Unusable(Finding(code, message, file=row.file, line=row.line, field=column, fix=fix))
