"""One process of benchmarks.pledges: `prepare`, `give`, `work` or `finish` on the database of the environment."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import time
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "becontree.web.settings")
django.setup()
logging.disable(logging.CRITICAL)  # faults are what we are here for

from django.core.management import call_command  # noqa: E402
from django.db import Error, OperationalError  # noqa: E402
from django.db.models import Count, F, Sum  # noqa: E402

from becontree.citizenship.giving import jobs, queries  # noqa: E402
from becontree.citizenship.giving.actions import campaigns, funds, pledges  # noqa: E402
from becontree.citizenship.giving.models import Award, Campaign, Pledge  # noqa: E402
from becontree.citizenship.projects import actions as projects  # noqa: E402
from becontree.citizenship.projects.checklist import CHECKLIST  # noqa: E402
from becontree.foundations.kit.errors import Refused  # noqa: E402
from becontree.foundations.ledger import audit  # noqa: E402
from becontree.foundations.ledger.models import Transfer  # noqa: E402
from becontree.foundations.ledger.queries import balance, trial_balance  # noqa: E402
from becontree.foundations.payments.actions import deliver, deliver_for, process_inbox, sweep  # noqa: E402
from becontree.foundations.payments.models import Charge, Instruction, Outbox  # noqa: E402
from becontree.foundations.payments.practice import faults, post, remote  # noqa: E402
from becontree.foundations.payments.practice.faults import Fault  # noqa: E402
from becontree.foundations.payments.practice.models import PracticePayment  # noqa: E402
from becontree.foundations.people import actions as people  # noqa: E402
from becontree.foundations.people.actors import System  # noqa: E402
from becontree.foundations.people.models import Person  # noqa: E402
from benchmarks.pledges import DAYS, LATER, START  # noqa: E402

SETUP = System("benchmark")
FAST = 60  # a second of the machine is a minute of ours
POT = 1_200_000  # pence: far less than the crowd could draw, so that the pot runs dry while many give
MINUTE = timedelta(minutes=1)
MISHAPS = {
    "charge": [
        *[Fault()] * 8, Fault(outcome="declined"), Fault(outcome="declined-then-paid", delay=10 * MINUTE),
        Fault(delay=3 * MINUTE), Fault(events=2), Fault(events=3, backwards=True), Fault(backwards=True),
        Fault(answer="lost"), Fault(answer="unasked"), Fault(events=0), Fault(message_delay=20 * MINUTE),
    ],
    "begin": [*[Fault()] * 6, Fault(answer="lost")],
    "page": [*[Fault()] * 6, Fault(events=0), Fault(events=2), Fault(message_delay=5 * MINUTE)],
    "refund": [*[Fault()] * 4, Fault(answer="lost"), Fault(events=0), Fault(events=2)],
}  # fmt: skip


def mishap(call: str, key: str, amount: int) -> Fault:
    """The same for the same key in every process; another one where a call is made again under another key."""
    kinds = MISHAPS[call]
    return kinds[int.from_bytes(sha256(f"{call}|{key}".encode()).digest()[:4], "big") % len(kinds)]


def clock(epoch: float) -> datetime:
    return START + timedelta(seconds=(time.time() - epoch) * FAST)


def prepare(count: int) -> None:
    """A campaign with one pot, and a person for each pledge."""
    call_command("migrate", verbosity=0)
    lead = people.register(email="lead@example.invalid", name="Lead", by=SETUP, now=START)
    group = people.add_organisation(name="Group", kind="community-group", by=lead, now=START, charity_number="")
    people.verify_organisation(organisation=group, how="seen", by=SETUP, now=START)
    people.verify_bank(organisation=group, how="seen", by=SETUP, now=START)
    council = people.add_organisation(name="The council", kind="council", by=SETUP, now=START)
    project = projects.propose(title="The hall", summary="s", story="s", theme="green", by=lead, now=START)
    projects.set_budget(project=project, lines=[projects.Line("Roof", count * 1_000 + POT)], by=lead, now=START)
    project = projects.edit(project=project, organisation=group, by=lead, now=START)
    projects.submit(project=project, by=lead, now=START)
    for item in CHECKLIST:
        projects.decide_check(project=project, code=item.code, state="met", by=SETUP, now=START)
    project = projects.verify(project=project, by=SETUP, now=START)
    fund = funds.open_fund(
        name="Pot",
        kind="council",
        funder=council,
        purpose="p",
        opens_on=START.date(),
        ratio=(3, 1),
        by=SETUP,
        now=START,
    )
    funds.pay_in(fund=fund, pence=min(POT, count * 1_200), reference="in", on=START.date(), by=SETUP, now=START)
    campaigns.open_campaign(
        project=project, model="keep-what-you-raise", closes_at=START + timedelta(days=DAYS), provider="practice",
        by=lead, now=START,
    )  # fmt: skip
    Person.objects.bulk_create([Person(email=f"p{n}@example.invalid", name=f"P{n}") for n in range(count)])


def give(numbers: range, epoch: float) -> None:
    """Each person of these gives once, whatever happened to an earlier process that was giving for them."""
    campaign = Campaign.objects.get()
    done = set(Pledge.objects.exclude(state="begun").values_list("handle", flat=True))
    for number in numbers:
        if handle(number) in done:
            continue
        person = Person.objects.get(email=f"p{number}@example.invalid")
        for _ in range(60):
            now = clock(epoch)
            try:
                _, instruction = pledges.offer_money(
                    campaign=campaign,
                    pence=500 + number % 7 * 100,
                    by=person,
                    now=now,
                    return_url="/my/",
                    once=handle(number),
                )
                deliver_for(subject=instruction.pk, now=clock(epoch))
                setup = Instruction.objects.get(pk=instruction.pk).remote_id
                if setup:
                    remote.answer_page(setup=setup, card="pays", now=clock(epoch))
                    break
            except (OperationalError, Refused):
                pass
            time.sleep(0.1)


def handle(number: int) -> str:
    return f"gift{number:06d}"


def work(epoch: float, phase: str) -> None:
    """What the worker does, until it is killed."""
    shift = LATER if phase == "collecting" else timedelta()
    while True:
        rounds(lambda: clock(epoch) + shift)
        time.sleep(0.05)


def rounds(now: Any) -> None:
    steps = [
        lambda: deliver(now=now()), lambda: post.send_due(now=now()), lambda: process_inbox(now=now()),
        *[lambda run=run: run(now()) for _, _, run in jobs.JOBS], lambda: sweep(now=now()),
    ]  # fmt: skip
    for step in steps:
        try:
            step()
        except Error:
            time.sleep(0.05)  # somebody was faster; the next round does it


def finish(epoch: float) -> dict[str, Any]:
    """After the last kill: let time pass until everything has an answer, then look at every sum."""
    now = clock(epoch) + LATER
    for _ in range(400):
        now += timedelta(minutes=40)
        rounds(partial(_at, now))
        settled = not Campaign.objects.filter(state__in=["live", "collecting"]).exists()
        if settled and not Outbox.objects.filter(state=Outbox.WAITING).exists() and not flying():
            break
    for _ in range(5):  # and once more everything that was said already
        now += timedelta(minutes=40)
        rounds(partial(_at, now))
    return look()


def _at(now: datetime) -> datetime:
    return now


def flying() -> bool:
    return Charge.objects.filter(state__in=["created", "sent", "unknown"]).exists()


def look() -> dict[str, Any]:
    campaign, award = Campaign.objects.get(), Award.objects.first()
    states = dict(Pledge.objects.order_by().values_list("state").annotate(n=Count("pk")))
    paid = PracticePayment.objects.filter(state="paid").aggregate(n=Sum(F("amount") - F("refunded")))["n"] or 0
    pot = balance("fund:pot")
    sheet = trial_balance()
    twice = Charge.objects.filter(state="settled", late=False).values("purpose").annotate(n=Count("pk")).filter(n__gt=1)
    kept = Pledge.objects.filter(state="collected").aggregate(n=Sum("pence"))["n"] or 0
    open_promises = Transfer.objects.filter(phase="pending", resolved_by__isnull=True).count()
    pending = Transfer.objects.filter(phase="pending")
    more_than_once = pending.annotate(times=Count("resolved_by")).filter(times__gt=1).count()
    late = sum(charge.amount for charge in Charge.objects.filter(late=True, state="settled")) - sum(
        charge.refunding for charge in Charge.objects.filter(late=True, state="settled")
    )
    checks = {
        "the campaign is settled": campaign.state in ("funded", "part-funded", "failed"),
        "no pledge is left half done": not set(states) - {"collected", "failed", "released", "refunded"},
        "every counter is exact": queries.counters_off() == [],
        "the ledger's audit is clean": audit.find_faults(deep=True) == [],
        "debits equal credits": sheet.debit == sheet.credit,
        "no pot is overspent": pot.available >= 0 and pot.posted >= 0,
        "no pending is open": open_promises == 0,
        "no pending is resolved twice": more_than_once == 0,
        "nobody paid twice": not twice.exists(),
        "what givers paid is what is held": kept == campaign.crowd_collected
        and balance(campaign.held).posted == kept + (award.pence if award and award.state == "granted" else 0),
        "the provider holds what the ledger says": paid == balance("asset:clearing:practice").posted,
        "what came late went back": late == 0,
        "no charge waits": not flying(),
    }
    return {
        "pledges": states,
        "collected_pence": kept,
        "granted_pence": award.pence if award else 0,
        "transfers": Transfer.objects.count(),
        "state": campaign.state,
        "faults": [name for name, holds in checks.items() if not holds],
        "checked": len(checks),
    }


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    with faults.plan(mishap):
        if what == "prepare":
            prepare(int(rest[0]))
        elif what == "give":
            found = re.findall(r"\d+", rest[0])
            give(range(*(int(number) for number in found)), float(rest[1]))
        elif what == "work":
            work(float(rest[1]), rest[2])
        else:
            sys.stdout.write(json.dumps(finish(float(rest[0]))))
