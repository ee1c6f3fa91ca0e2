"""What pages and checks ask about payments."""

from __future__ import annotations

from becontree.foundations.payments.models import Charge, Instruction
from becontree.foundations.payments.states import IN_FLIGHT, State


def is_settled(instruction: Instruction) -> bool:
    return instruction.charges.filter(state=State.SETTLED).exists()


def in_flight(purpose: str) -> bool:
    """Whether a charge for this purpose may still turn out either way."""
    return Charge.objects.filter(purpose=purpose, state__in=IN_FLIGHT).exists()
