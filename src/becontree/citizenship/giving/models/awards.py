"""What funds promise and grant, and the parts that came in with each gift."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.giving.models.campaigns import Campaign
from becontree.citizenship.giving.models.funds import Fund
from becontree.citizenship.giving.models.pledges import Pledge
from becontree.foundations.kit.ids import new_id
from becontree.foundations.kit.pence import PenceField


class Award(models.Model):
    """What one fund gives one campaign: promised while it runs, posted when it is funded, let go when it is not."""

    class State(models.TextChoices):
        PROMISED = "promised", _("promised")
        GRANTED = "granted", _("granted")
        LAPSED = "lapsed", _("let go")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(null=True, blank=True, help_text="In the published grant's id, for ever")
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="awards")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="awards")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROMISED)
    pence = PenceField(default=0)
    counted = PenceField(default=0, help_text="Pence of gifts that counted for the match")
    slices_made = models.PositiveIntegerField(default=0)
    authority = models.CharField(max_length=160, blank=True)
    reasons = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    granted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["fund__priority", "fund__slug"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "campaign"], name="one_award_of_a_fund_to_a_campaign"),
            models.UniqueConstraint(fields=["fund", "number"], name="a_grant_number_is_used_once"),
            models.CheckConstraint(
                name="a_granted_award_has_its_number",
                condition=~Q(state="granted") | (Q(number__isnull=False) & Q(granted_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} to {self.campaign_id}"


class Slice(models.Model):
    """Match from one fund that came in with one pledge, and goes when that pledge goes; one ledger journal each."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="slices")
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, null=True, blank=True, related_name="slices")
    pence = PenceField()
    counted = PenceField(default=0)
    caught_up = PenceField(default=0)
    limits = models.JSONField(default=list)
    number = models.PositiveIntegerField()
    released = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["award", "number"], name="a_slice_has_its_own_journal")]

    def __str__(self) -> str:
        return f"{self.pence}p"

    @property
    def key(self) -> str:
        """The ledger's key of this slice: the same fact never posts twice."""
        return f"match:{self.award_id}:{self.number}"

    @property
    def is_held_back(self) -> bool:
        """Whether the gift came before the fund's gate opened: its match then comes with the gift that opens it."""
        return not self.pence and not {"min_backers", "crowd_first"}.isdisjoint(self.limits)
