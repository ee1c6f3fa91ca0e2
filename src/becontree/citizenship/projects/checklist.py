"""What must be right before a project may raise money, and why we ask.

Source: the verification set that Spacehive's supporters ask for (quotes for major items; planning, landowner and
highway permissions; governance, bank account, policies) and councils' match-fund rules (not for profit, constituted, no
party-political or religious purpose); `design/uk-civic-facts.md` section 1 gives the pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Item:
    """One check: `asked` is said to the organiser; `always` ones cannot be "not needed"."""

    code: str
    name: str
    asked: str
    always: bool = False


CHECKLIST: Final = (
    Item("open-to-all", "Open to everyone", "The project is for everybody and for no party or faith alone.", True),
    Item("constituted", "A group with rules", "Your group has written rules and at least two people who decide.", True),
    Item("bank", "A group bank account", "The money goes to an account in the group's name, with two to sign.", True),
    Item("quotes", "Prices for the big things", "A quote or price list for each thing over £500.", True),
    Item("landowner", "The landowner agrees", "A letter from whoever owns the land or building."),
    Item("planning", "Planning permission", "The decision, or the planners' word that none is needed."),
    Item("highways", "Leave to use the street", "If it stands on a street or pavement."),
    Item("insurance", "Insurance", "Public liability cover for what you will do."),
    Item("safeguarding", "Keeping children and adults safe", "Your safeguarding policy, if you work with them."),
)
BY_CODE: Final = {item.code: item for item in CHECKLIST}
