"""What hubs keep about a person: that they offered to help, and in what words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from becontree.citizenship.hubs.models import Volunteer
from becontree.foundations.people.models import Person


def export(person: Person) -> list[dict[str, Any]]:
    rows = Volunteer.objects.filter(person=person).select_related("hub").order_by("offered_at")
    return [
        {
            "hub": one.hub.name,
            "offer": one.offer,
            "state": str(one.get_state_display()),
            "offered": one.offered_at.isoformat(),
        }
        for one in rows
    ]


def erase(person: Person, now: datetime) -> int:
    """Offers go whole."""
    return Volunteer.objects.filter(person=person).delete()[0]
