"""Nouns: measures and readings; who lives here, by a dated source; tallies of equality answers, which name nobody."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.ids import new_id


class Measure(models.Model):
    """Something that is counted again and again, always in the same way."""

    class Direction(models.TextChoices):
        UP = "up", _("more is better")
        DOWN = "down", _("less is better")
        NONE = "none", _("neither is better")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=160)
    about = models.TextField(max_length=2_000, blank=True)
    unit = models.CharField(max_length=40)
    counts_people = models.BooleanField(default=False)
    direction = models.CharField(max_length=6, choices=Direction.choices)
    source = models.CharField(max_length=400)
    formula = models.TextField(max_length=2_000)
    owner = models.CharField(max_length=120)
    public = models.BooleanField(default=True)
    defined_by = models.CharField(max_length=80)
    defined_at = models.DateTimeField()

    class Meta:
        ordering = ["title", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(unit="") & ~Q(source="") & ~Q(formula="") & ~Q(owner=""),
                name="measures_nothing_unsaid",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/measures/{self.slug}/"

    @property
    def ref(self) -> str:
        return f"measure/{self.slug}"


class Reading(models.Model):
    """One value of a measure, for a day or a period, for the borough or a ward. Never changed: corrected by another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="readings")
    begins = models.DateField(null=True, blank=True)  # of a period; none: a single day
    on = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=6)
    n = models.PositiveIntegerField(null=True, blank=True)  # how many people or things it rests on
    note = models.CharField(max_length=400, blank=True)
    source = models.CharField(max_length=400, blank=True)  # where it differs from the measure's own
    ward = models.ForeignKey("places.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    read_by = models.CharField(max_length=80)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["on", "read_at", "id"]
        indexes = [models.Index(fields=["measure", "on"])]
        constraints = [
            models.CheckConstraint(condition=Q(begins=None) | Q(begins__lte=F("on")), name="measures_period_runs_on"),
            models.UniqueConstraint(
                fields=["measure", "on"], condition=Q(ward=None, corrects=None), name="measures_one_reading_a_day"
            ),
            models.UniqueConstraint(
                fields=["measure", "on", "ward"], condition=Q(corrects=None), name="measures_one_reading_a_day_and_ward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.value}"


class PopulationSource(models.Model):
    """Where figures about who lives here come from, and for which day they hold."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200)
    on = models.DateField()  # the day that the figures are about: census day, mid-year
    address = models.URLField(max_length=400, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    invented = models.BooleanField(default=False)  # the example borough's own: pages then say so
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    brought_by = models.CharField(max_length=80)
    brought_at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-brought_at"]
        constraints = [models.UniqueConstraint(fields=["title", "on"], name="measures_source_once")]

    def __str__(self) -> str:
        return self.title


class PopulationShare(models.Model):
    """How many people of one group live in the borough, or in one ward of it."""

    source = models.ForeignKey(PopulationSource, on_delete=models.CASCADE, related_name="shares")
    characteristic = models.CharField(max_length=20)  # ward, age, sex, ethnicity, tenure, disability
    category = models.CharField(max_length=40)  # a ward's code, or an answer's code
    within = models.CharField(max_length=12, blank=True)  # a ward's code; empty: the borough
    people = models.PositiveIntegerField()

    class Meta:
        ordering = ["characteristic", "within", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "characteristic", "category", "within"], name="measures_one_share_a_group"
            )
        ]

    def __str__(self) -> str:
        return f"{self.characteristic} {self.category}: {self.people}"


class EqualityTally(models.Model):
    """How many gave each equality answer in one collection. One row a collection; no row is about a person.

    `counts` and `shown` are {characteristic: {answer: n}}. `shown` is what may be read: it moves on only when at least
    `STEP` more forms have come, so that nobody learns one form's answers by looking before and after it.
    """

    STEP: Final = 10

    collection = models.CharField(max_length=120, primary_key=True)
    forms = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    shown_forms = models.PositiveIntegerField(default=0)
    shown = models.JSONField(default=dict)
    shown_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["collection"]
        constraints = [
            models.CheckConstraint(condition=Q(shown_forms__lte=F("forms")), name="measures_shown_is_behind")
        ]

    def __str__(self) -> str:
        return f"{self.collection}: {self.forms}"
