"""Nouns: streets, shifts, the phones and tablets of a shift, visits, doors to leave alone, calls to make."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.outreach.doors import doors
from becontree.foundations.access.rules import PersonalQuerySet
from becontree.foundations.kit.ids import new_id, short_id


class Street(models.Model):
    """A street in a ward, with its doors written short ("1-45 odd"). Nothing here is about who lives there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    ward = models.ForeignKey("places.Ward", on_delete=models.PROTECT, related_name="+")
    written = models.TextField(max_length=2_000)
    door_count = models.PositiveIntegerField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "ward"]
        constraints = [
            models.UniqueConstraint(fields=["name", "ward"], name="outreach_street_once_a_ward"),
            models.CheckConstraint(condition=~Q(name="") & Q(door_count__gt=0), name="outreach_street_has_doors"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def doors(self) -> tuple[str, ...]:
        return doors(self.written)


class Shift(models.Model):
    """A time when somebody goes to people: from door to door, or at a stall."""

    class Kind(models.TextChoices):
        DOORSTEP = "doorstep", _("Doorstep round")
        STALL = "stall", _("Stall with a tablet")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        ENDED = "ended", _("ended")

    class Stage(models.TextChoices):
        """What a shift is to people who look at it: no column, but what its days and its devices say."""

        PLANNED = "planned", _("planned")
        UNDER_WAY = "under-way", _("under way")
        OVER = "over", _("over")

    LONGEST: Final = 7  # days

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handle = models.CharField(max_length=16, unique=True, default=short_id)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    round = models.ForeignKey("voices.Round", on_delete=models.PROTECT, related_name="+")
    begins_on = models.DateField()
    ends_on = models.DateField()
    place = models.CharField(max_length=120, blank=True)
    ward = models.ForeignKey("places.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    streets = models.ManyToManyField(Street, blank=True, related_name="shifts")
    canvasser = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="shifts"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        ordering = ["-begins_on", "handle"]
        indexes = [models.Index(fields=["state", "-begins_on"])]
        constraints = [
            models.CheckConstraint(condition=Q(begins_on__lte=F("ends_on")), name="outreach_shift_runs_on"),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_at__isnull=False), name="outreach_ended_shift_has_its_moment"
            ),
        ]

    def __str__(self) -> str:
        return self.handle

    def stage(self, today: date, *, in_use: bool) -> Stage:
        """Over once somebody ended it or its days are past; else under way from its first day on, once it is in use.

        `in_use`: a phone or tablet has opened it, or something came from one. A day that passes changes no row, so this
        is worked out whenever somebody looks, and can never lag behind.
        """
        if self.state == self.State.ENDED or today > self.ends_on:
            return self.Stage.OVER
        return self.Stage.UNDER_WAY if in_use and today >= self.begins_on else self.Stage.PLANNED


class Device(models.Model):
    """A phone or tablet that works for one shift. Its token opens nothing else, and only for a while."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="devices")
    label = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=64, unique=True, null=True, blank=True)  # hash of the code; gone once used
    token = models.CharField(max_length=64, unique=True, null=True, blank=True)  # hash of the token
    made_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    lost = models.BooleanField(default=False)

    class Meta:
        ordering = ["made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(lost=False) | Q(ended_at__isnull=False), name="outreach_lost_is_ended")
        ]

    def __str__(self) -> str:
        return self.label or str(self.pk)


class Visit(models.Model):
    """One door that was knocked at, or one person at a stall. It does not say which words came from it.

    `key` makes it one, however often it is sent. `door` is emptied some weeks after the shift.
    """

    class Outcome(models.TextChoices):
        NOT_HOME = "not-home", _("Not at home")
        REFUSED = "refused", _("Did not want to")
        SPOKE = "spoke", _("Spoke")
        CALL = "call", _("Asks for a call")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=40, unique=True)
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="visits")
    street = models.ForeignKey(Street, on_delete=models.PROTECT, null=True, blank=True, related_name="visits")
    door = models.CharField(max_length=12, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    on = models.DateField()

    class Meta:
        ordering = ["-on", "id"]
        indexes = [models.Index(fields=["street", "-on"]), models.Index(fields=["shift", "outcome"])]

    def __str__(self) -> str:
        return self.outcome


class NoKnock(models.Model):
    """A door at which nobody knocks again until those who live there wish it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    street = models.ForeignKey(Street, on_delete=models.CASCADE, related_name="left_alone")
    door = models.CharField(max_length=12)
    since = models.DateField()

    objects = PersonalQuerySet.as_manager()

    class Meta:
        ordering = ["street", "door"]
        constraints = [models.UniqueConstraint(fields=["street", "door"], name="outreach_left_alone_once")]

    def __str__(self) -> str:
        return f"{self.street_id} {self.door}"


class CallBack(models.Model):
    """Somebody asked at the door to be called. Emptied some weeks after the call was made."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handle = models.CharField(max_length=16, unique=True, default=short_id)
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="calls")
    name = models.CharField(max_length=80, blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    about = models.CharField(max_length=400, blank=True)
    asked_on = models.DateField()
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    done_by = models.CharField(max_length=80, blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "handle"]
        indexes = [models.Index(fields=["done_on", "due_on"])]

    def __str__(self) -> str:
        return self.handle
