"""The schedule's table, what ran, and which workers are alive."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ScheduledJob(models.Model):
    """One row a job. A worker owns a job only between claiming this row and finishing it, or until its lease ends."""

    name = models.CharField(max_length=100, primary_key=True)
    next_run_at = models.DateTimeField()
    last_started_at = models.DateTimeField(null=True, blank=True)
    last_finished_at = models.DateTimeField(null=True, blank=True)
    last_done = models.IntegerField(default=0)
    running_since = models.DateTimeField(null=True, blank=True)
    lease_owner = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="scheduledjob_lease_whole",
                condition=Q(lease_owner="", lease_until__isnull=True, running_since__isnull=True)
                | (~Q(lease_owner="") & Q(lease_until__isnull=False, running_since__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Run(models.Model):
    """A run worth remembering: it did something, or it failed. Empty runs leave no row."""

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        LOST = "lost", _("Worker lost")

    job = models.CharField(max_length=100)
    worker = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    done = models.IntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["-started_at"]), models.Index(fields=["job", "-started_at"])]

    def __str__(self) -> str:
        return f"{self.job} {self.outcome}"


class Worker(models.Model):
    """A worker process, alive while its heartbeat is fresh."""

    id = models.CharField(max_length=64, primary_key=True)
    host = models.CharField(max_length=100)
    pid = models.IntegerField()
    started_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["ended_at", "heartbeat_at"])]

    def __str__(self) -> str:
        return self.id
