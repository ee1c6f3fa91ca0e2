"""Money is whole pence. Pounds exist only where a person types or reads them.

>>> pounds(26959800)
'£269,598.00'
>>> pounds(26959800, short=True)
'£269,598'
>>> parse_pounds("£1,234.5")
123450
"""

from __future__ import annotations

import re
from typing import Any, Final

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext

_POUNDS: Final = re.compile(r"^£?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?$")


def pounds(pence: int, *, short: bool = False) -> str:
    """Pence as pounds for reading; `short` drops ".00" where there are no odd pence."""
    sign = "-" if pence < 0 else ""
    whole, odd = divmod(abs(pence), 100)
    return f"{sign}£{whole:,}" + ("" if short and not odd else f".{odd:02d}")


def parse_pounds(text: str) -> int:
    """Pounds as typed by a person, in pence. Raises ValueError with a sentence for them."""
    found = _POUNDS.match(text.strip())
    if not found:
        raise ValueError(gettext("Write an amount in pounds, like 25 or 25.50."))
    whole, odd = found.groups()
    pence = int(whole.replace(",", "")) * 100 + int((odd or "").ljust(2, "0"))
    if pence > 10**13:  # a hundred billion pounds: a slip of the finger, and past what a page should promise
        raise ValueError(gettext("That amount is too large."))
    return pence


class PenceField(models.BigIntegerField[int, int]):
    """A column of whole pence, never below zero unless `signed`."""

    def __init__(self, *args: Any, signed: bool = False, **kwargs: Any) -> None:
        self.signed = signed
        if not signed:
            kwargs.setdefault("validators", [MinValueValidator(0)])
        super().__init__(*args, **kwargs)
