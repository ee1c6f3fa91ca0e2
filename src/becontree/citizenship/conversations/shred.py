"""What conversations keep about a person who signed in: their statements, their votes, where to send the answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from becontree.citizenship.conversations import queries
from becontree.citizenship.conversations.actions.voting import forget
from becontree.citizenship.conversations.models import Conversation, Participant
from becontree.foundations.people.models import Person


def export(person: Person) -> list[dict[str, Any]]:
    """Every conversation the person took part in while signed in."""
    rows = Participant.objects.filter(person=person).select_related("conversation").order_by("pk")
    return [
        {
            "conversation": one.conversation.title,
            "joined on": one.joined_on.isoformat(),
            "statements": [statement.original or statement.words for statement in one.statements.order_by("number")],
            "votes": [
                {"statement": cast.statement.number, "words": cast.statement.words, "vote": cast.said}
                for cast in queries.cast(one)
            ],
            "answer to": getattr(getattr(one, "contact", None), "address", ""),
        }
        for one in rows
    ]


def erase(person: Person, now: datetime) -> int:
    """Votes, draws, words and addresses go; published counts stand. Conversations that they host lose their name."""
    done = sum(forget(participant=one, now=now) for one in Participant.objects.filter(person=person))
    hosted = Conversation.objects.filter(host=person, host_kind=Conversation.Host.RESIDENT)
    return done + hosted.update(host=None, host_name="A resident")


def did(person: Person) -> bool:
    """Whether the person took part in a conversation while signed in."""
    return Participant.objects.filter(person=person).exists()
