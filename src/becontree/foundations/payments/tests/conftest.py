"""A pretend giver, a purpose that notes what it is told, and people of finance."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from becontree.foundations.ledger import actions as ledger
from becontree.foundations.ledger.queries import balance
from becontree.foundations.payments import actions, purposes
from becontree.foundations.payments.actions import deliver, process_inbox
from becontree.foundations.payments.practice import post, remote
from becontree.foundations.people.models import Person, RoleHeld

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HELD = "liability:held:swings"


@pytest.fixture
def heard():
    """What the room was told: ("settled", id) and so on, as often as it was told."""
    told = Counter()
    ledger.open_account(code=HELD, name="Held for the swings", kind="liability", floor=True)
    purposes.register(
        "gift",
        credit_account=lambda purpose: HELD,
        on_ready=lambda purpose, instruction_id, now: told.update([("ready", instruction_id)]),
        on_settled=lambda purpose, charge_id, amount, now: told.update([("settled", charge_id)]),
        on_failed=lambda purpose, charge_id, code, now: told.update([("failed", charge_id), code]),
        on_refunded=lambda purpose, refund_id, charge_id, amount, now: told.update([("refunded", refund_id)]),
        on_disputed=lambda purpose, charge_id, amount, state, now: told.update([(state, charge_id)]),
        on_payout=lambda purpose, payout_id, amount, state, on, now: told.update([(f"payout {state}", payout_id)]),
        title=lambda purpose: "Swings for the park",
    )
    yield told
    purposes._registered.pop("gift", None)


@pytest.fixture
def finance(db):
    def one(name):
        person = Person.objects.create_user(f"{name}@example.invalid", name=name)
        RoleHeld.objects.create(person=person, role="finance", granted_at=NOON)
        return person

    return one


def begin(key="gift/1", *, amount=2500, take=None, now=NOON, provider="practice", purpose="gift/1", **more):
    return actions.begin(
        payer="4e1a7d5e-0000-4000-8000-000000000001",
        amount=amount,
        purpose=purpose,
        return_url="/back/",
        key=key,
        now=now,
        take=take,
        provider=provider,
        **more,
    )


def settle_down(now, times=3):
    """Let the worker do its rounds."""
    for _ in range(times):
        deliver(now=now)
        post.send_due(now=now)
        process_inbox(now=now)


def saved(key="gift/1", *, card="pays", amount=2500, now=NOON, take=None):
    """An instruction whose giver has chosen a card."""
    instruction = begin(key, amount=amount, now=now, take=take, purpose=key)
    settle_down(now)
    instruction.refresh_from_db()
    remote.answer_page(setup=instruction.remote_id, card=card, now=now)
    settle_down(now)
    instruction.refresh_from_db()
    return instruction


def posted(code):
    return balance(code).posted


@pytest.fixture
def books_agree():
    """The ledger's clearing account and the pretend provider's own book say the same."""

    def check():
        assert posted("asset:clearing:practice") == remote.balance()

    return check
