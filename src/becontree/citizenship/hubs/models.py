"""Hubs, those who help in them, and meetings: a conversation held in a room."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from becontree.foundations.access.rules import PersonalQuerySet
from becontree.foundations.kit.ids import new_id, short_id
from becontree.methods.suppression import few


class Hub(models.Model):
    """A place that a voluntary or faith group keeps, where people meet, help and talk about their area."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=70, unique=True)
    name = models.CharField(max_length=120)
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="hubs")
    about = models.TextField(max_length=2_000)
    venue = models.ForeignKey("places.Venue", on_delete=models.PROTECT, related_name="hubs")  # where: told there, once
    when = models.CharField(max_length=200)
    wards = models.ManyToManyField("places.Ward", related_name="+")
    made_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    handings = models.PositiveIntegerField(default=0)  # how often it was handed over: an invitation works once

    class Meta:
        ordering = ["name", "slug"]
        constraints = [
            models.CheckConstraint(name="a_hub_says_what_and_when", condition=~Q(name="") & ~Q(about="") & ~Q(when=""))
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/hubs/{self.slug}/"

    @property
    def ref(self) -> str:
        return f"hub/{self.slug}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Volunteer(models.Model):
    """Somebody who offers to help in a hub. Only they and the people who run the hub see it."""

    class State(models.TextChoices):
        OFFERED = "offered", _("has offered")
        HELPING = "helping", _("is helping")
        LEFT = "left", _("no longer")

    MOVES: Final[dict[str, frozenset[str]]] = {
        State.OFFERED: frozenset({State.HELPING, State.LEFT}),
        State.HELPING: frozenset({State.LEFT}),
        State.LEFT: frozenset({State.OFFERED}),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hub = models.ForeignKey(Hub, on_delete=models.CASCADE, related_name="volunteers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    offer = models.CharField(max_length=400)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OFFERED)
    offered_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        ordering = ["offered_at"]
        constraints = [models.UniqueConstraint(fields=["hub", "person"], name="one_offer_a_person_and_hub")]

    def __str__(self) -> str:
        return f"{self.state} {self.hub_id}"


class Meeting(models.Model):
    """A conversation held in a room: its agenda, its screen, how many came, its paper, its notes."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        OPEN = "open", _("going on")
        OVER = "over", _("over")
        CANCELLED = "cancelled", _("cancelled")

    MOVES: Final[dict[str, frozenset[str]]] = {
        State.PLANNED: frozenset({State.OPEN, State.CANCELLED}),
        State.OPEN: frozenset({State.OVER}),
        State.OVER: frozenset(),
        State.CANCELLED: frozenset(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handle = models.CharField(max_length=16, unique=True, default=short_id)
    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.PROTECT, related_name="meetings")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, null=True, blank=True, related_name="meetings")
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    ward = models.ForeignKey("places.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    step_free = models.BooleanField(default=False)
    agenda = models.JSONField(default=list)  # lines, in their order
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    code = models.CharField(max_length=8, blank=True)  # what people type to join; only while it goes on
    showing = models.PositiveIntegerField(null=True, blank=True)  # the number of the statement on the screen
    attendance = models.PositiveIntegerField(null=True, blank=True)  # heads counted; never who
    notes = models.TextField(max_length=8_000, blank=True)
    consent = models.BooleanField(default=False)  # the room was asked before notes were taken, and said yes
    papers = models.PositiveIntegerField(default=0)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_at", "handle"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="a_code_opens_one_room"),
            models.CheckConstraint(name="a_code_only_while_it_goes_on", condition=Q(state="open") | Q(code="")),
            models.CheckConstraint(name="notes_only_with_consent", condition=Q(notes="") | Q(consent=True)),
            models.CheckConstraint(
                name="what_is_over_was_counted",
                condition=~Q(state="over") | Q(attendance__isnull=False, ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.handle

    def get_absolute_url(self) -> str:
        return f"/hubs/meetings/{self.handle}/"

    def heads(self) -> dict[str, int | None]:
        """How many were there and how many voted on paper, as everybody may read it; None: 1 to 4, or the rest is."""
        heads, papers = self.attendance or 0, self.papers
        return {
            "attendance": None if few(heads) else heads,
            "papers": None if few(papers, max(0, heads - papers)) else papers,
        }


class Shown(models.Model):
    """One statement put on the screen of a room: the log by which exposure in rooms is audited."""

    id = models.BigAutoField(primary_key=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="shown")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.number} in {self.meeting_id}"


class Paper(models.Model):
    """One sheet of votes that was typed in: `key` makes it one however often the form is sent. Nobody's name."""

    id = models.BigAutoField(primary_key=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="sheets")
    key = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    participant = models.ForeignKey("conversations.Participant", on_delete=models.PROTECT, related_name="+")
    votes = models.PositiveIntegerField()
    typed_by = models.CharField(max_length=80)
    typed_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "key"], name="a_sheet_is_typed_once"),
            models.UniqueConstraint(fields=["meeting", "number"], name="a_sheet_has_its_own_number"),
        ]

    def __str__(self) -> str:
        return f"sheet {self.number} of {self.meeting_id}"


class Retyping(models.Model):
    """A sheet was typed again with other marks: both, which of them was taken, and by whom. Only added to."""

    id = models.BigAutoField(primary_key=True)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="retypings")
    before = models.TextField(max_length=4_000)
    after = models.TextField(max_length=4_000)
    taken = models.BooleanField()  # whether the marks typed later count; else the sheet stayed as it was
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.paper_id} typed again"


class Reminder(models.Model):
    """Somebody asks to be written to the day before a meeting: a member, or an address and nothing else.

    It goes the day after the meeting, whether it was sent or not.
    """

    id = models.BigAutoField(primary_key=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="reminders")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    address = models.EmailField(blank=True)
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"], condition=Q(person__isnull=False), name="a_person_is_reminded_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "address"], condition=~Q(address=""), name="an_address_is_reminded_once"
            ),
            models.CheckConstraint(
                name="a_reminder_goes_to_one",
                condition=Q(person__isnull=False, address="") | (Q(person__isnull=True) & ~Q(address="")),
            ),
        ]

    def __str__(self) -> str:
        return f"reminder of {self.meeting_id}"
