"""Money into a fund: written down by hand, above the council's figure by two people, or found on the bank's statement.

Above the figure nothing is posted before a second person of finance has read the sum, the bank's reference and the day,
and confirmed them. A reference counts once a fund, also while it waits.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext

from becontree.citizenship.giving import books, figures, queries
from becontree.citizenship.giving.actions.locking import fund_locked
from becontree.citizenship.giving.models import Fund, PayIn
from becontree.foundations.kit import as_read
from becontree.foundations.kit.dates import LONDON
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.pence import pounds
from becontree.foundations.kit.words import one_line
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.record import actions as record

TOGETHER: Final = timedelta(days=7)  # what one person wrote down alone in so long counts with the next: no slicing
LEAST_WHY, MOST_WHY = 3, 300


@transaction.atomic
def pay_in(*, fund: Fund, pence: int, reference: str, on: date, by: Actor, now: datetime) -> PayIn:
    """Write down that money for a fund is in the bank. `reference` is the bank's own, so that it is counted once.

    Above `figures.pay_in_alone` it waits for a second person, and nothing is posted; the software by a published rule
    needs none. Two references are the same whatever their spaces and capitals. Raises NotAllowed, Invalid (also a day
    in the future, or further back than `figures.earliest`), Clash.
    """
    _finance(by)
    if pence <= 0:
        raise Invalid("fund.amount", gettext("The amount must be above zero."), "pence")
    reference = one_line(reference)
    if not reference:
        raise Invalid("fund.reference", gettext("Give the bank's reference, so that it is counted once."), "reference")
    today = now.astimezone(LONDON).date()
    _may_be(on, today)
    fund = fund_locked(fund)
    _not_yet(fund, reference)
    waits = not isinstance(by, System) and alone_of(fund, by, now) + pence > figures.pay_in_alone(today)
    try:
        with transaction.atomic():
            written = PayIn.objects.create(
                fund=fund, pence=pence, reference=reference[:60], plain=books.plain(reference)[:300], on=on,
                state=PayIn.State.WAITS if waits else PayIn.State.ALONE, written_by=party_id(by), written_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise _twice() from error
    if not waits:
        _post(fund, written, by, now)
    return written


def alone_of(fund: Fund, by: Actor, now: datetime) -> int:
    """Pence that the person has lately written down alone for this fund."""
    alone = PayIn.objects.filter(
        fund=fund, written_by=party_id(by), state=PayIn.State.ALONE, written_at__gt=now - TOGETHER
    )
    return alone.aggregate(all=Sum("pence"))["all"] or 0


@transaction.atomic
def confirm_pay_in(*, written: PayIn, read: str, by: Actor, now: datetime) -> PayIn:
    """A second person of finance has seen it on the bank's statement too: it counts from now on.

    `read`: the mark of what they had before them (`queries.as_read`). Raises NotAllowed (not finance, or the one who
    wrote it down), Invalid, and Clash: decided already, not what was read, or counted meanwhile.
    """
    fund, waits = _waiting(written)
    _second(by, waits)
    as_read.must_be(read, queries.as_read(waits), "fund.pay-in-changed")
    _may_be(waits.on, now.astimezone(LONDON).date())
    if books.is_paid_in(fund, waits.reference):
        raise _twice()
    _decide(waits, PayIn.State.CONFIRMED, by, now)
    _post(fund, waits, by, now)
    return waits


@transaction.atomic
def decline_pay_in(*, written: PayIn, why_not: str, by: Actor, now: datetime) -> PayIn:
    """A second person says no, and why. Nothing was posted, and nothing is. Raises NotAllowed, Invalid, Clash."""
    _fund, waits = _waiting(written)
    _second(by, waits)
    why_not = one_line(why_not)
    if not LEAST_WHY <= len(why_not) <= MOST_WHY:
        raise Invalid("fund.pay-in-why", gettext("Say why, in a few words."), "why_not")
    waits.why_not = why_not
    return _decide(waits, PayIn.State.DECLINED, by, now)


@transaction.atomic
def stop_pay_in(*, written: PayIn, by: Actor, now: datetime) -> PayIn:
    """Whoever wrote it down takes it back. Raises NotAllowed, Clash."""
    _fund, waits = _waiting(written)
    _finance(by)
    if waits.written_by != party_id(by):
        raise NotAllowed("fund.pay-in-theirs", gettext("Somebody else wrote this down: decline it instead."))
    return _decide(waits, PayIn.State.STOPPED, by, now)


@transaction.atomic
def found_in_bank(*, fund: Fund, pence: int, on: date, by: Actor, now: datetime) -> str:
    """The bank's own statement shows money for a fund: the ledger account that it belongs to. `payments` posts it.

    Where somebody has written the same amount down by hand, this is its line, and nothing is counted twice: not if it
    is in the ledger, and not if it waits for a second person, whom it no longer needs. Raises NotAllowed and, for money
    out, Invalid.
    """
    _finance(by)
    if pence <= 0:
        raise Invalid(
            "fund.amount", gettext("Money out of a fund is a payout, proposed and agreed to by two people."), "what"
        )
    fund = fund_locked(fund)
    if books.waits_for_bank(fund.account, pence, fund.ref):
        return books.BANK
    waits = PayIn.objects.select_for_update().filter(fund=fund, pence=pence, state=PayIn.State.WAITS)
    if (first := waits.order_by("written_at", "pk").first()) is not None:
        _decide(first, PayIn.State.FOUND, by, now)
    _say(fund, pence, on, by, now)
    return fund.account


def _finance(by: Actor) -> None:
    if not isinstance(by, System) and not by.has_role("finance"):
        raise NotAllowed("fund.pay-in", gettext("Only people who keep the accounts can do that."))


def _second(by: Actor, waits: PayIn) -> None:
    """A person of finance, and not the one who wrote it down: human eyes on the bank's statement."""
    if isinstance(by, System):
        raise NotAllowed("fund.pay-in", gettext("Only people who keep the accounts can do that."))
    _finance(by)
    if party_id(by) == waits.written_by:
        raise NotAllowed(
            "fund.pay-in-two", gettext("You wrote this down yourself: a second person of finance must decide.")
        )


def _may_be(on: date, today: date) -> None:
    first = figures.earliest(today)
    if on > today:
        raise Invalid("fund.day", gettext("This day is in the future. Write the day on the bank's statement."), "on")
    if on < first:
        raise Invalid(
            "fund.day",
            gettext("Money can be dated back to %(first)s at most. Look at the year again.")
            % {"first": f"{first:%d %B %Y}"},
            "on",
        )


def _not_yet(fund: Fund, reference: str) -> None:
    """Raises Clash where the reference counts already, waits to be confirmed, or came with the bank's own line."""
    known = PayIn.objects.filter(fund=fund, plain=books.plain(reference)[:300])
    if known.filter(state=PayIn.State.WAITS).exists():
        raise Clash(
            "fund.paid-in",
            gettext("Money with this reference waits for a second person already. Nothing was counted twice."),
            "reference",
        )
    found = known.filter(state=PayIn.State.FOUND).values_list("pence", flat=True)
    if books.is_paid_in(fund, reference) or any(books.is_matched(fund, pence) for pence in found):
        raise _twice()


def _twice() -> Clash:
    return Clash(
        "fund.paid-in",
        gettext("Money with this reference is recorded already. Nothing was counted twice."),
        "reference",
    )


def _waiting(written: PayIn) -> tuple[Fund, PayIn]:
    """The fund, then what waits, both held. Raises Clash where it waits no longer."""
    fund = fund_locked(written.fund)
    waits = PayIn.objects.select_for_update().get(pk=written.pk)
    waits.fund = fund
    if waits.state != PayIn.State.WAITS:
        raise Clash("fund.pay-in-decided", gettext("This was decided already."))
    return fund, waits


def _decide(waits: PayIn, state: str, by: Actor, now: datetime) -> PayIn:
    waits.state, waits.decided_by, waits.decided_at = PayIn.State(state), party_id(by), now
    waits.save(update_fields=["state", "decided_by", "decided_at", "why_not"])
    return waits


def _post(fund: Fund, written: PayIn, by: Actor, now: datetime) -> None:
    books.pay_in(fund, written.pence, books.pay_in_key(fund, written.plain), written.on, by, now)
    _say(fund, written.pence, written.on, by, now)


def _say(fund: Fund, pence: int, on: date, by: Actor, now: datetime) -> None:
    record.enter(
        kind="fund.paid-in",
        step="funded",
        thing=fund.ref,
        title=f"{pounds(pence, short=True)} paid into {fund.name}",
        facts={"pence": pence},
        on=on,
        by=by,
        now=now,
    )
