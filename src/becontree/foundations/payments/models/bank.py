"""The bank's own lines, as its statements had them, and what each was matched with."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from becontree.foundations.kit.ids import new_id
from becontree.foundations.kit.pence import PenceField


class BankStatement(models.Model):
    """A file of lines from the bank, as imported."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    imported_by = models.CharField(max_length=80)
    imported_at = models.DateTimeField()
    lines_read = models.PositiveIntegerField()
    lines_new = models.PositiveIntegerField()
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.file_name} ({self.lines_new} new)"


class BankLine(models.Model):
    """One line of the bank's. Money in is above zero, money out below."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    account = models.CharField(max_length=40)
    line_hash = models.CharField(max_length=64, unique=True)
    line_number = models.PositiveIntegerField()
    on = models.DateField(db_index=True)
    description = models.CharField(max_length=400)
    amount = PenceField(signed=True)
    matched = models.CharField(
        max_length=8,
        blank=True,
        choices=[(w, w) for w in ("charge", "refund", "payout", "list", "purpose", "provider", "other")],
    )
    matched_to = models.CharField(max_length=120, blank=True)
    matched_by = models.CharField(max_length=80, blank=True)
    matched_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="bankline_amount", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="bankline_matched_whole",
                condition=Q(matched="", matched_to="", matched_by="", matched_at__isnull=True)
                | (~Q(matched="") & ~Q(matched_to="") & ~Q(matched_by="") & Q(matched_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["matched", "matched_to"],
                condition=Q(matched__in=["charge", "refund", "payout", "list"]),
                name="bankline_matched_once",
            ),
        ]
        indexes = [models.Index(fields=["matched", "on"])]

    def __str__(self) -> str:
        return f"{self.on} {self.amount}p"

    @property
    def size(self) -> int:
        """How much came in or went out, in pence, without its sign."""
        return abs(self.amount)


class UndoneMatch(models.Model):
    """What a bank line was matched with before two people reversed it. Kept, so that the history can be read."""

    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="undone")
    journal = models.OneToOneField("ledger.Journal", on_delete=models.PROTECT, related_name="+")  # what was reversed
    matched = models.CharField(max_length=8)
    matched_to = models.CharField(max_length=120)
    matched_by = models.CharField(max_length=80)
    matched_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    why = models.CharField(max_length=300)
    undone_by = models.CharField(max_length=80)
    undone_at = models.DateTimeField()

    class Meta:
        ordering = ("-undone_at", "-pk")

    def __str__(self) -> str:
        return f"{self.matched} {self.matched_to}, undone"
