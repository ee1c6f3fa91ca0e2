"""Who may prepare, open, host and moderate a conversation."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from becontree.citizenship.conversations.models import Conversation, Participant
from becontree.foundations.kit.errors import NotAllowed
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Membership, Person


def listens(actor: Any) -> bool:
    """Whether the actor works in the council's team that listens."""
    return isinstance(actor, System) or bool(
        getattr(actor, "is_authenticated", False) and actor.has_role("officer", "engagement")
    )


def belongs(actor: Any, conversation: Conversation) -> bool:
    """Whether the actor belongs now to the group that hosts it. One query, then remembered."""
    if conversation.organisation_id is None or not getattr(actor, "is_authenticated", False):
        return False
    known: dict[Any, bool] = conversation.__dict__.setdefault("_belongs", {})
    if actor.pk not in known:
        known[actor.pk] = Membership.objects.filter(
            person_id=actor.pk, organisation_id=conversation.organisation_id, left_at__isnull=True
        ).exists()
    return known[actor.pk]


def hosts(actor: Any, conversation: Conversation) -> bool:
    """Whether the actor runs it: the host, anybody of the group that hosts it, or the team that listens."""
    if listens(actor):
        return True
    if not getattr(actor, "is_authenticated", False):
        return False
    return (conversation.host_id is not None and actor.pk == conversation.host_id) or belongs(actor, conversation)


def may_open(actor: Any, conversation: Conversation) -> bool:
    """A resident's own conversation is opened by an officer or a checked group; a checked group opens its own."""
    if listens(actor):
        return True
    group = conversation.organisation
    return group is not None and group.verified_at is not None and belongs(actor, conversation)


def must_host(actor: Any, conversation: Conversation) -> None:
    if not hosts(actor, conversation):
        raise NotAllowed("conversation.host", "Only the people who host this conversation can do that.")


def must_open(actor: Any, conversation: Conversation) -> None:
    must_host(actor, conversation)
    if not may_open(actor, conversation):
        raise NotAllowed(
            "conversation.open",
            "An officer, or a group that we have checked, opens a conversation. Yours is kept; we can see it.",
        )


def must_listen(actor: Any) -> None:
    if not listens(actor):
        raise NotAllowed("conversation.officer", "Only officers of the engagement team can do that.")


def own_participants(user: Any) -> Q | None:
    return Q(person=user)


def moderated_participants(user: Any) -> Q | None:
    """Who was taken out, for the team that listens: a host cannot take anybody out."""
    return Q() if listens(user) else None


def moderated_statements(user: Any) -> Q | None:
    """Statements of the conversations that the person hosts; of all, for the team that listens."""
    if listens(user):
        return Q()
    if not isinstance(user, Person):
        return None
    groups = Membership.objects.filter(person=user, left_at__isnull=True).values("organisation_id")
    return Q(conversation__host=user) | Q(conversation__organisation__in=groups)


def own_statements(user: Any) -> Q | None:
    return Q(author__in=Participant.objects.filter(person=user).values("pk"))
