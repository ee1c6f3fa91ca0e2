"""The clocks that law and letters run on: days, working days, clear working days, corresponding dates.

Working days are those of England: not a Saturday, a Sunday or a bank holiday (calendar.toml). The day of the event
itself is never counted: day 1 is the day after.

>>> add_days(date(2026, 2, 2), 56)
datetime.date(2026, 3, 30)
>>> corresponding_date(date(2027, 1, 31), 1, working=True)
datetime.date(2027, 3, 1)
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import lru_cache
from typing import cast

import holidays

from becontree.foundations.policy.rules import UnknownKey, in_force, rules

_DAY = timedelta(days=1)


def is_working_day(on: date) -> bool:
    """Whether offices in England work: not a weekend, not a bank holiday or its substitute."""
    return on.isoweekday() not in _days_off(on) and on not in _bank_holidays(on.year)


def add_days(start: date, days: int) -> date:
    """Day number `days`, where the day after `start` is day 1."""
    return start + timedelta(days=days)


def add_working_days(start: date, days: int) -> date:
    """Working day number `days` after `start` (before it, where `days` is negative); 0 is `start` itself."""
    step, left, on = (_DAY, days, start) if days >= 0 else (-_DAY, -days, start)
    while left:
        on += step
        left -= is_working_day(on)
    return on


def next_working_day(on: date) -> date:
    """`on` itself where it is a working day, else the first one after it."""
    while not is_working_day(on):
        on += _DAY
    return on


def clear_working_days_before(event: date, days: int) -> date:
    """The last day on which notice can be given so that `days` whole working days lie between it and the event.

    Neither the day of the notice nor the day of the event counts. The day given is a working day, as notice that
    arrives on another is taken as received on the next working day.
    """
    on = add_working_days(event, -days) - _DAY
    while not is_working_day(on):
        on -= _DAY
    return on


def clear_working_days_between(notice: date, event: date) -> int:
    """How many whole working days lie between the two, counting neither."""
    on, count = notice + _DAY, 0
    while on < event:
        count += is_working_day(on)
        on += _DAY
    return count


def corresponding_date(start: date, months: int, *, working: bool = False) -> date:
    """The same day of the month `months` later (earlier where negative), or that month's last day where it is shorter.

    working: where that is not a working day, the next one (so the Information Commissioner counts a month).
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    on = date(year, month + 1, min(start.day, last))
    return next_working_day(on) if working else on


def financial_year(on: date) -> tuple[date, date]:
    """The first and last day of the council's financial year that holds `on`."""
    start = in_force(rules()["money.financial_year_start"], on)
    if start is None:
        raise UnknownKey(f"No financial year is known on {on}.")
    month, day = map(int, str(start.value).split("-"))
    first = date(on.year, month, day)
    if on < first:
        first = date(on.year - 1, month, day)
    return first, date(first.year + 1, month, day) - _DAY


@lru_cache(maxsize=64)
def _days_off(on: date) -> frozenset[int]:
    value = in_force(rules()["calendar.days_off"], on)
    return frozenset(cast(tuple[int, ...], value.value)) if value else frozenset({6, 7})


@lru_cache(maxsize=256)
def _bank_holidays(year: int) -> frozenset[date]:
    proclaimed = {
        day
        for value in rules()["calendar.proclaimed_bank_holidays"]
        for day in cast(tuple[date, ...], value.value)
        if day.year == year
    }
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year)) | proclaimed
