"""Links that let one person take something over: they name nobody, are kept nowhere, work once and last two weeks.

What a link stands for is signed into it. So that it works once, that holds a number which only grows, with each
handing over and stepping back: who keeps a thing may come back, the number does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.core import signing

LASTS: Final = timedelta(days=14)
_LONGEST: Final = 400  # letters: far more than ours


def invitation(stands_for: Sequence[str | int], *, salt: str, now: datetime) -> str:
    """A token for whatever `stands_for` says: the thing's key, its number of handings, who keeps it now."""
    return signing.dumps([*stands_for, (now + LASTS).date().isoformat()], salt=salt)


def stands(token: str, stands_for: Sequence[str | int], *, salt: str, now: datetime) -> bool:
    """Whether a token is ours, is not too old, and stands for just this."""
    try:
        *signed, until = signing.loads(token, salt=salt) if len(token) < _LONGEST else ("",)
        return signed == list(stands_for) and now.date() <= date.fromisoformat(until)
    except (signing.BadSignature, TypeError, ValueError):
        return False
