"""What outreach keeps about a person with an account: the shifts that they walked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from becontree.citizenship.outreach import queries
from becontree.citizenship.outreach.models import Shift
from becontree.foundations.people.models import Person


def export(person: Person) -> list[dict[str, Any]]:
    """The person's shifts, oldest first."""
    return [
        {
            "kind": shift.kind,
            "from": shift.begins_on.isoformat(),
            "to": shift.ends_on.isoformat(),
            "place": shift.place,
            "opened on a phone": shift.in_use,
        }
        for shift in queries.walked_by(person)
    ]


def erase(person: Person, now: datetime) -> int:
    """Every shift is nobody's. Its counts stand."""
    return Shift.objects.filter(canvasser=person).update(canvasser=None)


def did(person: Person) -> bool:
    """Whether the person walked a shift."""
    return Shift.objects.filter(canvasser=person).exists()
