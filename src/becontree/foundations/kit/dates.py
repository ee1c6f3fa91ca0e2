"""Days and moments as people say them, in the reader's language and in London's time.

>>> day(date(2026, 5, 3))
'3 May 2026'
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import translation

LONDON: Final = ZoneInfo("Europe/London")


def day(value: date | datetime) -> str:
    """A date: "3 May 2026"."""
    if isinstance(value, datetime):
        value = value.astimezone(LONDON)
    language = translation.get_language() or "en"
    if language.startswith("en"):
        return f"{value.day} {value:%B %Y}"
    return _elsewhere(date(value.year, value.month, value.day), language)


def moment(value: datetime) -> str:
    """A moment: "3 May 2026, 2.05pm"."""
    value = value.astimezone(LONDON)
    language = translation.get_language() or "en"
    if language.startswith("en"):
        return f"{day(value)}, {clock(value)}"
    return f"{day(value)}{'،' if translation.get_language_bidi() else ','} {clock(value)}"


def clock(value: datetime) -> str:
    """The time of day in London, without its day: "2.05pm"."""
    value = value.astimezone(LONDON)
    if (translation.get_language() or "en").startswith("en"):
        return f"{value.hour % 12 or 12}.{value:%M}{'am' if value.hour < 12 else 'pm'}"
    return f"{value:%H:%M}"


def stamp(value: datetime | None) -> str:
    """A moment for a table that programs sort, by London's clock: "2026-05-03 14:05"; nothing for nothing."""
    return "" if value is None else f"{value.astimezone(LONDON):%Y-%m-%d %H:%M}"


def within(field: str, since: date | None = None, until: date | None = None) -> dict[str, datetime]:
    """The lookups for a field of moments that lie on London's days from `since` to `until`, both in."""
    found = {}
    if since:
        found[f"{field}__gte"] = datetime.combine(since, time.min, LONDON)
    if until and until < date.max:
        found[f"{field}__lt"] = datetime.combine(until + timedelta(days=1), time.min, LONDON)
    return found


@lru_cache(maxsize=4096)
def _elsewhere(value: date, language: str) -> str:
    """A date in another language, by Unicode's CLDR."""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date

    try:
        return format_date(value, format="long", locale=Locale.parse(language, sep="-"))
    except (UnknownLocaleError, ValueError):
        return f"{value.day} {value:%B %Y}"
