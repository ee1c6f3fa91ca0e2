"""Whether an organisation may be paid now: checked, its bank account checked, and long enough ago.

The wait after a check is there so that a false change of bank details can be noticed before money follows it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext

from becontree.foundations.kit.errors import Invalid
from becontree.foundations.payments import books, limits
from becontree.foundations.payments.models import Payout
from becontree.foundations.people.models import Organisation


def must_be_checked(payee: Organisation) -> None:
    """Raises Invalid where the organisation or its bank account has not been checked."""
    if payee.verified_at is None or payee.bank_verified_at is None:
        raise Invalid(
            "payments.payee-unchecked",
            gettext("The bank account of %(name)s has not been checked.") % {"name": payee.name},
            "payee",
        )


def cooling_hours(now: datetime) -> int:
    """How long an account waits after its check, by the council's setting. One query."""
    return limits.cooling_hours(now.astimezone(books.LONDON).date())


def must_have_waited(payee: Organisation, now: datetime, hours: int | None = None) -> None:
    """Raises Invalid where the account is not checked, or was checked within the council's cooling hours.

    hours: `cooling_hours`, where the caller asks about many.
    """
    must_be_checked(payee)
    assert payee.bank_verified_at is not None
    hours = cooling_hours(now) if hours is None else hours
    if now < payee.bank_verified_at + timedelta(hours=hours):
        raise Invalid(
            "payments.payee-cooling",
            gettext("The bank account of %(name)s was checked less than %(hours)s hours ago. Wait, and telephone them.")
            % {"name": payee.name, "hours": hours},
            "payee",
        )


def is_stale(payout: Payout, payee: Organisation) -> bool:
    """Whether the account was checked anew since the payout was agreed to."""
    return payout.bank_checked_at != payee.bank_verified_at


def why_not(payout: Payout, payee: Organisation, now: datetime, hours: int | None = None) -> str:
    """Why a payout may not go out now, in a sentence; empty where it may. `hours` as for `must_have_waited`."""
    try:
        must_have_waited(payee, now, hours)
    except Invalid as refused:
        return refused.message
    if payout.state != Payout.State.PROPOSED and is_stale(payout, payee):
        return f"The bank account of {payee.name} was checked anew since this was agreed. It must be agreed to again."
    return ""
