"""What hubs keep about a person: that they offered to help, in what words, and of which meetings they are reminded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from becontree.citizenship.hubs.models import Reminder, Volunteer
from becontree.foundations.people.models import Person


def export(person: Person) -> list[dict[str, Any]]:
    rows = Volunteer.objects.filter(person=person).select_related("hub").order_by("offered_at")
    asked = Reminder.objects.filter(person=person).select_related("meeting__conversation").order_by("pk")
    return [
        {
            "hub": one.hub.name,
            "offer": one.offer,
            "state": str(one.get_state_display()),
            "offered": one.offered_at.isoformat(),
        }
        for one in rows
    ] + [{"reminder of": one.meeting.conversation.title, "asked": one.asked_at.isoformat()} for one in asked]


def erase(person: Person, now: datetime) -> int:
    """Offers and wishes to be reminded go whole."""
    gone = Reminder.objects.filter(person=person).delete()[0]
    return gone + Volunteer.objects.filter(person=person).delete()[0]
