"""Who sorts what people said, writes aspirations, and puts an adopted promise on the record."""

from __future__ import annotations

from typing import Any

from becontree.foundations.kit.errors import NotAllowed
from becontree.foundations.people.actors import System


def engages(actor: Any) -> bool:
    """Whether the actor works in the team that listens: it keeps the Manifesto as well."""
    return isinstance(actor, System) or bool(
        getattr(actor, "is_authenticated", False) and actor.has_role("officer", "engagement")
    )


def must_engage(actor: Any) -> None:
    if not engages(actor):
        raise NotAllowed("manifesto.officer", "Only officers of the engagement team can do that.")
