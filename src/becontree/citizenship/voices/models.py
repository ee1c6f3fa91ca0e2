"""What people say: liked, disliked or hoped for; how it reached us; what was decided about it; what was answered."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q

from becontree.foundations.access.rules import PersonalQuerySet
from becontree.foundations.kit.ids import new_id, short_id


class Voice(models.Model):
    """One thing that one person said. Every channel counts alike; the words are shown only with consent."""

    class Kind(models.TextChoices):
        LIKE = "like", "I like"
        DISLIKE = "dislike", "I do not like"
        HOPE = "hope", "I hope for"

    class Channel(models.TextChoices):
        WEB = "web", "on this site"
        PAPER = "paper", "on paper"
        DOORSTEP = "doorstep", "at the door"
        EVENT = "event", "at an event"
        PHONE = "phone", "by telephone"
        SCHOOL = "school", "at school"

    class State(models.TextChoices):
        WAITING = "waiting", "being read"
        PUBLISHED = "published", "published"
        HELD = "held", "not published"
        WITHDRAWN = "withdrawn", "withdrawn"

    MOVES: Final[dict[str, frozenset[str]]] = {
        State.WAITING: frozenset({State.PUBLISHED, State.HELD, State.WITHDRAWN}),
        State.PUBLISHED: frozenset({State.HELD, State.WITHDRAWN}),
        State.HELD: frozenset({State.PUBLISHED, State.WITHDRAWN}),
        State.WITHDRAWN: frozenset(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handle = models.CharField(max_length=16, unique=True, default=short_id)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    words = models.TextField(max_length=4_000)
    language = models.CharField(max_length=16, default="en")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    ward = models.ForeignKey("places.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    place = models.CharField(max_length=160, blank=True)
    may_quote = models.BooleanField(default=False)
    said_on = models.DateField()
    person = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="voices")
    entered_by = models.CharField(max_length=80, blank=True)
    entered_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        ordering = ["-said_on", "-entered_at", "id"]
        indexes = [models.Index(fields=["state", "-said_on"]), models.Index(fields=["state", "ward"])]
        constraints = [
            models.CheckConstraint(
                name="a_published_voice_has_its_date", condition=~Q(state="published") | Q(published_at__isnull=False)
            ),
            models.CheckConstraint(
                name="a_withdrawn_voice_has_no_words", condition=~Q(state="withdrawn") | Q(words="")
            ),
        ]

    def __str__(self) -> str:
        return self.handle

    def get_absolute_url(self) -> str:
        return f"/voices/{self.handle}/"

    @property
    def ref(self) -> str:
        return f"voice/{self.handle}"

    @property
    def shown(self) -> str:
        """The words, where they may be shown to everybody."""
        return self.words if self.state == self.State.PUBLISHED and self.may_quote else ""


class Ruling(models.Model):
    """One decision of a moderator about a voice, with its reason from the published policy."""

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="rulings")
    outcome = models.CharField(max_length=10, choices=[("published", "published"), ("held", "not published")])
    reason = models.SlugField(max_length=30, blank=True)
    note = models.CharField(max_length=400, blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    on_appeal = models.BooleanField(default=False)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(name="a_held_voice_has_its_reason", condition=Q(outcome="published") | ~Q(reason=""))
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.reason}"


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
        LISTENING = "listening", "We are listening for more"
        PLANNED = "planned", "We will do this"
        UNDERWAY = "underway", "This is being done"
        DONE = "done", "This is done"
        CANNOT = "cannot", "We cannot do this"

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
