"""A brake on programs that does not shut out a library: many people share one address there."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.requests import Request
from becontree.foundations.kit.throttle import too_many
from becontree.foundations.policy import settings

TOO_MANY: Final = _(
    "Very many voices have just come from here. Nothing you wrote is lost: please send it again in a few minutes."
)
SECONDS: Final = 600


def flooded(request: Request) -> bool:
    """Whether more forms have come from this address in ten minutes than people could write there."""
    most = int(settings.council("voices.most_at_once", request.today))
    return too_many(request, "voice", limit=most, seconds=SECONDS)
