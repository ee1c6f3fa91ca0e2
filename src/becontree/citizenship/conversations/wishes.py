"""Somebody who took part without an account, left an address, and asks us to forget them (`foundations.forgetting`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.conversations.actions import voting
from becontree.citizenship.conversations.models import Participant
from becontree.foundations.forgetting.kinds import Kind
from becontree.foundations.kit import dates


def find(text: str) -> Sequence[Any]:
    """By the address left for the answer. An account, where they were signed in."""
    if "@" not in text:
        return []
    left = Participant.objects.filter(contact__address__iexact=text).select_related("person").order_by("pk")
    return [one.person or one for one in left]


def rows(keys: Sequence[str]) -> Iterable[Participant]:
    return Participant.objects.select_related("conversation", "contact").filter(pk__in=keys).order_by("pk")


def facts(one: Participant) -> Sequence[tuple[str, str]]:
    contact = getattr(one, "contact", None)
    told = [
        (gettext("Conversation"), one.conversation.title),
        (gettext("When they joined"), dates.day(one.joined_on)),
        (gettext("How"), str(one.get_channel_display())),
        (gettext("E-mail address"), contact.address if contact else ""),
    ]
    return [(what, value) for what, value in told if value]


def keeps(one: Participant, now: datetime) -> Sequence[tuple[str, str]]:
    return [
        (gettext("Conversations"), gettext("Counts that were published stand; your votes and your words are gone."))
    ]


KIND: Final = Kind(
    "conversations",
    _("A part in a conversation, without an account"),
    find=find,
    rows=rows,
    facts=facts,
    forget=lambda one, now: voting.forget(participant=one, now=now),
    keeps=keeps,
    gone=lambda one: one.erased_at is not None,
    language=lambda one: one.conversation.language,
    columns=("conversations.contact.address",),
)
