"""Random histories: messages doubled, late, lost and out of order, lines that go dead, refunds and disputes between.

Whatever happens, in the end every charge has resolved once, each room was told once, and our ledger and the pretend
provider's own book say the same to the penny.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from itertools import cycle

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from becontree.foundations.kit.errors import Invalid
from becontree.foundations.ledger import actions as ledger
from becontree.foundations.payments import actions
from becontree.foundations.payments.models import Charge, Dispute, Instruction, Outbox, Refund
from becontree.foundations.payments.practice import faults, post, remote
from becontree.foundations.payments.practice.faults import CARDS, Fault
from becontree.foundations.payments.practice.models import PracticeEvent, PracticePayment
from becontree.foundations.payments.tests.conftest import HELD, NOON, begin, posted
from becontree.foundations.people.actors import System

pytestmark = pytest.mark.django_db
ROOM = System("test.room")

minutes = st.integers(0, 90).map(lambda n: timedelta(minutes=n))
a_fault = st.builds(
    Fault,
    outcome=st.sampled_from(["paid", "paid", "declined", "declined-then-paid"]),
    answer=st.sampled_from(["given", "given", "lost", "unasked"]),
    delay=st.sampled_from([timedelta(), timedelta(), timedelta(minutes=10), timedelta(hours=3)]),
    events=st.integers(0, 3),
    backwards=st.booleans(),
    dispute=st.sampled_from([False, False, False, True]),
    fee=st.integers(0, 60),
    message_delay=minutes,
)
a_gift = st.tuples(st.sampled_from(sorted(CARDS)), st.sampled_from(["later", "now"]), st.integers(200, 9000))
a_step = st.tuples(
    st.sampled_from(["deliver", "post", "inbox", "sweep", "charge", "refund", "dispute", "again", "drop"]),
    st.integers(0, 7),
    minutes,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    gifts=st.lists(a_gift, min_size=3, max_size=5),
    plan=st.lists(a_fault, min_size=4, max_size=12),
    steps=st.lists(a_step, max_size=20),
)
@example(  # money that comes after it was called failed
    gifts=[("pays", "later", 500), ("pays", "now", 600)],
    plan=[Fault(outcome="declined-then-paid", delay=timedelta(minutes=10), events=2)],
    steps=[("post", 7, timedelta(minutes=20)), ("inbox", 7, timedelta())],
)
@example(  # a line that dies after each answer, messages backwards, and a dispute that is lost after a refund
    gifts=[("pays", "later", 500), ("pays", "later", 600)],
    plan=[Fault(), Fault(answer="lost", backwards=True, dispute=True, fee=20)],
    steps=[
        ("post", 7, timedelta()),
        ("inbox", 7, timedelta()),
        ("refund", 0, timedelta()),
        ("deliver", 0, timedelta()),
        ("dispute", 1, timedelta()),
        ("dispute", 0, timedelta()),
    ],
)
def test_every_charge_resolves_once_and_both_books_agree(heard, gifts, plan, steps):
    with transaction.atomic():
        heard.clear()
        now = play(gifts, plan, steps)
        calm_down(now)
        check(heard)
        transaction.set_rollback(True)


def play(gifts, plan, steps):
    now = NOON
    turns = cycle(plan)
    with faults.plan(lambda call, key, amount: next(turns) if call != "begin" else Fault()):
        for number, (_, take, amount) in enumerate(gifts):
            begin(f"gift/{number}", purpose=f"gift/{number}", amount=amount, take=take, now=now)
        actions.deliver(now=now)
        for number, (card, _, _) in enumerate(gifts):
            row = Instruction.objects.get(key=f"gift/{number}")
            if row.remote_id:
                remote.answer_page(setup=row.remote_id, card=card, now=now)
        post.send_due(now=now)
        actions.process_inbox(now=now)
        for number in range(len(gifts)):
            charge(number, now)
        actions.deliver(now=now)
        for what, which, wait in steps:
            now += wait
            STEPS[what](which, now)
    return now


def charge(which, now):
    """Another attempt on one of the saved cards, as a room's collection window would make."""
    rows = list(Instruction.objects.filter(state="ready", take="later").order_by("key"))
    if rows:
        row = rows[which % len(rows)]
        try:
            actions.charge(
                instruction=row, amount=row.amount, key=f"{row.key}:try:{row.charges.count()}", by=ROOM, now=now
            )
        except Invalid:
            assert row.charges.exclude(state="failed").exists()


def refund(which, now):
    rows = list(Charge.objects.filter(state="settled").order_by("key"))
    if rows:
        row = rows[which % len(rows)]
        part = max(1, row.amount // 2)
        with suppress(Invalid, ledger.Overdrawn):
            actions.refund(charge=row, amount=part, key=f"r:{row.key}:{which}", reason="Test", by=ROOM, now=now)


def dispute(which, now):
    for row in Dispute.objects.filter(state="open")[:1]:
        remote.close_dispute(dispute=row.remote_id, state=("won", "lost")[which % 2], now=now)


def again(which, now):
    """The provider sends something old once more."""
    PracticeEvent.objects.filter(pk__in=PracticeEvent.objects.values("pk")[: which + 1]).update(delivered=0, wanted=1)


def drop(which, now):
    """Messages that nobody will ever see."""
    PracticeEvent.objects.filter(delivered=0).exclude(what="dispute").update(wanted=0)


STEPS = {
    "deliver": lambda which, now: actions.deliver(now=now),
    "post": lambda which, now: post.send_due(now=now, limit=which + 1),
    "inbox": lambda which, now: actions.process_inbox(now=now, limit=which + 1),
    "sweep": lambda which, now: actions.sweep(now=now),
    "charge": charge,
    "refund": refund,
    "dispute": dispute,
    "again": again,
    "drop": drop,
}


def calm_down(now):
    """The weather clears; the workers go on for two days. A dispute's message arrives in the end: it is repeated."""
    PracticeEvent.objects.filter(what="dispute", delivered=0).update(wanted=1)
    for wait in (0.3, 0.3, 0.3, 1, 1, 1, 3, 6, 6, 6, 6, 6, 6, 6):
        now += timedelta(hours=wait)
        actions.deliver(now=now)
        post.send_due(now=now)
        actions.process_inbox(now=now)
        actions.sweep(now=now)


def check(heard):
    assert set(Charge.objects.values_list("state", flat=True)) <= {"settled", "failed"}
    assert set(Instruction.objects.values_list("state", flat=True)) <= {"ready", "failed", "cancelled"}
    assert not Outbox.objects.filter(state="waiting").exists()
    for row in Charge.objects.all():
        credited = row.state == "settled" and not row.late
        assert heard["settled", row.pk] == credited, row
        assert heard["failed", row.pk] == (not credited), row
        if row.late:
            assert row.account == "liability:suspense"
            assert row.refunding == row.amount
    paid = set(PracticePayment.objects.filter(state="paid").values_list("key", flat=True))
    assert paid == set(Charge.objects.filter(state="settled").values_list("key", flat=True))
    assert posted("asset:clearing:practice") == remote.balance() if paid else remote.balance() == 0
    for row in Refund.objects.filter(state="settled"):
        assert heard["refunded", row.pk] == (not row.charge.late)
    owed = total(Refund.objects.exclude(state="settled"))
    kept = total(Charge.objects.filter(state="settled", late=False))
    back = total(Refund.objects.filter(charge__late=False))
    gone = total(Dispute.objects.filter(state="lost", receivable=False, charge__late=False))
    assert posted(HELD) == kept - back - gone
    if paid:
        assert posted("liability:refunds") == owed


def total(rows):
    return rows.aggregate(pence=Sum("amount"))["pence"] or 0
