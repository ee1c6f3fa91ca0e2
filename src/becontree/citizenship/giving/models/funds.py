"""Pots that follow the crowd, each with its rule."""

from __future__ import annotations

from fractions import Fraction

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.ids import new_id
from becontree.foundations.kit.pence import PenceField
from becontree.methods.matching import Terms


class Fund(models.Model):
    """A pot that follows the crowd. Ratio, share, cash cap, giver's cap, backers and gate are separate facts.

    Its money stands in the ledger under `fund:<slug>`, which can never go below zero counting what is promised.
    """

    class Kind(models.TextChoices):
        COUNCIL = "council", _("Council")
        COMPANY = "company", _("Company")
        TRUST = "trust", _("Charity or trust")
        PUBLIC = "public", _("Public body")

    class Decides(models.TextChoices):
        RULE = "rule", _("The rule alone, at once")
        OFFICER = "officer", _("An officer, with reasons")
        PANEL = "panel", _("A panel, with reasons")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    funder = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="funds")
    purpose = models.TextField(max_length=2_000)
    opens_on = models.DateField()
    closes_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    wards = models.ManyToManyField("places.Ward", blank=True, related_name="+")
    decides = models.CharField(max_length=8, choices=Decides.choices, default=Decides.RULE)
    priority = models.PositiveSmallIntegerField(default=100, help_text="Lower goes first where several funds fit")

    ratio_of = models.PositiveIntegerField(default=1, help_text="So many pounds of match ...")
    ratio_to = models.PositiveIntegerField(default=1, help_text="... for so many from the crowd")
    share_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    per_project = models.BigIntegerField(null=True, blank=True)
    per_giver = models.BigIntegerField(null=True, blank=True)
    min_backers = models.PositiveIntegerField(default=0)
    crowd_first_percent = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["priority", "slug"]
        constraints = [
            models.CheckConstraint(name="a_ratio_is_above_zero", condition=Q(ratio_of__gt=0, ratio_to__gt=0)),
            models.CheckConstraint(
                name="a_share_is_at_most_the_whole",
                condition=(Q(share_percent=None) | Q(share_percent__lte=100))
                & (Q(crowd_first_percent=None) | Q(crowd_first_percent__lte=100)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/funds/{self.slug}/"

    @property
    def ref(self) -> str:
        return f"fund/{self.slug}"

    @property
    def account(self) -> str:
        return f"fund:{self.slug}"

    @property
    def terms(self) -> Terms:
        """The fund's rule as `methods.matching` takes it."""
        return Terms(
            ratio=Fraction(self.ratio_of, self.ratio_to),
            share=None if self.share_percent is None else Fraction(self.share_percent, 100),
            per_project=self.per_project,
            per_giver=self.per_giver,
            min_backers=self.min_backers,
            crowd_first_share=None if self.crowd_first_percent is None else Fraction(self.crowd_first_percent, 100),
        )


class PayIn(models.Model):
    """Money into a fund that somebody wrote down by hand: alone, or, above the council's figure, with a second person.

    Nothing of it is in the ledger while it waits. `written_by` and `decided_by` are party ids.
    """

    class State(models.TextChoices):
        ALONE = "alone", _("written down by one person")
        WAITS = "waits", _("waits for a second person")
        CONFIRMED = "confirmed", _("confirmed by a second person")
        DECLINED = "declined", _("declined")
        STOPPED = "stopped", _("taken back")
        FOUND = "found", _("found on the bank's statement first")
        REVERSED = "reversed", _("reversed in the accounts")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="pay_ins")
    pence = PenceField()
    reference = models.CharField(max_length=60)  # as it was typed
    plain = models.CharField(max_length=300)  # as it counts: `books.plain`
    on = models.DateField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITS)
    written_by = models.CharField(max_length=80)
    written_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    why_not = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-written_at", "-id"]
        indexes = [models.Index(fields=["fund", "written_by", "written_at"], name="pay_ins_of_one_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "plain"], condition=Q(state="waits"), name="a_reference_waits_once_a_fund"
            ),
            models.CheckConstraint(name="a_pay_in_is_above_zero", condition=Q(pence__gt=0)),
            models.CheckConstraint(
                name="a_pay_in_is_confirmed_by_another",
                condition=~Q(state__in=["confirmed", "declined"]) | ~Q(decided_by="") & ~Q(decided_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="a_pay_in_decided_has_its_moment",
                condition=Q(state="reversed")
                | Q(state__in=["alone", "waits"], decided_at=None)
                | ~Q(state__in=["alone", "waits"]) & ~Q(decided_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pence}p into {self.fund_id}, {self.state}"
