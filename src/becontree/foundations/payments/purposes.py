"""What a payment is for: the rooms that ask for money say here what to do when it comes, fails or goes back.

    purposes.register(
        "pledge",
        credit_account=lambda purpose: "liability:held:the-play-area",
        on_ready=..., on_settled=..., on_failed=..., on_refunded=..., on_disputed=...,
    )

The kind is the part of the purpose's reference before the first "/": "pledge" for "pledge/7f3a…". Every handler is
called with keyword arguments only, inside payments' own transaction, and may be called again with the same ids: it must
be idempotent, must not call out, and if it raises, everything is undone and tried again later.

    on_ready(purpose=str, instruction_id=UUID, now=datetime)                 the means of payment is saved (or used)
    on_settled(purpose=str, charge_id=UUID, amount=int, now=datetime)        the money is in; the ledger has it
    on_failed(purpose=str, charge_id=UUID | None, code=str, now=datetime)    no money came; None: nothing was saved
    on_refunded(purpose=str, refund_id=UUID, charge_id=UUID, amount=int, now=datetime)   it went back
    on_disputed(purpose=str, charge_id=UUID, amount=int, state=str, now=datetime)        "open", "won", "lost"
    on_payout(purpose=str, payout_id=UUID, amount=int, state=str, now=datetime)          "paid" or "refused"
    credit_account(purpose) -> str     the ledger account that the money belongs to
    title(purpose) -> str              what the giver reads on the way to pay, such as "Swings for Mayesbrook Park"

Take a new kind of purpose no account for granted: money for a kind that nobody registered goes to suspense.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["SUSPENSE", "Purpose", "kind_of", "purpose", "register"]

SUSPENSE: Final = "liability:suspense"


def _nothing(**facts: Any) -> None:
    return None


def _suspense(purpose: str) -> str:
    return SUSPENSE


def _untitled(purpose: str) -> str:
    return "Your gift"


@dataclass(frozen=True, slots=True)
class Purpose:
    kind: str
    credit_account: Callable[[str], str] = _suspense
    on_ready: Callable[..., Any] = _nothing
    on_settled: Callable[..., Any] = _nothing
    on_failed: Callable[..., Any] = _nothing
    on_refunded: Callable[..., Any] = _nothing
    on_disputed: Callable[..., Any] = _nothing
    on_payout: Callable[..., Any] = _nothing
    title: Callable[[str], str] = _untitled
    known: bool = True


_registered: dict[str, Purpose] = {}


def register(
    kind: str,
    *,
    credit_account: Callable[[str], str] = _suspense,
    on_ready: Callable[..., Any] = _nothing,
    on_settled: Callable[..., Any] = _nothing,
    on_failed: Callable[..., Any] = _nothing,
    on_refunded: Callable[..., Any] = _nothing,
    on_disputed: Callable[..., Any] = _nothing,
    on_payout: Callable[..., Any] = _nothing,
    title: Callable[[str], str] = _untitled,
) -> Purpose:
    """Say what happens to payments of this kind; call it from the room's `AppConfig.ready`. The last word counts."""
    found = Purpose(kind, credit_account, on_ready, on_settled, on_failed, on_refunded, on_disputed, on_payout, title)
    _registered[kind] = found
    return found


def kind_of(reference: str) -> str:
    return reference.partition("/")[0]


def purpose(reference: str) -> Purpose:
    """The handlers for this reference; quiet ones (and suspense) where its kind is not registered."""
    kind = kind_of(reference)
    return _registered.get(kind) or Purpose(kind, known=False)
