"""Payments that the council makes from its own bank: proposed, agreed to by a second person, listed, marked as paid.

A payout is reserved in the ledger when it is proposed, so that a fund cannot promise the same pound twice, and posted
when it is paid. Refunds of bank transfers go on the same list. One person makes the list and enters it at the bank;
another checks the bank and marks it as paid.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.ledger import actions as ledger
from becontree.foundations.ledger.actions import Line
from becontree.foundations.ledger.models import Journal, Transfer
from becontree.foundations.payments import books, limits, permissions
from becontree.foundations.payments.actions.learn import learn_refund
from becontree.foundations.payments.models import PaymentList, Payout, Refund
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

    Raises NotAllowed, Invalid (no checked bank account, or checked too recently), Clash, the ledger's Overdrawn.
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
    _may_be_paid(payee, now)
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
    """A second person, of finance, agrees. Raises NotAllowed, Invalid, Clash."""
    permissions.a_person_of_finance(by)
    row = _proposed(payout)
    permissions.not_the_same(by, row.proposed_by)
    _may_be_paid(Organisation.objects.get(pk=row.payee), now)
    row.state, row.approved_by, row.approved_at = "approved", party_id(by), now
    row.save()
    return row


@transaction.atomic
def refuse_payout(*, payout: Payout, reason: str, by: Actor, now: datetime) -> Payout:
    """Say no, and free what was reserved. Raises NotAllowed, Invalid, Clash."""
    permissions.finance_only(by)
    if not reason.strip():
        raise Invalid("payments.reason", gettext("Say why."), "reason")
    row = _proposed(payout)
    row.state, row.refused_reason = "refused", reason.strip()[:300]
    row.save()
    ledger.release(key=_key(row, "refused"), pending=_pending(row), by=by, now=now)
    purpose_of(row.purpose).on_payout(
        purpose=row.purpose, payout_id=row.pk, amount=row.amount, state="refused", now=now
    )
    return row


@transaction.atomic
def make_list(*, by: Actor, now: datetime) -> PaymentList:
    """Put every refund by bank and every agreed payout that is on no list yet on a new one. Raises Invalid."""
    permissions.a_person_of_finance(by)
    last = PaymentList.objects.select_for_update().aggregate(last=Max("number"))["last"] or 0
    refunds = Refund.objects.select_for_update().filter(
        charge__provider="bankfile", state=State.SENT, listed__isnull=True
    )
    payouts = Payout.objects.select_for_update().filter(state="approved")
    total = sum(row.amount for row in refunds) + sum(row.amount for row in payouts)
    if not total:
        raise Invalid("payments.list-empty", gettext("There is nothing to pay."))
    made = PaymentList.objects.create(number=last + 1, made_by=party_id(by), made_at=now, total=total)
    Refund.objects.filter(pk__in=[row.pk for row in refunds]).update(listed=made)
    Payout.objects.filter(pk__in=[row.pk for row in payouts]).update(listed=made, state="listed")
    return made


@transaction.atomic
def mark_list_paid(*, listed: PaymentList, paid_on: date, by: Actor, now: datetime) -> PaymentList:
    """A second person has seen that the bank made every payment of it. Raises NotAllowed, Invalid, Clash."""
    permissions.a_person_of_finance(by)
    row = PaymentList.objects.select_for_update().get(pk=listed.pk)
    permissions.not_the_same(by, row.made_by)
    if row.paid_at is not None:
        raise Clash("payments.list-paid", gettext("This list has been marked as paid already."))
    if paid_on > now.astimezone(books.LONDON).date() or paid_on < row.made_at.astimezone(books.LONDON).date():
        raise Invalid(
            "payments.paid-on", gettext("That day is before the list was made, or has not come yet."), "paid_on"
        )
    row.paid_by, row.paid_at, row.paid_on = party_id(by), now, paid_on
    row.save()
    for refund in row.refunds.all():
        learn_refund(refund.pk, News("settled"), now=now)
    for payout in row.payouts.all():
        payout.state, payout.paid_at = "paid", now
        payout.save()
        ledger.settle(key=_key(payout, "paid"), pending=_pending(payout), by=by, now=now)
        purpose_of(payout.purpose).on_payout(
            purpose=payout.purpose, payout_id=payout.pk, amount=payout.amount, state="paid", now=now
        )
    return row


def _proposed(payout: Payout) -> Payout:
    row = Payout.objects.select_for_update().get(pk=payout.pk)
    if row.state != "proposed":
        raise Clash("payments.payout-decided", gettext("This payout has been decided already."))
    return row


def _may_be_paid(payee: Organisation, now: datetime) -> None:
    """Only a checked organisation with a checked bank account, and not within hours of a change to it."""
    if payee.verified_at is None or payee.bank_verified_at is None:
        raise Invalid(
            "payments.payee-unchecked",
            gettext("The bank account of %(name)s has not been checked.") % {"name": payee.name},
            "payee",
        )
    hours = limits.cooling_hours(now.astimezone(books.LONDON).date())
    if now < payee.bank_verified_at + timedelta(hours=hours):
        raise Invalid(
            "payments.payee-cooling",
            gettext("The bank account of %(name)s was checked less than %(hours)s hours ago. Wait, and telephone them.")
            % {"name": payee.name, "hours": hours},
            "payee",
        )


def _pending(row: Payout) -> list[Transfer]:
    return list(Journal.objects.get(key=_key(row, "reserved")).transfers.all())


def _key(row: Payout, step: str) -> str:
    return f"payout:{row.pk}:{step}"
