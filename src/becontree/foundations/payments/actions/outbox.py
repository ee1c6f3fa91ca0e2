"""The outbox: what we mean to tell a provider, told after the commit, again and again until there is an answer.

The row is written in the transaction of the change itself, so there is never a charge that nobody sends nor a call for
a change that was undone. The call is made outside any transaction, by whoever holds the row's lease. An answer that did
not come leaves the row waiting: the same key makes the repeat harmless. Once the provider would have forgotten the key,
repeating would be a new charge; then the row is given up and the sweep asks instead.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from becontree.foundations.payments.actions.learn import learn_charge, learn_instruction, learn_refund
from becontree.foundations.payments.models import Charge, Instruction, Outbox, Refund
from becontree.foundations.payments.port import Begun, News, Rejected, Unreachable, adapter
from becontree.foundations.payments.states import InstructionState, State

log = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=2)  # longer than any provider's answer may take
FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=30)
MARGIN: Final = timedelta(hours=1)  # stop repeating well before the provider forgets the key


def intend(kind: str, subject: UUID, key: str, name: str, *, now: datetime) -> Outbox:
    """Write down what is to be told; within the caller's transaction."""
    row, _ = Outbox.objects.get_or_create(
        kind=kind, key=key, defaults={"subject": subject, "provider": name, "created_at": now, "next_at": now}
    )
    return row


def attempt_after_commit(row: Outbox, *, now: datetime) -> None:
    """Try once as soon as the change is committed. Whatever goes wrong is the job's to mend, never the page's."""

    def attempt() -> None:
        try:
            deliver_one(row.pk, now=now)
        except Exception:
            log.exception("An immediate attempt failed; the job will make the next.")

    transaction.on_commit(attempt, robust=True)


def deliver(*, now: datetime, limit: int = 100) -> int:
    """Tell the providers what is due. Returns how many were answered."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    due = Outbox.objects.filter(free, state=Outbox.WAITING, next_at__lte=now).order_by("next_at", "id")
    return sum(deliver_one(identity, now=now) for identity in list(due.values_list("pk", flat=True)[:limit]))


def deliver_for(*, subject: UUID, now: datetime) -> int:
    """Tell what waits about one thing, now, because somebody is looking. Never raises for the provider's silence."""
    waiting = Outbox.objects.filter(subject=subject, state=Outbox.WAITING).values_list("pk", flat=True)
    return sum(deliver_one(identity, now=now) for identity in list(waiting))


def deliver_one(identity: int, *, now: datetime) -> bool:
    """Make the call of one row, if it is due and free. Returns whether it was answered."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    won = Outbox.objects.filter(free, pk=identity, state=Outbox.WAITING, next_at__lte=now).update(
        lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    if not won:
        return False
    row = Outbox.objects.get(pk=identity)
    try:
        answer = _call(row, now)
    except Rejected as refused:
        answer = News("failed", code=refused.code[:60])
    except Unreachable as silence:
        _no_answer(row, str(silence), now)
        return False
    except Exception as error:
        log.exception("Telling %s about %s failed.", row.provider, row.key)
        _no_answer(row, f"{type(error).__name__}: {error}", now)
        return False
    with transaction.atomic():
        _learn(row, answer, now)
        Outbox.objects.filter(pk=row.pk).update(state=Outbox.DONE, done_at=now, lease_until=None, error="")
    return True


def _call(row: Outbox, now: datetime) -> News | Begun | None:
    """The provider's answer; None where there is nothing left to ask."""
    told = adapter(row.provider)
    if row.kind == "begin":
        wanted = Instruction.objects.get(pk=row.subject)
        if wanted.state != InstructionState.NEW:
            return None
        return told.begin(
            key=row.key,
            charge_key=f"{row.key}:now" if wanted.take == "now" else "",
            amount=wanted.amount,
            reference=wanted.reference,
            take="now" if wanted.take == "now" else "later",
            return_url=wanted.return_url,
            now=now,
        )
    if row.kind == "charge":
        due = Charge.objects.select_related("instruction").get(pk=row.subject)
        if due.state not in (State.CREATED, State.UNKNOWN):
            return None
        return told.charge(key=row.key, instruction=due.instruction.remote_id, amount=due.amount, now=now)
    back = Refund.objects.select_related("charge").get(pk=row.subject)
    if back.state not in (State.CREATED, State.UNKNOWN):
        return None
    return told.refund(key=row.key, charge=back.charge.remote_id, amount=back.amount, now=now)


def _learn(row: Outbox, answer: News | Begun | None, now: datetime) -> None:
    if answer is None:
        return
    if isinstance(answer, Begun):
        Instruction.objects.filter(pk=row.subject).update(remote_id=answer.remote_id, hosted_url=answer.hosted_url)
        for charge in Charge.objects.filter(instruction_id=row.subject, state=State.CREATED):
            learn_charge(charge.pk, News("accepted"), now=now)
        return
    _LEARN[row.kind](row.subject, answer, now=now)


def _no_answer(row: Outbox, why: str, now: datetime) -> None:
    """Wait longer each time; give up while the provider still remembers the key, and let the sweep ask."""
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(row.attempts - 1, 16)))
    remembered = timedelta(hours=adapter(row.provider).capabilities.key_hours) - MARGIN
    dead = now + pause > row.created_at + remembered
    with transaction.atomic():
        Outbox.objects.filter(pk=row.pk).update(
            state=Outbox.DEAD if dead else Outbox.WAITING, next_at=now + pause, lease_until=None, error=why[:300]
        )
        if row.kind in ("charge", "refund"):
            _LEARN[row.kind](row.subject, News("lost"), now=now)
        elif dead:
            learn_instruction(row.subject, News("failed", code="provider_silent"), now=now)


_LEARN: Final[dict[str, Any]] = {"begin": learn_instruction, "charge": learn_charge, "refund": learn_refund}
