"""Handing a conversation over: who hosts it, or the team that listens, asks somebody to; that somebody says yes.

The invitation is a link that its maker passes on, as with projects: it names nobody, works once, and lasts two weeks.
The council's team can always act, so that nobody who is forgotten has to find a successor first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from becontree.citizenship.conversations.models import Conversation
from becontree.citizenship.conversations.permissions import must_host
from becontree.foundations.kit.errors import Clash, NotAllowed
from becontree.foundations.kit.invitations import invitation, stands
from becontree.foundations.people.actors import Actor
from becontree.foundations.people.models import Person

_SALT: Final = "becontree.conversations.handing"


def invite(*, conversation: Conversation, by: Actor, now: datetime) -> str:
    """A token for one person who may host the conversation from now on. Nothing is kept of it."""
    must_host(by, conversation)
    return invitation(_now(conversation), salt=_SALT, now=now)


def invited(*, conversation: Conversation, token: str, now: datetime) -> bool:
    """Whether a token makes somebody the host of this conversation now."""
    good = stands(token, _now(conversation), salt=_SALT, now=now)
    return good and conversation.state != Conversation.State.ANSWERED


@transaction.atomic
def take_over(*, conversation: Conversation, token: str, host_name: str = "", by: Any, now: datetime) -> Conversation:
    """Host it from now on; whoever hosted it alone does no longer. A group's members go on hosting with its group.

    `host_name`: how people read it, where a resident hosts. Raises NotAllowed where the token is not good.
    """
    conversation = Conversation.objects.select_for_update().get(pk=conversation.pk)
    if not isinstance(by, Person) or not invited(conversation=conversation, token=token, now=now):
        raise NotAllowed("conversation.invitation", _("This invitation was used already, or is too old. Ask again."))
    if conversation.host_id == by.pk:
        raise Clash("conversation.host_already", _("You host this conversation already."))
    conversation.host, conversation.handings = by, conversation.handings + 1
    fields = ["host", "handings"]
    if conversation.host_kind == Conversation.Host.RESIDENT:
        conversation.host_name = host_name.strip()[:120] or "A resident"
        fields.append("host_name")
    conversation.save(update_fields=fields)
    return conversation


def _now(conversation: Conversation) -> list[str | int]:
    """What an invitation stands for. It ends when it is used, and when whoever hosted is forgotten."""
    return [conversation.pk, conversation.handings, conversation.host_id.hex if conversation.host_id else ""]
