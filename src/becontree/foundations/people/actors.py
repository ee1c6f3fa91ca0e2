"""Who does things: a person, or the software itself under a name.

>>> party_id(System("payments.sweep"))
'system:payments.sweep'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from becontree.foundations.people.models import Person


@dataclass(frozen=True, slots=True)
class System:
    """A part of the software that acts by itself: a job, an import, the set-up of the demo."""

    name: str

    @property
    def is_authenticated(self) -> bool:
        return True


Actor: TypeAlias = Person | System


def party_id(actor: Actor) -> str:
    """What other rooms write down for "who": a random id for a person, `system:<name>` for the software."""
    return f"system:{actor.name}" if isinstance(actor, System) else str(actor.pk)
