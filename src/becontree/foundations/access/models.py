"""Who read what about whom, when the glass was broken, and what people have an interest in."""

from __future__ import annotations

from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from becontree.foundations.access.rules import PersonalQuerySet
from becontree.foundations.kit.ids import new_id

M = TypeVar("M", bound=models.Model)


class PersonalManager(models.Manager[M]):
    """Give it to every model of personal data: `objects = PersonalManager()`; then `.visible_to(user, purpose)`."""

    def get_queryset(self) -> PersonalQuerySet[M]:
        return PersonalQuerySet(self.model, using=self._db)

    def visible_to(self, user: object, purpose: str, **more: object) -> PersonalQuerySet[M]:
        return self.get_queryset().visible_to(user, purpose, **more)  # type: ignore[arg-type]


class BreakGlass(models.Model):
    """An officer opened one thing that their role does not show them: why, until when, and what a reviewer said."""

    class Verdict(models.TextChoices):
        JUSTIFIED = "justified", _("Justified")
        UNJUSTIFIED = "unjustified", _("Not justified")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="glass_broken")
    kind = models.CharField(max_length=80)  # app_label.model
    thing = models.CharField(max_length=64)  # its primary key
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="glass_broken_about", null=True, blank=True
    )
    reason = models.TextField()
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    verdict = models.CharField(max_length=12, choices=Verdict.choices, blank=True)
    review = models.TextField(blank=True)

    class Meta:
        ordering = ["-opened_at", "id"]
        indexes = [models.Index(fields=["person", "kind", "ends_at"], name="access_glass_open")]
        constraints = [
            models.CheckConstraint(name="access_glass_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="access_glass_not_reviewed_by_self",
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("person")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing}"


class ReadEvent(models.Model):
    """One reading of one person's data, written before the page is sent."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reads_made")
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reads_about", null=True, blank=True
    )
    kind = models.CharField(max_length=80)
    thing = models.CharField(max_length=64)
    purpose = models.CharField(max_length=40)
    glass = models.ForeignKey(BreakGlass, on_delete=models.PROTECT, related_name="reads", null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="access_read_at"),
            models.Index(fields=["subject", "-at"], name="access_read_subject"),
            models.Index(fields=["reader", "-at"], name="access_read_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing}"


class ConflictOfInterest(models.Model):
    """A person has said that they have an interest in a public thing, such as "project/play-facility"."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflicts")
    ref = models.CharField(max_length=200, db_index=True)
    nature = models.TextField()
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "ref"], condition=Q(withdrawn_at__isnull=True), name="access_conflict_once"
            ),
        ]

    def __str__(self) -> str:
        return self.ref
