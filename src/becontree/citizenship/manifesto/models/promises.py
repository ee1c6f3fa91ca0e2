"""From a sentence about what people want to a promise that the borough can be held to."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.manifesto.models.studies import Theme
from becontree.foundations.kit.ids import new_id


class Aspiration(models.Model):
    """A sentence that people wrote from themes, with the words it rests on and what the minority said."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        OPEN = "open", _("before the people")
        ADOPTED = "adopted", _("adopted")
        DROPPED = "dropped", _("not taken further")

    MOVES: Final[dict[str, frozenset[str]]] = {
        State.DRAFT: frozenset({State.OPEN, State.DROPPED}),
        State.OPEN: frozenset({State.DRAFT, State.ADOPTED, State.DROPPED}),
        State.ADOPTED: frozenset(),
        State.DROPPED: frozenset({State.DRAFT}),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    sentence = models.CharField(max_length=240)
    rests_on = models.TextField(max_length=4_000, blank=True)
    minority = models.TextField(max_length=4_000)
    themes: models.ManyToManyField[Theme, models.Model] = models.ManyToManyField(Theme, related_name="aspirations")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    dropped_because = models.CharField(max_length=1_000, blank=True)
    once = models.CharField(max_length=32, blank=True)
    written_by = models.CharField(max_length=80)
    written_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-written_at", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["once"], condition=~Q(once=""), name="one_form_one_aspiration"),
            models.CheckConstraint(
                name="a_dropped_aspiration_says_why", condition=~Q(state="dropped") | ~Q(dropped_because="")
            ),
        ]

    def __str__(self) -> str:
        return self.sentence

    def get_absolute_url(self) -> str:
        return f"/manifesto/aspirations/{self.slug}/"

    @property
    def ref(self) -> str:
        return f"aspiration/{self.slug}"

    @property
    def is_public(self) -> bool:
        return self.state in {self.State.OPEN, self.State.ADOPTED}


class Quote(models.Model):
    """A voice that an aspiration rests on, by its handle: the words stay where they live."""

    aspiration = models.ForeignKey(Aspiration, on_delete=models.CASCADE, related_name="quotes")
    handle = models.CharField(max_length=16)
    minority = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["aspiration", "handle"], name="a_voice_is_quoted_once")]

    def __str__(self) -> str:
        return self.handle


class Agreement(models.Model):
    """What a conversation said of an aspiration, group by group: [[label, n, agrees, passes, disagrees], ...]."""

    aspiration = models.ForeignKey(Aspiration, on_delete=models.CASCADE, related_name="agreements")
    conversation = models.CharField(max_length=120)
    groups = models.JSONField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["aspiration", "conversation"], name="one_agreement_a_conversation")
        ]

    def __str__(self) -> str:
        return self.conversation


class Promise(models.Model):
    """What the borough promised, by whose decision, until when, and why."""

    class Standing(models.TextChoices):
        NOT_SAID = "not-said", _("not said yet")
        ON_TRACK = "on-track", _("on track")
        AT_RISK = "at-risk", _("at risk")
        OFF_TRACK = "off-track", _("off track")
        KEPT = "kept", _("kept")
        DROPPED = "dropped", _("dropped")

    OVER: Final = frozenset({Standing.KEPT, Standing.DROPPED})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    sentence = models.CharField(max_length=240)
    aspiration = models.OneToOneField(Aspiration, on_delete=models.PROTECT, related_name="promise")
    vision_on = models.DateField()
    rationale = models.TextField(max_length=8_000)
    team = models.CharField(max_length=80)
    authority = models.CharField(max_length=300)
    minutes = models.CharField(max_length=300)
    adopted_on = models.DateField()
    adopted_at = models.DateTimeField()
    decision = models.UUIDField(help_text="The entry of the public record that holds the decision")
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.NOT_SAID)
    place = models.PositiveSmallIntegerField(default=0, help_text="Where it stands in the Manifesto")

    class Meta:
        ordering = ["place", "adopted_on", "slug"]
        constraints = [
            models.CheckConstraint(name="a_promise_looks_ahead", condition=Q(vision_on__gt=models.F("adopted_on"))),
            models.CheckConstraint(
                name="a_promise_has_its_authority", condition=~Q(authority="") & ~Q(minutes="") & ~Q(rationale="")
            ),
        ]

    def __str__(self) -> str:
        return self.sentence

    def get_absolute_url(self) -> str:
        return f"/manifesto/promises/{self.slug}/"

    @property
    def ref(self) -> str:
        return f"promise/{self.slug}"


class Target(models.Model):
    """A figure to be reached: from what, to what, by when, measured how and why so."""

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="targets")
    measure = models.ForeignKey("measures.Measure", on_delete=models.PROTECT, related_name="+")
    baseline = models.DecimalField(max_digits=20, decimal_places=6)
    baseline_on = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=6)
    by_on = models.DateField()
    source = models.CharField(max_length=300)
    rationale = models.TextField(max_length=4_000)
    baseline_because = models.CharField(
        max_length=500, blank=True, help_text="Why it starts elsewhere than the measure's own reading"
    )
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["by_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["promise", "measure", "by_on"], name="one_target_a_measure_and_day"),
            models.CheckConstraint(
                name="a_target_comes_after_its_baseline", condition=Q(by_on__gt=models.F("baseline_on"))
            ),
            models.CheckConstraint(name="a_target_is_not_its_baseline", condition=~Q(value=models.F("baseline"))),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.value} by {self.by_on}"

    @property
    def rises(self) -> bool:
        """Whether better means more."""
        return self.value > self.baseline

    def worse(self, before: Decimal, after: Decimal) -> bool:
        """Whether a change goes the wrong way."""
        return after < before if self.rises else after > before


class Standing(models.Model):
    """What a person said about how a promise stands, with reasons. Only ever added to."""

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="standings")
    standing = models.CharField(max_length=10, choices=Promise.Standing.choices)
    reasons = models.TextField(max_length=4_000)
    despite = models.TextField(
        max_length=2_000, blank=True, help_text="Why it is said although a figure says otherwise"
    )
    on = models.DateField()
    once = models.CharField(max_length=32, blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-at"]
        constraints = [
            models.CheckConstraint(name="a_standing_has_its_reasons", condition=~Q(reasons="")),
            models.UniqueConstraint(fields=["promise", "once"], condition=~Q(once=""), name="one_form_one_standing"),
        ]

    def __str__(self) -> str:
        return self.standing


class Report(models.Model):
    """The State of the Borough of one year: frozen when published, with the hash that stands in the public record."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    cut_on = models.DateField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    foreword = models.TextField(max_length=8_000, blank=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    entry = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                name="a_published_report_is_on_the_record",
                condition=Q(published_at__isnull=True) | Q(entry__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"State of the Borough {self.year}"

    def get_absolute_url(self) -> str:
        return f"/manifesto/state-of-the-borough/{self.year}/"

    @property
    def ref(self) -> str:
        return f"report/state-of-the-borough-{self.year}"
