"""What was decided about a voice, who asked that it be looked at again, and what was answered."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.voices.models.said import Voice
from becontree.citizenship.voices.policy import BY_CODE, Reason
from becontree.foundations.kit.ids import new_id


class Ruling(models.Model):
    """One decision of a moderator about a voice, with its reason from the published policy."""

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="rulings")
    outcome = models.CharField(
        max_length=10,
        choices=[
            ("published", _("published")),
            ("masked", _("published, with a part left out")),
            ("held", _("not published")),
        ],
    )
    reason = models.SlugField(max_length=30, blank=True)
    note = models.CharField(max_length=400, blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    on_appeal = models.BooleanField(default=False)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["at"], name="voices_ruling_at")]
        constraints = [
            models.CheckConstraint(name="a_held_voice_has_its_reason", condition=Q(outcome="published") | ~Q(reason=""))
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.reason}"

    @property
    def why(self) -> Reason | None:
        """The reason of our policy, with its words."""
        return BY_CODE.get(self.reason)


class Appeal(models.Model):
    """Somebody asks that a decision about a voice be looked at again, by another person, by a date."""

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="appeals")
    words = models.TextField(max_length=2_000)
    made_at = models.DateTimeField()
    due_on = models.DateField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    upheld = models.BooleanField(null=True)
    answer = models.CharField(max_length=1_000, blank=True)

    class Meta:
        ordering = ["due_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["voice"], condition=Q(decided_at__isnull=True), name="one_open_appeal_a_voice"
            )
        ]

    def __str__(self) -> str:
        return f"appeal about {self.voice_id}"


class Answer(models.Model):
    """What the council says back: a status, reasons, a team and a date, and what it points to."""

    class Status(models.TextChoices):
        LISTENING = "listening", _("We are listening for more")
        PLANNED = "planned", _("We will do this")
        UNDERWAY = "underway", _("This is being done")
        DONE = "done", _("This is done")
        CANNOT = "cannot", _("We cannot do this")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="answers")
    status = models.CharField(max_length=10, choices=Status.choices)
    body = models.TextField(max_length=4_000)
    team = models.CharField(max_length=80)
    leads_to = models.CharField(max_length=120, blank=True, help_text="The reference of a project or promise")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(F("voice"), F("at").desc(), name="voices_answer_latest")]

    def __str__(self) -> str:
        return self.status
