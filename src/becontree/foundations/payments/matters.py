"""What should not stay open: every matter with its age, its page, and words that say what it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.dates import day
from becontree.foundations.payments import queries
from becontree.foundations.payments.looking import failure
from becontree.foundations.payments.models import (
    Charge,
    Dispute,
    Inbox,
    Outbox,
    PaymentList,
    Refund,
)
from becontree.foundations.payments.port import providers
from becontree.foundations.payments.purposes import titles_of
from becontree.foundations.payments.states import State

SOON: Final = timedelta(hours=1)
MOST: Final = 100  # of each kind on one page
CALLS: Final = {
    "begin": _("A payment to begin: {provider} does not answer"),
    "charge": _("A charge to make: {provider} does not answer"),
    "refund": _("A refund to send: {provider} does not answer"),
}


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that a person of finance should look at, and since when."""

    kind: str
    text: str
    amount: int
    since: datetime
    url: str = ""


def matters(now: datetime) -> list[Matter]:
    """Everything open that should not stay open, oldest first, each with its page where it has one."""
    found = [*_lines(), *_charges(now), *_refunds(), *_disputes(), *_payouts(), *_lists(), *_talk(now - SOON)]
    return sorted(found, key=lambda matter: (matter.since, matter.text))


def unplaced(suspense: int, found: list[Matter]) -> int:
    """What suspense holds that no open bank line explains, in pence. `found`: the open matters, read before."""
    lines = [matter.amount for matter in found if matter.kind == "unmatched"]
    if len(lines) < MOST:
        return suspense - sum(lines)
    return suspense - int(queries.unexplained().aggregate(n=Sum("amount"))["n"] or 0)


def _title(provider: str) -> str:
    known = providers().get(provider)
    return str(known.title) if known else provider


def _lines() -> Iterator[Matter]:
    for line in queries.unexplained().select_related("statement").order_by("on")[:MOST]:
        text = gettext("Bank line of {day}: {words}").format(day=day(line.on), words=line.description)
        text += f" ({line.note})" if line.note else ""
        url = reverse("payments:match", args=[line.pk])
        yield Matter("unmatched", text, line.amount, line.statement.imported_at, url)


def _charges(now: datetime) -> Iterator[Matter]:
    odd = Q(state=State.UNKNOWN) | Q(state__in=[State.CREATED, State.SENT], created_at__lt=now - timedelta(days=1))
    open_still = (odd & ~Q(provider="bankfile")) | ~Q(contradiction="")
    rows = list(Charge.objects.filter(open_still, created_at__lt=now - SOON).order_by("created_at")[:MOST])
    titles = titles_of(row.purpose for row in rows)
    for row in rows:
        silent = gettext("no answer from {provider}").format(provider=_title(row.provider))
        text = gettext("Payment for {what}: {trouble}").format(
            what=titles[row.purpose], trouble=row.contradiction or silent
        )
        yield Matter("charge", text, row.amount, row.created_at, reverse("payments:charge", args=[row.pk]))


def _refunds() -> Iterator[Matter]:
    open_still = Refund.objects.filter(state__in=["proposed", State.FAILED, State.UNKNOWN])
    rows = list(open_still.select_related("charge").order_by("proposed_at")[:MOST])
    titles = titles_of(row.charge.purpose for row in rows)
    for row in rows:
        said = {
            "proposed": gettext("Refund for {what} waits for a second person"),
            State.FAILED: gettext("Refund for {what} was refused: {why}"),
        }.get(row.state, gettext("Refund for {what}: no answer"))
        text = said.format(what=titles[row.charge.purpose], why=failure(row.failure))
        yield Matter("refund", text, row.amount, row.proposed_at, reverse("payments:refunds"))


def _disputes() -> Iterator[Matter]:
    open_still = Dispute.objects.filter(Q(state="open") | Q(receivable=True))
    rows = list(open_still.select_related("charge").order_by("opened_at")[:MOST])
    titles = titles_of(row.charge.purpose for row in rows)
    for row in rows:
        lost = gettext("Dispute over {what}: lost, and owed by the project")
        said = lost if row.receivable else gettext("Dispute over {what}")
        url = reverse("payments:charge", args=[row.charge_id])
        yield Matter("dispute", said.format(what=titles[row.charge.purpose]), row.amount, row.opened_at, url)


def _payouts() -> Iterator[Matter]:
    rows = list(queries.payouts_waiting()[:MOST])
    titles = titles_of(row.purpose for row in rows)
    for row in rows:
        text = gettext("Payout for {what} waits for a second person").format(what=titles[row.purpose])
        yield Matter("payout", text, row.amount, row.proposed_at, reverse("payments:payout", args=[row.pk]))


def _lists() -> Iterator[Matter]:
    for row in PaymentList.objects.filter(state__in=PaymentList.OPEN).order_by("number")[:MOST]:
        waits = gettext("List {number} waits for a second person")
        said = waits if row.state == PaymentList.State.MADE else gettext("List {number} is not on a statement yet")
        url = reverse("payments:list", args=[row.number])
        yield Matter("list", said.format(number=row.number), row.total, row.released_at or row.made_at, url)


def _talk(old: datetime) -> Iterator[Matter]:
    """What was said between us and a provider, and did not go through."""
    events = Inbox.objects.filter(Q(state=Inbox.STRANGE) | Q(state=Inbox.NEW, received_at__lt=old))
    for event in events.order_by("received_at")[:MOST]:
        text = gettext("Message {number} of {provider}: {trouble}").format(
            number=event.event_id, provider=_title(event.provider), trouble=event.error
        )
        yield Matter("message", text, 0, event.received_at)
    calls = Outbox.objects.filter(Q(state=Outbox.DEAD) | Q(state=Outbox.WAITING, created_at__lt=old))
    for out in calls.order_by("created_at")[:MOST]:
        text = str(CALLS[out.kind]).format(provider=_title(out.provider))
        yield Matter("call", text, 0, out.created_at)
