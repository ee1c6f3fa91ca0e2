"""The ledger for other programs: one row a transfer, a trial balance, and beancount's text.

Nothing here names a person: no actor, no key, no private subject. Money is written in pounds with two places (exactly:
pence are whole); hours and items as whole numbers. Beancount's syntax: https://beancount.github.io/docs/ (accounts
begin with one of five roots; our funds are Equity). Promises between memorandum accounts are money that has not moved:
they are written in a commodity of their own, PROMISED, so that they can never be added to pounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from becontree.foundations.ledger import queries
from becontree.foundations.ledger.records import Statement, TrialBalance
from becontree.foundations.ledger.together import Together

TRANSFER_COLUMNS: Final = (
    "date",
    "journal",
    "line",
    "kind",
    "subject",
    "debit",
    "credit",
    "amount",
    "unit",
    "phase",
    "resolves",
    "reverses",
)
STATEMENT_COLUMNS: Final = ("date", "kind", "subject", "other", "amount", "balance", "unit", "journal")
TRIAL_COLUMNS: Final = ("code", "name", "kind", "unit", "debit", "credit")
ROOTS: Final = {
    "asset": "Assets",
    "liability": "Liabilities",
    "fund": "Equity",
    "income": "Income",
    "expense": "Expenses",
    "memo": "Equity:Memorandum",
}
COMMODITIES: Final = {"GBP": "GBP", "hour": "HOUR", "item": "ITEM"}


def money(amount: int, unit: str = "GBP") -> str:
    """Pence as pounds with two places, exactly; other units as they are."""
    if unit != "GBP":
        return str(amount)
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def transfer_rows(since: date | None = None, until: date | None = None) -> Iterator[list[Any]]:
    """One row a transfer, in the order of writing."""
    for each in queries.all_transfers(since, until).iterator(chunk_size=2000):
        yield [
            each.occurred_on.isoformat(),
            str(each.journal_id),
            each.n + 1,
            each.journal.kind,
            queries.public_subject(each.journal.subject),
            each.debit_code,
            each.credit_code,
            money(each.amount, each.unit),
            each.unit,
            each.phase,
            each.pending_id,
            str(each.journal.reverses_id) if each.journal.reverses_id else None,
        ]


def statement_rows(said: Statement, gifts: Sequence[Together] = ()) -> list[list[Any]]:
    """A row a line; then what follows gifts, put together: those rows have no day and no entry, and none a balance."""
    lines = [
        [
            line.occurred_on.isoformat(),
            line.kind,
            queries.public_subject(line.subject),
            line.other,
            money(line.amount, said.unit),
            "" if gifts else money(line.balance, said.unit),
            said.unit,
            str(line.journal),
        ]
        for line in said.lines
    ]
    return lines + [["", row.kind, "", row.other, money(row.amount, said.unit), "", said.unit, ""] for row in gifts]


def trial_rows(trial: TrialBalance) -> list[list[Any]]:
    return [
        [row.code, row.name, row.kind, row.unit, money(row.debit, row.unit), money(row.credit, row.unit)]
        for row in (*trial.rows, *trial.memorandum)
    ]


def beancount() -> Iterator[str]:
    """Everything posted, as a beancount file, line by line: what another program can check without trusting ours."""
    yield ';; Written by Becontree. Check it with: bean-check FILE\noption "operating_currency" "GBP"\n'
    taken: set[str] = set()
    names = {each.code: (_name(each.code, taken), each.kind) for each in queries.accounts().order_by("code")}
    first = queries.all_transfers().order_by("occurred_on").values_list("occurred_on", flat=True).first()
    for code in sorted(names):
        yield f"{(first or date(2000, 1, 1)).isoformat()} open {names[code][0]}\n"
    held: list[Any] = []
    rows = queries.all_transfers().filter(phase__in=("single", "post")).order_by("occurred_on", "journal_id", "n")
    for each in rows.iterator(chunk_size=2000):
        if held and held[0].journal_id != each.journal_id:
            yield _entry(held, names)
            held = []
        held.append(each)
    if held:
        yield _entry(held, names)
    trial = queries.trial_balance()
    day = queries.all_transfers().order_by("-occurred_on").values_list("occurred_on", flat=True).first()
    if day is not None:  # what we say each account holds, the day after: bean-check recomputes it
        after = date.fromordinal(day.toordinal() + 1).isoformat()
        for row in (*trial.rows, *trial.memorandum):
            amount = money(row.debit - row.credit, row.unit)
            yield f"{after} balance {names[row.code][0]} {amount} {_commodity(row.unit, row.kind)}\n"


def _entry(transfers: Sequence[Any], names: dict[str, tuple[str, str]]) -> str:
    journal = transfers[0].journal
    lines = [f'{journal.occurred_on.isoformat()} * "{journal.kind}" "{queries.public_subject(journal.subject)}"']
    lines.append(f'  journal: "{journal.pk}"')
    for each in transfers:
        for code, sign in ((each.debit_code, 1), (each.credit_code, -1)):
            name, kind = names[code]
            lines.append(f"  {name}  {money(sign * each.amount, each.unit)} {_commodity(each.unit, kind)}")
    return "\n".join(lines) + "\n"


def _commodity(unit: str, kind: str) -> str:
    return "PROMISED" if unit == "GBP" and kind == "memo" else COMMODITIES[unit]


def _name(code: str, taken: set[str]) -> str:
    """`liability:held:play-area` as `Liabilities:Held--play-area`.

    One level below the root, since beancount counts an account's balance with everything below its name; and no two
    codes share a name.
    """
    root, _, rest = code.partition(":")
    plain = re.sub(r"[._]", "-", rest.replace(":", "--"))
    name = f"{ROOTS.get(root, 'Equity')}:{plain[0].upper()}{plain[1:]}"
    number = 2
    while name in taken:
        name = f"{name.rpartition('--again-')[0] or name}--again-{number}"
        number += 1
    taken.add(name)
    return name


def text_of(parts: Iterable[str]) -> str:
    return "".join(parts)
