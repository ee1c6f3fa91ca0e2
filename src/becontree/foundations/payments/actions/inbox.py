"""The inbox: what providers tell us, kept once each as it came, and then looked into.

A message claims nothing: it names a thing, and we ask the provider how that thing stands. So forged, repeated, late and
disordered messages can at worst make us ask once more than needed.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, cast

from django.db import transaction
from django.db.models import F, Q

from becontree.foundations.payments.actions.learn import learn_charge, learn_dispute, learn_instruction, learn_refund
from becontree.foundations.payments.models import Charge, Inbox, Instruction, Refund
from becontree.foundations.payments.port import News, Unreachable, What, adapter

log = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=2)
FIRST_PAUSE: Final = timedelta(seconds=5)
MOST_ATTEMPTS: Final = 12  # about three hours of trying; then a person looks
LARGEST: Final = 100_000  # bytes of one message


def receive(*, provider: str, raw: bytes, headers: Mapping[str, str], now: datetime) -> int:
    """Keep a provider's message, if it is signed. Returns how many events were new. Raises SignatureRefused."""
    events = adapter(provider).read_events(raw=raw, headers=headers, now=now)
    new = 0
    for event in events:
        _, made = Inbox.objects.get_or_create(
            provider=provider,
            event_id=event.event_id[:100],
            defaults={
                "what": event.what,
                "remote_id": event.remote_id[:100],
                "key": event.key[:200],
                "raw": raw,
                "received_at": now,
                "next_at": now,
            },
        )
        new += made
    return new


def process_inbox(*, now: datetime, limit: int = 100) -> int:
    """Look into what has come. Returns how many were dealt with."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    due = Inbox.objects.filter(free, state=Inbox.NEW, next_at__lte=now).order_by("next_at", "id")
    return sum(_process(identity, now) for identity in list(due.values_list("pk", flat=True)[:limit]))


def _process(identity: int, now: datetime) -> bool:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    won = Inbox.objects.filter(free, pk=identity, state=Inbox.NEW, next_at__lte=now).update(
        lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    if not won:
        return False
    row = Inbox.objects.get(pk=identity)
    try:
        what = cast("What", row.what)
        news = adapter(row.provider).look_up(what=what, remote_id=row.remote_id, key=row.key, now=now)
        with transaction.atomic():
            found = news is not None and apply(row.provider, what, row.remote_id, row.key, news, now=now)
            if found:
                Inbox.objects.filter(pk=row.pk).update(state=Inbox.DONE, done_at=now, lease_until=None, error="")
    except Unreachable as silence:
        _later(row, str(silence), now, give_up=False)
        return False
    except Exception as error:
        log.exception("The message %s of %s could not be dealt with.", row.event_id, row.provider)
        _later(row, f"{type(error).__name__}: {error}", now, give_up=False)
        return False
    if not found:
        _later(row, "It is about something that we do not know.", now, give_up=True)
    return found


def apply(name: str, what: What, remote_id: str, key: str, news: News, *, now: datetime) -> bool:
    """Apply news to our own row, found by our key or the provider's id. Returns whether there is one."""
    mine = Q(key=key) if key else Q(pk__in=[])
    theirs = Q(remote_id=remote_id) if remote_id else Q(pk__in=[])
    if what == "instruction":
        instruction = Instruction.objects.filter(mine | theirs, provider=name).first()
        if instruction is not None:
            learn_instruction(instruction.pk, news, now=now)
        return instruction is not None
    if what == "refund":
        refund = Refund.objects.filter(mine | theirs, charge__provider=name).first() or _by_attempt(name, key)
        if refund is not None and (not key or key == refund.remote_key):
            learn_refund(refund.pk, news, now=now)
        return refund is not None
    if what == "dispute":
        charge = Charge.objects.filter(provider=name, key=news.about_key).first()
        if charge is None or charge.state != "settled":
            return False
        learn_dispute(charge, news, now=now)
        return True
    charge = Charge.objects.filter(mine | theirs, provider=name).first()
    if charge is not None:
        learn_charge(charge.pk, news, now=now)
    return charge is not None


def _by_attempt(name: str, key: str) -> Refund | None:
    """A refund by the key of a later attempt ("<key>:2")."""
    first, _, number = key.rpartition(":")
    if not first or not number.isdigit():
        return None
    return Refund.objects.filter(key=first, charge__provider=name).first()


def _later(row: Inbox, why: str, now: datetime, *, give_up: bool) -> None:
    over = give_up and row.attempts >= MOST_ATTEMPTS
    Inbox.objects.filter(pk=row.pk).update(
        state=Inbox.STRANGE if over else Inbox.NEW,
        next_at=now + min(timedelta(minutes=30), FIRST_PAUSE * (1 << min(row.attempts - 1, 16))),
        lease_until=None,
        error=why[:300],
    )
