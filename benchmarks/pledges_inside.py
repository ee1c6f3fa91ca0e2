"""What benchmarks.pledges runs on its database: `prepare`, `watch` and `look`."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.fast_settings")
django.setup()
logging.disable(logging.CRITICAL)  # faults are what we are here for

from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db.models import Count, F, Sum  # noqa: E402
from django.utils import timezone  # noqa: E402

from becontree.citizenship.giving import queries  # noqa: E402
from becontree.citizenship.giving.actions import campaigns, funds, paying_in  # noqa: E402
from becontree.citizenship.giving.models import Award, Campaign, Pledge  # noqa: E402
from becontree.citizenship.projects import actions as projects  # noqa: E402
from becontree.citizenship.projects.checklist import CHECKLIST  # noqa: E402
from becontree.foundations.ledger import audit  # noqa: E402
from becontree.foundations.ledger.models import Transfer  # noqa: E402
from becontree.foundations.ledger.queries import balance, trial_balance  # noqa: E402
from becontree.foundations.payments.models import Charge, Inbox, Instruction, Outbox, Refund  # noqa: E402
from becontree.foundations.payments.practice import remote  # noqa: E402
from becontree.foundations.payments.practice.models import PracticeEvent  # noqa: E402
from becontree.foundations.people import actions as people  # noqa: E402
from becontree.foundations.people.actors import System  # noqa: E402
from becontree.foundations.people.models import Person  # noqa: E402
from becontree.foundations.tasks.models import Run, ScheduledJob  # noqa: E402
from becontree.foundations.tasks.worker import clock  # noqa: E402
from benchmarks.fast_settings import START  # noqa: E402
from benchmarks.pledges import DAYS  # noqa: E402

SETUP = System("benchmark")
# What must have become of a gift, by the card; a gift whose giver never came back may also have been let go.
BECAME = {
    **{card: {"collected"} for card in ("pays", "late", "twice", "backwards", "never", "lost-answer")},
    **{card: {"failed"} for card in ("lost-request", "declines-later")},
    **{card: {"failed", "released"} for card in ("declines", "leave")},
    "turns-round": {"collected", "failed"},  # declined, then paid after all: that goes back, and the next try counts
}


def prepare(count: int, pot: int, target: int) -> dict[str, Any]:
    """A campaign with one pot, far smaller than the crowd could draw, and a signed-in person for each pledge."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    lead = people.register(email="lead@example.invalid", name="Lead", by=SETUP, now=START)
    group = people.add_organisation(name="Group", kind="community-group", by=lead, now=START, charity_number="")
    people.verify_organisation(organisation=group, how="seen", by=SETUP, now=START)
    people.verify_bank(organisation=group, how="seen", by=SETUP, now=START)
    council = people.add_organisation(name="The council", kind="council", by=SETUP, now=START)
    project = projects.propose(title="The hall", summary="s", story="s", theme="green", by=lead, now=START)
    projects.set_budget(project=project, lines=[projects.Line("Roof", target)], by=lead, now=START)
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
    paying_in.pay_in(fund=fund, pence=pot, reference="in", on=START.date(), by=SETUP, now=START)
    campaigns.open_campaign(
        project=project, model="keep-what-you-raise", closes_at=START + timedelta(days=DAYS), provider="practice",
        extra_use="More chairs", by=lead, now=START,
    )  # fmt: skip
    crowd = Person.objects.bulk_create(
        [Person(email=f"p{n}@example.invalid", name=f"P{n}") for n in range(count)], batch_size=200
    )
    return {"slug": project.slug, "sessions": [_session(person) for person in crowd]}


def _session(person: Person) -> str:
    """As after signing in: the benchmark is about giving."""
    store = SessionStore()
    values = {
        "_auth_user_id": str(person.pk),
        "_auth_user_backend": "allauth.account.auth_backends.AuthenticationBackend",
        "_auth_user_hash": person.get_session_auth_hash(),
    }
    key = store._get_new_session_key()
    Session.objects.create(
        session_key=key, session_data=store.encode(values), expire_date=timezone.now() + timedelta(days=90)
    )
    return str(key)


def stand() -> dict[str, Any]:
    """How things stand while they go on."""
    return {
        "open": Campaign.objects.filter(state__in=["live", "collecting"]).count(),
        "begun_ready": Pledge.objects.filter(state="begun").count(),
        "flying": Charge.objects.filter(state__in=["created", "sent", "unknown"]).count(),
        "waiting": Outbox.objects.filter(state=Outbox.WAITING).count(),
        "refunds": Refund.objects.exclude(state="settled").count(),
        "messages": PracticeEvent.objects.filter(delivered__lt=F("wanted")).count(),
        "unread": Inbox.objects.filter(state="new").count(),
        "collected": Pledge.objects.filter(state="collected").count(),
    }


def steps(pid: str) -> dict[str, Any]:
    """How far the collecting and the worker with this process number are: few quick questions, asked many times."""
    tried = Outbox.objects.filter(kind__in=["charge", "refund"]).aggregate(n=Sum("attempts"))["n"] or 0
    told = PracticeEvent.objects.aggregate(n=Sum("delivered"))["n"] or 0
    read = Inbox.objects.aggregate(n=Sum("attempts"))["n"] or 0
    now = clock()
    waiting, messages = (
        Outbox.objects.filter(state=Outbox.WAITING),
        PracticeEvent.objects.filter(wanted__gt=F("delivered")),
    )
    unread = Inbox.objects.filter(state="new")
    firm = Pledge.objects.filter(kind="money", state="firm")
    collecting = Campaign.objects.filter(state="collecting").exists()
    return {
        "steps": tried + told + read,
        "runs": Run.objects.filter(worker__contains=f"-{pid}-", done__gt=0).count(),
        "job": ScheduledJob.objects.filter(lease_owner__contains=f"-{pid}-").exists(),
        "firm": firm.count(),
        "untried": firm.filter(tries=0).count(),
        "messages": messages.count(),
        "unread": unread.count(),
        "waiting": waiting.count(),
        "collecting": collecting,
        "due": waiting.filter(next_at__lte=now).exists()
        or messages.filter(due_at__lte=now).exists()
        or unread.filter(next_at__lte=now).exists()
        or firm.filter(next_try_at__lte=now).exists(),
    }


def look(walks: list[dict[str, Any]], paid_in: int) -> dict[str, Any]:
    """After the last kill: every sum and every gift."""
    campaign, award = Campaign.objects.get(), Award.objects.first()
    states = dict(Pledge.objects.order_by().values_list("state").annotate(n=Count("pk")))
    pot, sheet = balance("fund:pot"), trial_balance()
    pending = Transfer.objects.filter(phase="pending")
    late = Charge.objects.filter(late=True, state="settled").aggregate(n=Sum(F("amount") - F("refunding")))["n"] or 0
    kept = Pledge.objects.filter(state="collected").aggregate(n=Sum("pence"))["n"] or 0
    granted = award.pence if award and award.state == "granted" else 0
    good = Charge.objects.filter(state="settled", late=False)
    twice = good.values("purpose").annotate(n=Count("pk")).filter(n__gt=1)
    theirs, ours = remote.balance(), balance("asset:clearing:practice").posted
    wrong = _wrong(walks)
    checks = {
        "the campaign is settled": campaign.state in ("funded", "part-funded", "failed"),
        "no pledge is left half done": not set(states) - {"collected", "failed", "released", "refunded"},
        "every counter is exact": queries.counters_off() == [],
        "the ledger's audit is clean": audit.find_faults(deep=True) == [],
        "debits equal credits": sheet.debit == sheet.credit,
        "no pot is overspent": pot.available >= 0 and pot.posted >= 0,
        "the pot and the grant are what was paid in": pot.posted + granted == paid_in,
        "no pending is open": not pending.filter(resolved_by__isnull=True).exists(),
        "no pending is resolved twice": not pending.annotate(times=Count("resolved_by")).filter(times__gt=1).exists(),
        "nobody paid twice": not twice.exists(),
        "what givers paid is what is held": kept == campaign.crowd_collected
        and balance(campaign.held).posted == kept + granted,
        "the provider holds what the ledger says": theirs == ours,
        "what came late went back": late == 0,
        "suspense is empty": balance("liability:suspense").posted == 0,
        "no charge waits": not Charge.objects.filter(state__in=["created", "sent", "unknown"]).exists(),
        "no instruction waits": not Instruction.objects.filter(state="new").exists(),
        "every giver came back": all(walk["done"] for walk in walks),
        "every gift became what its card says": not wrong,
    }
    return {
        "pledges": states,
        "collected_pence": kept,
        "granted_pence": granted,
        "pot_left_pence": pot.posted,
        "charges": Charge.objects.count(),
        "came_late_and_went_back": Charge.objects.filter(late=True).count(),
        "transfers": Transfer.objects.count(),
        "state": campaign.state,
        "at_the_provider_pence": theirs,
        "in_the_ledger_pence": ours,
        "checked": len(checks),
        "faults": [name for name, holds in checks.items() if not holds],
        "wrong": wrong[:20],
        "counters_off": [str(each) for each in queries.counters_off()],
    }


def _wrong(walks: list[dict[str, Any]]) -> list[str]:
    """Each giver has one gift, of their amount, and it became what their card says."""
    gifts: dict[str, list[Pledge]] = {}
    for pledge in Pledge.objects.select_related("giver"):
        gifts.setdefault(pledge.giver.email, []).append(pledge)
    wrong = []
    for walk in walks:
        mine = gifts.get(f"p{walk['number']}@example.invalid", [])
        pence = int(walk["pounds"].replace(".", ""))
        if not walk["done"]:
            wrong.append(f"giver {walk['number']} did not come back: {walk['said']}")
        elif len(mine) != 1 or mine[0].pence != pence or mine[0].state not in BECAME[walk["card"]]:
            became = [(pledge.pence, pledge.state) for pledge in mine]
            wrong.append(f"giver {walk['number']} with {walk['card']} and {pence}: {became}")
    return wrong


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        sys.stdout.write(json.dumps(prepare(*(int(word) for word in sys.argv[2:]))))
    elif sys.argv[1] == "look":
        sys.stdout.write(json.dumps(look(json.load(sys.stdin), int(sys.argv[2]))))
    else:
        for asked in sys.stdin:
            what, _, pid = asked.strip().partition(" ")
            sys.stdout.write(json.dumps(steps(pid) if what == "steps" else stand()) + "\n")
            sys.stdout.flush()
