"""Means of payment, charges, refunds, what we mean to tell providers, what they told us, and the bank's own lines."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.ids import new_id
from becontree.foundations.kit.pence import PenceField
from becontree.foundations.payments.practice.models import (
    PracticeDispute,
    PracticeEvent,
    PracticePayment,
    PracticeRefund,
    PracticeSetup,
)
from becontree.foundations.payments.states import InstructionState, State

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

STATES = [(state.value, state.value) for state in State]
INSTRUCTION_STATES = [(state.value, state.value) for state in InstructionState]


class Instruction(models.Model):
    """A giver's leave to take up to `amount` for one purpose: a saved card, or a page where they pay at once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=200, unique=True)
    payer = models.CharField(max_length=80, db_index=True)  # a party id, never a name
    purpose = models.CharField(max_length=200, db_index=True)
    amount = PenceField()
    provider = models.CharField(max_length=20)
    take = models.CharField(max_length=5, choices=[("later", _("later")), ("now", _("now"))])
    reference = models.CharField(max_length=8, unique=True)
    return_url = models.CharField(max_length=500)
    debit_only = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=INSTRUCTION_STATES, default=InstructionState.NEW)
    remote_id = models.CharField(max_length=100, blank=True)
    hosted_url = models.CharField(max_length=500, blank=True)
    card_kind = models.CharField(max_length=10, blank=True)
    fingerprint = models.CharField(max_length=80, blank=True, db_index=True)
    failure = models.CharField(max_length=60, blank=True)
    begun_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="instruction_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="instruction_ready_when",
                condition=~Q(state="ready") | Q(ready_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "begun_at"])]

    def __str__(self) -> str:
        return f"{self.purpose} {self.state}"

    @property
    def next_url(self) -> str:
        """Where the giver goes now: a page of ours that hands them on to the provider's."""
        return f"/payments/go/{self.pk}/"


class Charge(models.Model):
    """One attempt to take money. `refunding` counts every refund asked for, so it can never pass `amount`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=200, unique=True)
    instruction = models.ForeignKey(Instruction, on_delete=models.PROTECT, related_name="charges")
    provider = models.CharField(max_length=20)
    purpose = models.CharField(max_length=200, db_index=True)
    amount = PenceField()
    refunding = PenceField(default=0)
    fee = PenceField(default=0)
    state = models.CharField(max_length=10, choices=STATES, default=State.CREATED)
    late = models.BooleanField(default=False)  # the money came after we had called it failed
    account = models.CharField(max_length=120, blank=True)  # the ledger account that was credited
    remote_id = models.CharField(max_length=100, blank=True, db_index=True)
    failure = models.CharField(max_length=60, blank=True)
    contradiction = models.CharField(max_length=60, blank=True)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="charge_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="charge_refunds_within", condition=Q(refunding__gte=0, refunding__lte=F("amount"))
            ),
            models.CheckConstraint(name="charge_refunds_after_money", condition=Q(refunding=0) | Q(state="settled")),
            models.CheckConstraint(
                name="charge_settled_whole",
                condition=~Q(state="settled") | (Q(settled_at__isnull=False) & ~Q(account="")),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "created_at"]),
            models.Index(fields=["provider", "-created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.amount}p {self.state}"


class Refund(models.Model):
    """Money on its way back to where it came from, and nowhere else."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=200, unique=True)
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="refunds")
    amount = PenceField()
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=[("proposed", _("proposed")), *STATES], default=State.CREATED)
    attempt = models.PositiveSmallIntegerField(default=1)
    listed = models.ForeignKey("PaymentList", null=True, blank=True, on_delete=models.PROTECT, related_name="refunds")
    remote_id = models.CharField(max_length=100, blank=True, db_index=True)
    failure = models.CharField(max_length=60, blank=True)
    proposed_by = models.CharField(max_length=80)
    proposed_at = models.DateTimeField()
    approved_by = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="refund_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="refund_two_people", condition=Q(approved_by="") | ~Q(approved_by=F("proposed_by"))
            ),
        ]
        indexes = [models.Index(fields=["state", "proposed_at"])]

    def __str__(self) -> str:
        return f"{self.amount}p back, {self.state}"

    @property
    def remote_key(self) -> str:
        """The key that the provider sees: a new one for each attempt that a person asks for."""
        return self.key if self.attempt == 1 else f"{self.key}:{self.attempt}"


class Dispute(models.Model):
    """A giver's bank takes the money back, and we may answer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="disputes")
    remote_id = models.CharField(max_length=100)
    provider = models.CharField(max_length=20)
    amount = PenceField()
    state = models.CharField(max_length=6, choices=[(word, word) for word in ("open", "won", "lost")])
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    receivable = models.BooleanField(default=False)  # lost after the project was paid: somebody owes it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "remote_id"], name="dispute_once")]

    def __str__(self) -> str:
        return f"{self.amount}p disputed, {self.state}"


class Outbox(models.Model):
    """What we mean to tell a provider: written with the change that calls for it, sent after the commit."""

    KINDS: ClassVar = [(word, word) for word in ("begin", "charge", "refund")]
    WAITING, DONE, DEAD = "waiting", "done", "dead"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=KINDS)
    subject = models.UUIDField()
    key = models.CharField(max_length=200)
    provider = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=[(w, w) for w in ("waiting", "done", "dead")], default=WAITING)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="outbox_once")]
        indexes = [models.Index(fields=["state", "next_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.state}"


class Inbox(models.Model):
    """What a provider told us, kept as it came, once each; read afterwards from here."""

    NEW, DONE, STRANGE = "new", "done", "strange"

    id = models.BigAutoField(primary_key=True)
    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=100)
    what = models.CharField(max_length=12)
    remote_id = models.CharField(max_length=100, blank=True)
    key = models.CharField(max_length=200, blank=True)
    raw = models.BinaryField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=[(w, w) for w in ("new", "done", "strange")], default=NEW)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="inbox_once")]
        indexes = [models.Index(fields=["state", "next_at"])]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id} {self.state}"


class BankStatement(models.Model):
    """A file of lines from the bank, as imported."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    imported_by = models.CharField(max_length=80)
    imported_at = models.DateTimeField()
    lines_read = models.PositiveIntegerField()
    lines_new = models.PositiveIntegerField()
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.file_name} ({self.lines_new} new)"


class BankLine(models.Model):
    """One line of the bank's. Money in is above zero, money out below."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    account = models.CharField(max_length=40)
    line_hash = models.CharField(max_length=64, unique=True)
    line_number = models.PositiveIntegerField()
    on = models.DateField(db_index=True)
    description = models.CharField(max_length=400)
    amount = PenceField(signed=True)
    matched = models.CharField(
        max_length=8,
        blank=True,
        choices=[(w, w) for w in ("charge", "refund", "payout", "list", "purpose", "provider", "other")],
    )
    matched_to = models.CharField(max_length=120, blank=True)
    matched_by = models.CharField(max_length=80, blank=True)
    matched_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="bankline_amount", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="bankline_matched_whole",
                condition=Q(matched="", matched_to="", matched_by="", matched_at__isnull=True)
                | (~Q(matched="") & ~Q(matched_to="") & ~Q(matched_by="") & Q(matched_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["matched", "matched_to"],
                condition=Q(matched__in=["charge", "refund", "payout", "list"]),
                name="bankline_matched_once",
            ),
        ]
        indexes = [models.Index(fields=["matched", "on"])]

    def __str__(self) -> str:
        return f"{self.on} {self.amount}p"

    @property
    def size(self) -> int:
        """How much came in or went out, in pence, without its sign."""
        return abs(self.amount)


class UndoneMatch(models.Model):
    """What a bank line was matched with before two people reversed it. Kept, so that the history can be read."""

    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="undone")
    journal = models.OneToOneField("ledger.Journal", on_delete=models.PROTECT, related_name="+")  # what was reversed
    matched = models.CharField(max_length=8)
    matched_to = models.CharField(max_length=120)
    matched_by = models.CharField(max_length=80)
    matched_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    why = models.CharField(max_length=300)
    undone_by = models.CharField(max_length=80)
    undone_at = models.DateTimeField()

    class Meta:
        ordering = ("-undone_at", "-pk")

    def __str__(self) -> str:
        return f"{self.matched} {self.matched_to}, undone"


class PaymentList(models.Model):
    """A file of payments that the council makes from its own bank: refunds of transfers, and payouts.

    One person makes it, another releases it for the bank, and the bank's own statement says that it was paid.
    """

    class State(models.TextChoices):
        MADE = "made", _("waits for a second person")
        RELEASED = "released", _("released for the bank")
        WITHDRAWN = "withdrawn", _("withdrawn")
        PAID = "paid", _("paid, by the statement")

    OPEN: ClassVar = frozenset({State.MADE, State.RELEASED})
    MOVES: ClassVar[dict[str, frozenset[str]]] = {
        State.MADE: frozenset({State.RELEASED, State.WITHDRAWN}),
        State.RELEASED: frozenset({State.PAID, State.WITHDRAWN}),
        State.WITHDRAWN: frozenset(),
        State.PAID: frozenset(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.MADE)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    total = PenceField()
    released_by = models.CharField(max_length=80, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    paid_on = models.DateField(null=True, blank=True)  # the day of its last line on the statement

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="paymentlist_two_people", condition=Q(released_by="") | ~Q(released_by=F("made_by"))
            ),
            models.CheckConstraint(
                name="paymentlist_paid_once_released",
                condition=Q(state__in=["made", "withdrawn"]) | (~Q(released_by="") & Q(released_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="paymentlist_paid_has_its_day", condition=~Q(state="paid") | Q(paid_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"List {self.number}"


class Payout(models.Model):
    """Money out to an organisation with a checked bank account: one person proposes, another agrees.

    `bank_checked_at` is the check of the account on which the agreement rests: another check since, and it must be
    agreed to again. It is paid when the bank's statement says so, never before.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second person")
        APPROVED = "approved", _("agreed, waits for a list")
        REFUSED = "refused", _("refused")
        LISTED = "listed", _("on a list for the bank")
        PAID = "paid", _("paid, by the statement")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=200, unique=True)
    payee = models.UUIDField()  # an organisation
    purpose = models.CharField(max_length=200, db_index=True)
    amount = PenceField()
    from_account = models.CharField(max_length=120)
    reference = models.CharField(max_length=18)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PROPOSED)
    listed = models.ForeignKey(PaymentList, null=True, blank=True, on_delete=models.PROTECT, related_name="payouts")
    proposed_by = models.CharField(max_length=80)
    proposed_at = models.DateTimeField()
    approved_by = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    bank_checked_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.CharField(max_length=80, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_reason = models.CharField(max_length=300, blank=True)
    paid_on = models.DateField(null=True, blank=True)  # the statement's day

    class Meta:
        indexes = [models.Index(fields=["state", "proposed_at"])]
        constraints = [
            models.CheckConstraint(name="payout_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="payout_two_people", condition=Q(approved_by="") | ~Q(approved_by=F("proposed_by"))
            ),
            models.CheckConstraint(
                name="payout_paid_only_when_approved",
                condition=Q(state__in=["proposed", "refused"]) | ~Q(approved_by=""),
            ),
            models.CheckConstraint(
                name="payout_on_a_list", condition=~Q(state__in=["listed", "paid"]) | Q(listed__isnull=False)
            ),
            models.CheckConstraint(
                name="payout_paid_has_its_day", condition=~Q(state="paid") | Q(paid_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount}p out, {self.state}"


class Comparison(models.Model):
    """What we and a provider thought, at one moment, that it held for us."""

    provider = models.CharField(max_length=20)
    at = models.DateTimeField()
    ours = PenceField(signed=True)
    theirs = PenceField(signed=True)

    class Meta:
        indexes = [models.Index(fields=["provider", "-at"])]

    def __str__(self) -> str:
        return f"{self.provider} {self.difference:+d}p"

    @property
    def difference(self) -> int:
        """Ours less theirs, in pence."""
        return self.ours - self.theirs
