"""No provider is called inside a transaction; a change that is undone tells nobody."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from becontree.foundations.payments import actions
from becontree.foundations.payments.adapters.practice import Practice
from becontree.foundations.payments.models import Outbox
from becontree.foundations.payments.practice import remote
from becontree.foundations.payments.tests.conftest import MINUTE, NOON, begin, settle_down
from becontree.foundations.people.actors import System

pytestmark = pytest.mark.django_db(transaction=True)
ROOM = System("test.room")


@pytest.fixture
def calls(monkeypatch):
    """Every call to the provider, with whether a transaction was open around it."""
    seen = []

    def watched(name, call):
        def through(self, **facts):
            seen.append((name, connection.in_atomic_block))
            return call(self, **facts)

        return through

    for name in ("begin", "charge", "refund", "look_up", "balance"):
        monkeypatch.setattr(Practice, name, watched(name, getattr(Practice, name)))
    return seen


def test_no_call_is_made_inside_a_transaction(heard, calls):
    with transaction.atomic():
        instruction = begin()
        assert calls == []
    instruction.refresh_from_db()
    remote.answer_page(setup=instruction.remote_id, card="never", now=NOON)
    actions.sweep(now=NOON + 20 * MINUTE)
    instruction.refresh_from_db()
    with transaction.atomic():
        charge = actions.charge(instruction=instruction, amount=2500, key="c", by=ROOM, now=NOON, at_once=True)
    actions.sweep(now=NOON + 60 * MINUTE)
    with transaction.atomic():
        actions.refund(charge=charge, amount=2500, key="r", reason="Test", by=ROOM, now=NOON + 61 * MINUTE)
    settle_down(NOON + 62 * MINUTE)
    actions.compare(now=NOON + 63 * MINUTE)

    assert {name for name, _ in calls} == {"begin", "charge", "refund", "look_up", "balance"}
    assert not any(inside for _, inside in calls)


def test_a_change_that_is_undone_tells_nobody(heard, calls):
    with transaction.atomic():
        begin()
        transaction.set_rollback(True)
    actions.deliver(now=NOON)

    assert calls == []


def test_a_page_is_not_broken_by_the_provider(heard, monkeypatch):
    def dreadful(self, **facts):
        raise RuntimeError("not even a proper error")

    monkeypatch.setattr(Practice, "begin", dreadful)
    instruction = begin()

    assert (instruction.state, Outbox.objects.get().state) == ("new", "waiting")
