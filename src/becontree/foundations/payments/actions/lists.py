"""Payments that the council makes from its own bank: proposed, agreed to, listed, released, found on the statement.

A payout is reserved in the ledger when it is proposed, so that a fund cannot promise the same pound twice, and posted
when the bank's own statement shows it. Refunds of bank transfers go on the same list. One person makes the list,
another looks through it and releases it; only then can its file be fetched. Where the payee's bank account was checked
anew meanwhile, nothing goes out: the wait begins again, and the payout must be agreed to again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.ledger import actions as ledger
from becontree.foundations.ledger.actions import Line
from becontree.foundations.ledger.models import Journal, Transfer
from becontree.foundations.payments import books, permissions
from becontree.foundations.payments.actions.learn import learn_refund
from becontree.foundations.payments.models import PaymentList, Payout, Refund
from becontree.foundations.payments.payees import is_stale, must_be_checked, must_have_waited, why_not
from becontree.foundations.payments.port import News
from becontree.foundations.payments.purposes import purpose as purpose_of
from becontree.foundations.payments.reference import new_reference
from becontree.foundations.payments.states import State
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.people.models import Organisation


@transaction.atomic
def propose_payout(
    *, payee: Organisation, amount: int, purpose: str, from_account: str, key: str, by: Actor, now: datetime
) -> Payout:
    """Propose to pay an organisation. The money is reserved in `from_account` until it is paid or refused.

    Raises NotAllowed, Invalid (no checked bank account), Clash, the ledger's Overdrawn.
    """
    if not (permissions.is_finance(by) or (not isinstance(by, System) and by.has_role("officer", "funding"))):
        raise NotAllowed(
            "payments.propose", gettext("Only finance or an officer of the funding team may propose a payout.")
        )
    earlier = Payout.objects.filter(key=key).first()
    if earlier is not None:
        if (earlier.payee, earlier.amount, earlier.purpose) != (payee.pk, amount, purpose):
            raise Clash("payments.key", gettext("This key was used for another payout."))
        return earlier
    if amount <= 0:
        raise Invalid("payments.amount", gettext("The amount must be above zero."), "amount")
    must_be_checked(payee)
    row = Payout.objects.create(
        key=key,
        payee=payee.pk,
        purpose=purpose,
        amount=amount,
        from_account=from_account,
        reference=new_reference(),
        proposed_by=party_id(by),
        proposed_at=now,
    )
    books.open_accounts("bankfile")
    ledger.post(
        key=_key(row, "reserved"),
        kind="payout",
        occurred_on=now.astimezone(books.LONDON).date(),
        lines=[Line(from_account, books.clearing("bankfile"), amount, pending=True)],
        subject=purpose,
        by=by,
        now=now,
    )
    return row


@transaction.atomic
def approve_payout(*, payout: Payout, by: Actor, now: datetime) -> Payout:
    """A second person of finance agrees; again where the account was checked anew. Raises Invalid, Clash."""
    permissions.a_person_of_finance(by)
    row = Payout.objects.select_for_update().get(pk=payout.pk)
    permissions.not_the_same(by, row.proposed_by)
    purpose_of(row.purpose).may_pay_out(purpose=row.purpose, by=by)
    payee = Organisation.objects.get(pk=row.payee)
    if row.state != Payout.State.PROPOSED and not (row.state == Payout.State.APPROVED and is_stale(row, payee)):
        raise Clash("payments.payout-decided", gettext("This payout has been decided already."))
    must_have_waited(payee, now)
    row.state, row.approved_by, row.approved_at = Payout.State.APPROVED, party_id(by), now
    row.bank_checked_at = payee.bank_verified_at
    row.save()
    return row


@transaction.atomic
def refuse_payout(*, payout: Payout, reason: str, by: Actor, now: datetime) -> Payout:
    """Say no, until it is on a list, and free what was reserved. Raises NotAllowed, Invalid, Clash."""
    permissions.finance_only(by)
    row = Payout.objects.select_for_update().get(pk=payout.pk)
    purpose_of(row.purpose).may_pay_out(purpose=row.purpose, by=by)
    if not reason.strip():
        raise Invalid("payments.reason", gettext("Say why it is refused."), "reason")
    if row.state not in (Payout.State.PROPOSED, Payout.State.APPROVED):
        raise Clash("payments.payout-decided", gettext("This payout has been decided already."))
    row.state, row.refused_reason = Payout.State.REFUSED, reason.strip()[:300]
    row.refused_by, row.refused_at = party_id(by), now
    row.save()
    ledger.release(key=_key(row, "refused"), pending=_pending(row), by=by, now=now)
    _tell(row, "refused", now.astimezone(books.LONDON).date(), now)
    return row


@transaction.atomic
def make_list(*, by: Actor, now: datetime) -> PaymentList:
    """Put every refund by bank and every agreed payout that may go out now, and is on no list yet, on a new one.

    Payouts to an account that was checked anew, or not long enough ago, stay where they are. Raises Invalid.
    """
    permissions.a_person_of_finance(by)
    last = PaymentList.objects.select_for_update().aggregate(last=Max("number"))["last"] or 0
    refunds = list(
        Refund.objects.select_for_update().filter(charge__provider="bankfile", state=State.SENT, listed__isnull=True)
    )
    agreed = list(Payout.objects.select_for_update().filter(state=Payout.State.APPROVED))
    payees = Organisation.objects.in_bulk({row.payee for row in agreed})
    payouts = [row for row in agreed if why_not(row, payees[row.payee], now) == ""]
    if not refunds and not payouts:
        waiting = f" {len(agreed)} agreed, but must wait: see why beside each." if agreed else ""
        raise Invalid("payments.list-empty", gettext("There is nothing to pay now.%(waiting)s") % {"waiting": waiting})
    total = sum(row.amount for row in refunds) + sum(row.amount for row in payouts)
    made = PaymentList.objects.create(number=last + 1, made_by=party_id(by), made_at=now, total=total)
    Refund.objects.filter(pk__in=[row.pk for row in refunds]).update(listed=made)
    Payout.objects.filter(pk__in=[row.pk for row in payouts]).update(listed=made, state=Payout.State.LISTED)
    return made


@transaction.atomic
def release_list(*, listed: PaymentList, by: Actor, now: datetime) -> PaymentList:
    """A second person has looked through the list: it may go to the bank. Raises NotAllowed, Clash.

    Pressed twice by the same person it is released once, and no fault.
    """
    permissions.a_person_of_finance(by)
    row = PaymentList.objects.select_for_update().get(pk=listed.pk)
    permissions.not_the_same(by, row.made_by)
    if row.state == PaymentList.State.RELEASED and row.released_by == party_id(by):
        return row
    if row.state != PaymentList.State.MADE:
        raise Clash("payments.list-state", gettext("This list is %(state)s.") % {"state": row.get_state_display()})
    payouts = list(row.payouts.all())
    for payout in payouts:
        purpose_of(payout.purpose).may_pay_out(purpose=payout.purpose, by=by)
    _may_go_out(payouts, now)
    row.state, row.released_by, row.released_at = PaymentList.State.RELEASED, party_id(by), now
    row.save()
    return row


@transaction.atomic
def withdraw_list(*, listed: PaymentList, reason: str, by: Actor, now: datetime) -> PaymentList:
    """The list does not go to the bank after all: what is on it waits for another. Raises Invalid, Clash."""
    permissions.a_person_of_finance(by)
    row = PaymentList.objects.select_for_update().get(pk=listed.pk)
    if not reason.strip():
        raise Invalid("payments.reason", gettext("Say why the list is withdrawn."), "reason")
    if row.state not in PaymentList.OPEN:
        raise Clash("payments.list-state", gettext("This list is %(state)s.") % {"state": row.get_state_display()})
    if row.payouts.filter(state=Payout.State.PAID).exists() or row.refunds.filter(state=State.SETTLED).exists():
        raise Clash("payments.list-begun", gettext("The statement shows that part of this list was paid already."))
    row.refunds.update(listed=None)
    row.payouts.update(listed=None, state=Payout.State.APPROVED)
    row.state, row.withdrawn_by, row.withdrawn_reason = (
        PaymentList.State.WITHDRAWN, party_id(by), reason.strip()[:300],
    )  # fmt: skip
    row.save()
    return row


def fit_to_send(listed: PaymentList, now: datetime) -> None:
    """Raises Clash where the file must not go to the bank: not released, or an account was checked anew since."""
    if listed.state not in (PaymentList.State.RELEASED, PaymentList.State.PAID):
        raise Clash(
            "payments.list-unreleased",
            gettext("A second person must release this list before its file can be fetched."),
        )
    _may_go_out(listed.payouts.filter(state=Payout.State.LISTED), now)


def payout_found(payout: Payout, *, on: date, by: Actor, now: datetime) -> None:
    """The statement shows that a payout was paid. Raises Invalid where it is on no released list."""
    row = Payout.objects.select_for_update().get(pk=payout.pk)
    listed = _released(row.listed_id, row.state == Payout.State.LISTED)
    row.state, row.paid_on = Payout.State.PAID, on
    row.save()
    _settle(row, on, by, now)
    _tell(row, "paid", on, now)
    _finished(listed, on)


def refund_found(back: Refund, *, on: date, now: datetime) -> None:
    """The statement shows that a refund was paid. Raises Invalid where it is on no released list."""
    listed = _released(back.listed_id, back.state == State.SENT)
    learn_refund(back.pk, News("settled"), now=now)
    _finished(listed, on)


def list_found(listed: PaymentList, *, on: date, by: Actor, now: datetime) -> None:
    """The statement shows everything of a list that was not found before, in one line."""
    for payout in listed.payouts.filter(state=Payout.State.LISTED).order_by("proposed_at", "id"):
        payout_found(payout, on=on, by=by, now=now)
    for back in listed.refunds.filter(state=State.SENT).order_by("proposed_at", "id"):
        refund_found(back, on=on, now=now)


def _released(number: UUID | None, stands: bool) -> PaymentList:
    listed = PaymentList.objects.select_for_update().filter(pk=number).first() if number else None
    if listed is None or not stands or listed.state != PaymentList.State.RELEASED:
        raise Invalid(
            "payments.not-sent",
            gettext("That is on no list that was released for the bank, or is paid already."),
            "what",
        )
    return listed


def _finished(listed: PaymentList, on: date) -> None:
    """A list is paid with the last of its payments."""
    if listed.payouts.exclude(state=Payout.State.PAID).exists() or listed.refunds.exclude(state=State.SETTLED).exists():
        return
    listed.state, listed.paid_on = PaymentList.State.PAID, on
    listed.save(update_fields=["state", "paid_on"])


def _settle(row: Payout, on: date, by: Actor, now: datetime) -> None:
    """Post what was reserved, on the statement's day; today, where that month's books are closed."""
    reserved = Journal.objects.get(key=_key(row, "reserved")).occurred_on
    day = max(on, reserved)
    try:
        ledger.settle(key=_key(row, "paid"), pending=_pending(row), by=by, now=now, occurred_on=day)
    except ledger.MonthClosed:
        ledger.settle(key=_key(row, "paid"), pending=_pending(row), by=by, now=now)


def _may_go_out(payouts: Iterable[Payout], now: datetime) -> None:
    rows = list(payouts)
    payees = Organisation.objects.in_bulk({row.payee for row in rows})
    for row in rows:
        reason = why_not(row, payees[row.payee], now)
        if reason:
            raise Clash(
                "payments.list-stale", gettext("%(reason)s Withdraw this list and make a new one.") % {"reason": reason}
            )


def _tell(row: Payout, state: str, on: date, now: datetime) -> None:
    purpose_of(row.purpose).on_payout(
        purpose=row.purpose, payout_id=row.pk, amount=row.amount, state=state, on=on, now=now
    )


def _pending(row: Payout) -> list[Transfer]:
    return list(Journal.objects.get(key=_key(row, "reserved")).transfers.all())


def _key(row: Payout, step: str) -> str:
    return f"payout:{row.pk}:{step}"
