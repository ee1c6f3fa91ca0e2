"""What must be right before a project may raise money, and why we ask.

Source: the verification set that Spacehive's supporters ask for (quotes for major items; planning, landowner and
highway permissions; governance, bank account, policies) and councils' match-fund rules (not for profit, constituted, no
party-political or religious purpose); `design/uk-civic-facts.md` section 1 gives the pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Item:
    """One check: `asked` is said to the organiser; `always` ones cannot be "not needed"."""

    code: str
    name: StrOrPromise
    asked: StrOrPromise
    always: bool = False


CHECKLIST: Final = (
    Item(
        "open-to-all", _("Open to everyone"), _("The project is for everybody and for no party or faith alone."), True
    ),
    Item(
        "constituted",
        _("A group with rules"),
        _("Your group has written rules and at least two people who decide."),
        True,
    ),
    Item(
        "bank",
        _("A group bank account"),
        _("The money goes to an account in the group's name, with two to sign."),
        True,
    ),
    Item("quotes", _("Prices for the big things"), _("A quote or price list for each thing over £500."), True),
    Item("landowner", _("The landowner agrees"), _("A letter from whoever owns the land or building.")),
    Item("planning", _("Planning permission"), _("The decision, or the planners' word that none is needed.")),
    Item("highways", _("Leave to use the street"), _("If it stands on a street or pavement.")),
    Item("insurance", _("Insurance"), _("Public liability cover for what you will do.")),
    Item("safeguarding", _("Keeping children and adults safe"), _("Your safeguarding policy, if you work with them.")),
)
BY_CODE: Final = {item.code: item for item in CHECKLIST}
