"""What voices keeps about a person: what they said, and what they asked us to look at again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from becontree.citizenship.voices.models import Appeal, Contact, Response, Ruling, Voice
from becontree.foundations.people.models import Person


def export(person: Person) -> list[dict[str, Any]]:
    """Everything the person said, oldest first, with what was decided and answered."""
    rows = Voice.objects.filter(response__person=person).select_related("response__round")
    rows = rows.prefetch_related("appeals", "answers")
    return [
        {
            "kind": voice.kind,
            "words": voice.words,
            "shown as": voice.masked,
            "round": voice.response.round.title if voice.response.round is not None else "",
            "place": voice.place,
            "how": voice.channel,
            "said on": voice.said_on.isoformat(),
            "may be quoted": voice.may_quote,
            "state": voice.state,
            "appeals": [appeal.words for appeal in voice.appeals.all()],
            "answers": [answer.body for answer in voice.answers.all()],
        }
        for voice in rows.order_by("response__entered_at", "position", "handle")
    ]


def erase(person: Person, now: datetime) -> int:
    """Every voice is withdrawn: no words, no place, no person. That somebody spoke, when and how, still counts."""
    return erase_responses(list(Response.objects.filter(person=person).values_list("pk", flat=True)))


def erase_responses(keys: list[Any]) -> int:
    """The words, places, people, addresses, notes and appeals of these forms go; that they were counted stays."""
    voices = Voice.objects.filter(response__in=keys)
    done = Appeal.objects.filter(voice__in=voices, decided_at=None).delete()[0]  # nothing is left to look at again
    done += Appeal.objects.filter(voice__in=voices).exclude(words="").update(words="", answer="")
    done += Ruling.objects.filter(voice__in=voices).exclude(note="").update(note="")
    done += voices.update(words="", masked="", state=Voice.State.WITHDRAWN)
    contacts = list(Contact.objects.filter(response__in=keys).values_list("pk", flat=True))
    done += Response.objects.filter(pk__in=keys).update(place="", person=None, contact=None)
    return done + Contact.objects.filter(pk__in=contacts).delete()[0]


def did(person: Person) -> bool:
    """Whether the person said something while signed in."""
    return Response.objects.filter(person=person).exists()
