"""Persons, organisations, households, the roles people hold, and who changed what.

A person's row can be emptied; its id, the random *party id*, stays, because published things name it. Nothing here
may be deleted: what ends has an end.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.ids import new_id


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str | None = None, **fields: Any) -> Person:
        """What allauth and tests call; a person has no password, ever."""
        fields.pop("password", None)
        person = self.model(email=self.normalize_email(email).lower() if email else None, **fields)
        person.set_unusable_password()
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").lower())


class Person(AbstractBaseUser):
    """Somebody. `id` is the random party id that every other room holds; the rest of the row can be erased."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True, null=True, blank=True)
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(
        max_length=400, blank=True, help_text="Where letters on paper go; lines as on an envelope"
    )
    language = models.CharField(max_length=16, default="en")
    ward_code = models.CharField(max_length=12, blank=True)
    is_active = models.BooleanField(default=True)
    # Theirs was taken away (FactorReset): before anything else opens, they set up a new second factor.
    needs_factor = models.BooleanField(default=False)
    created_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = PersonManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="people_erased_holds_nothing",
                condition=Q(erased_at__isnull=True)
                | Q(email__isnull=True, name="", phone="", address="", ward_code="", is_active=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name or (self.email or "Someone")

    @cached_property
    def live_roles(self) -> frozenset[tuple[str, str]]:
        """(role, team) pairs held now: one query for the life of this object, which is one request."""
        return frozenset((held.role, held.team) for held in self.roles_held.all() if held.ends_at is None)

    def forget_roles(self) -> None:
        """Read the roles anew at the next question (after a grant or an end)."""
        self.__dict__.pop("live_roles", None)
        getattr(self, "_prefetched_objects_cache", {}).pop("roles_held", None)

    def has_role(self, code: str, team: str | None = None) -> bool:
        """Whether the person holds the role now (for an officer: in that team, where one is named)."""
        if code == "resident":
            return self.is_active
        return any(role == code and (team is None or held == team) for role, held in self.live_roles)

    @property
    def teams(self) -> frozenset[str]:
        """The codes of the teams in which the person is an officer."""
        return frozenset(team for role, team in self.live_roles if role == "officer" and team)

    @property
    def on_the_desk(self) -> bool:
        """Whether any of the person's roles has work on the officers' desk."""
        return any(self.has_role(role) for role in ("officer", "finance", "auditor", "administrator"))

    @property
    def party_id(self) -> uuid.UUID:
        return self.id


class RoleHeld(models.Model):
    """A role that a person holds; ended, never deleted, so that "who could see this then?" has an answer.

    `granted_by`, `confirmed_by` (of a role that two administrators grant: `RoleRequest`) and `ended_by` are party ids
    (see `actors.party_id`).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles_held")
    role = models.CharField(max_length=32)
    team = models.CharField(max_length=32, blank=True)
    granted_by = models.CharField(max_length=80, blank=True)
    confirmed_by = models.CharField(max_length=80, blank=True)
    granted_at = models.DateTimeField()
    grant_reason = models.TextField(blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "team"], condition=Q(ends_at__isnull=True), name="people_role_held_once"
            ),
            models.CheckConstraint(
                name="people_role_ends_after_grant",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("granted_at")),
            ),
            models.CheckConstraint(
                name="people_role_confirmed_by_another",
                condition=Q(confirmed_by="") | ~Q(confirmed_by=F("granted_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}{':' + self.team if self.team else ''}"


class RoleRequest(models.Model):
    """A role that two administrators grant (`Role.by_two`): one has asked for it, another confirms it or does not."""

    class State(models.TextChoices):
        WAITS = "waits", _("waits for a second administrator")
        DONE = "done", _("given")
        DECLINED = "declined", _("declined")
        STOPPED = "stopped", _("stopped")
        EXPIRED = "expired", _("nobody confirmed in time")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="role_requests")
    role = models.CharField(max_length=32)
    reason = models.CharField(max_length=500, blank=True)  # emptied when the person is forgotten
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITS)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    lapses_at = models.DateTimeField()  # as the council's setting was when it was asked
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    why_not = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"], condition=Q(state="waits"), name="people_role_asked_one_waits"
            ),
            models.CheckConstraint(name="people_role_asked_never_ones_own", condition=~Q(asked_by=F("person"))),
            models.CheckConstraint(
                name="people_role_asked_two_people",
                condition=~Q(state="done")
                | Q(
                    ~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("person")),
                    decided_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="people_role_asked_decided_has_moment",
                condition=Q(state="waits", decided_at__isnull=True) | Q(~Q(state="waits"), decided_at__isnull=False),
            ),
            models.CheckConstraint(name="people_role_asked_lapses_later", condition=Q(lapses_at__gt=F("asked_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.state}: {self.role} for {self.person_id}"

    def is_open(self, now: datetime) -> bool:
        """Whether somebody may still decide it."""
        return self.state == self.State.WAITS and self.lapses_at > now


class FactorReset(models.Model):
    """A second factor that was lost with its recovery codes: one administrator asks to take it away, another confirms.

    `asked_by` is empty where whoever runs the server did it there, alone (`manage reset_second_factor`).
    """

    LASTS: ClassVar = timedelta(days=3)  # how long it waits: a check of who somebody is grows stale

    class Checked(models.TextChoices):
        IN_PERSON = "in-person", _("They stood before me, and I know them")
        CARD = "card", _("They showed their staff card or another paper with a picture; I kept no copy")
        RANG = "rang", _("I rang the number that the council's own list has for them, and they answered")
        MANAGER = "manager", _("Their manager, whom I know, told me so face to face")

    class State(models.TextChoices):
        WAITS = "waits", _("waits for a second administrator")
        DONE = "done", _("taken away")
        DECLINED = "declined", _("declined")
        STOPPED = "stopped", _("stopped")
        EXPIRED = "expired", _("nobody confirmed in time")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="factor_resets")
    reason = models.CharField(max_length=500, blank=True)  # emptied when the person is forgotten, as is `check_note`
    checked = models.CharField(max_length=12, choices=Checked.choices)
    check_note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITS)
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    why_not = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(state="waits"), name="people_reset_one_waits"),
            models.CheckConstraint(
                name="people_reset_never_ones_own", condition=Q(asked_by__isnull=True) | ~Q(asked_by=F("person"))
            ),
            models.CheckConstraint(
                name="people_reset_two_people",
                condition=~Q(state="done")
                | Q(asked_by__isnull=True, decided_by__isnull=True)
                | Q(
                    ~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("person")),
                    asked_by__isnull=False,
                    decided_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="people_reset_decided_has_moment",
                condition=Q(state="waits", decided_at__isnull=True) | Q(~Q(state="waits"), decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state}: {self.person_id}"

    @property
    def lapses_at(self) -> datetime:
        """Until when it waits."""
        return self.asked_at + self.LASTS

    def is_open(self, now: datetime) -> bool:
        """Whether somebody may still decide it."""
        return self.state == self.State.WAITS and self.lapses_at > now


class Organisation(models.Model):
    """A body that runs projects, gives money or lends things. Public but for its bank details, kept elsewhere."""

    class Kind(models.TextChoices):
        COMMUNITY = "community-group", _("Community group without a register number")
        CHARITY = "charity", _("Charity")
        CIC = "cic", _("Community interest company")
        COMPANY = "company", _("Company")
        COOPERATIVE = "cooperative", _("Co-operative or community benefit society")
        SCHOOL = "school", _("School or college")
        FAITH = "faith", _("Faith body")
        COUNCIL = "council", _("Council or other public body")
        FUNDER = "funder", _("Grant-making body")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    about = models.TextField(blank=True)
    website = models.URLField(blank=True)
    charity_number = models.CharField(max_length=12, blank=True)
    company_number = models.CharField(max_length=8, blank=True)
    org_id = models.CharField(
        max_length=60, blank=True, help_text="As org-id.guide writes it, for example GB-CHC-202918."
    )
    added_by = models.CharField(max_length=80)
    added_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.CharField(max_length=80, blank=True)
    verified_how = models.TextField(blank=True)
    bank_verified_at = models.DateTimeField(null=True, blank=True)
    bank_verified_by = models.CharField(max_length=80, blank=True)
    bank_verified_how = models.TextField(blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["org_id"], condition=~Q(org_id=""), name="people_org_id_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's place in an organisation. A lead may act for it and let others in."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead: acts for it and lets others in")
        MEMBER = "member", _("Member")
        TREASURER = "treasurer", _("Treasurer")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.MEMBER)
    joined_at = models.DateTimeField()
    joined_by = models.CharField(max_length=80)
    left_at = models.DateTimeField(null=True, blank=True)
    left_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=Q(left_at__isnull=True), name="people_member_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.organisation_id}"


class Household(models.Model):
    """People who live together: so that nobody opens, decides or pays for their own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class HouseholdMember(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="household_places")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household", "person"], condition=Q(until__isnull=True), name="people_in_household_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.household_id}"


class Change(models.Model):
    """Who changed what about whom, and when. It names fields, never their contents, so nothing in it need be erased."""

    id = models.BigAutoField(primary_key=True)
    what = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, db_index=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.what} {self.subject}"
