"""Entries in the accounts stay for some years when somebody asks to be forgotten: why, and until when.

How long (`data.keep_money`), from when (`money.financial_year_start`) and by what law (`data.erasure_accounts`) are
dated policy data.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext

from becontree.foundations import policy
from becontree.foundations.kit import dates
from becontree.foundations.policy import clocks


def until(on: date, now: datetime) -> date:
    """The last day on which an entry of `on` is kept: so many years after the financial year that holds it.

    How many, says the rule of the day on which somebody asks: older entries are kept by it too.
    """
    last = clocks.financial_year(on)[1]
    return clocks.corresponding_date(last, 12 * int(str(policy.at(_day(now)).get("data.keep_money"))))


def must_stay(on: date, now: datetime) -> bool:
    return _day(now) <= until(on, now)


def over(now: datetime) -> date:
    """The last day whose entries need not be kept any longer."""
    years = int(str(policy.at(_day(now)).get("data.keep_money")))
    return clocks.financial_year(clocks.corresponding_date(_day(now), -12 * years))[0] - timedelta(days=1)


def why(on: date, now: datetime) -> str:
    """In plain words, with the law."""
    return gettext(
        "Accounts of public money must be kept so that they can be checked. It stays until %(day)s. "
        "Ask us again after that. (%(law)s)"
    ) % {"day": dates.day(until(on, now)), "law": policy.at(_day(now)).get("data.erasure_accounts")}


def _day(now: datetime) -> date:
    return now.astimezone(dates.LONDON).date()
