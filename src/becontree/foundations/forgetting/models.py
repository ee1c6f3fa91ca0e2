"""Requests to be forgotten that an officer took down, and what each is about.

Where to answer, and what was noted of the check, are emptied as soon as the person has been told. What stays says that
somebody asked, when, who dealt with it and how it ended, under random numbers.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from becontree.foundations.access.models import PersonalManager
from becontree.foundations.kit.ids import new_id, short_id


class Wish(models.Model):
    """Somebody asked to be forgotten. `taken_by`, `checked_by`, `decided_by` and `told_by` are party ids."""

    class CameBy(models.TextChoices):
        LETTER = "letter", _("by letter")
        PHONE = "phone", _("by telephone")
        EMAIL = "email", _("by e-mail")
        IN_PERSON = "in-person", _("in person")

    class TellBy(models.TextChoices):
        EMAIL = "email", _("by e-mail")
        PRINT = "print", _("by letter on paper")
        PHONE = "phone", _("by telephone")

    class Check(models.TextChoices):
        ANSWERED = "answered", _("We wrote or rang where we reach them already, and they answered")
        PAPER = "paper", _("They showed a paper that says who they are; we kept no copy")
        FACTS = "facts", _("They told us things that only they would know")

    class Reason(models.TextChoices):
        IDENTITY = "identity", _("We could not be sure that it was you who asked.")
        SETTLE = "settle", _("Something is under way that has to be finished first.")
        LAW = "law", _("The law says that we must keep what you asked us to take away.")
        EXCESSIVE = "excessive", _("The same was asked again and again, without anything new.")

    class Longer(models.TextChoices):
        COMPLEX = "complex", _("What you ask is hard to look through.")
        NUMEROUS = "numerous", _("You sent us many requests.")

    class State(models.TextChoices):
        TAKEN = "taken", _("to be checked")
        CHECKED = "checked", _("waits for a second person")
        FORGOTTEN = "forgotten", _("forgotten")
        REFUSED = "refused", _("refused")
        NOTHING = "nothing", _("nothing was held")

    OPEN = (State.TAKEN, State.CHECKED)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handle = models.CharField(max_length=16, unique=True, default=short_id)
    came_by = models.CharField(max_length=10, choices=CameBy.choices)
    came_on = models.DateField()
    due_on = models.DateField()
    tell_by = models.CharField(max_length=10, choices=TellBy.choices)
    tell_to = models.TextField(blank=True)  # an address or a number; emptied once the person was told
    state = models.CharField(max_length=10, choices=State.choices, default=State.TAKEN)
    taken_by = models.CharField(max_length=80)
    taken_at = models.DateTimeField()
    check_how = models.CharField(max_length=10, choices=Check.choices, blank=True)
    check_note = models.TextField(blank=True)  # emptied once the person was told
    checked_by = models.CharField(max_length=80, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    longer = models.CharField(max_length=10, choices=Longer.choices, blank=True)  # why more time is needed
    longer_by = models.CharField(max_length=80, blank=True)
    longer_at = models.DateTimeField(null=True, blank=True)
    longer_told_at = models.DateTimeField(null=True, blank=True)  # from then on `due_on` is the later day
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    words = models.TextField(blank=True)  # what to say on the telephone; emptied once it was said
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    told_by = models.CharField(max_length=80, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    objects = PersonalManager["Wish"]()

    class Meta:
        ordering = ["due_on", "taken_at", "id"]
        indexes = [models.Index(fields=["state", "due_on"], name="forgetting_wish_due")]
        constraints = [
            models.CheckConstraint(
                name="forgetting_never_one_pair_of_eyes",
                condition=~Q(state="forgotten") | ~Q(decided_by=F("checked_by")),
            ),
            models.CheckConstraint(
                name="forgetting_checked_says_by_whom",
                condition=~Q(state="checked") | (~Q(check_how="") & ~Q(checked_by="") & Q(checked_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="forgetting_decided_has_moment",
                condition=Q(state__in=["taken", "checked"], decided_at__isnull=True)
                | Q(state__in=["forgotten", "refused", "nothing"], decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="forgetting_told_holds_nothing",
                condition=Q(told_at__isnull=True) | Q(tell_to="", check_note="", words=""),
            ),
            models.CheckConstraint(
                name="forgetting_longer_says_why",
                condition=Q(longer="", longer_by="", longer_at__isnull=True, longer_told_at__isnull=True)
                | (~Q(longer="") & ~Q(longer_by="") & Q(longer_at__isnull=False)),
            ),
            models.CheckConstraint(name="forgetting_refused_says_why", condition=~Q(state="refused") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.handle

    def get_absolute_url(self) -> str:
        return reverse("forgetting:wish", args=[self.handle])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def longer_waits(self) -> bool:
        """More time is needed and the person has not been told yet."""
        return self.is_open and bool(self.longer) and self.longer_told_at is None


class Part(models.Model):
    """One thing that a wish is about: an account, or a form without one. `key` is its random number (`kinds`)."""

    id = models.BigAutoField(primary_key=True)
    wish = models.ForeignKey(Wish, on_delete=models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=64)

    objects: models.Manager[Any] = models.Manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["kind", "key", "wish"], name="forgetting_part_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
