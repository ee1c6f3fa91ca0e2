"""What outreach keeps about a person with an account: the shifts that they walked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

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
            "state": shift.state,
        }
        for shift in Shift.objects.filter(canvasser=person).order_by("begins_on", "handle")
    ]


def erase(person: Person, now: datetime) -> int:
    """Every shift is nobody's. Its counts stand."""
    return Shift.objects.filter(canvasser=person).update(canvasser=None)
