"""Means of payment, charges, refunds, what we mean to tell providers, what they told us, and the bank's own lines."""

from becontree.foundations.payments.models.bank import BankLine, BankStatement, UndoneMatch
from becontree.foundations.payments.models.charges import Charge, Dispute, Instruction, Refund
from becontree.foundations.payments.models.payouts import PaymentList, Payout
from becontree.foundations.payments.models.providers import Comparison, Inbox, Outbox
from becontree.foundations.payments.practice.models import (
    PracticeDispute,
    PracticeEvent,
    PracticePayment,
    PracticeRefund,
    PracticeSetup,
)

__all__ = [
    "BankLine",
    "BankStatement",
    "Charge",
    "Comparison",
    "Dispute",
    "Inbox",
    "Instruction",
    "Outbox",
    "PaymentList",
    "Payout",
    "PracticeDispute",
    "PracticeEvent",
    "PracticePayment",
    "PracticeRefund",
    "PracticeSetup",
    "Refund",
    "UndoneMatch",
]
