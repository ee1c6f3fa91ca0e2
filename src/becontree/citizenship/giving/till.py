"""What payments tells giving. Every function may be called again with the same news and changes nothing then."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from becontree.citizenship.giving.actions import collecting, pledges
from becontree.citizenship.giving.actions.locking import pledge_locked_by
from becontree.citizenship.giving.models import Campaign, Pledge
from becontree.foundations.payments import purposes


def _handle(purpose: str) -> str:
    return purpose.partition("/")[2]


def _pledge(purpose: str) -> Pledge | None:
    """The pledge that a payment is for, held with its campaign until payments' own transaction ends."""
    return pledge_locked_by(_handle(purpose))


def ready(*, purpose: str, instruction_id: UUID, now: datetime, **_: Any) -> None:
    pledge = _pledge(purpose)
    if pledge is not None and pledge.campaign.strategy == pledge.campaign.Strategy.LATER:
        pledges.made_firm(pledge=pledge, now=now)


def settled(*, purpose: str, charge_id: UUID, amount: int, now: datetime, **_: Any) -> None:
    pledge = _pledge(purpose)
    if pledge is not None:
        pledges.paid(pledge=pledge, charge_id=charge_id, now=now)


def failed(*, purpose: str, charge_id: UUID | None, code: str, now: datetime, **_: Any) -> None:
    pledge = _pledge(purpose)
    if pledge is not None:
        collecting.missed(pledge=pledge, now=now)


def refunded(*, purpose: str, amount: int, now: datetime, **_: Any) -> None:
    pledge = _pledge(purpose)
    if pledge is not None:
        pledges.went_back(pledge=pledge, amount=amount, now=now)


def disputed(*, purpose: str, amount: int, state: str, now: datetime, **_: Any) -> None:
    pledge = _pledge(purpose)
    if pledge is not None and state == "lost":
        pledges.went_back(pledge=pledge, amount=amount, now=now)


def credit_account(purpose: str) -> str:
    """The account in which a gift's money is held."""
    slug = Pledge.objects.filter(handle=_handle(purpose)).order_by().values_list("campaign__slug", flat=True).first()
    return purposes.SUSPENSE if slug is None else Campaign(slug=slug).held


def title(purpose: str) -> str:
    rows = Pledge.objects.filter(handle=_handle(purpose)).order_by()
    return rows.values_list("campaign__project__title", flat=True).first() or "Your gift"


def register() -> None:
    purposes.register(
        "pledge",
        credit_account=credit_account,
        on_ready=ready,
        on_settled=settled,
        on_failed=failed,
        on_refunded=refunded,
        on_disputed=disputed,
        title=title,
    )
