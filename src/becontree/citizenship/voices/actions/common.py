"""What several verbs share: a voice held still, its next state, a letter to whoever said it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from becontree.citizenship.voices import tokens
from becontree.citizenship.voices.models import Voice
from becontree.foundations.kit.errors import Clash
from becontree.foundations.messages.actions import send

LONDON: Final = ZoneInfo("Europe/London")
_WITH: Final = ("response__ward", "response__person", "response__contact", "response__round")


def locked(voice: Voice) -> Voice:
    return Voice.objects.select_for_update(of=("self",)).select_related(*_WITH).get(pk=voice.pk)


def move(voice: Voice, to: str) -> None:
    if to not in Voice.MOVES[voice.state]:
        raise Clash(
            "voice.state",
            _("This is %(state)s, so that cannot be done now.") % {"state": voice.get_state_display()},
        )
    voice.state = to


def tell(voice: Voice, template: str, context: Mapping[str, Any], *, key: str, now: datetime) -> None:
    """Write to whoever said it: the person, or the address they left. `url` leads to what is theirs."""
    response = voice.response
    if response.person is not None:
        send(to=response.person, template=template, context={"url": "/my/voices/"} | dict(context), key=key, now=now)
    elif response.contact is not None:
        own = {"url": tokens.own_path(response)}
        send(to=response.contact.address, template=template, context=own | dict(context), key=key, now=now)
