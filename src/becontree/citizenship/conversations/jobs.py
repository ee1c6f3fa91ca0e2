"""What conversations do by themselves: draw maps anew, test how firm they are, close at their hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from becontree.citizenship.conversations import maps
from becontree.citizenship.conversations.actions import closing
from becontree.citizenship.conversations.models import Contact, Conversation
from becontree.foundations.people.actors import System

KEEP_ADDRESSES: Final = timedelta(days=365)


def refresh(now: datetime) -> int:
    """Maps with new votes behind them."""
    done = 0
    for conversation in Conversation.objects.filter(state=Conversation.State.OPEN):
        found = maps.current(conversation, now=now)
        done += found.made_at == now
    return done


def firmness(now: datetime) -> int:
    """How firm the map is of each conversation whose map has changed since that was last asked."""
    done = 0
    for conversation in Conversation.objects.filter(
        state=Conversation.State.OPEN, results=Conversation.Results.LIVE, map__version__gt=0
    ).select_related("map"):
        if conversation.map.firm.get("through") != conversation.map.through:
            maps.retest(conversation)
            done += 1
    return done


def close_due(now: datetime) -> int:
    """Conversations whose time is up."""
    due = list(Conversation.objects.filter(state=Conversation.State.OPEN, closes_at__lte=now))
    for conversation in due:
        closing.close(conversation=conversation, by=System("conversations.close"), now=now)
    return len(due)


def drop_addresses(now: datetime) -> int:
    """Addresses left for an answer go a year after the conversation closed."""
    return Contact.objects.filter(participant__conversation__closed_at__lt=now - KEEP_ADDRESSES).delete()[0]


JOBS: list[tuple[str, timedelta, Callable[[datetime], int]]] = [
    ("conversations.refresh", timedelta(seconds=2), refresh),
    ("conversations.firmness", timedelta(minutes=2), firmness),
    ("conversations.close", timedelta(minutes=1), close_due),
    ("conversations.drop_addresses", timedelta(days=1), drop_addresses),
]
