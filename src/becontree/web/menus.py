"""What stands in the menus. A link whose room is not installed is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAIN: Final[list[tuple[str, StrOrPromise]]] = [
    ("voices:list", _("Voices")),
    ("manifesto:manifesto", _("The Manifesto")),
    ("conversations:list", _("Conversations")),
    ("hubs:list", _("Hubs")),
    ("projects", _("Projects")),
    ("giving:funds", _("Money")),
    ("record:explorer", _("The record")),
    ("places:places", _("Places")),
]
FOOT: Final[dict[str, list[tuple[str, StrOrPromise]]]] = {
    "record": [
        ("record:explorer", _("The public record")),
        ("measures:list", _("Measures")),
        ("giving:money", _("Where every pound went")),
        ("ledger:trial-balance", _("The accounts")),
        ("open-data", _("Open data")),
        ("policy:rules", _("The rules and figures we work by")),
    ],
    "about": [
        ("about", _("What this is")),
        ("accessibility", _("Accessibility")),
        ("languages", _("Languages and size of words")),
        ("privacy", _("Your data")),
        ("voices:moderation", _("How we moderate")),
        ("outreach:heard", _("Who has not been heard")),
        ("api-docs", _("For programmers")),
    ],
}
# who may see it (as a gate says it), address name, label; in the order of an officer's day
DESK: Final[list[tuple[tuple[str, ...], str, StrOrPromise]]] = [
    (("officer", "finance", "auditor", "administrator"), "desk", _("Today")),
    (("officer:engagement",), "voices:desk", _("Voices")),
    (("officer:engagement",), "manifesto:desk", _("Manifesto")),
    (("officer:engagement",), "conversations:desk", _("Conversations")),
    (("officer:engagement",), "hubs:desk", _("Hubs")),
    (("officer:engagement",), "outreach:desk", _("Going to people")),
    (("officer:funding",), "projects:desk", _("Projects")),
    (("officer:funding", "finance"), "giving:desk", _("Funds and campaigns")),
    (("officer", "administrator"), "measures:desk", _("Measures")),
    (("finance", "auditor"), "giving:gifts", _("Gifts")),
    (("finance", "auditor"), "giving:pay-ins", _("Money into funds")),
    (("finance", "auditor"), "payments:desk", _("Payments")),
    (("finance", "auditor"), "ledger:desk", _("Accounts")),
    (("auditor",), "record:desk", _("Decisions")),
    (("administrator", "auditor"), "access:desk", _("Access and reads")),
    (("officer:information", "auditor"), "forgetting:desk", _("Being forgotten")),
    (("administrator",), "people:desk", _("People and roles")),
    (("auditor",), "people:history", _("Roles")),
    (("administrator",), "places:desk", _("Places")),
    (("administrator",), "policy:desk", _("Settings")),
    (("administrator",), "tasks:desk", _("Background work")),
    (("officer", "administrator"), "messages:desk", _("Letters")),
]


def may(user: Any, who: tuple[str, ...]) -> bool:
    """Whether the person holds one of the roles; the pages themselves check again."""
    if not getattr(user, "is_authenticated", False):
        return False
    return any(user.has_role(*(word.split(":", 1) if ":" in word else (word, None))) for word in who)
