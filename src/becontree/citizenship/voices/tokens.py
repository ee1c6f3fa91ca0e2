"""Random and signed words: the token of a form, and the private link by which a speaker without an account comes back.

The link is the key: whoever holds it may read, take back and appeal what was said. It names nobody.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core import signing

from becontree.citizenship.voices.models import Response
from becontree.foundations.kit.ids import short_id

_SALT: Final = "becontree.voices.own"
_EQUALITY: Final = "becontree.voices.equality"


def fresh() -> str:
    """A token for one form: one form makes one response."""
    return short_id(16)


def own(response: Response) -> str:
    return _signer().sign(response.pk.hex)


def _signer() -> signing.Signer:
    return signing.Signer(salt=_SALT, sep=".")


def own_path(response: Response) -> str:
    """Where the speaker sees what became of it."""
    return f"/voices/own/{own(response)}/"


def sealed() -> str:
    """A token that opens the questions about oneself once. It says nothing of the form that it came with."""
    return signing.dumps(short_id(12), salt=_EQUALITY, compress=False)


def opened(token: str, *, hours: int = 2) -> str:
    """What a sealed token holds; nothing where it is not ours or too old."""
    try:
        return str(signing.loads(token, salt=_EQUALITY, max_age=hours * 3600))
    except signing.BadSignature:
        return ""


def response_id(token: str) -> UUID | None:
    """Whose link this is; None where it is not one of ours."""
    try:
        return UUID(hex=_signer().unsign(token))
    except (signing.BadSignature, ValueError):
        return None
