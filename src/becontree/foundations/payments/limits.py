"""The council's own limits, as dated settings: none of them is a number in the code of an action."""

from __future__ import annotations

from datetime import date
from typing import Final

from becontree.foundations.policy import settings as policy
from becontree.foundations.policy.settings import Setting

TWO_PEOPLE: Final = Setting(
    "payments.two_people_over",
    "Refunds that need a second person",
    "A refund above this is only sent when a second person in finance agrees. Payouts always need two people.",
    "pence",
    10_000,
    least=0,
    most=10_000_000,
)
LEAST: Final = Setting(
    "payments.least_gift",
    "The smallest gift of money",
    "Tiny payments are how stolen cards are tried out. Gifts below this are refused.",
    "pence",
    200,
    least=1,
    most=100_000,
    source="Becontree's default: thieves try stolen cards with pennies",
)
COOLING: Final = Setting(
    "payments.bank_cooling_hours",
    "Hours before a newly checked bank account is paid",
    "When an organisation's bank details are new or changed we wait this long, so that a false change can be noticed.",
    "whole",
    48,
    unit="hours",
    least=0,
    most=720,
)
ABANDONED: Final = Setting(
    "payments.abandoned_hours",
    "Hours until an unfinished payment is let go",
    "A giver who went to the payment page and never finished is taken off after this long.",
    "whole",
    24,
    unit="hours",
    least=1,
    most=720,
)
TRANSFER_DAYS: Final = Setting(
    "payments.transfer_days",
    "Days to wait for a bank transfer",
    "A giver who chose bank transfer has this long to send it.",
    "whole",
    14,
    unit="days",
    least=1,
    most=120,
)
BANK_NAME: Final = Setting(
    "payments.bank_account_name", "Name on our bank account", "What givers put as the payee.", "text", ""
)
BANK_SORT_CODE: Final = Setting("payments.bank_sort_code", "Our sort code", "Six digits, like 00-00-00.", "text", "")
BANK_NUMBER: Final = Setting("payments.bank_account_number", "Our account number", "Eight digits.", "text", "")

ALL: Final = (TWO_PEOPLE, LEAST, COOLING, ABANDONED, TRANSFER_DAYS, BANK_NAME, BANK_SORT_CODE, BANK_NUMBER)


def register() -> None:
    for setting in ALL:
        policy.register(setting)


def _whole(setting: Setting, on: date) -> int:
    return int(policy.council(setting.key, on))


def alone(on: date) -> int:
    """Pence up to which one person may refund."""
    return _whole(TWO_PEOPLE, on)


def least_gift(on: date) -> int:
    return _whole(LEAST, on)


def cooling_hours(on: date) -> int:
    return _whole(COOLING, on)


def abandoned_hours(on: date) -> int:
    return _whole(ABANDONED, on)


def transfer_days(on: date) -> int:
    return _whole(TRANSFER_DAYS, on)


def bank_details(on: date) -> dict[str, str]:
    """Where givers send transfers; empty words where the council has not said."""
    return {
        "name": str(policy.council(BANK_NAME.key, on)),
        "sort_code": str(policy.council(BANK_SORT_CODE.key, on)),
        "number": str(policy.council(BANK_NUMBER.key, on)),
    }
