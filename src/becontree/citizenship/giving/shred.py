"""What giving keeps about a person: their pledges. Sums stand; words and names go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from becontree.citizenship.giving.models import NameRuling, Pledge
from becontree.foundations.people.models import Person


def export(person: Person) -> list[dict[str, Any]]:
    """Each of the person's pledges, oldest first. Money in pence."""
    rows = (
        Pledge.objects.filter(giver=person)
        .select_related("campaign__project")
        .prefetch_related("name_rulings")
        .order_by("made_at", "handle")
    )
    return [
        {
            "to": pledge.campaign.project.title,
            "reference": pledge.handle,
            "kind": pledge.kind,
            "pence": pledge.pence,
            "quantity": pledge.quantity,
            "note": pledge.note,
            "public name": pledge.public_name,
            "public name is": pledge.name_state,
            "appeals about the name": [ruling.appeal for ruling in pledge.name_rulings.all() if ruling.appeal],
            "ward": pledge.ward_code,
            "state": pledge.state,
            "when": pledge.made_at.isoformat(),
        }
        for pledge in rows
    ]


def erase(person: Person, now: datetime) -> int:
    """Note, public name and ward are emptied; amount, state and the party id stand, as accounts must for six years."""
    NameRuling.objects.filter(pledge__giver=person).update(note="", appeal="", answer="")
    return Pledge.objects.filter(giver=person).update(note="", public_name="", name_doubts="", ward_code="")


def holds(person: Person) -> str:
    """A gift that is promised and not yet settled must be settled or withdrawn first."""
    waiting = Pledge.objects.filter(giver=person, state__in=[Pledge.State.BEGUN, Pledge.State.FIRM])
    return "You have promised something that is not settled yet. Withdraw it first." if waiting.exists() else ""
