"""The statutory clocks against worked dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from becontree.foundations.policy import clocks

DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        # A duty accepted on 2 February 2026 runs to day 56 (homelessness prevention and relief).
        (date(2026, 2, 2), 56, date(2026, 3, 30)),
        (date(2028, 2, 2), 56, date(2028, 3, 29)),  # a leap year
        # Standard breathing space: day 60, and debts start again on day 61.
        (date(2026, 1, 5), 60, date(2026, 3, 6)),
        (date(2026, 1, 5), 61, date(2026, 3, 7)),
        # A review is asked for within 21 days, and decided within 8 weeks.
        (date(2026, 11, 22), 21, date(2026, 12, 13)),
        (date(2026, 11, 22), 56, date(2027, 1, 17)),
        # Rules of a lottery are lodged 28 days before tickets are sold.
        (date(2026, 12, 31), -28, date(2026, 12, 3)),
        # The clocks go forward and back: days are days.
        (date(2026, 3, 28), 1, date(2026, 3, 29)),
        (date(2026, 10, 24), 2, date(2026, 10, 26)),
    ],
)
def test_calendar_days(start, days, due):
    assert clocks.add_days(start, days) == due


@pytest.mark.parametrize(
    ("received", "months", "due"),
    [
        # A person asks for their data: one month, to the corresponding date, rolled on to a working day.
        (date(2027, 1, 31), 1, date(2027, 3, 1)),  # no 31 February; the 28th is a Sunday
        (date(2026, 9, 3), 1, date(2026, 10, 5)),  # 3 October is a Saturday
        (date(2026, 11, 25), 1, date(2026, 12, 29)),  # Christmas, Boxing Day (a Saturday), Sunday, substitute day
        (date(2026, 3, 3), 1, date(2026, 4, 7)),  # Good Friday, the weekend, Easter Monday
        (date(2028, 1, 31), 1, date(2028, 2, 29)),  # a leap year has a 29th, a Tuesday
        (date(2026, 9, 3), 3, date(2026, 12, 3)),  # extended by two months
    ],
)
def test_corresponding_date_that_must_be_a_working_day(received, months, due):
    assert clocks.corresponding_date(received, months, working=True) == due


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),  # self-exclusion, six months
        (date(2026, 11, 30), 3, date(2027, 2, 28)),  # a lottery submission, three months after the draw
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 5, 20), 0, date(2026, 5, 20)),
    ],
)
def test_corresponding_date(start, months, due):
    assert clocks.corresponding_date(start, months) == due


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday to Monday
        (date(2026, 12, 23), 1, date(2026, 12, 24)),
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Christmas, Boxing Day on Saturday, its substitute on Monday
        (date(2026, 12, 24), 5, date(2027, 1, 5)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # Easter
        (date(2022, 9, 16), 1, date(2022, 9, 20)),  # a bank holiday proclaimed once
        (date(2026, 11, 21), 0, date(2026, 11, 21)),
        (date(2026, 11, 23), -1, date(2026, 11, 20)),
        # No reply to a referral in 5 working days sends it back.
        (date(2026, 11, 16), 5, date(2026, 11, 23)),
    ],
)
def test_working_days(start, days, due):
    assert clocks.add_working_days(start, days) == due


@pytest.mark.parametrize(
    ("event", "days", "last_day"),
    [
        # A temporary event notice: 10 clear working days; a late one: 9 down to 5.
        (date(2026, 6, 27), 10, date(2026, 6, 12)),  # a Saturday in June: the Sunday before is no day for notice
        (date(2026, 6, 26), 10, date(2026, 6, 11)),
        (date(2027, 1, 8), 10, date(2026, 12, 21)),  # over Christmas and New Year
        (date(2026, 6, 27), 5, date(2026, 6, 19)),
        (date(2026, 4, 10), 5, date(2026, 3, 31)),  # over Easter
    ],
)
def test_clear_working_days(event, days, last_day):
    assert clocks.clear_working_days_before(event, days) == last_day
    assert clocks.clear_working_days_between(last_day, event) >= days
    assert clocks.clear_working_days_between(clocks.add_working_days(last_day, 1), event) < days


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 12, 28), False),  # Boxing Day's substitute
        (date(2027, 12, 27), False),
        (date(2027, 12, 28), False),
        (date(2027, 12, 29), True),
        (date(2026, 8, 31), False),
        (date(2026, 8, 3), True),  # a bank holiday in Scotland only
        (date(2026, 3, 17), True),  # in Northern Ireland only
        (date(2022, 6, 2), False),
        (date(2022, 5, 30), True),  # the spring holiday had moved
        (date(2020, 5, 8), False),  # May Day had moved
        (date(2020, 5, 4), True),
        (date(2023, 5, 8), False),  # the coronation
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), False),
        (date(2026, 11, 23), True),
    ],
)
def test_bank_holidays_of_england(day, working):
    assert clocks.is_working_day(day) is working


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 3, 31), date(2025, 4, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 4, 1), date(2027, 3, 31)),
        (date(2027, 1, 1), date(2026, 4, 1), date(2027, 3, 31)),
    ],
)
def test_financial_year(day, first, last):
    assert clocks.financial_year(day) == (first, last)


@given(DAYS, st.integers(1, 40))
def test_adding_and_taking_away_working_days_is_the_same_way(day, days):
    start = clocks.next_working_day(day)
    end = clocks.add_working_days(start, days)

    assert clocks.is_working_day(end)
    assert clocks.add_working_days(end, -days) == start
    assert clocks.clear_working_days_between(start, end) == days - 1


@given(DAYS, st.integers(0, 60))
def test_corresponding_dates_keep_their_day_or_end_the_month(day, months):
    due = clocks.corresponding_date(day, months)

    assert due.day == day.day or (due + timedelta(days=1)).day == 1
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == months
