"""An age, a year or day of birth, or a band of ages, as files write them: one of the bands that a round asks for."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from becontree.foundations.measures.characteristics import AGE, RATHER_NOT

OLDEST: Final = 120
NOTHING: Final = {"", "-", "n/a", "na", "none", "unknown", "not stated", "not given", "no answer", "blank"}
SILENT: Final = {"rather not", "rather-not", "prefer not to say", "i would rather not say", "would rather not say"}
_BAND: Final = re.compile(r"^(\d{1,3})\s*(?:-|–|to|and)\s*(\d{1,3})$")
_UNDER: Final = re.compile(r"^(?:under|below|less than|<)\s*(\d{1,3})$")
_OVER: Final = re.compile(
    r"^(?:(?:over|above|more than|>)\s*(\d{1,3})|(\d{1,3})\s*(?:\+|plus|-plus|(?:and|or) (?:over|older|above)))$"
)
_ISO: Final = re.compile(r"^(\d{4})-(\d{2})-(\d{2})")
_DAY: Final = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$")


def band(text: str, *, on: date) -> str | None:
    """The code of our band for what a cell says; "" where it says nothing; None where it is no age, or spans two bands.

    on: the day on which it was said. Of a year of birth we take the age that somebody reaches in that year: at the edge
    of a band it may be a year too many.

    >>> day = date(2026, 5, 4)
    >>> [band(text, on=day) for text in ("42", "1984", "14/5/2010", "13/4/2010", "18-24", "Under 16", "75+", "")]
    ['35-49', '35-49', 'under-16', '16-24', '16-24', 'under-16', '75-plus', '']
    >>> [band(text, on=day) for text in ("20-30", "65+", "old", "1850", "130")]
    [None, None, None, None, None]
    """
    plain = " ".join(text.casefold().split()).removesuffix(" years old").removesuffix(" years").removesuffix(" yrs")
    if plain in NOTHING:
        return ""
    if plain in SILENT:
        return RATHER_NOT
    found = _ages(plain, on)
    if found is None or not 0 <= found[0] <= found[1] <= OLDEST:
        return None
    return next((code for code, low, high in BANDS if low <= found[0] and found[1] <= high), None)


def _ages(plain: str, on: date) -> tuple[int, int] | None:
    """(youngest, oldest) of what is written."""
    if born := _born(plain):
        age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        return age, age
    if plain.isascii() and plain.isdigit() and len(plain) <= 4:
        age = int(plain) if len(plain) < 4 else on.year - int(plain)
        return age, age
    if found := _BAND.match(plain):
        return int(found[1]), int(found[2])
    if found := _UNDER.match(plain):
        return 0, int(found[1]) - 1
    if found := _OVER.match(plain):
        return (int(found[1]) + 1 if found[1] else int(found[2])), OLDEST
    return None


def _born(plain: str) -> date | None:
    try:
        if found := _ISO.match(plain):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DAY.match(plain):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass
    return None


def _bounds(code: str) -> tuple[str, int, int]:
    numbers = [int(one) for one in re.findall(r"\d+", code)]
    if code.startswith("under"):
        return code, 0, numbers[0] - 1
    return code, numbers[0], numbers[1] if len(numbers) > 1 else OLDEST


BANDS: Final = tuple(_bounds(code) for code, _label in AGE.answers)
