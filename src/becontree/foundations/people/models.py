"""Persons, organisations, households, and the roles people hold."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from becontree.foundations.kit.ids import new_id


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str | None = None, **fields: Any) -> Person:
        """What allauth and tests call; a person has no password, ever."""
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
    language = models.CharField(max_length=16, default="en")
    ward_code = models.CharField(max_length=12, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = PersonManager()

    def __str__(self) -> str:
        return self.name or (self.email or "Someone")

    def has_role(self, code: str, team: str | None = None) -> bool:
        """Whether the person holds the role now (for an officer: in that team, where one is named)."""
        return any(
            held.role == code and (team is None or held.team == team)
            for held in self.roles_held.all()
            if held.ends_at is None
        )

    @property
    def on_the_desk(self) -> bool:
        """Whether any of the person's roles has work on the officers' desk."""
        return any(self.has_role(role) for role in ("officer", "finance", "auditor", "administrator"))

    @property
    def party_id(self) -> uuid.UUID:
        return self.id


class RoleHeld(models.Model):
    """A role that a person holds; ended, never deleted, so that "who could see this then?" has an answer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles_held")
    role = models.CharField(max_length=32)
    team = models.CharField(max_length=32, blank=True)
    granted_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.role}{':' + self.team if self.team else ''}"
