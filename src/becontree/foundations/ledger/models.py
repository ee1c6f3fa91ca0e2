"""Nouns: accounts with what they hold, journals, transfers, closed months, proposals to close them, reversals, audits.

Journals, transfers, months and closings are only ever added (guards.py); of an account only what it holds moves. None
of them holds a name or free text: who acted is a random party id, and the reason of a reversal stands in its request.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Least
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.ids import new_id


class Account(models.Model):
    """Where value is. The code is public (`fund:parks`). The four sums are kept in the posting's own transaction."""

    code = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    by_debit = models.BooleanField(default=False)  # what its kind grows by; its own column keeps the CHECK cheap
    unit = models.CharField(max_length=8, default="GBP")
    floor = models.BooleanField(default=False)  # may never fall below zero, counting what is pending as gone
    subject = models.CharField(max_length=200, blank=True)  # the public thing it is for, or ""
    debit_posted = models.BigIntegerField(default=0)
    credit_posted = models.BigIntegerField(default=0)
    debit_pending = models.BigIntegerField(default=0)
    credit_pending = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["subject"], name="ledger_account_subject")]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="ledger_account_code"),
            # What an account is never changes, so its kind and unit are held where it is opened (guards.py): a CHECK
            # is asked again at every posting, and PostgreSQL prepares its whole expression anew each time. That is
            # also why these are short, without IN: the length of its parsed tree is what a CHECK costs (measured: a
            # quarter of a posting's work). The least of four, none of them null, is at zero or above where all are.
            models.CheckConstraint(
                condition=GreaterThanOrEqual(
                    Least("debit_posted", "credit_posted", "debit_pending", "credit_pending"), 0
                ),
                name="ledger_account_sums",
            ),
            models.CheckConstraint(
                condition=Q(floor=False)
                | Q(by_debit=True, debit_posted__gte=F("credit_posted") + F("credit_pending"))
                | Q(by_debit=False, credit_posted__gte=F("debit_posted") + F("debit_pending")),
                name="ledger_account_floor",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def sign(self) -> int:
        """1 where debits make it grow, -1 where credits do."""
        return 1 if self.by_debit else -1


class Journal(models.Model):
    """One business fact: transfers written together, under a key that names the fact."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=60)
    occurred_on = models.DateField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=80)  # party id, or system:<name>
    subject = models.CharField(max_length=200, blank=True)
    reverses = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by", db_index=False
    )
    lines = models.IntegerField()  # how many transfers it was written with
    content = models.CharField(max_length=64)  # SHA-256 of what was asked for: the same key must mean the same

    class Meta:
        ordering = ["-recorded_at"]
        # Uniqueness by constraint, not by `unique=True`: that would add a second index to each on PostgreSQL.
        constraints = [
            models.UniqueConstraint(fields=["key"], name="ledger_journal_key"),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="ledger_journal_reversed_once"
            ),
            models.CheckConstraint(condition=Q(lines__gte=1), name="ledger_journal_lines"),
        ]
        indexes = [models.Index(fields=["subject"], name="ledger_journal_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurred_on}"


class Transfer(models.Model):
    """An amount from one account to another. Sum zero holds by construction."""

    class Phase(models.TextChoices):
        SINGLE = "single", _("Posted at once")
        PENDING = "pending", _("Reserved")
        POST = "post", _("Settles what was reserved")
        VOID = "void", _("Releases what was reserved")

    id = models.BigAutoField(primary_key=True)
    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="transfers", db_index=False)
    n = models.IntegerField()
    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    amount = models.BigIntegerField()
    unit = models.CharField(max_length=8)
    phase = models.CharField(max_length=8)
    pending = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="resolved_by", db_index=False
    )
    expires_at = models.DateTimeField(null=True, blank=True)
    occurred_on = models.DateField()  # the journal's, here for the indexes of statements

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["journal", "n"], name="ledger_transfer_once"),
            models.UniqueConstraint(
                fields=["pending"], condition=Q(pending__isnull=False), name="ledger_transfer_resolved_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0, n__gte=0), name="ledger_transfer_amount"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ledger_transfer_two_accounts"),
            models.CheckConstraint(
                condition=Q(Q(phase="single") | Q(phase="pending"), pending=None)
                | Q(Q(phase="post") | Q(phase="void"), pending__isnull=False),
                name="ledger_transfer_phase",
            ),
        ]
        indexes = [
            models.Index(fields=["debit", "occurred_on", "id"], name="ledger_by_debit"),
            models.Index(fields=["credit", "occurred_on", "id"], name="ledger_by_credit"),
        ]

    def __str__(self) -> str:
        return f"{self.phase} {self.amount} {self.unit}"


class Month(models.Model):
    """The books are closed up to and including this day, the last of a month."""

    last_day = models.DateField(primary_key=True)
    actor = models.CharField(max_length=80)
    closed_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    proposed_by = models.CharField(max_length=80, blank=True)  # never the actor, unless the software closed (guards.py)

    class Meta:
        ordering = ["-last_day"]

    def __str__(self) -> str:
        return f"to {self.last_day}"


class Proposal(models.Model):
    """Closing the books up to a day, proposed by one person of finance and confirmed by another; never by one alone."""

    class State(models.TextChoices):
        WAITS = "waits", _("Waiting for a second person")
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Declined")
        TAKEN_BACK = "taken-back", _("Taken back")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    last_day = models.DateField()
    reason = models.CharField(max_length=300)
    entries = models.PositiveIntegerField()  # how many would be closed, when it was proposed
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITS)
    proposed_by = models.CharField(max_length=80)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    why_not = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="waits"), name="ledger_proposal_one_waits"),
            models.CheckConstraint(
                condition=Q(state="waits", decided_by="", decided_at=None)
                | Q(state="taken-back", decided_by=F("proposed_by"), decided_at__isnull=False)
                | Q(~Q(decided_by="") & ~Q(decided_by=F("proposed_by")), decided_at__isnull=False),
                name="ledger_proposal_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state}: to {self.last_day}"


class Closing(models.Model):
    """What one account had been debited and credited in all, by the end of a closed month."""

    month = models.ForeignKey(Month, on_delete=models.PROTECT, related_name="closings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="closings")
    debit = models.BigIntegerField()
    credit = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "account"], name="ledger_closing_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.month_id}"


class Reversal(models.Model):
    """A correction asked for by one person and approved by another; the reason is public, so names no one."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for a second person")
        DONE = "done", _("Reversed")
        DECLINED = "declined", _("Declined")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="reversals")
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    result = models.OneToOneField(Journal, on_delete=models.PROTECT, null=True, blank=True, related_name="reversal_of")

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["journal"], condition=Q(state__in=("asked", "done")), name="ledger_reversal_once"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by="", result=None)
                | Q(state="declined", result=None)
                | Q(state="done", result__isnull=False),
                name="ledger_reversal_state",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("decided_by")) | Q(asked_by__startswith="system:"),
                name="ledger_reversal_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state}: {self.journal_id}"


class Audit(models.Model):
    """One recomputation of every balance, and what it found."""

    at = models.DateTimeField()
    transfers = models.BigIntegerField()
    faults = models.JSONField(default=list)  # [[code, sentence], ...]; empty is good

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}: {len(self.faults)}"
