"""Who may define and read measures, and bring figures about who lives here."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from becontree.foundations.kit.errors import NotAllowed
from becontree.foundations.people.actors import System


def may_measure(actor: Any) -> bool:
    """Any officer: the measure names its owner, and every reading is on the public record."""
    return isinstance(actor, System) or bool(
        getattr(actor, "is_authenticated", False) and actor.has_role("officer", None)
    )


def must_measure(actor: Any) -> None:
    if not may_measure(actor):
        raise NotAllowed("measures.officer", _("Only officers keep measures."))


def must_bring(actor: Any) -> None:
    allowed = isinstance(actor, System) or bool(
        getattr(actor, "is_authenticated", False)
        and (actor.has_role("administrator") or actor.has_role("officer", None))
    )
    if not allowed:
        raise NotAllowed(
            "measures.bring", _("Only an officer or an administrator brings figures about who lives here.")
        )
