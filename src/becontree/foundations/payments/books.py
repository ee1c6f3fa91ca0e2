"""What payments writes into the ledger: every posting of this room, in one place, under a key made from the fact.

    money comes in         Dr asset:clearing:<provider>   Cr the purpose's account (or liability:suspense)
    the provider's fee     Dr expense:fees:<provider>     Cr asset:clearing:<provider>
    a refund is owed       Dr the account credited        Cr liability:refunds
    the refund is paid     Dr liability:refunds           Cr asset:clearing:<provider>
    a dispute opens        Dr asset:disputes:<provider>   Cr asset:clearing:<provider>
    ... is won             Dr asset:clearing:<provider>   Cr asset:disputes:<provider>
    ... is lost            Dr the account credited        Cr asset:disputes:<provider>
    a bank line in         Dr asset:bank:main             Cr liability:suspense
    a bank line out        Dr liability:suspense          Cr asset:bank:main
    ... is matched         between liability:suspense and the clearing account (or the account that finance names)
    ... is a room's        Dr liability:suspense          Cr the account that the room names
    a payout is proposed   Dr the fund or liability       Cr asset:clearing:bankfile     (set aside)
    ... is on a statement  the same                       (posted)

The clearing account of a provider is what it holds for us; a bank line of its payout brings it back to zero.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from becontree.foundations.ledger import actions as ledger
from becontree.foundations.ledger.actions import Line
from becontree.foundations.ledger.models import Account
from becontree.foundations.payments.purposes import SUSPENSE
from becontree.foundations.people.actors import Actor

LONDON: Final = ZoneInfo("Europe/London")
BANK: Final = "asset:bank:main"
REFUNDS: Final = "liability:refunds"
CHARGES: Final = "expense:bank"  # what the bank takes for itself: nobody's gift, so no room opens it
OF_ROOMS: Final = ("fund:", "liability:held:")  # a room's own: a bank line goes there by the thing it is for


def clearing(provider: str) -> str:
    return f"asset:clearing:{provider}"


def disputes(provider: str) -> str:
    return f"asset:disputes:{provider}"


def fees(provider: str) -> str:
    return f"expense:fees:{provider}"


# What officers and the public accounts call a provider; the code stays in the account's code.
CALLED: Final = {"practice": "the practice provider (no real money)", "bankfile": "the bank (transfers)"}


def names(provider: str) -> dict[str, str]:
    """Each of a provider's accounts, by code, with its plain name."""
    called = CALLED.get(provider, provider.replace("-", " ").capitalize())
    return {
        clearing(provider): f"Held by {called}",
        disputes(provider): f"Disputed with {called}",
        fees(provider): f"Fees of {called}",
    }


def open_accounts(provider: str) -> None:
    """The accounts that payments itself needs; opening them again changes nothing, and costs one query."""
    wanted = (
        (BANK, "Bank, main account", "asset"),
        (SUSPENSE, "Suspense: money whose purpose is not yet known", "liability"),
        (REFUNDS, "Refunds owed to givers", "liability"),
        (CHARGES, "Bank charges", "expense"),
        *((code, name, code.partition(":")[0]) for code, name in names(provider).items()),
    )
    if Account.objects.filter(code__in=[code for code, _, _ in wanted]).count() == len(wanted):
        return
    for code, name, kind in wanted:
        ledger.open_account(code=code, name=name, kind=kind)


def write(
    *,
    key: str,
    kind: str,
    lines: list[tuple[str, str, int]],
    subject: str,
    by: Actor,
    now: datetime,
    on: date | None = None,
) -> Any:
    """Post lines of (debit, credit, pence). The same key a second time changes nothing."""
    day = now.astimezone(LONDON).date()
    moves = [Line(debit, credit, amount) for debit, credit, amount in lines]
    try:
        return ledger.post(key=key, kind=kind, occurred_on=on or day, lines=moves, subject=subject, by=by, now=now)
    except ledger.MonthClosed:
        if on is None or on == day:
            raise
        return ledger.post(key=key, kind=kind, occurred_on=day, lines=moves, subject=subject, by=by, now=now)


def key_of(what: str, identity: UUID | str, step: str) -> str:
    return f"{what}:{identity}:{step}"
