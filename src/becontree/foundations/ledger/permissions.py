"""Who may correct the books and close them."""

from __future__ import annotations

from becontree.foundations.kit.errors import NotAllowed
from becontree.foundations.people.actors import Actor, System


def finance(by: Actor) -> None:
    """Raises NotAllowed."""
    if not isinstance(by, System) and not by.has_role("finance"):
        raise NotAllowed("ledger.finance", "Only finance may do this.")
