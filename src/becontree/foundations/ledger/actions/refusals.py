"""What a refusal of the database means, in the ledger's words."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError

from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.ledger.errors import AlreadyResolved, MonthClosed, Overdrawn
from becontree.foundations.ledger.models import Account, Journal
from becontree.foundations.ledger.writing import UNKNOWN, Row


def reason_of(text: str, journal: Journal, rows: Sequence[Row]) -> Exception:
    """What a constraint's or guard's refusal means, in the ledger's words."""
    if UNKNOWN in text:
        return _unknown(rows)
    if "ledger_account_floor" in text:
        return Overdrawn(_overdrawn(rows))
    if "ledger_month_open" in text:
        return MonthClosed(journal.occurred_on)
    if (
        "reversed_once" in text
        or "reverses_id" in text
        or (journal.reverses_id and "ledger_journal: a row here is never replaced" in text)
    ):
        return Clash("ledger.reversal.twice", "This was reversed before.")
    # Sums below zero: only a second settling or releasing can take more out of what is pending than went in.
    if (
        "resolved_once" in text
        or "ledger_account_sums" in text
        or "pending_id" in text
        or "ledger_transfer: a row here is never replaced" in text
    ):
        return AlreadyResolved()
    return IntegrityError(text)


def _unknown(rows: Sequence[Row]) -> Invalid:
    units = dict(
        Account.objects.filter(code__in={code for row in rows for code in (row.debit, row.credit)}).values_list(
            "code", "unit"
        )
    )
    for row in rows:
        for code in (row.debit, row.credit):
            if code not in units:
                return Invalid("ledger.account.unknown", f"There is no account {code}.", "lines")
            if units[code] != row.unit:
                return Invalid("ledger.unit", f"The account {code} holds {units[code]}, not {row.unit}.", "lines")
    return Invalid("ledger.account.unknown", "An account is missing.", "lines")


def _overdrawn(rows: Sequence[Row]) -> str:
    """The first account (by code) that these rows would take below zero."""
    need: dict[str, list[int]] = {}
    for row in rows:
        out, into = need.setdefault(row.debit, [0, 0]), need.setdefault(row.credit, [0, 0])
        out[0] += row.posted + row.reserved
        out[1] += row.posted
        into[0] -= row.posted
        into[1] -= row.posted + row.reserved
    floored = Account.objects.filter(code__in=need, floor=True).order_by("code")
    for account in floored:
        if account.sign < 0:
            left = account.credit_posted - account.debit_posted - account.debit_pending - need[account.code][0]
        else:
            left = account.debit_posted - account.credit_posted - account.credit_pending + need[account.code][1]
        if left < 0:
            return account.code
    return floored[0].code if floored else rows[0].debit
