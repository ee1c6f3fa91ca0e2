"""Asking a giver to pay, charging what they saved, giving back. Each only writes what is meant; the outbox does it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils.translation import gettext

from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.pence import pounds
from becontree.foundations.payments import books, limits, permissions
from becontree.foundations.payments.actions.outbox import attempt_after_commit, intend
from becontree.foundations.payments.models import Charge, Instruction, Refund
from becontree.foundations.payments.port import Take, adapter
from becontree.foundations.payments.reference import new_reference
from becontree.foundations.payments.states import InstructionState, State
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.people.models import Organisation, Person


@transaction.atomic
def begin(
    *,
    payer: Person | Organisation | System | str,
    amount: int,
    purpose: str,
    return_url: str,
    key: str,
    now: datetime,
    provider: str | None = None,
    take: Take | None = None,
    for_lottery: bool = False,
) -> Instruction:
    """Ask a giver for leave to take `amount` pence for `purpose`; send them to the answer's `.next_url`.

    `take` "later" saves the means of payment for `charge`; "now" takes the money on the provider's page, and a Charge
    is made here at once. None: "later" where the provider can. The same key gives the same instruction back.
    Raises Invalid, Clash (the key was used for something else).
    """
    name = provider or settings.PAYMENT_PROVIDER
    able = adapter(name).capabilities
    chosen: Take = take or ("later" if able.save_and_charge else "now")
    who = payer if isinstance(payer, str) else str(payer.pk) if not isinstance(payer, System) else party_id(payer)
    facts = {"payer": who, "amount": amount, "purpose": purpose, "provider": name, "take": chosen}
    earlier = Instruction.objects.filter(key=key).first()
    if earlier is not None:
        return _same(earlier, facts)
    least = limits.least_gift(now.astimezone(books.LONDON).date())
    if amount < least:
        raise Invalid(
            "payments.least",
            gettext("The least you can give by card or bank is %(least)s.") % {"least": pounds(least, short=True)},
            "amount",
        )
    if chosen == "later" and not able.save_and_charge:
        raise Invalid("payments.cannot-save", gettext("This way of paying takes the money at once."), "provider")
    if chosen == "now" and not able.charge_and_refund:
        raise Invalid("payments.cannot-charge", gettext("This way of paying cannot take money at once."), "provider")
    if for_lottery and not (able.lottery_allowed and (able.card_kind_known or able.direct_debit)):
        raise Invalid("payments.lottery", gettext("Lottery tickets cannot be paid for in this way."), "provider")
    if not _safe_return(return_url):
        raise Invalid("payments.return", gettext("The giver can only come back to a page of this site."), "return_url")
    try:
        with transaction.atomic():
            instruction = Instruction.objects.create(
                key=key,
                **facts,
                reference=new_reference(),
                return_url=return_url,
                debit_only=for_lottery and able.card_kind_known,
                begun_at=now,
            )
    except IntegrityError:
        found = Instruction.objects.filter(key=key).first()
        if found is None:  # the one-in-ten-thousand-million clash of references
            raise Clash("payments.reference", gettext("Please try again.")) from None
        return _same(found, facts)
    if chosen == "now":
        Charge.objects.create(
            key=f"{key}:now",
            instruction=instruction,
            provider=name,
            purpose=purpose,
            amount=amount,
            created_by=who,
            created_at=now,
        )
    row = intend("begin", instruction.pk, key, name, now=now)
    attempt_after_commit(row, now=now)
    return instruction


@transaction.atomic
def charge(
    *, instruction: Instruction, amount: int, key: str, by: Actor, now: datetime, at_once: bool = False
) -> Charge:
    """Take `amount` pence by the saved means. Never more in all than the giver agreed to.

    The provider is told after the commit: by the job, or at once with `at_once`. The same key gives the same charge
    back. Raises Invalid, Clash.
    """
    held = Instruction.objects.select_for_update().get(pk=instruction.pk)
    earlier = Charge.objects.filter(key=key).first()
    if earlier is not None:
        if (earlier.instruction_id, earlier.amount) != (held.pk, amount):
            raise Clash("payments.key", gettext("This key was used for another charge."))
        return earlier
    if held.state != InstructionState.READY or held.take != "later":
        raise Invalid("payments.not-ready", gettext("There is no saved way to pay for this."), "instruction")
    if amount <= 0:
        raise Invalid("payments.amount", gettext("The amount must be above zero."), "amount")
    taken = held.charges.exclude(state=State.FAILED).aggregate(pence=Sum("amount"))["pence"] or 0
    if taken + amount > held.amount:
        raise Invalid(
            "payments.consent",
            gettext("The giver agreed to %(amount)s in all, not more.") % {"amount": pounds(held.amount)},
            "amount",
        )
    row = Charge.objects.create(
        key=key,
        instruction=held,
        provider=held.provider,
        purpose=held.purpose,
        amount=amount,
        created_by=party_id(by),
        created_at=now,
    )
    out = intend("charge", row.pk, key, held.provider, now=now)
    if at_once:
        attempt_after_commit(out, now=now)
    return row


@transaction.atomic
def refund(
    *,
    charge: Charge,
    amount: int,
    key: str,
    reason: str,
    by: Actor,
    now: datetime,
    from_account: str = "",
) -> Refund:
    """Give back `amount` pence of a charge, to where it came from. Refunds of one charge never pass the charge.

    By a person of finance; above the council's limit it waits for a second one (`approve_refund`). By a System (a
    published rule, such as a campaign that failed) it goes at once. `from_account` is the ledger account that bears it,
    where the money has moved on from the one first credited. The same key gives the same refund back.
    Raises NotAllowed, Invalid, Clash, and the ledger's Overdrawn where that account no longer holds the money.
    """
    permissions.finance_only(by)
    held = Charge.objects.select_for_update().get(pk=charge.pk)
    earlier = Refund.objects.filter(key=key).first()
    if earlier is not None:
        if (earlier.charge_id, earlier.amount) != (held.pk, amount):
            raise Clash("payments.key", gettext("This key was used for another refund."))
        return earlier
    if held.state != State.SETTLED:
        raise Invalid("payments.not-settled", gettext("Nothing has been paid, so nothing can go back."), "charge")
    if amount <= 0 or not reason.strip():
        raise Invalid("payments.refund", gettext("A refund has an amount above zero and a reason."), "amount")
    within = Charge.objects.filter(pk=held.pk, refunding__lte=F("amount") - amount)
    if not within.update(refunding=F("refunding") + amount):
        left = pounds(held.amount - held.refunding)
        raise Invalid(
            "payments.refund-above",
            gettext("Only %(left)s of this payment is left to give back.") % {"left": left},
            "amount",
        )
    waits = permissions.needs_second_person(by, amount, now.astimezone(books.LONDON).date())
    row = Refund.objects.create(
        key=key,
        charge=held,
        amount=amount,
        reason=reason.strip()[:300],
        state="proposed" if waits else State.CREATED,
        proposed_by=party_id(by),
        proposed_at=now,
    )
    books.write(
        key=books.key_of("refund", row.pk, "owed"),
        kind="refund-owed",
        lines=[(from_account or held.account, books.REFUNDS, amount)],
        subject=held.purpose,
        by=by,
        now=now,
    )
    if not waits:
        _send(row, now=now)
    return row


@transaction.atomic
def approve_refund(*, refund: Refund, by: Actor, now: datetime) -> Refund:
    """A second person of finance agrees. Raises NotAllowed, Clash."""
    permissions.a_person_of_finance(by)
    row = Refund.objects.select_for_update().get(pk=refund.pk)
    permissions.not_the_same(by, row.proposed_by)
    if row.state != "proposed":
        raise Clash("payments.refund-decided", gettext("This refund has been decided already."))
    row.state, row.approved_by, row.approved_at = State.CREATED, party_id(by), now
    row.save()
    _send(row, now=now)
    return row


@transaction.atomic
def retry_refund(*, refund: Refund, by: Actor, now: datetime) -> Refund:
    """Ask the provider again for a refund that it refused, under a new key. Raises NotAllowed, Clash."""
    permissions.finance_only(by)
    row = Refund.objects.select_for_update().get(pk=refund.pk)
    if row.state != State.FAILED:
        raise Clash("payments.refund-not-failed", gettext("This refund has not failed."))
    row.state, row.attempt, row.remote_id = State.CREATED, row.attempt + 1, ""
    row.save()
    _send(row, now=now)
    return row


def _send(row: Refund, *, now: datetime) -> None:
    out = intend("refund", row.pk, row.remote_key, row.charge.provider, now=now)
    attempt_after_commit(out, now=now)


def _same(earlier: Instruction, facts: dict[str, object]) -> Instruction:
    if any(getattr(earlier, name) != value for name, value in facts.items()):
        raise Clash("payments.key", gettext("This key was used for another payment."))
    return earlier


def _safe_return(url: str) -> bool:
    """A path of this site, or an address below SITE_URL: never somebody else's."""
    return (url.startswith("/") and not url.startswith(("//", "/\\"))) or url.startswith(settings.SITE_URL + "/")
