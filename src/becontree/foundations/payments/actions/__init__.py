"""Verbs of payments. The only writers of its tables; nothing here calls a provider inside a transaction."""

from becontree.foundations.payments.actions.asking import approve_refund, begin, charge, refund, retry_refund
from becontree.foundations.payments.actions.bank import empty_line, import_statement, match_line
from becontree.foundations.payments.actions.inbox import process_inbox, receive
from becontree.foundations.payments.actions.lists import (
    approve_payout,
    fit_to_send,
    make_list,
    propose_payout,
    refuse_payout,
    release_list,
    withdraw_list,
)
from becontree.foundations.payments.actions.outbox import deliver, deliver_for
from becontree.foundations.payments.actions.sweep import compare, sweep

__all__ = [
    "approve_payout",
    "approve_refund",
    "begin",
    "charge",
    "compare",
    "deliver",
    "deliver_for",
    "empty_line",
    "fit_to_send",
    "import_statement",
    "make_list",
    "match_line",
    "process_inbox",
    "propose_payout",
    "receive",
    "refund",
    "refuse_payout",
    "release_list",
    "retry_refund",
    "sweep",
    "withdraw_list",
]
