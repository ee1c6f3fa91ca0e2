"""A study: what many people wrote, cut into clauses and sorted into themes by people, with a machine's suggestions.

The words themselves are not here: an answer is a reference to a voice, and its words are read where they live, so that
what somebody takes back is gone here as well. Only answers from an imported survey, which live nowhere else, are kept.
"""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.ids import new_id


class Study(models.Model):
    """`rounds` are the slugs of listening rounds ("" for what was said outside any); `kinds` narrows them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=160)
    question = models.CharField(max_length=300, blank=True)
    rounds = models.JSONField(default=list)
    kinds = models.JSONField(default=list)
    once = models.CharField(max_length=32, blank=True)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["once"], condition=~Q(once=""), name="one_form_begins_one_study"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/manifesto/heard/{self.slug}/"


class Answer(models.Model):
    """One text of a study. `ref` is "voice/…", or "row/…" for an imported one, whose `words` are here.

    `person` is a key that says which texts come from one person (one form), and nothing about who.
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="answers")
    ref = models.CharField(max_length=80)
    handle = models.CharField(max_length=16, blank=True, db_index=True)  # of the voice; empty for an imported text
    person = models.CharField(max_length=64)
    words = models.TextField(blank=True, max_length=20_000)
    may_quote = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["study", "ref"], name="a_text_is_once_in_a_study")]

    def __str__(self) -> str:
        return self.ref


class ThemeRun(models.Model):
    """One run of the machine, in the background: what went in (by its hash), by which method, what it suggested."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to begin")
        RUNNING = "running", _("being sorted")
        DONE = "done", _("done")
        FAILED = "failed", _("stopped")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=5)
    doing = models.CharField(max_length=60, blank=True)
    backend = models.CharField(max_length=20, default="words")
    method = models.CharField(max_length=120, blank=True)
    versions = models.JSONField(default=dict)
    inputs_sha256 = models.CharField(max_length=64, blank=True)
    texts = models.PositiveIntegerField(default=0)
    clauses = models.PositiveIntegerField(default=0)
    base = models.JSONField(default=dict)
    trouble = models.CharField(max_length=400, blank=True)
    by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="one_run_of_a_number"),
            models.UniqueConstraint(
                fields=["study"], condition=Q(state__in=["waiting", "running"]), name="one_run_of_a_study_at_a_time"
            ),
            models.CheckConstraint(
                name="a_finished_run_says_how",
                condition=~Q(state="done") | (~Q(method="") & ~Q(inputs_sha256="") & Q(finished_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.number}"

    @property
    def busy(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}


class Theme(models.Model):
    """A theme as it stands after every act. Written by `actions.acts.rebuild` only."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="themes")
    code = models.CharField(max_length=12)
    label = models.CharField(max_length=120, blank=True)
    named = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False)
    live = models.BooleanField(default=True)
    terms = models.JSONField(default=list)
    typical = models.JSONField(default=list)
    doubtful = models.JSONField(default=list)
    people = models.PositiveIntegerField(default=0)
    parts = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-people", "id"]
        constraints = [
            models.UniqueConstraint(fields=["study", "code"], name="one_theme_of_a_code"),
            models.CheckConstraint(name="a_named_theme_has_a_name", condition=Q(named=False) | ~Q(label="")),
        ]

    def __str__(self) -> str:
        return self.label or self.code

    @property
    def ref(self) -> str:
        """Its name in the public record, where `study` is at hand."""
        return f"theme/{self.study.slug}-{self.code}"


class Clause(models.Model):
    """The `part`-th clause of an answer; `number` is its name within the study."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="clauses")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="clauses")
    number = models.PositiveIntegerField()
    part = models.PositiveSmallIntegerField()
    touched = models.BooleanField(default=False)
    excluded = models.BooleanField(default=False)
    sorted = models.BooleanField(default=False)
    guess = models.CharField(max_length=12, blank=True)
    near = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="one_clause_of_a_number"),
            models.UniqueConstraint(fields=["answer", "part"], name="a_part_of_an_answer_is_once"),
        ]
        indexes = [models.Index(fields=["study", "sorted", "excluded", "-near"])]

    def __str__(self) -> str:
        return f"clause {self.number}"


class Placement(models.Model):
    """A clause in a theme. `near` in thousandths; None where a person put it there."""

    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="placements")
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="placements")
    near = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clause", "theme"], name="a_clause_is_once_in_a_theme")]
        indexes = [models.Index(fields=["theme", "near", "clause"])]

    def __str__(self) -> str:
        return f"{self.clause_id} in {self.theme_id}"


class Step(models.Model):
    """One act of a person: who, when, what. Never changed; undone by saying so."""

    KINDS: Final = {
        "name": _("named"),
        "seed": _("began with examples"),
        "merge": _("joined"),
        "split": _("split off"),
        "move": _("moved"),
        "add": _("added to another theme"),
        "remove": _("took out"),
        "keep": _("said that they belong"),
        "place": _("settled"),
        "exclude": _("left out"),
        "include": _("took back in"),
        "hide": _("hid"),
        "show": _("showed again"),
    }

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)
    said = models.JSONField(default=dict)
    once = models.CharField(max_length=32, blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    undone_by = models.CharField(max_length=80, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="one_act_of_a_number"),
            models.UniqueConstraint(fields=["study", "once"], condition=~Q(once=""), name="one_form_one_act"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.kind}"

    @property
    def verb(self) -> str:
        return str(self.KINDS.get(self.kind, self.kind))


class Sample(models.Model):
    """Clauses drawn by a kept seed, that two people sort apart from each other."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="samples")
    seed = models.CharField(max_length=64)
    clauses = models.JSONField(default=list)
    coders = models.JSONField(default=list)  # two party ids at most, in the order in which they began
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"sample of {len(self.clauses)}"


class Coding(models.Model):
    """What one coder said about one clause of a sample: theme codes, none for "in none of these"."""

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="codings")
    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="codings")
    coder = models.CharField(max_length=80)
    themes = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "clause", "coder"], name="a_coder_sorts_a_clause_once")
        ]

    def __str__(self) -> str:
        return f"{self.coder} on {self.clause_id}"
