"""The public record: things, what happened to them, why, and the tree that fixes it all.

Rows that are in the tree never change: triggers on both engines see to it (apps.py).
"""

from __future__ import annotations

from typing import Final

from django.db import models
from django.urls import reverse

from becontree.foundations.kit.ids import new_id

STEPS: Final = ("heard", "promised", "facilitated", "decided", "funded", "delivered", "measured")


class Thing(models.Model):
    """Something public that can happen, cause or be caused: a voice, a promise, a project, a fund, a panel."""

    ref = models.CharField(primary_key=True, max_length=120)  # "project/play-facility": never changes
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    step = models.CharField(max_length=16, blank=True)  # where it stands before its first entry

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(step__in=("", *STEPS)), name="record_thing_step_known"),
        ]

    def __str__(self) -> str:
        return self.ref


class Entry(models.Model):
    """Something that happened, in one plain sentence, with public facts only.

    `sequence` (from 0) and `leaf` (SHA-256, hexadecimal) are given by the sequencer and then fixed for good.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=60)
    step = models.CharField(max_length=16)
    thing = models.ForeignKey(Thing, on_delete=models.PROTECT, related_name="entries")
    title = models.CharField(max_length=300)
    facts = models.JSONField(default=dict)
    happened_on = models.DateField()
    recorded_at = models.DateTimeField()
    entered_by = models.CharField(max_length=80)  # a party id; never published
    sequence = models.BigIntegerField(null=True, blank=True, unique=True)
    leaf = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-happened_on", "-recorded_at", "id")
        constraints = [
            models.CheckConstraint(condition=models.Q(step__in=STEPS), name="record_entry_step_known"),
            models.CheckConstraint(
                condition=models.Q(sequence__isnull=True, leaf="") | (models.Q(sequence__gte=0) & ~models.Q(leaf="")),
                name="record_entry_leaf_with_sequence",
            ),
        ]
        indexes = [
            models.Index(fields=("-happened_on", "-recorded_at", "id"), name="record_entry_newest"),
            models.Index(fields=("kind",), name="record_entry_kind"),
            models.Index(
                fields=("recorded_at", "id"),
                name="record_entry_waiting",
                condition=models.Q(sequence__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("record:entry", args=[self.pk])


class Because(models.Model):
    """Why: what happened to `thing` (in `entry`) came of `cause`."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="because")
    thing = models.ForeignKey(Thing, on_delete=models.PROTECT, related_name="caused_by")
    cause = models.ForeignKey(Thing, on_delete=models.PROTECT, related_name="led_to")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("entry", "cause"), name="record_because_once")]

    def __str__(self) -> str:
        return f"{self.thing_id} because of {self.cause_id}"


class Decision(models.Model):
    """A decision that anybody can recompute: what went in, by which method, what came out, who decided and why."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="decision")
    family = models.CharField(max_length=40)
    method = models.CharField(max_length=120)
    record = models.JSONField()  # becontree-decision/1, see becontree.verify
    sha256 = models.CharField(max_length=64)  # of the canonical bytes of `record`
    authority = models.CharField(max_length=300)
    reasons = models.TextField()

    def __str__(self) -> str:
        return f"{self.family}: {self.method}"


class Node(models.Model):
    """A full subtree's hash: node (level, index) covers leaves index * 2**level up to (index + 1) * 2**level."""

    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("level", "index"), name="record_node_once")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Checkpoint(models.Model):
    """The tree at one size, signed: whoever keeps a copy can tell if anything before it is ever changed."""

    size = models.BigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    body = models.TextField()  # what is signed (C2SP tlog-checkpoint)
    signature = models.TextField()  # our signature line

    class Meta:
        ordering = ("-size",)

    def __str__(self) -> str:
        return f"checkpoint at {self.size}"


class Cosignature(models.Model):
    """A witness's signature under a checkpoint: somebody outside the council saw the same tree."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="cosignatures")
    witness = models.CharField(max_length=200)
    line = models.TextField()
    signed_at = models.DateTimeField()  # as the witness states it
    received_at = models.DateTimeField()

    class Meta:
        ordering = ("witness",)
        constraints = [models.UniqueConstraint(fields=("checkpoint", "witness"), name="record_cosignature_once")]

    def __str__(self) -> str:
        return f"{self.witness} under {self.checkpoint_id}"
