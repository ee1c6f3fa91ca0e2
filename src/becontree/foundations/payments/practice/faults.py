"""How the pretend provider misbehaves: by the card chosen on its page, by an amount, or by a test's plan.

    with faults.plan(lambda call, key, amount: Fault(answer="lost") if ... else None):
        ...

A plan is asked at every call and wins over the card and the amount.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

__all__ = ["CARDS", "LATE", "MAGIC_AMOUNTS", "Card", "Fault", "fault_for", "plan"]

LATE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one call.

    `outcome`: "paid", "declined" or "declined-then-paid". `answer`: "given"; "lost" (it was done, the caller hears
    nothing); "unasked" (it was not done, the caller hears nothing). `delay`: when it turns out. `events`: how many
    times each message is sent (0: never). `backwards`: the last message first. `dispute`: the giver's bank takes it
    back.
    """

    outcome: str = "paid"
    answer: str = "given"
    delay: timedelta = timedelta()
    events: int = 1
    backwards: bool = False
    dispute: bool = False
    fee: int = 0
    code: str = "card_declined"
    message_delay: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Card:
    """A test card: what its holder reads, whether it can be saved, how it behaves afterwards."""

    code: str
    title: str
    fault: Fault
    kind: str = "debit"
    saves: bool = True


CARDS: Final[dict[str, Card]] = {
    card.code: card
    for card in (
        Card("pays", "A debit card that pays", Fault()),
        Card("credit", "A credit card that pays", Fault(), kind="credit"),
        Card("declines", "A card that is declined now", Fault(outcome="declined"), saves=False),
        Card(
            "declines-later", "A card that is accepted now and declined when it is charged", Fault(outcome="declined")
        ),
        Card("late", "Pays, but the answer takes ten minutes", Fault(delay=LATE)),
        Card("twice", "Pays, and every message comes twice", Fault(events=2)),
        Card("backwards", "Pays, and the messages come in the wrong order", Fault(backwards=True)),
        Card("never", "Pays, and no message ever comes", Fault(events=0, delay=timedelta(minutes=1))),
        Card("lost-answer", "Pays, but the line goes dead before the answer", Fault(answer="lost")),
        Card("lost-request", "The line is dead: nothing is done", Fault(answer="unasked")),
        Card(
            "turns-round", "Is declined, then turns out to have paid", Fault(outcome="declined-then-paid", delay=LATE)
        ),
        Card("disputed", "Pays, then its holder's bank takes it back", Fault(dispute=True)),
    )
}

# Exact amounts in pence that behave like a card, whichever card is used: £13.01 to £13.08, seldom given by chance.
MAGIC_AMOUNTS: Final[dict[int, str]] = {
    1301: "declines-later",
    1302: "late",
    1303: "twice",
    1304: "backwards",
    1305: "never",
    1306: "lost-answer",
    1307: "turns-round",
    1308: "disputed",
}

Plan = Callable[[str, str, int], Fault | None]
_plan: ContextVar[Plan | None] = ContextVar("practice_plan", default=None)


@contextmanager
def plan(chosen: Plan) -> Iterator[None]:
    """Use a test's own plan: asked with the call ("begin", "charge", "refund"), our key and the pence."""
    token = _plan.set(chosen)
    try:
        yield
    finally:
        _plan.reset(token)


def fault_for(call: str, key: str, amount: int, card: str = "pays") -> Fault:
    chosen = _plan.get()
    fault = chosen(call, key, amount) if chosen else None
    if fault is not None:
        return fault
    if call == "begin":
        return Fault()
    behaves = CARDS[MAGIC_AMOUNTS.get(amount, card)].fault
    if call == "refund" and (behaves.outcome != "paid" or behaves.dispute):
        return Fault(events=behaves.events)  # those are about taking money, not about giving it back
    return behaves
