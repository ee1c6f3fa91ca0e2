"""Reads of `messages`."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from becontree.foundations.messages.models import Message


def log(state: str = "") -> QuerySet[Message]:
    """What went out, newest first, without words, addresses or names."""
    rows = Message.objects.only(
        "id", "template", "channel", "purpose", "state", "made_at", "sent_at", "attempts", "error"
    )
    return rows.filter(state=state) if state else rows


def counts() -> dict[str, int]:
    """How many letters are in each state."""
    return dict(Message.objects.order_by().values_list("state").annotate(Count("pk")))
