"""The queue of statements to read: what looks personal is marked, and what a person has read goes out together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.utils.translation import gettext as _

from becontree.citizenship.conversations import actions, queries
from becontree.citizenship.conversations.models import Conversation, Statement
from becontree.foundations.kit.requests import Request
from becontree.foundations.places import screening

A_QUEUE: Final = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """One statement, in pieces: those with a `kind` look personal. Where there are none it stands ticked."""

    statement: Statement
    parts: Sequence[screening.Part]

    @property
    def found(self) -> bool:
        return any(part.kind for part in self.parts)


def readings(statements: Sequence[Statement]) -> list[Reading]:
    """What the screen finds in each. One query."""
    if not statements:
        return []
    screen = screening.screen()
    return [Reading(one, screening.parts(one.words, screen.find(one.words))) for one in statements]


def show_chosen(request: Request, conversation: Conversation | None = None) -> None:
    """Let through those that the reader has ticked; only what they may moderate, and only what still waits."""
    asked = [text for text in request.POST.getlist("statement")[: 2 * A_QUEUE] if text.isascii() and text.isdigit()]
    keys = [int(text) for text in asked if len(text) < 18]
    chosen = list(queries.waiting(request.user, conversation).filter(pk__in=keys))
    count = actions.show_many(statements=chosen, by=request.user, now=request.now)
    messages.success(request, _("%(count)s are shown from now on.") % {"count": count})
