"""One worker in a storm: works on payments in a process of its own until it is told, or made, to stop.

    python run_storm.py work SEED     charge, deliver, send, read, sweep, over a line that fails at random
    python run_storm.py settle        fair weather for two days, then print what stands as JSON

One second of the storm is ten minutes of payments' time, the same for every process.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
import uuid
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

django.setup()

from django.db import DatabaseError  # noqa: E402 (Django first)

from becontree.foundations.kit.errors import Refused  # noqa: E402
from becontree.foundations.ledger import actions as ledger  # noqa: E402
from becontree.foundations.ledger.actions import Line  # noqa: E402
from becontree.foundations.ledger.queries import balance, trial_balance  # noqa: E402
from becontree.foundations.payments import actions, books, purposes  # noqa: E402
from becontree.foundations.payments.models import Charge, Instruction, Outbox, Refund  # noqa: E402
from becontree.foundations.payments.practice import faults, post, remote  # noqa: E402
from becontree.foundations.payments.practice.models import PracticePayment  # noqa: E402
from becontree.foundations.people.actors import System  # noqa: E402

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROOM = System("test.storm")
HELD = "liability:held:storm"
TOLD = ("memo:told", "memo:room")


def clock():
    return NOON + timedelta(minutes=10 * (time.time() - float(os.environ["BECONTREE_TEST_BEGAN"])))


def told(what):
    """The room writes down each time that it is told: under a key of its own, so that twice would show."""

    def handler(*, charge_id=None, now, **facts):
        if charge_id is not None:
            ledger.post(
                key=f"told:{what}:{charge_id}:{uuid.uuid4()}",
                kind=f"told-{what}",
                occurred_on=NOON.date(),
                lines=[Line(*TOLD, 1)],
                subject=str(charge_id),
                by=ROOM,
                now=now,
            )

    return handler


books.open_accounts("practice")
ledger.open_account(code=HELD, name="Held", kind="liability", floor=True)
for code in TOLD:
    ledger.open_account(code=code, name=code, kind="memo")
purposes.register("storm", credit_account=lambda purpose: HELD, on_settled=told("settled"), on_failed=told("failed"))


def work(seed):
    dice = random.Random(seed)

    def weather(call, key, amount):
        answer = dice.choice(["given", "given", "lost", "unasked"])
        delay = dice.choice([timedelta(), timedelta(minutes=10)])
        outcome = dice.choice(["paid", "paid", "paid", "declined", "declined-then-paid"])
        if call == "begin":
            outcome = "paid"
        return faults.Fault(outcome=outcome, answer=answer, delay=delay, events=dice.choice([0, 1, 2]))

    with faults.plan(weather):
        (Path(os.environ["BECONTREE_HOME"]) / f"at-work-{os.getpid()}").touch()
        while True:
            with suppress(DatabaseError, Refused):
                round_of(dice)


def round_of(dice):
    now = clock()
    for row in Instruction.objects.filter(state="ready").order_by("?")[:5]:
        done = row.charges.count()
        if done < 3 and not row.charges.exclude(state="failed").exists():
            actions.charge(instruction=row, amount=row.amount, key=f"{row.key}:{done}", by=ROOM, now=now)
    for act in dice.sample([actions.deliver, post.send_due, actions.process_inbox, actions.sweep], 4):
        act(now=clock(), limit=20)


def settle():
    now = clock()
    for wait in (0.3, 0.3, 0.3, 1, 1, 1, 3, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6):
        now += timedelta(hours=wait)
        for _ in range(2):
            actions.deliver(now=now, limit=10_000)
            post.send_due(now=now, limit=10_000)
            actions.process_inbox(now=now, limit=10_000)
            actions.sweep(now=now, limit=10_000)
        # What the provider refused to send back waits for a person, who asks again.
        for refused in Refund.objects.filter(state="failed"):
            actions.retry_refund(refund=refused, by=System("storm"), now=now)
    from becontree.foundations.ledger.models import Journal

    charges = list(Charge.objects.all())
    times = {
        (kind, str(row.pk)): Journal.objects.filter(kind=f"told-{kind}", subject=str(row.pk)).count()
        for row in charges
        for kind in ("settled", "failed")
    }
    wrong = [
        str(row)
        for row in charges
        for good in [row.state == "settled" and not row.late]
        if (times["settled", str(row.pk)], times["failed", str(row.pk)]) != (int(good), int(not good))
    ]
    trial = trial_balance(None)
    print(
        json.dumps(
            {
                "charges": len(charges),
                "settled": sum(row.state == "settled" for row in charges),
                "late": sum(row.late for row in charges),
                "open": sum(row.state not in ("settled", "failed") for row in charges),
                "waiting": Outbox.objects.filter(state="waiting").count(),
                "wrongly_told": wrong,
                "paid_keys_differ": sorted(
                    {row.key for row in charges if row.state == "settled"}
                    ^ set(PracticePayment.objects.filter(state="paid").values_list("key", flat=True))
                ),
                "refunds_open": Refund.objects.exclude(state="settled").count(),
                "ours": balance("asset:clearing:practice").posted,
                "theirs": remote.balance(),
                "held": balance(HELD).posted,
                "given": sum(row.amount for row in charges if row.state == "settled" and not row.late),
                "suspense": balance("liability:suspense").posted,
                "trial": trial.debit - trial.credit,
            }
        )
    )


if sys.argv[1] == "work":
    work(int(sys.argv[2]))
else:
    settle()
