"""What a giver is written about one gift: thanks as it counts, or why it did not."""

from __future__ import annotations

from datetime import datetime

from becontree.citizenship.giving.models import Pledge
from becontree.foundations.kit.pence import pounds
from becontree.foundations.messages.actions import send
from becontree.foundations.people.models import Person


def letter_to(pledge: Pledge) -> Person:
    """Whom to write to: messages reads the person anew, so the id is enough."""
    return Person(pk=pledge.giver_id)


def thank(pledge: Pledge, now: datetime) -> None:
    """The gift counts: what it is, and when money is taken."""
    send(
        to=letter_to(pledge),
        template="giving/thanks",
        context={
            "project": pledge.campaign.project.title,
            "url": pledge.campaign.get_absolute_url(),
            "what": pounds(pledge.pence) if pledge.kind == Pledge.Kind.MONEY else f"{pledge.quantity} {pledge.unit}s",
            "reference": pledge.handle,
            "taken": pledge.state == Pledge.State.COLLECTED,
            "money": pledge.kind == Pledge.Kind.MONEY,
            "closes": pledge.campaign.closes_at.date().isoformat(),
        },
        purpose="service",
        key=f"pledge:{pledge.handle}:thanks",
        now=now,
    )


def no_room(pledge: Pledge, now: datetime) -> None:
    """Others filled the target while the giver was paying; says whether anything was taken and goes back."""
    send(
        to=letter_to(pledge),
        template="giving/no_room",
        context={
            "project": pledge.campaign.project.title,
            "url": pledge.campaign.get_absolute_url(),
            "what": pounds(pledge.pence),
            "taken": pledge.state == Pledge.State.REFUNDED,
        },
        purpose="service",
        key=f"pledge:{pledge.handle}:no-room",
        now=now,
    )
