"""Who may do what with payments."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext

from becontree.foundations.kit.errors import NotAllowed
from becontree.foundations.payments import limits
from becontree.foundations.people.actors import Actor, System, party_id


def is_finance(by: Actor) -> bool:
    return isinstance(by, System) or by.has_role("finance")


def finance_only(by: Actor) -> None:
    """Raises NotAllowed for anybody but finance (and the software acting by a published rule)."""
    if not is_finance(by):
        raise NotAllowed("payments.finance", gettext("Only finance may do this."))


def a_person_of_finance(by: Actor) -> None:
    """For what needs human eyes: agreeing to somebody else's proposal."""
    if isinstance(by, System) or not by.has_role("finance"):
        raise NotAllowed("payments.finance", gettext("Only a person from finance may do this."))


def not_the_same(by: Actor, first: str) -> None:
    if party_id(by) == first:
        raise NotAllowed("payments.two-people", gettext("You did the first step: a second person must do this one."))


def needs_second_person(by: Actor, amount: int, on: date) -> bool:
    """Whether a refund asked for by `by` waits for somebody else. Refunds by a published rule do not."""
    return not isinstance(by, System) and amount > limits.alone(on)
