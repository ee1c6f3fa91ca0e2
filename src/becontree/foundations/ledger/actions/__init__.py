"""Verbs: open an account, post, settle, release, reverse, close a month. The only writers of the ledger.

The rooms that call `post`, `settle` and `release` have asked "may I?" themselves: the ledger keeps the sums, not the
rules of giving. Keys are made from the business fact (`pledge:{id}:reserve`), never random, and are kept for ever.
"""

from becontree.foundations.ledger.actions.accounts import open_account
from becontree.foundations.ledger.actions.months import (
    close_month,
    confirm_closing,
    decline_closing,
    propose_closing,
    take_closing_back,
)
from becontree.foundations.ledger.actions.posting import content_digest, post, release, settle
from becontree.foundations.ledger.actions.reversals import (
    approve_reversal,
    ask_reversal,
    decline_reversal,
    reverse,
)
from becontree.foundations.ledger.errors import AlreadyResolved, KeyClash, MonthClosed, Overdrawn
from becontree.foundations.ledger.records import Line

__all__ = [
    "AlreadyResolved",
    "KeyClash",
    "Line",
    "MonthClosed",
    "Overdrawn",
    "approve_reversal",
    "ask_reversal",
    "close_month",
    "confirm_closing",
    "content_digest",
    "decline_closing",
    "decline_reversal",
    "open_account",
    "post",
    "propose_closing",
    "release",
    "reverse",
    "settle",
    "take_closing_back",
]
