"""The example council's bank: what came and what went, brought in as the statements that a bank would send."""

from __future__ import annotations

from datetime import datetime

from becontree.foundations.payments import actions as payments
from becontree.foundations.payments import queries
from becontree.foundations.payments.models import BankLine
from becontree.foundations.people.models import Person


def came(words: str, pence: int, *, purpose: str, by: Person, at: datetime) -> None:
    """Money that the desk wrote down before, for `purpose`, is seen on the bank's statement: both are put together."""
    payments.import_statement(raw=_statement(words, pence, at), file_name=f"came-{at:%Y-%m-%d}.csv", by=by, now=at)
    line = BankLine.objects.get(description=words, amount=pence, matched="")
    payments.match_line(line=line, kind="purpose", to=purpose, by=by, now=at)


def provider_paid_in(*, by: Person, at: datetime) -> None:
    """All that the practice provider holds comes to the bank in one sum, as a provider's does."""
    (pence,) = [row.ledger for row in queries.held()[0] if row.provider == "practice"]
    if pence > 0:
        words = f"PRACTICE PAY-IN {at:%d%m%y}"
        payments.import_statement(raw=_statement(words, pence, at), file_name=f"came-{at:%Y-%m-%d}.csv", by=by, now=at)
        line = BankLine.objects.get(description=words, amount=pence, matched="")
        payments.match_line(line=line, kind="provider", to="practice", by=by, now=at)


def went(words: str, pence: int, *, by: Person, at: datetime) -> None:
    """Money that left: matched by itself with the payment list or the payout that its words name."""
    payments.import_statement(raw=_statement(words, -pence, at), file_name=f"went-{at:%Y-%m-%d}.csv", by=by, now=at)


def _statement(words: str, pence: int, at: datetime) -> bytes:
    sign = "-" if pence < 0 else ""
    pounds = f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02}"
    return f"Date,Description,Amount\n{at:%d/%m/%Y},{words},{pounds}\n".encode()
