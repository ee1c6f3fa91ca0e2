"""What `messages` keeps about a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from becontree.foundations.messages.models import Message, NewsItem, Preference
from becontree.foundations.people.models import Person


def export(person: Person) -> dict[str, Any]:
    return {
        "letters to you": [
            {
                "when": letter.made_at.isoformat(),
                "how": letter.get_channel_display(),
                "state": letter.get_state_display(),
                "subject": letter.subject,
                "words": letter.body,
            }
            for letter in Message.objects.filter(person=person).order_by("made_at", "id")
        ],
        "news waiting for you": list(
            NewsItem.objects.filter(person=person, message__isnull=True).values("title", "text", "url")
        ),
        "your wishes": [
            {"about": wish.get_purpose_display(), "wanted": wish.wanted, "since": wish.changed_at.isoformat()}
            for wish in Preference.objects.filter(person=person).order_by("purpose")
        ],
    }


def erase(person: Person, now: datetime) -> int:
    """Nothing more goes out; words and addresses of what went are emptied; wishes and waiting news are deleted."""
    letters = Message.objects.filter(person=person)
    letters.filter(state__in=[Message.State.WAITING, Message.State.SENDING]).update(
        state=Message.State.NOBODY, leased_until=None
    )
    done = letters.update(subject="", body="", address="")
    done += NewsItem.objects.filter(person=person, message__isnull=True).delete()[0]
    done += NewsItem.objects.filter(person=person).update(title="", text="", url="")
    return done + Preference.objects.filter(person=person).delete()[0]


def did(person: Person) -> bool:
    """Whether the person was ever written to."""
    return Message.objects.filter(person=person).exists()
