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
SECONDS: Final = 600


def flooded(request: Request, *, anytime: bool = False) -> bool:
    """Whether more forms have come from this address in ten minutes than people could write there.

    `anytime`: said outside a round, where fewer come together than in a class that answers one.
    """
    name, what = ("voices.most_said_at_once", "voice-anytime") if anytime else ("voices.most_at_once", "voice")
    most = int(settings.council(name, request.today))
    return too_many(request, what, limit=most, seconds=SECONDS)
