"""Random and signed words: the token of a form, and the private link by which a speaker without an account comes back.

The link is the key: whoever holds it may read, take back and appeal what was said. It names nobody.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core import signing
from django.utils.crypto import salted_hmac

from becontree.citizenship.voices.models import Response, Round
from becontree.foundations.kit.ids import short_id

_SALT: Final = "becontree.voices.own"
_EQUALITY: Final = "becontree.voices.equality"
ASKED_FOR: Final = timedelta(days=1)  # how long after a form the questions about oneself are asked


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


def mark(response: Response) -> str:
    """32 letters that stand for one form, always the same. Without the site's secret nobody can say for which."""
    return salted_hmac(_EQUALITY, response.pk.hex, algorithm="sha256").hexdigest()[:32]


def sealed(response: Response) -> str:
    """A token for the questions about oneself: for this form, in its round, whenever its page is opened."""
    return signing.dumps([mark(response), response.round_id.hex if response.round_id else ""], salt=_EQUALITY)


def opened(token: str, round: Round) -> str:
    """The mark that a sealed token holds; nothing where it is not ours, is of another round, or is too old."""
    try:
        found, where = signing.loads(token, salt=_EQUALITY, max_age=ASKED_FOR)
    except (signing.BadSignature, TypeError, ValueError):
        return ""
    return str(found) if where == round.pk.hex else ""


def response_id(token: str) -> UUID | None:
    """Whose link this is; None where it is not one of ours."""
    try:
        return UUID(hex=_signer().unsign(token))
    except (signing.BadSignature, ValueError):
        return None
