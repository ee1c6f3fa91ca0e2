"""What voices keeps about a person: what they said, and what they asked us to look at again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from becontree.citizenship.voices.models import Appeal, Voice
from becontree.foundations.people.models import Person


def export(person: Person) -> list[dict[str, Any]]:
    """Everything the person said, oldest first, with what was decided and answered."""
    rows = Voice.objects.filter(person=person).prefetch_related("appeals", "answers").order_by("entered_at", "handle")
    return [
        {
            "kind": voice.kind,
            "words": voice.words,
            "place": voice.place,
            "how": voice.channel,
            "said on": voice.said_on.isoformat(),
            "may be quoted": voice.may_quote,
            "state": voice.state,
            "appeals": [appeal.words for appeal in voice.appeals.all()],
            "answers": [answer.body for answer in voice.answers.all()],
        }
        for voice in rows
    ]


def erase(person: Person, now: datetime) -> int:
    """Every voice is withdrawn: no words, no place, no person. That somebody spoke, when and how, still counts."""
    mine = Voice.objects.filter(person=person)
    keys = list(mine.values_list("pk", flat=True))
    done = Appeal.objects.filter(voice__in=keys).update(words="")
    return done + mine.update(words="", place="", may_quote=False, state=Voice.State.WITHDRAWN, person=None)
