"""The sweep: whatever has had no answer for a while, we ask about. Nothing stays open for ever.

Messages get lost and computers die between the call and its answer. The sweep finds each thing still in flight, asks
the provider by our key, and applies what it hears; what the provider never heard of, and nobody will send again, has
failed.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from becontree.foundations.ledger.queries import balance
from becontree.foundations.payments import books, limits
from becontree.foundations.payments.actions.learn import learn_charge, learn_instruction, learn_refund
from becontree.foundations.payments.models import Charge, Comparison, Instruction, Outbox, Refund
from becontree.foundations.payments.port import News, Unreachable, What, adapter, providers
from becontree.foundations.payments.states import IN_FLIGHT, InstructionState

log = logging.getLogger(__name__)

PATIENCE: Final = timedelta(minutes=15)  # before we ask, and between two questions about one thing


def sweep(*, now: datetime, limit: int = 200) -> int:
    """Ask about everything that has been silent for a quarter of an hour. Returns how many things moved."""
    return _instructions(now, limit) + _charges(now, limit) + _refunds(now, limit)


def compare(*, now: datetime) -> int:
    """Ask each provider what it holds for us, beside what the ledger says. Returns how many differ."""
    differ = 0
    for name, each in providers().items():
        try:
            theirs = each.balance(now=now)
        except Unreachable:
            continue
        if theirs is None:
            continue
        books.open_accounts(name)
        ours = balance(books.clearing(name)).posted
        Comparison.objects.create(provider=name, at=now, ours=ours, theirs=theirs)
        differ += ours != theirs
    return differ


def _instructions(now: datetime, limit: int) -> int:
    day = now.astimezone(books.LONDON).date()
    moved = 0
    rows = Instruction.objects.filter(_silent(now), state=InstructionState.NEW, begun_at__lt=now - PATIENCE)
    for row in rows.order_by("begun_at")[:limit]:
        if not _mine_to_ask(Instruction, row.pk, now):
            continue
        try:
            news = _ask("instruction", row.provider, row.remote_id, row.key, now)
        except Unreachable:
            continue
        if (news is None or news.kind == "waiting") and now > row.begun_at + _patience_with_giver(row, day):
            news = News("cancelled", code="abandoned")
        if news is not None:
            moved += learn_instruction(row.pk, news, now=now).state != row.state
    return moved


def _charges(now: datetime, limit: int) -> int:
    moved = 0
    rows = Charge.objects.filter(_silent(now), state__in=IN_FLIGHT, created_at__lt=now - PATIENCE)
    for row in rows.exclude(provider="bankfile").select_related("instruction").order_by("created_at")[:limit]:
        if not _mine_to_ask(Charge, row.pk, now):
            continue
        try:
            news = _ask("charge", row.provider, row.remote_id, row.key, now)
        except Unreachable:
            continue
        if news is None and row.instruction.take == "later" and not _will_be_sent("charge", row.key):
            news = News("failed", code="never_arrived")
        if news is not None:
            moved += learn_charge(row.pk, news, now=now).state != row.state
    return moved


def _refunds(now: datetime, limit: int) -> int:
    moved = 0
    rows = Refund.objects.filter(_silent(now), state__in=IN_FLIGHT, proposed_at__lt=now - PATIENCE)
    for row in rows.exclude(charge__provider="bankfile").select_related("charge").order_by("proposed_at")[:limit]:
        if not _mine_to_ask(Refund, row.pk, now):
            continue
        try:
            news = _ask("refund", row.charge.provider, row.remote_id, row.remote_key, now)
        except Unreachable:
            continue
        if news is None and not _will_be_sent("refund", row.remote_key):
            news = News("failed", code="never_arrived")
        if news is not None:
            moved += learn_refund(row.pk, news, now=now).state != row.state
    return moved


def _silent(now: datetime) -> Q:
    return Q(asked_at__isnull=True) | Q(asked_at__lt=now - PATIENCE)


def _mine_to_ask(model: Any, identity: UUID, now: datetime) -> bool:
    """Of several sweeps at once, one asks."""
    return bool(model.objects.filter(_silent(now), pk=identity).update(asked_at=now))


def _ask(what: What, name: str, remote_id: str, key: str, now: datetime) -> News | None:
    try:
        return adapter(name).look_up(what=what, remote_id=remote_id, key=key, now=now)
    except Unreachable:
        raise
    except Exception as error:
        log.exception("Asking %s about %s failed.", name, key)
        raise Unreachable(str(error)) from error


def _will_be_sent(kind: str, key: str) -> bool:
    return Outbox.objects.filter(kind=kind, key=key, state=Outbox.WAITING).exists()


def _patience_with_giver(row: Instruction, day: date) -> timedelta:
    if row.provider == "bankfile":
        return timedelta(days=limits.transfer_days(day))
    return timedelta(hours=limits.abandoned_hours(day))
