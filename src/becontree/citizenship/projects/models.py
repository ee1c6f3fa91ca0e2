"""A project: an idea with its reasons, its needs, its people, its checks, its progress and what changed."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from becontree.foundations.access.rules import PersonalQuerySet
from becontree.foundations.kit.ids import new_id
from becontree.foundations.kit.pence import PenceField


class Project(models.Model):
    """What residents start and the council facilitates. `slug` is its public name for ever, whatever its title."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        SUBMITTED = "submitted", _("being checked")
        VERIFIED = "verified", _("ready")
        RAISING = "raising", _("raising")
        DELIVERING = "delivering", _("being delivered")
        CLOSED = "closed", _("done")
        ENDED = "ended", _("ended")

    class Theme(models.TextChoices):
        PLAY = "play", _("Play and sport")
        GREEN = "green", _("Parks and growing")
        FOOD = "food", _("Food")
        CULTURE = "culture", _("Culture and music")
        LEARNING = "learning", _("Learning and making")
        CARE = "care", _("Looking after each other")
        STREETS = "streets", _("Streets and safety")
        WORK = "work", _("Work and small firms")

    PUBLIC: Final = frozenset({State.VERIFIED, State.RAISING, State.DELIVERING, State.CLOSED, State.ENDED})
    MOVES: Final[dict[str, frozenset[str]]] = {
        State.DRAFT: frozenset({State.SUBMITTED, State.ENDED}),
        State.SUBMITTED: frozenset({State.DRAFT, State.VERIFIED, State.ENDED}),
        State.VERIFIED: frozenset({State.RAISING, State.DELIVERING, State.ENDED}),
        State.RAISING: frozenset({State.VERIFIED, State.DELIVERING, State.ENDED}),
        State.DELIVERING: frozenset({State.CLOSED, State.ENDED}),
        State.CLOSED: frozenset(),
        State.ENDED: frozenset(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=240)
    story = models.TextField(max_length=20_000)
    theme = models.CharField(max_length=12, choices=Theme.choices)
    ward = models.ForeignKey("places.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    place = models.CharField(max_length=160, blank=True)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="projects"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    what_changed = models.TextField(blank=True)
    returned_because = models.TextField(blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.TextField(blank=True)
    handings = models.PositiveIntegerField(default=0)  # how often somebody joined or left: an invitation works once

    class Meta:
        ordering = ["-created_at", "slug"]
        indexes = [models.Index(fields=["state", "-created_at"])]
        constraints = [
            models.CheckConstraint(
                name="a_closed_project_says_what_changed",
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(what_changed="")),
            ),
            models.CheckConstraint(
                name="a_verified_project_has_its_date",
                condition=Q(state__in=["draft", "submitted", "ended"]) | Q(verified_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/projects/{self.slug}/"

    @property
    def ref(self) -> str:
        return f"project/{self.slug}"

    @property
    def is_public(self) -> bool:
        return self.state in self.PUBLIC


class Organiser(models.Model):
    """Who runs a project. Personal data: seen by the project's people and the officers who check it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="organisers")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="organising")
    leads = models.BooleanField(default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "person"], condition=Q(until__isnull=True), name="one_place_among_the_organisers"
            )
        ]

    def __str__(self) -> str:
        return f"organiser of {self.project_id}"


class Cause(models.Model):
    """What a project came from: the reference of a voice, a promise or another public thing."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="causes")
    ref = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "ref"], name="a_cause_is_named_once")]

    def __str__(self) -> str:
        return self.ref


class BudgetLine(models.Model):
    """One line of what the money is for. Running costs never enter the capital sum, nor the other way round."""

    class Part(models.TextChoices):
        CAPITAL = "capital", _("To make it")
        RUNNING = "running", _("To run it afterwards")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="budget")
    part = models.CharField(max_length=8, choices=Part.choices, default=Part.CAPITAL)
    what = models.CharField(max_length=160)
    pence = PenceField()
    basis = models.CharField(max_length=200, blank=True, help_text="A quote, a price list, an estimate")

    class Meta:
        ordering = ["part", "-pence", "id"]
        constraints = [models.CheckConstraint(name="a_budget_line_costs_something", condition=Q(pence__gt=0))]

    def __str__(self) -> str:
        return self.what


class Need(models.Model):
    """What else a project needs: hours, skills or things. Money is its budget; the four are never added together."""

    class Kind(models.TextChoices):
        HOURS = "hours", _("Time")
        SKILLS = "skills", _("Skills")
        THINGS = "things", _("Things")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="needs")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    what = models.CharField(max_length=160)
    quantity = models.PositiveIntegerField(help_text="Hours for time and skills, a number of things")
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["kind", "what"]
        constraints = [models.CheckConstraint(name="a_need_is_for_something", condition=Q(quantity__gt=0))]

    def __str__(self) -> str:
        return self.what

    @property
    def unit(self) -> str:
        return "item" if self.kind == self.Kind.THINGS else "hour"


class Check(models.Model):
    """One thing that must be right before a project may raise money: a permission, a policy, who may apply."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        MET = "met", _("in order")
        NOT_NEEDED = "not-needed", _("not needed here")
        FAILED = "failed", _("not in order")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="checks")
    code = models.SlugField(max_length=40)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    note = models.CharField(max_length=400, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "code"], name="one_check_of_a_kind"),
            models.CheckConstraint(
                name="a_decided_check_says_when",
                condition=Q(state="asked") | (Q(decided_at__isnull=False) & ~Q(decided_by="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.state}"


class Evidence(models.Model):
    """A paper or picture about a project, kept in the database so that any machine can serve it.

    Private evidence (bank letters, permissions) is seen by the project's people and the officers who check it.
    """

    class Kind(models.TextChoices):
        QUOTE = "quote", _("Quote")
        PERMISSION = "permission", _("Permission")
        GOVERNANCE = "governance", _("Constitution, policy or insurance")
        MONEY = "money", _("Proof of money")
        DELIVERY = "delivery", _("Proof that it was done")
        PICTURE = "picture", _("Picture")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField(max_length=160)
    public = models.BooleanField(default=False)
    media_type = models.CharField(max_length=40)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)

    class Meta:
        ordering = ["-added_at"]

    def __str__(self) -> str:
        return self.title


class Update(models.Model):
    """News of a project, in its organisers' words."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="updates")
    title = models.CharField(max_length=120)
    body = models.TextField(max_length=8_000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.title


class Outcome(models.Model):
    """What a project measured: the figure with how it was counted, how many, and where it comes from."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="outcomes")
    what = models.CharField(max_length=160)
    figure = models.CharField(max_length=60)
    counted_how = models.CharField(max_length=300)
    n = models.PositiveIntegerField(null=True, blank=True)
    period = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.what}: {self.figure}"
