"""A brake on programs that does not shut out a library: many people share one address there."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.requests import Request
from becontree.foundations.kit.throttle import too_many
from becontree.foundations.policy import settings

TOO_MANY: Final = _(
    "Very many voices have just come from this internet connection. Nothing you wrote is lost: it stands below. Please "
    "send it again in ten minutes. If many of you speak at one place, tell us and we bring paper, or write it down."
)
TOO_MANY_ABOUT_YOU: Final = _(
    "Very many people have just answered these questions from this internet connection. Nothing is lost: your answers "
    "stand below. Please send them again in ten minutes."
)
SECONDS: Final = 600


def flooded(request: Request, what: str = "voice") -> bool:
    """Whether more forms have come from this address in ten minutes than people could write there.

    `what`: "voice" in a round; "voice-anytime" outside one, where fewer come together than in a class that answers one;
    "about-you" the questions about oneself, one form of them for each form of a round.
    """
    name = "voices.most_said_at_once" if what == "voice-anytime" else "voices.most_at_once"
    return too_many(request, what, limit=int(settings.council(name, request.today)), seconds=SECONDS)
