"""What `access` keeps about a person: who read about them, and the interests they declared."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from becontree.foundations.access import reads, words
from becontree.foundations.access.models import BreakGlass, ConflictOfInterest
from becontree.foundations.access.rules import PURPOSES
from becontree.foundations.people.models import Person


def export(person: Person) -> dict[str, Any]:
    events = list(reads.about(person))
    roles = words.readers(events)
    return {
        "who has read about you": [
            {
                "when": event.at.isoformat(),
                "what": words.what(event.kind),
                "who": event.reader.name or "Someone who has left",
                "as": roles[event.pk],
                "why": str(PURPOSES.get(event.purpose, event.purpose)),
                "glass broken": event.glass.reason if event.glass else None,
            }
            for event in events
        ],
        "interests you declared": [
            {"in": one.ref, "what": one.nature, "when": one.declared_at.isoformat()}
            for one in ConflictOfInterest.objects.filter(person=person).order_by("declared_at")
        ],
        "glass you broke": [
            {"when": one.opened_at.isoformat(), "why": one.reason, "found": one.verdict}
            for one in BreakGlass.objects.filter(person=person).order_by("opened_at")
        ],
    }


def erase(person: Person, now: datetime) -> int:
    """Empty the words of declared interests; readings hold only party ids and stay."""
    return ConflictOfInterest.objects.filter(person=person).exclude(nature="").update(nature="")


def did(person: Person) -> bool:
    """Whether somebody has read about the person."""
    return reads.about(person).exists()
