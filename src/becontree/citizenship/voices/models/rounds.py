"""A listening round: what is asked, of whom, from when to when, who answers for it, and what came of it."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.ids import new_id


class Kind(models.TextChoices):
    """What a question asks for, and so what a voice says."""

    LIKE = "like", _("I like")
    DISLIKE = "dislike", _("I do not like")
    HOPE = "hope", _("I hope for")
    OPEN = "open", _("I say")


def english() -> list[str]:
    return ["en"]


class Round(models.Model):
    """One time of listening. A draft may lack anything; what is open lacks nothing (the database holds that)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed; we are reading")
        ANSWERED = "answered", _("answered")

    class Verification(models.TextChoices):
        NEVER = "never", _("Nobody has to show who they are")
        LATER = "later", _("People may show later that they live here, if they wish")

    class Layout(models.TextChoices):
        PAGE = "page", _("All questions on one page")
        EACH = "each", _("One question a page")

    MOVES: Final[dict[str, frozenset[str]]] = {
        State.DRAFT: frozenset({State.OPEN}),
        State.OPEN: frozenset({State.CLOSED}),
        State.CLOSED: frozenset({State.OPEN, State.ANSWERED}),
        State.ANSWERED: frozenset(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    recipe = models.SlugField(max_length=40, blank=True)
    title = models.CharField(max_length=160)
    why = models.TextField(max_length=2_000, blank=True)
    changes = models.TextField(max_length=2_000, blank=True, help_text="What the answers can change, and what not")
    answerer = models.CharField(max_length=160, blank=True, help_text="Who will answer, by office")
    answer_by = models.DateField(null=True, blank=True)
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    wards = models.ManyToManyField("places.Ward", blank=True, related_name="+")  # none: the whole borough
    places = models.JSONField(default=list, blank=True)  # where paper lies, where we stand: names
    languages = models.JSONField(default=english)
    privacy = models.TextField(max_length=8_000, blank=True)
    moderation = models.TextField(max_length=4_000, blank=True)
    reasons = models.JSONField(default=list, blank=True)  # codes of policy.REASONS, set before the round opens
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    team = models.CharField(max_length=80, blank=True)
    verification = models.CharField(max_length=8, choices=Verification.choices, default=Verification.NEVER)
    layout = models.CharField(max_length=8, choices=Layout.choices, default=Layout.PAGE)
    double_entry = models.BooleanField(default=False)
    asks_equality = models.BooleanField(default=False)
    asks_contact = models.BooleanField(default=True)
    contact_days = models.PositiveSmallIntegerField(default=730)
    easy_read = models.TextField(max_length=8_000, blank=True)
    translations = models.JSONField(default=dict, blank=True)  # language -> {"title", "why", ..., "by": "human"}
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    asked = models.TextField(max_length=4_000, blank=True)
    said = models.TextField(max_length=8_000, blank=True)
    did = models.TextField(max_length=8_000, blank=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    previewed_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opens_on", "slug"]
        constraints = [
            models.CheckConstraint(
                name="a_round_closes_after_it_opens",
                condition=Q(opens_on__isnull=True) | Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on")),
            ),
            models.CheckConstraint(
                name="an_open_round_lacks_nothing",
                condition=Q(state="draft")
                | (
                    Q(owner__isnull=False, opens_on__isnull=False, closes_on__isnull=False, answer_by__isnull=False)
                    & Q(opened_at__isnull=False)
                    & ~Q(privacy="")
                    & ~Q(moderation="")
                    & ~Q(why="")
                    & ~Q(changes="")
                    & ~Q(answerer="")
                ),
            ),
            models.CheckConstraint(
                name="a_closed_round_has_its_moment",
                condition=~Q(state__in=["closed", "answered"]) | Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="an_answered_round_says_what_came_of_it",
                condition=~Q(state="answered") | (Q(answered_at__isnull=False) & ~Q(said="") & ~Q(did="")),
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return f"/voices/rounds/{self.slug}/"

    @property
    def ref(self) -> str:
        return f"round/{self.slug}"

    def takes_answers(self, today: date) -> bool:
        """Whether anybody may answer on this site today."""
        return bool(
            self.state == self.State.OPEN
            and self.opens_on
            and self.closes_on
            and self.opens_on <= today <= self.closes_on
        )


class Question(models.Model):
    """One question of a round, in the order of the paper form."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.CharField(max_length=300)
    hint = models.CharField(max_length=300, blank=True)
    translations = models.JSONField(default=dict, blank=True)  # language -> {"text", "hint", "by": "human" | "machine"}

    class Meta:
        ordering = ["round", "position"]
        constraints = [models.UniqueConstraint(fields=["round", "position"], name="a_question_has_its_own_place")]

    def __str__(self) -> str:
        return self.text

    def said_in(self, language: str) -> dict[str, Any]:
        """{"text", "hint", "by", "language"}: the translation where there is one, else the words as written."""
        found = self.translations.get(language) or self.translations.get(language.partition("-")[0])
        if found and found.get("text"):
            return {"text": found["text"], "hint": found.get("hint", ""), "by": found["by"], "language": language}
        return {"text": self.text, "hint": self.hint, "by": "", "language": "en"}


class ToldApart(models.Model):
    """That the questions about oneself were answered once for one form. Neither which form, nor what, nor when.

    `mark` is a hash of the form with the site's secret (`tokens.mark`). It goes when the round takes nothing more.
    """

    mark = models.CharField(max_length=32, primary_key=True)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return self.mark


class Update(models.Model):
    """One step of the loop back: what we heard, was decided, came of it. Public, and sent to all who asked."""

    class Step(models.TextChoices):
        HEARD = "heard", _("What we heard")
        DECIDED = "decided", _("What was decided")
        CAME = "came", _("What came of it")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="updates")
    step = models.CharField(max_length=8, choices=Step.choices)
    words = models.TextField(max_length=8_000)
    by = models.CharField(max_length=80)
    at = models.DateTimeField(db_index=True)
    told_at = models.DateTimeField(null=True, blank=True)  # when it went into the weekly letters of members

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.step} {self.round_id}"
