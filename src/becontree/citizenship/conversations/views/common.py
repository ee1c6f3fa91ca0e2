"""Whom a page is for: the conversation of an address, and the participant that this browser is."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from becontree.citizenship.conversations import identity, queries
from becontree.citizenship.conversations.actions import voting
from becontree.citizenship.conversations.models import Conversation, Participant
from becontree.foundations.kit.requests import Request


def public_one(slug: str) -> Conversation:
    return get_object_or_404(queries.public(), slug=slug)


def person(request: Request) -> Any:
    return request.user if request.user.is_authenticated else None


def me(request: Request, conversation: Conversation) -> Participant | None:
    return voting.find(conversation, identity.key_of(request), person(request))


def receipt_code(request: Request, conversation: Conversation, participant: Participant) -> str:
    """The receipt code, for whoever holds its key."""
    account = identity.account_key(request.user.pk) if request.user.is_authenticated else ""
    return identity.code_of(participant.receipt_hash, conversation.slug, identity.key_of(request), account)
