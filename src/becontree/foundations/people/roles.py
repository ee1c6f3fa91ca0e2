"""The roles that a person can hold, as data: what each may do, in words that a resident can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Role:
    """A role. `granted`: somebody must grant it with a reason; else it follows from what a person does.

    `by_two`: whoever holds it moves money, checks those who do, or says who may: two administrators grant it.
    """

    code: str
    name: str
    description: str
    granted: bool = True
    in_a_team: bool = False
    by_two: bool = False


RESIDENT: Final = Role(
    "resident",
    "Resident",
    "Anybody who has signed in. May speak, give, join in, and see everything that is kept about them.",
    granted=False,
)
ORGANISER: Final = Role(
    "organiser",
    "Organiser",
    "Runs a local project: writes its page, asks for help, tells everyone how it went.",
)
FUNDER: Final = Role(
    "funder",
    "Funder",
    "Speaks for a body that puts money into projects: sees what its own funds did.",
)
PANEL_MEMBER: Final = Role(
    "panel-member",
    "Panel member",
    "Drawn by lot to a citizens' panel: reads bids, says what they have an interest in, and votes.",
)
OFFICER: Final = Role(
    "officer",
    "Officer",
    "Works for the council in a team. Sees the cases of that team and of no other.",
    in_a_team=True,
)
FINANCE: Final = Role(
    "finance",
    "Finance",
    "Moves and checks money: statements, payouts (always two people), refunds, the month's end.",
    by_two=True,
)
AUDITOR: Final = Role(
    "auditor",
    "Auditor",
    "Looks and changes nothing: the accounts, who read what, and every time somebody broke the glass.",
    by_two=True,
)
ADMINISTRATOR: Final = Role(
    "administrator",
    "Administrator",
    "Grants and ends roles and keeps the settings. Sees no case and nobody's words about themselves.",
    by_two=True,
)

ROLES: Final = {
    role.code: role for role in (RESIDENT, ORGANISER, FUNDER, PANEL_MEMBER, OFFICER, FINANCE, AUDITOR, ADMINISTRATOR)
}

BY_TWO: Final = tuple(role.code for role in ROLES.values() if role.by_two)

# Two roles in one pair of hands that would let one person check, or open to themselves, their own work.
APART: Final = (
    frozenset({"auditor", "officer"}),
    frozenset({"auditor", "finance"}),
    frozenset({"auditor", "administrator"}),
    frozenset({"administrator", "officer"}),
    frozenset({"administrator", "finance"}),  # who grants finance could be both of the two people whom money needs
)


def apart(code: str, held: set[str]) -> str | None:
    """The code of a role already held that may not stand beside `code`; None where all is well."""
    return next((other for other in sorted(held) if frozenset({code, other}) in APART), None)
