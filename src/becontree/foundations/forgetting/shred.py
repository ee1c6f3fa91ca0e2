"""What `forgetting` keeps about a person who asked by letter or telephone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from becontree.foundations.forgetting.actions import longer_key
from becontree.foundations.forgetting.kinds import ACCOUNT
from becontree.foundations.forgetting.models import Part, Wish
from becontree.foundations.messages import actions as messages
from becontree.foundations.people.actors import party_id
from becontree.foundations.people.models import Person


def _theirs(person: Person) -> Any:
    return Wish.objects.filter(parts__kind=ACCOUNT, parts__key=str(person.pk))


def export(person: Person) -> list[dict[str, Any]]:
    """Each wish: when and how it came, by when we answer, how it ended. Not where we answer: it may not be theirs."""
    return [
        {
            "reference": wish.handle,
            "asked": wish.get_came_by_display(),
            "on": wish.came_on.isoformat(),
            "answer by": wish.due_on.isoformat(),
            "why it takes longer": wish.get_longer_display(),
            "how we checked that it was you": wish.get_check_how_display(),
            "state": wish.get_state_display(),
        }
        for wish in _theirs(person).order_by("taken_at", "id")
    ]


def erase(person: Person, now: datetime) -> int:
    """Addresses and notes go. An open wish is done with that, unless it is about something else beside the account."""
    more = Part.objects.exclude(kind=ACCOUNT, key=str(person.pk)).filter(wish__state__in=Wish.OPEN).values("wish")
    keys = list(_theirs(person).exclude(pk__in=more).values_list("pk", flat=True))
    wishes = Wish.objects.filter(pk__in=keys)
    messages.unsend([longer_key(wish) for wish in wishes.exclude(longer="")], now=now)
    done = wishes.filter(state__in=Wish.OPEN).update(
        state=Wish.State.FORGOTTEN, decided_by=party_id(person), decided_at=now,
        told_by=party_id(person), told_at=now, tell_to="", check_note="", words="",
    )  # fmt: skip
    return done + wishes.exclude(tell_to="", check_note="", words="").update(tell_to="", check_note="", words="")


def did(person: Person) -> bool:
    return bool(_theirs(person).exists())
