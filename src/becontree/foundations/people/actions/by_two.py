"""What takes two administrators: one asks, another decides. What roles and lost second factors have in common.

Never the one who asked, never whom it is about, and no two of the three who live together. Households change while
something waits, so all of it is asked again when it is decided.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypeVar

from django.utils.translation import gettext

from becontree.foundations.kit import as_read
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.people import queries
from becontree.foundations.people.actions.common import reason_given
from becontree.foundations.people.actors import Actor
from becontree.foundations.people.models import FactorReset, Person, RoleRequest

Asked = TypeVar("Asked", FactorReset, RoleRequest)
CODES: Final = {FactorReset: "people.reset", RoleRequest: "people.role"}  # how the codes of refusals begin
MOST_WORDS: Final = 500


def said(words: str, field: str) -> str:
    """The words, trimmed. Raises Invalid where there are none, or too many."""
    words = reason_given(words, field)
    if len(words) > MOST_WORDS:
        raise Invalid("people.too_long", gettext("Keep it within %(most)s letters.") % {"most": MOST_WORDS}, field)
    return words


def not_ones_own(by: Person, person: Person, code: str) -> None:
    """Raises NotAllowed where it is about oneself, or somebody one lives with."""
    if person.pk in queries.household_ids(by):
        raise NotAllowed(
            f"{code}_own", gettext("This is about you or somebody you live with. Ask another administrator.")
        )


def waiting(asked: Asked, now: datetime, *, too_old: str) -> Asked:
    """What waits, held for this transaction. Raises Clash where it was decided, or has lapsed (`too_old` says so)."""
    code = CODES[type(asked)]
    found = type(asked).objects.select_for_update().get(pk=asked.pk)
    if found.state != found.State.WAITS:
        raise Clash(f"{code}_decided", gettext("This was decided already."))
    if not found.is_open(now):
        raise Clash(f"{code}_expired", too_old)
    return found


def may_decide(by: Person, waits: Asked) -> None:
    """Raises NotAllowed for whoever asked, whom it is about, and all who live with either. The role is the caller's."""
    code = CODES[type(waits)]
    if by.pk == waits.asked_by_id:
        raise NotAllowed(f"{code}_two", gettext("You asked for this yourself: a second administrator must decide."))
    not_ones_own(by, waits.person, code)
    if waits.asked_by_id in queries.household_ids(by):
        raise NotAllowed(
            f"{code}_home", gettext("Somebody you live with asked for this. Another administrator must decide.")
        )


def may_be_confirmed(waits: Asked, read: str) -> None:
    """Raises Clash where whoever asked is no administrator any longer or has come to live with the person, and where it
    is not what was `read`: it can still be declined."""
    code, asker = CODES[type(waits)], waits.asked_by
    if asker is None or not asker.has_role("administrator"):
        raise Clash(f"{code}_asker", gettext("Whoever asked is no administrator any longer. Decline it, and ask anew."))
    if asker.pk in queries.household_ids(waits.person):
        raise Clash(
            f"{code}_asker",
            gettext("Whoever asked lives with them now. Decline it, and let another administrator ask."),
        )
    as_read.must_be(read, queries.as_read(waits), f"{code}_changed")


def decide(waits: Asked, state: str, by: Actor, now: datetime, why_not: str = "") -> None:
    """Write down how it ended."""
    waits.state, waits.decided_at, waits.why_not = waits.State(state), now, why_not
    waits.decided_by = by if isinstance(by, Person) else None
    waits.save(update_fields=["state", "decided_by", "decided_at", "why_not"])
