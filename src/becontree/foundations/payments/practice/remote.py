"""The pretend provider's side of the line: what its computer would do. The adapter calls these and nothing else.

It honours keys (the same key answers with the first result; the same key for something else is refused), refuses to
refund more than was paid, and sends signed messages. Each call is its own transaction, as another company's would be.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from becontree.foundations.kit.ids import short_id
from becontree.foundations.payments.models import BankLine
from becontree.foundations.payments.practice.faults import CARDS, Fault, fault_for
from becontree.foundations.payments.practice.models import (
    PracticeDispute,
    PracticeEvent,
    PracticePayment,
    PracticeRefund,
    PracticeSetup,
)

SIGNATURE: Final = "Practice-Signature"


class LineDead(Exception):
    """The caller hears nothing."""


class No(Exception):
    """The pretend provider refuses, and says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Message:
    """A signed message, ready to send."""

    event: str
    raw: bytes
    headers: dict[str, str]


def secret() -> bytes:
    """The shared secret of the messages. Refuses to exist empty: anyone could sign with that."""
    found = str(getattr(settings, "PRACTICE_SECRET", ""))
    if not found and settings.MODE != "production" and settings.SECRET_KEY:
        found = hmac.new(settings.SECRET_KEY.encode(), b"practice payments", hashlib.sha256).hexdigest()
    if not found:
        raise ImproperlyConfigured("Practice payments have no secret: set BECONTREE_PRACTICE_SECRET.")
    return found.encode()


def sign(raw: bytes, *, now: datetime) -> str:
    stamp = int(now.timestamp())
    digest = hmac.new(secret(), b"%d." % stamp + raw, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"


# ---- what the adapter asks for


def open_setup(
    *, key: str, charge_key: str, amount: int, take: str, reference: str, return_url: str, now: datetime
) -> str:
    fault = fault_for("begin", key, amount)
    if fault.answer == "unasked":
        raise LineDead
    facts = {"charge_key": charge_key, "amount": amount, "take": take, "reference": reference, "return_url": return_url}
    setup, _ = _once(PracticeSetup, key, facts, {"id": f"ps_{short_id(16)}", "created_at": now})
    if fault.answer == "lost":
        raise LineDead
    return str(setup.pk)


def pay(*, key: str, setup: str, amount: int, now: datetime) -> dict[str, Any]:
    """Charge a saved card."""
    try:
        saved = PracticeSetup.objects.get(pk=setup)
    except PracticeSetup.DoesNotExist:
        raise No("no_such_card") from None
    if saved.state != "ready":
        raise No("card_not_saved")
    fault = fault_for("charge", key, amount, saved.card)
    if fault.answer == "unasked":
        raise LineDead
    payment = _take(saved, key=key, amount=amount, fault=fault, now=now)
    if fault.answer == "lost":
        raise LineDead
    return _payment(payment)


def give_back(*, key: str, payment: str, amount: int, now: datetime) -> dict[str, Any]:
    held = PracticePayment.objects.filter(pk=payment).select_related("setup").first()
    if held is None:
        raise No("no_such_payment")
    fault = fault_for("refund", key, amount, held.setup.card)
    if fault.answer == "unasked":
        raise LineDead
    with transaction.atomic():
        earlier = PracticeRefund.objects.filter(key=key).first()
        if earlier is not None and (earlier.payment_id, earlier.amount) != (payment, amount):
            raise No("key_used_otherwise")
        if earlier is None:
            state = "paid" if fault.outcome == "paid" else "failed"
            if state == "paid":
                within = PracticePayment.objects.filter(pk=payment, state="paid", refunded__lte=F("amount") - amount)
                if not within.update(refunded=F("refunded") + amount):
                    raise No("refund_above_payment")
            earlier = PracticeRefund.objects.create(
                id=f"pr_{short_id(16)}", key=key, payment=held, amount=amount, state=state, created_at=now
            )
            _announce("refund", [state], earlier.pk, key, fault=fault, at=now)
    if fault.answer == "lost":
        raise LineDead
    return {"id": earlier.pk, "state": earlier.state}


def find(*, what: str, identity: str, key: str, now: datetime) -> dict[str, Any] | None:
    """A thing by the pretend provider's id or by our key."""
    model: Any = {
        "instruction": PracticeSetup,
        "charge": PracticePayment,
        "refund": PracticeRefund,
        "dispute": PracticeDispute,
    }[what]
    row = model.objects.filter(pk=identity).first() if identity else None
    if row is None and key and what != "dispute":
        row = model.objects.filter(key=key).first()
    if row is None:
        return None
    if what == "instruction":
        kind = CARDS[row.card].kind if row.card else ""
        mark = hashlib.sha256(f"{row.card}|{row.pk if row.card == 'pays' else ''}".encode()).hexdigest()[:24]
        return {"id": row.pk, "state": row.state, "code": row.code, "card_kind": kind, "fingerprint": mark}
    if what == "charge":
        return _payment(_turn_out(row, now))
    if what == "refund":
        return {"id": row.pk, "state": row.state}
    return {"id": row.pk, "state": row.state, "amount": row.amount, "charge_key": row.payment.key}


def balance() -> int:
    """What the pretend provider holds for us: paid, less given back, fees, disputes not won, and what it paid us.

    What it paid us, our bank's statement says: a line that was matched with it is money that left it.
    """
    paid = PracticePayment.objects.filter(state="paid").aggregate(a=Sum("amount"), f=Sum("fee"))
    back = PracticeRefund.objects.filter(state="paid").aggregate(a=Sum("amount"))
    lost = PracticeDispute.objects.exclude(state="won").aggregate(a=Sum("amount"))
    ours = BankLine.objects.filter(matched="provider", matched_to="practice").aggregate(a=Sum("amount"))
    return (paid["a"] or 0) - (paid["f"] or 0) - (back["a"] or 0) - (lost["a"] or 0) - (ours["a"] or 0)


# ---- what happens on its own page


def answer_page(*, setup: str, card: str, now: datetime) -> PracticeSetup:
    """The giver chose a card. Choosing again changes nothing."""
    with transaction.atomic():
        row = PracticeSetup.objects.select_for_update().get(pk=setup)
        if row.state != "waiting":
            return row
        chosen = CARDS[card]
        row.card = card
        row.state = "ready" if chosen.saves else "declined"
        row.code = "" if chosen.saves else chosen.fault.code
        row.save()
        fault = fault_for("page", row.key, row.amount, card)
        _announce("instruction", [row.state], row.pk, row.key, fault=fault, at=now)
        if chosen.saves and row.take == "now":
            _take(row, key=row.charge_key, amount=row.amount, fault=fault, now=now)
    return row


def leave_page(*, setup: str, now: datetime) -> PracticeSetup:
    """The giver turned back."""
    with transaction.atomic():
        row = PracticeSetup.objects.select_for_update().get(pk=setup)
        if row.state == "waiting":
            row.state, row.code = "cancelled", "turned_back"
            row.save()
            _announce("instruction", ["cancelled"], row.pk, row.key, fault=Fault(), at=now)
    return row


def close_dispute(*, dispute: str, state: str, now: datetime) -> None:
    """The giver's bank has decided: "won" (by us) or "lost"."""
    with transaction.atomic():
        if PracticeDispute.objects.filter(pk=dispute, state="open").update(state=state):
            _announce("dispute", [state], dispute, "", fault=Fault(), at=now)


# ---- its messages


def due_messages(*, now: datetime, limit: int = 100) -> Iterator[Message]:
    """Each message that should have been sent by now, as many times as it is wanted."""
    rows = PracticeEvent.objects.filter(due_at__lte=now, delivered__lt=F("wanted")).order_by("due_at", "order", "id")
    for row in rows[:limit]:
        payment = PracticePayment.objects.filter(pk=row.object_id).first() if row.what == "charge" else None
        if payment is not None:
            _turn_out(payment, now)
        for _ in range(row.wanted - row.delivered):
            body = {"id": row.pk, "about": row.what, "type": row.kind, "object": row.object_id, "key": row.object_key}
            raw = json.dumps(body, sort_keys=True).encode()
            yield Message(row.pk, raw, {SIGNATURE: sign(raw, now=now)})


def delivered(event: str) -> None:
    PracticeEvent.objects.filter(pk=event, delivered__lt=F("wanted")).update(delivered=F("delivered") + 1)


# ---- inside


def _once(model: Any, key: str, facts: dict[str, Any], rest: dict[str, Any]) -> tuple[Any, bool]:
    """The row of this key: made now, or as it was; refused where the key was used for something else."""
    row = model.objects.filter(key=key).first()
    made = False
    if row is None:
        try:
            with transaction.atomic():
                row, made = model.objects.create(key=key, **facts, **rest), True
        except IntegrityError:
            row = model.objects.get(key=key)
    if any(getattr(row, name) != value for name, value in facts.items()):
        raise No("key_used_otherwise")
    return row, made


def _take(saved: PracticeSetup, *, key: str, amount: int, fault: Fault, now: datetime) -> PracticePayment:
    turning = fault.outcome == "declined-then-paid"
    now_or_never = fault.outcome == "declined" or (not fault.delay and not turning)
    first = "declined" if fault.outcome != "paid" else "paid" if not fault.delay else "processing"
    facts = {"setup_id": saved.pk, "amount": amount}
    later = None if now_or_never else now + (fault.delay or timedelta())
    with transaction.atomic():
        payment, made = _once(
            PracticePayment,
            key,
            facts,
            {
                "id": f"pp_{short_id(16)}",
                "state": first,
                "code": fault.code if first == "declined" else "",
                "outcome": "" if now_or_never else "paid",
                "settles_at": later,
                "fee": fault.fee if first == "paid" or later else 0,
                "created_at": now,
            },
        )
        if made:
            kinds = ["declined"] if first == "declined" else ["accepted"]
            _announce("charge", kinds, payment.pk, key, fault=fault, at=now)
            if first == "paid" or later:
                _announce("charge", ["paid"], payment.pk, key, fault=fault, at=later or now, order=1)
            if fault.dispute and first == "paid":
                dispute = PracticeDispute.objects.create(
                    id=f"pd_{short_id(16)}", payment=payment, amount=amount, state="open", created_at=now
                )
                _announce("dispute", ["open"], dispute.pk, "", fault=fault, at=now, order=2)
    return payment  # type: ignore[no-any-return]


def _turn_out(payment: PracticePayment, now: datetime) -> PracticePayment:
    """What was under way, and is due by now, turns out."""
    if not payment.outcome:
        return payment
    due = PracticePayment.objects.filter(pk=payment.pk, settles_at__lte=now, outcome__gt="")
    if due.update(state=payment.outcome or "paid", outcome="", code=""):
        payment.refresh_from_db()
    return payment


def _announce(
    what: str, kinds: list[str], identity: str, key: str, *, fault: Fault, at: datetime, order: int = 0
) -> None:
    for kind in kinds:
        PracticeEvent.objects.create(
            id=f"pe_{short_id(16)}",
            what=what,
            kind=kind,
            object_id=identity,
            object_key=key,
            due_at=at + fault.message_delay,
            order=-order if fault.backwards else order,
            wanted=fault.events,
        )


def _payment(payment: PracticePayment) -> dict[str, Any]:
    paid = payment.state == "paid"
    return {
        "id": payment.pk,
        "state": payment.state,
        "code": payment.code,
        "amount": payment.amount,
        "fee": payment.fee if paid else 0,
    }
