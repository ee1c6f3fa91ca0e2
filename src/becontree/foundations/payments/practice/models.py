"""The pretend provider's own book. Nothing of ours may read it, except through the adapter."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from becontree.foundations.kit.pence import PenceField


class PracticeSetup(models.Model):
    """A visit to the pretend provider's page: a card is saved, or paid with at once."""

    id = models.CharField(max_length=40, primary_key=True)
    key = models.CharField(max_length=200, unique=True)
    charge_key = models.CharField(max_length=200, blank=True)
    amount = PenceField()
    take = models.CharField(max_length=5)
    reference = models.CharField(max_length=20)
    return_url = models.CharField(max_length=500)
    state = models.CharField(max_length=10, default="waiting")
    card = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        app_label = "payments"

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class PracticePayment(models.Model):
    """A pretend payment. `settles_at` is when it will turn out as `outcome`, where that is not yet."""

    id = models.CharField(max_length=40, primary_key=True)
    key = models.CharField(max_length=200, unique=True)
    setup = models.ForeignKey(PracticeSetup, on_delete=models.PROTECT, related_name="payments")
    amount = PenceField()
    state = models.CharField(max_length=10)
    code = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=10, blank=True)
    settles_at = models.DateTimeField(null=True, blank=True)
    fee = PenceField(default=0)
    refunded = PenceField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        app_label = "payments"
        constraints = [models.CheckConstraint(name="practice_refunds_within", condition=Q(refunded__lte=F("amount")))]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class PracticeRefund(models.Model):
    id = models.CharField(max_length=40, primary_key=True)
    key = models.CharField(max_length=200, unique=True)
    payment = models.ForeignKey(PracticePayment, on_delete=models.PROTECT, related_name="refunds")
    amount = PenceField()
    state = models.CharField(max_length=10)
    created_at = models.DateTimeField()

    class Meta:
        app_label = "payments"

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class PracticeDispute(models.Model):
    id = models.CharField(max_length=40, primary_key=True)
    payment = models.ForeignKey(PracticePayment, on_delete=models.PROTECT, related_name="disputes")
    amount = PenceField()
    state = models.CharField(max_length=6)
    created_at = models.DateTimeField()

    class Meta:
        app_label = "payments"

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class PracticeEvent(models.Model):
    """A message that the pretend provider will send. `wanted` is how many times: once, twice, or never."""

    id = models.CharField(max_length=40, primary_key=True)
    what = models.CharField(max_length=12)
    kind = models.CharField(max_length=20)
    object_id = models.CharField(max_length=40)
    object_key = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    order = models.IntegerField(default=0)
    wanted = models.PositiveSmallIntegerField(default=1)
    delivered = models.PositiveSmallIntegerField(default=0)

    class Meta:
        app_label = "payments"
        indexes = [models.Index(fields=["due_at", "order"])]

    def __str__(self) -> str:
        return f"{self.id} {self.kind}"
