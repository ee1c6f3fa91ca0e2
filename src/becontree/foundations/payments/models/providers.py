"""What we mean to tell providers, what they told us, and what each of us thought that they held."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from becontree.foundations.kit.pence import PenceField


class Outbox(models.Model):
    """What we mean to tell a provider: written with the change that calls for it, sent after the commit."""

    KINDS: ClassVar = [(word, word) for word in ("begin", "charge", "refund")]
    WAITING, DONE, DEAD = "waiting", "done", "dead"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=KINDS)
    subject = models.UUIDField()
    key = models.CharField(max_length=200)
    provider = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=[(w, w) for w in ("waiting", "done", "dead")], default=WAITING)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="outbox_once")]
        indexes = [models.Index(fields=["state", "next_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.state}"


class Inbox(models.Model):
    """What a provider told us, kept as it came, once each; read afterwards from here."""

    NEW, DONE, STRANGE = "new", "done", "strange"

    id = models.BigAutoField(primary_key=True)
    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=100)
    what = models.CharField(max_length=12)
    remote_id = models.CharField(max_length=100, blank=True)
    key = models.CharField(max_length=200, blank=True)
    raw = models.BinaryField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=[(w, w) for w in ("new", "done", "strange")], default=NEW)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="inbox_once")]
        indexes = [models.Index(fields=["state", "next_at"])]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id} {self.state}"


class Comparison(models.Model):
    """What we and a provider thought, at one moment, that it held for us."""

    provider = models.CharField(max_length=20)
    at = models.DateTimeField()
    ours = PenceField(signed=True)
    theirs = PenceField(signed=True)

    class Meta:
        indexes = [models.Index(fields=["provider", "-at"])]

    def __str__(self) -> str:
        return f"{self.provider} {self.difference:+d}p"

    @property
    def difference(self) -> int:
        """Ours less theirs, in pence."""
        return self.ours - self.theirs
