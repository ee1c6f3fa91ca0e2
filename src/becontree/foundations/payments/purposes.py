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
    on_payout(purpose=str, payout_id=UUID, amount=int, state=str, on=date, now=datetime)     "paid" or "refused"
    may_pay_out(purpose=str, by=Actor) -> None     raises NotAllowed where this person may not decide on its payouts
    bank_line(purpose=str, amount=int, on=date, by=Actor, now=datetime) -> str
        money that came straight to the bank for this: note it, and name the ledger account that it belongs to;
        raises Refused where it cannot be. `amount` in pence, above zero for money in
    bank_offers(amount=int) -> [(purpose, label)]     what a line of this amount could be for
    cautions(purposes) -> {purpose: str}     what finance should know before a bank line is matched with one of these
    credit_account(purpose) -> str     the ledger account that the money belongs to
    desk_url(purpose) -> str           where finance and auditors read what it is for; "" where there is no such page
    about(purpose) -> Model | None     the row of the room's that is about a person, so that its reading is written down
    titles(purposes) -> {purpose: str}     the same for many at once, in a query or two: for lists
    title(purpose) -> str              what the giver reads on the way to pay, such as "Swings for Mayesbrook Park"

Take a new kind of purpose no account for granted: money for a kind that nobody registered goes to suspense.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext

from becontree.foundations.kit.errors import Invalid

__all__ = ["SUSPENSE", "Purpose", "bank_offers", "cautions_of", "kind_of", "purpose", "register", "titles_of"]

SUSPENSE: Final = "liability:suspense"


def _nothing(**facts: Any) -> None:
    return None


def _no_bank_line(purpose: str, **facts: Any) -> str:
    raise Invalid("payments.purpose", gettext("A bank line cannot be for that. Choose another."), "what")


def _no_offers(amount: int) -> Sequence[tuple[str, str]]:
    return ()


def _suspense(purpose: str) -> str:
    return SUSPENSE


def _nowhere(purpose: str) -> str:
    return ""


def _nothing_about(purpose: str) -> None:
    return None


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
    may_pay_out: Callable[..., Any] = _nothing
    bank_line: Callable[..., str] = _no_bank_line
    bank_offers: Callable[..., Sequence[tuple[str, str]]] = _no_offers
    title: Callable[[str], str] = _untitled
    desk_url: Callable[[str], str] = _nowhere
    about: Callable[[str], Any] = _nothing_about
    titles: Callable[[Sequence[str]], Mapping[str, str]] | None = None
    cautions: Callable[[Sequence[str]], Mapping[str, str]] | None = None
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
    may_pay_out: Callable[..., Any] = _nothing,
    bank_line: Callable[..., str] = _no_bank_line,
    bank_offers: Callable[..., Sequence[tuple[str, str]]] = _no_offers,
    title: Callable[[str], str] = _untitled,
    desk_url: Callable[[str], str] = _nowhere,
    about: Callable[[str], Any] = _nothing_about,
    titles: Callable[[Sequence[str]], Mapping[str, str]] | None = None,
    cautions: Callable[[Sequence[str]], Mapping[str, str]] | None = None,
) -> Purpose:
    """Say what happens to payments of this kind; call it from the room's `AppConfig.ready`. The last word counts."""
    found = Purpose(
        kind,
        credit_account=credit_account,
        on_ready=on_ready,
        on_settled=on_settled,
        on_failed=on_failed,
        on_refunded=on_refunded,
        on_disputed=on_disputed,
        on_payout=on_payout,
        may_pay_out=may_pay_out,
        bank_line=bank_line,
        bank_offers=bank_offers,
        title=title,
        desk_url=desk_url,
        about=about,
        titles=titles,
        cautions=cautions,
    )
    _registered[kind] = found
    return found


def kind_of(reference: str) -> str:
    return reference.partition("/")[0]


def purpose(reference: str) -> Purpose:
    """The handlers for this reference; quiet ones (and suspense) where its kind is not registered."""
    kind = kind_of(reference)
    return _registered.get(kind) or Purpose(kind, known=False)


def bank_offers(amount: int) -> list[tuple[str, str]]:
    """(purpose, label) of everything that a bank line of so many pence could be for, of every kind registered."""
    return [offer for kind in sorted(_registered) for offer in _registered[kind].bank_offers(amount=amount)]


def titles_of(references: Iterable[str]) -> dict[str, str]:
    """Each reference with its title, asked for by kind, so that a list costs a query or two."""
    by_kind: dict[str, list[str]] = {}
    for reference in references:
        by_kind.setdefault(kind_of(reference), []).append(reference)
    found: dict[str, str] = {}
    for wanted in by_kind.values():
        room = purpose(wanted[0])
        known = room.titles(wanted) if room.titles else {}
        found |= {one: known.get(one) or room.title(one) for one in wanted}
    return found


def cautions_of(references: Iterable[str]) -> list[str]:
    """What finance should know before matching a bank line with one of these, each sentence once."""
    by_kind: dict[str, list[str]] = {}
    for reference in references:
        by_kind.setdefault(kind_of(reference), []).append(reference)
    found: dict[str, None] = {}
    for wanted in by_kind.values():
        room = purpose(wanted[0])
        if room.cautions:
            found |= dict.fromkeys(room.cautions(wanted).values())
    return list(found)
