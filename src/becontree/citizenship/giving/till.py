"""What payments tells giving. Every function may be called again with the same news and changes nothing then."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from becontree.citizenship.giving.actions import collecting, pledges
from becontree.citizenship.giving.models import Pledge
from becontree.foundations.payments import purposes
from becontree.foundations.payments.models import Charge


def _pledge(purpose: str) -> Pledge | None:
    return Pledge.objects.select_related("campaign__project").filter(handle=purpose.partition("/")[2]).first()


def ready(*, purpose: str, instruction_id: UUID, now: datetime, **_: Any) -> None:
    pledge = _pledge(purpose)
    if pledge is not None and pledge.campaign.strategy == pledge.campaign.Strategy.LATER:
        pledges.made_firm(pledge=pledge, now=now)


def settled(*, purpose: str, charge_id: UUID, amount: int, now: datetime, **_: Any) -> None:
    pledge = _pledge(purpose)
    if pledge is not None:
        pledges.paid(pledge=pledge, charge=Charge.objects.get(pk=charge_id), now=now)


def failed(*, purpose: str, charge_id: UUID | None, code: str, now: datetime, **_: Any) -> None:
    pledge = _pledge(purpose)
    if pledge is not None:
        collecting.missed(pledge=pledge, now=now)


def credit_account(purpose: str) -> str:
    """The account in which a gift's money is held."""
    pledge = _pledge(purpose)
    return purposes.SUSPENSE if pledge is None else pledge.campaign.held


def title(purpose: str) -> str:
    pledge = _pledge(purpose)
    return "Your gift" if pledge is None else pledge.campaign.project.title


def register() -> None:
    purposes.register(
        "pledge", credit_account=credit_account, on_ready=ready, on_settled=settled, on_failed=failed, title=title
    )
