"""What we hear from a provider, applied to what we hold: the only place where a payment's state changes.

Each function runs inside one transaction of the caller's, locks its row, looks the move up in the printed table and
does what follows. Hearing the same thing again changes nothing.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from becontree.foundations.ledger.actions import Overdrawn
from becontree.foundations.payments import books
from becontree.foundations.payments.models import Charge, Dispute, Instruction, Refund
from becontree.foundations.payments.port import News
from becontree.foundations.payments.purposes import SUSPENSE, purpose
from becontree.foundations.payments.states import (
    CHARGE,
    IN_FLIGHT,
    INSTRUCTION,
    REFUND,
    Heard,
    InstructionState,
    State,
    Then,
)
from becontree.foundations.people.actors import System

log = logging.getLogger(__name__)
ME: Final = System("payments")


@transaction.atomic
def learn_instruction(identity: UUID, news: News, *, now: datetime) -> Instruction:
    """A means of payment was saved, refused or given up."""
    row = Instruction.objects.select_for_update().get(pk=identity)
    before, after = InstructionState(row.state), INSTRUCTION[InstructionState(row.state), news.kind]
    code = news.code
    if (
        after == InstructionState.READY
        and before == InstructionState.NEW
        and row.debit_only
        and news.card_kind != "debit"
    ):
        after, code = InstructionState.FAILED, "debit_cards_only"
    row.remote_id = row.remote_id or news.remote_id
    if after == before:
        if news.remote_id:
            row.save(update_fields=["remote_id"])
        return row
    row.state = after
    if after == InstructionState.READY:
        row.ready_at, row.card_kind, row.fingerprint = now, news.card_kind, news.fingerprint
    else:
        row.failure = code or str(after)
    row.save()
    handler = purpose(row.purpose)
    if after == InstructionState.READY:
        handler.on_ready(purpose=row.purpose, instruction_id=row.pk, now=now)
    elif row.take == "later":
        handler.on_failed(purpose=row.purpose, charge_id=None, code=row.failure, now=now)
    else:
        for charge in row.charges.filter(state__in=IN_FLIGHT):
            learn_charge(charge.pk, News("failed", code=row.failure), now=now)
    return row


@transaction.atomic
def learn_charge(identity: UUID, news: News, *, now: datetime) -> Charge:
    """A charge was accepted, lost sight of, failed or settled."""
    row = Charge.objects.select_for_update().select_related("instruction").get(pk=identity)
    if news.kind == Heard.SETTLED and news.amount is not None and news.amount != row.amount:
        if not row.contradiction:
            row.contradiction = f"settled for {news.amount} pence"
            row.save(update_fields=["contradiction"])
        log.error("Charge %s: the provider settled %s pence and we asked for %s.", row.pk, news.amount, row.amount)
        return row
    before, (after, then) = State(row.state), CHARGE[State(row.state), Heard(news.kind)]
    if after == before and not then and (row.remote_id or not news.remote_id):
        return row  # heard before: nothing to write
    row.state = after
    row.remote_id = row.remote_id or news.remote_id
    if after == State.SENT and row.sent_at is None:
        row.sent_at = now
    if then == Then.FAIL:
        row.failed_at, row.failure = now, news.code or "failed"
    elif then == Then.ALARM:
        row.contradiction = row.contradiction or f"failed after it settled ({news.code or 'no reason given'})"
    elif then in (Then.CREDIT, Then.LATE):
        _take_in(row, news, late=then == Then.LATE, now=now)
    row.save()
    handler = purpose(row.purpose)
    if then == Then.FAIL:
        handler.on_failed(purpose=row.purpose, charge_id=row.pk, code=row.failure, now=now)
    elif then == Then.CREDIT and row.account != SUSPENSE:
        if row.instruction.state == InstructionState.NEW:  # paid at once: the money says that the means was good
            learn_instruction(row.instruction_id, News("ready"), now=now)
        handler.on_settled(purpose=row.purpose, charge_id=row.pk, amount=row.amount, now=now)
    elif then == Then.LATE:
        _send_back(row, now=now)
    return row


def _take_in(row: Charge, news: News, *, late: bool, now: datetime) -> None:
    handler = purpose(row.purpose)
    row.settled_at, row.late, row.fee = now, late, news.fee
    row.account = SUSPENSE if late or not handler.known else handler.credit_account(row.purpose)
    books.open_accounts(row.provider)
    books.write(
        key=books.key_of("charge", row.pk, "settled"),
        kind="payment",
        lines=[(books.clearing(row.provider), row.account, row.amount)],
        subject=row.purpose,
        by=ME,
        now=now,
    )
    if news.fee:
        books.write(
            key=books.key_of("charge", row.pk, "fee"),
            kind="payment-fee",
            lines=[(books.fees(row.provider), books.clearing(row.provider), news.fee)],
            subject=row.purpose,
            by=ME,
            now=now,
        )


def _send_back(row: Charge, *, now: datetime) -> None:
    """Money that came after the room was told that it had not: back to the giver, by rule."""
    from becontree.foundations.payments.actions.asking import refund

    refund(
        charge=row,
        amount=row.amount,
        key=f"late:{row.pk}",
        reason="Came after we had given up on it",
        by=ME,
        now=now,
    )


@transaction.atomic
def learn_refund(identity: UUID, news: News, *, now: datetime) -> Refund:
    """A refund is under way, arrived or was refused."""
    row = Refund.objects.select_for_update().select_related("charge").get(pk=identity)
    if row.state == "proposed":
        return row
    after, then = REFUND[State(row.state), Heard(news.kind)]
    row.state = after
    row.remote_id = news.remote_id or row.remote_id
    if then == Then.FAIL:
        row.failure = news.code or "failed"
    elif then == Then.CREDIT:
        row.settled_at, row.failure = now, ""
        books.write(
            key=books.key_of("refund", row.pk, "paid"),
            kind="refund",
            lines=[(books.REFUNDS, books.clearing(row.charge.provider), row.amount)],
            subject=row.charge.purpose,
            by=ME,
            now=now,
        )
    row.save()
    if then == Then.CREDIT and row.charge.account != SUSPENSE:
        purpose(row.charge.purpose).on_refunded(
            purpose=row.charge.purpose, refund_id=row.pk, charge_id=row.charge_id, amount=row.amount, now=now
        )
    return row


@transaction.atomic
def learn_dispute(charge: Charge, news: News, *, now: datetime) -> Dispute:
    """A giver's bank took money back, or has decided. Opened at once in the ledger, whoever turns out to be right."""
    row, made = Dispute.objects.select_for_update().get_or_create(
        provider=charge.provider,
        remote_id=news.remote_id,
        defaults={
            "charge": charge,
            "amount": news.amount or charge.amount,
            "state": "open",
            "opened_at": now,
        },
    )
    held, cleared = books.disputes(charge.provider), books.clearing(charge.provider)
    if made:
        _post_dispute(row, "opened", (held, cleared, row.amount), now)
        _tell(row, "open", now)
    if row.state == "open" and news.kind in ("won", "lost"):
        row.state, row.closed_at = news.kind, now
        if news.kind == "won":
            _post_dispute(row, "won", (cleared, held, row.amount), now)
        else:
            try:
                _post_dispute(row, "lost", (charge.account, held, row.amount), now)
            except Overdrawn:  # the project has had the money: it stays in the disputes account as a claim on it
                row.receivable = True
        row.save()
        _tell(row, row.state, now)
    return row


def _post_dispute(row: Dispute, step: str, line: tuple[str, str, int], now: datetime) -> None:
    books.write(
        key=books.key_of("dispute", row.pk, step),
        kind="dispute",
        lines=[line],
        subject=row.charge.purpose,
        by=ME,
        now=now,
    )


def _tell(row: Dispute, state: str, now: datetime) -> None:
    purpose(row.charge.purpose).on_disputed(
        purpose=row.charge.purpose, charge_id=row.charge_id, amount=row.amount, state=state, now=now
    )
