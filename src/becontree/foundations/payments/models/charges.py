"""Means of payment, charges, refunds and disputes: what a giver was asked for, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.ids import new_id
from becontree.foundations.kit.pence import PenceField
from becontree.foundations.payments.states import InstructionState, State

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
