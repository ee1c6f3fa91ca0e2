"""What stands in the menus. A link whose room is not installed is left out."""

from __future__ import annotations

from typing import Any, Final

MAIN: Final = [
    ("voices:list", "Voices"),
    ("projects", "Projects"),
    ("giving:funds", "Money"),
    ("record:explorer", "The record"),
    ("places:places", "Places"),
]
FOOT: Final = {
    "record": [
        ("record:explorer", "The public record"),
        ("giving:money", "Where every pound went"),
        ("ledger:trial-balance", "The accounts"),
        ("open-data", "Open data"),
        ("policy:rules", "The rules and figures we work by"),
    ],
    "about": [
        ("about", "What this is"),
        ("accessibility", "Accessibility"),
        ("privacy", "Your data"),
        ("voices:moderation", "How we moderate"),
        ("api-docs", "For programmers"),
    ],
}
# who may see it (as a gate says it), address name, label; in the order of an officer's day
DESK: Final[list[tuple[tuple[str, ...], str, str]]] = [
    (("officer", "finance", "auditor", "administrator"), "desk", "Today"),
    (("officer:engagement",), "voices:desk", "Voices"),
    (("officer:funding",), "projects:desk", "Projects"),
    (("officer:funding", "finance"), "giving:desk", "Funds and campaigns"),
    (("finance",), "payments:desk", "Payments"),
    (("finance",), "ledger:desk", "Accounts"),
    (("administrator", "auditor"), "access:desk", "Access and reads"),
    (("administrator",), "people:desk", "People and roles"),
    (("administrator",), "places:desk", "Places"),
    (("administrator",), "policy:desk", "Settings"),
    (("administrator",), "tasks:desk", "Background work"),
    (("officer", "administrator"), "messages:desk", "Letters"),
]


def may(user: Any, who: tuple[str, ...]) -> bool:
    """Whether the person holds one of the roles; the pages themselves check again."""
    if not getattr(user, "is_authenticated", False):
        return False
    return any(user.has_role(*(word.split(":", 1) if ":" in word else (word, None))) for word in who)
