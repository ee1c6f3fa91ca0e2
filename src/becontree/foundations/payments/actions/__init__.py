"""Verbs of payments. The only writers of its tables; nothing here calls a provider inside a transaction."""

from becontree.foundations.payments.actions.asking import approve_refund, begin, charge, refund, retry_refund
from becontree.foundations.payments.actions.inbox import process_inbox, receive
from becontree.foundations.payments.actions.outbox import deliver, deliver_for
from becontree.foundations.payments.actions.sweep import sweep

__all__ = [
    "approve_refund",
    "begin",
    "charge",
    "deliver",
    "deliver_for",
    "process_inbox",
    "receive",
    "refund",
    "retry_refund",
    "sweep",
]
