"""Money out by two people: payouts, and the lists on which they and refunds go to the bank."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.ids import new_id
from becontree.foundations.kit.pence import PenceField


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
