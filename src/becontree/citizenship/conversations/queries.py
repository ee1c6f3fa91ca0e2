"""What pages and exports read of conversations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from becontree.citizenship.conversations import identity
from becontree.citizenship.conversations.models import (
    Answer,
    Appeal,
    Conversation,
    MapDocument,
    Participant,
    Ruling,
    Statement,
    Vote,
)
from becontree.citizenship.conversations.permissions import listens
from becontree.foundations.people.models import Membership


def public() -> QuerySet[Conversation]:
    """Every conversation that has opened, newest first, with its answers."""
    return (
        Conversation.objects.exclude(state=Conversation.State.DRAFT)
        .select_related("ward", "organisation")
        .prefetch_related(Prefetch("host_answers", queryset=Answer.objects.order_by("at", "id")))
    )


def open_now(now: datetime) -> QuerySet[Conversation]:
    """Those in which one can vote now, nearest closing first."""
    return public().filter(state=Conversation.State.OPEN, closes_at__gt=now).order_by("closes_at")


def hosted_by(user: Any) -> QuerySet[Conversation]:
    """What the person hosts, alone or with a group; drafts too."""
    groups = Membership.objects.filter(person=user, left_at__isnull=True).values("organisation_id")
    return Conversation.objects.filter(Q(host=user) | Q(organisation__in=groups)).select_related("ward", "organisation")


def for_desk(user: Any) -> QuerySet[Conversation]:
    """All conversations with how many statements wait, for the team that listens."""
    rows = Conversation.objects.all() if listens(user) else Conversation.objects.none()
    waiting = Count("statements", filter=Q(statements__state=Statement.State.WAITING))
    return rows.select_related("ward", "organisation").annotate(waiting=waiting).order_by("-made_at", "-pk")


def due(today: date) -> QuerySet[Conversation]:
    """Those that are closed and not answered yet, by the day the answer is due."""
    return Conversation.objects.filter(state=Conversation.State.CLOSED).order_by("answer_due")


def counts(conversation: Conversation) -> dict[str, int]:
    """How many take part and what there is to vote on. Says nothing of how the votes stand. Two queries."""
    statements = conversation.statements.filter(state=Statement.State.LIVE)
    return {
        "participants": conversation.participants.filter(erased_at=None, banned_at=None).count(),
        "statements": statements.filter(about_you=False).count(),
    }


def taking_part(conversations: list[Conversation]) -> dict[int, int]:
    """Conversation id -> how many take part. One query."""
    rows = Participant.objects.filter(conversation__in=conversations, erased_at=None, banned_at=None)
    return dict(rows.order_by().values_list("conversation").annotate(n=Count("pk")))


def shown(conversation: Conversation) -> QuerySet[Statement]:
    """The statements that everybody may read, by number."""
    return conversation.statements.filter(state=Statement.State.LIVE).order_by("number")


def words(conversation: Conversation) -> dict[int, str]:
    """Statement number -> its words, of those that are shown. One query."""
    return dict(shown(conversation).values_list("number", "words"))


def waiting(user: Any) -> QuerySet[Statement]:
    """Statements to read, oldest first, of the conversations that the person may moderate."""
    return (
        Statement.objects.visible_to(user, "moderation")
        .filter(state=Statement.State.WAITING)
        .select_related("conversation")
        .order_by("made_at", "pk")
    )


def open_appeals(user: Any) -> QuerySet[Appeal]:
    """Appeals that wait, nearest date first, of the conversations that the person may moderate."""
    seen = Statement.objects.visible_to(user, "moderation").values("pk")
    return (
        Appeal.objects.filter(decided_at=None, statement__in=seen)
        .select_related("statement", "statement__conversation")
        .order_by("due_on", "pk")
    )


def rulings(conversation: Conversation) -> QuerySet[Ruling]:
    """The public log of moderation: what was decided about which number, when and why; never the words, never who."""
    return (
        Ruling.objects.filter(statement__conversation=conversation).select_related("statement").order_by("-at", "-id")
    )


@dataclass(frozen=True, slots=True)
class Cast:
    """One vote that counts: the statement, the vote, its place in the order and its receipt."""

    statement: Statement
    value: int
    vote: int
    code: str
    at: datetime

    @property
    def said(self) -> str:
        return str(Vote.Value(self.value).label)


def cast(participant: Participant) -> list[Cast]:
    """A person's votes that count, the newest first. One query."""
    last: dict[int, Vote] = {}
    for vote in participant.votes.select_related("statement").order_by("id"):
        last[vote.statement_id] = vote
    return [
        Cast(
            vote.statement,
            vote.value,
            vote.pk,
            identity.vote_receipt(vote.pk, participant.pk, vote.statement_id, vote.value),
            vote.at,
        )
        for vote in sorted(last.values(), key=lambda each: -each.pk)
    ]


def by_receipt(code: str) -> Participant | None:
    """Whose receipt code it is; None where it is nobody's."""
    return (
        Participant.objects.filter(receipt_hash=identity.receipt_hash(code), erased_at=None)
        .select_related("conversation")
        .first()
    )


def voted_on(conversation: Conversation) -> QuerySet[Statement]:
    """Its statements, each with whether anybody has voted on it."""
    there = Vote.objects.filter(conversation=conversation, statement=OuterRef("pk"))
    return conversation.statements.annotate(voted=Exists(there)).order_by("number")


def document(conversation: Conversation) -> MapDocument | None:
    """The map as it is stored, not drawn anew."""
    return MapDocument.objects.filter(pk=conversation.pk).first()
