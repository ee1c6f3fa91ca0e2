"""Closing a month: one person of finance proposes it, another confirms."""

from __future__ import annotations

import calendar
from datetime import date, datetime

from django.db import connections, transaction
from django.db.models import Sum
from django.utils.translation import gettext

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.ledger import queries
from becontree.foundations.ledger.actions.posting import LONDON, USING
from becontree.foundations.ledger.models import Closing, Month, Proposal, Transfer
from becontree.foundations.ledger.permissions import finance
from becontree.foundations.people.actors import Actor, System, party_id


@transaction.atomic
def propose_closing(*, month: date, reason: str, by: Actor, now: datetime) -> Proposal:
    """One person of finance proposes to close the books up to the end of the month that `month` lies in.

    Raises NotAllowed, Invalid (no reason; the month is not over, or not the next), Clash (another proposal waits).
    """
    finance(by)
    last_day = _last_day(month)
    if last_day != queries.month_to_close(now.astimezone(LONDON).date()):
        raise Invalid("ledger.month.not-next", gettext("This is not the next month that can be closed."), "month")
    if Proposal.objects.filter(state=Proposal.State.WAITS).exists():
        raise Clash("ledger.month.proposed", gettext("Somebody has proposed this already."))
    return Proposal.objects.create(
        last_day=last_day,
        reason=_why(reason, "reason"),
        entries=queries.entries_to_close(last_day),
        proposed_by=party_id(by),
        proposed_at=now,
    )


@transaction.atomic
def confirm_closing(*, proposal: Proposal, entries: int, by: Actor, now: datetime) -> Month:
    """A second person of finance confirms, having looked at `entries` entries: the books are closed, for ever.

    Raises NotAllowed (the same person), Clash (decided before, or something was written since they looked), Invalid.
    """
    waits = _second_person(proposal, by)
    _lock_the_books()
    if queries.entries_to_close(waits.last_day) != entries:
        raise Clash("ledger.month.moved", gettext("Something was written since you looked. Look at the sums again."))
    closed = _close(waits.last_day, by, now, waits.reason, proposed_by=waits.proposed_by)
    _decide(waits, Proposal.State.CONFIRMED, by, now)
    return closed


@transaction.atomic
def decline_closing(*, proposal: Proposal, why_not: str, by: Actor, now: datetime) -> Proposal:
    """A second person of finance declines, and says why. Raises NotAllowed, Clash, Invalid."""
    waits = _second_person(proposal, by)
    return _decide(waits, Proposal.State.DECLINED, by, now, _why(why_not, "why_not"))


@transaction.atomic
def take_closing_back(*, proposal: Proposal, by: Actor, now: datetime) -> Proposal:
    """Whoever proposed it takes it back. Raises NotAllowed, Clash."""
    finance(by)
    waits = _waiting(proposal)
    if waits.proposed_by != party_id(by):
        raise NotAllowed("ledger.month.not-yours", gettext("Somebody else proposed this: decline it instead."))
    return _decide(waits, Proposal.State.TAKEN_BACK, by, now)


@transaction.atomic
def close_month(*, month: date, by: System, now: datetime, reason: str = "") -> Month:
    """Close the books up to the end of the month that `month` lies in: nothing more is dated there, ever.

    For the software itself; people propose and confirm. Raises NotAllowed, Invalid (the month is not over, or a later
    one is closed already).
    """
    if not isinstance(by, System):
        raise NotAllowed(
            "ledger.month.two-people", gettext("One person proposes to close the books, another confirms.")
        )
    _lock_the_books()
    return _close(_last_day(month), by, now, reason)


def _last_day(month: date) -> date:
    return date(month.year, month.month, calendar.monthrange(month.year, month.month)[1])


def _lock_the_books() -> None:
    connection = connections[USING]
    if connection.vendor == "postgresql":  # wait for those who are writing, and let nobody begin
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE ledger_journal IN SHARE ROW EXCLUSIVE MODE")


def _close(last_day: date, by: Actor, now: datetime, reason: str, *, proposed_by: str = "") -> Month:
    if last_day >= now.astimezone(LONDON).date():
        raise Invalid("ledger.month.running", "This month is not over yet.", "month")
    before = Month.objects.order_by("-last_day").first()
    if before is not None and before.last_day >= last_day:
        raise Invalid("ledger.month.closed", f"The books are closed up to {before.last_day} already.", "month")
    closed = Month.objects.create(
        last_day=last_day, actor=party_id(by), closed_at=now, reason=reason.strip()[:300], proposed_by=proposed_by
    )
    totals = {row.account_id: [row.debit, row.credit] for row in before.closings.all()} if before else {}
    moves = Transfer.objects.filter(phase__in=("single", "post"), occurred_on__lte=last_day)
    if before is not None:
        moves = moves.filter(occurred_on__gt=before.last_day)
    for side, name in enumerate(("debit_id", "credit_id")):
        for number, amount in moves.order_by().values_list(name).annotate(Sum("amount")):
            totals.setdefault(number, [0, 0])[side] += amount
    Closing.objects.bulk_create(
        [
            Closing(month=closed, account_id=number, debit=debit, credit=credit)
            for number, (debit, credit) in sorted(totals.items())
        ],
        batch_size=500,
    )
    return closed


def _second_person(proposal: Proposal, by: Actor) -> Proposal:
    finance(by)
    waits = _waiting(proposal)
    if waits.proposed_by == party_id(by):
        raise NotAllowed("ledger.two-people", gettext("You proposed this yourself: a second person must decide."))
    return waits


def _waiting(proposal: Proposal) -> Proposal:
    found = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if found.state != Proposal.State.WAITS:
        raise Clash("ledger.month.decided", gettext("Somebody decided this already."))
    return found


def _decide(proposal: Proposal, state: str, by: Actor, now: datetime, why_not: str = "") -> Proposal:
    proposal.state, proposal.why_not = Proposal.State(state), why_not
    proposal.decided_by, proposal.decided_at = party_id(by), now
    proposal.save(update_fields=["state", "why_not", "decided_by", "decided_at"])
    return proposal


def _why(reason: str, field: str) -> str:
    reason = reason.strip()
    if not 5 <= len(reason) <= 300:
        raise Invalid("ledger.month.reason", gettext("Say why, in 5 to 300 letters."), field)
    return reason
