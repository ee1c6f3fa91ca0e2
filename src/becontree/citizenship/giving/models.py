"""Campaigns, pledges of four kinds, money from elsewhere, match funds and what they award."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from becontree.foundations.access.rules import PersonalQuerySet
from becontree.foundations.kit.ids import new_id, short_id
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


class Campaign(models.Model):
    """A time in which a project asks for money. The target is the need; what paying costs stands beside it."""

    class Model(models.TextChoices):
        ALL = "all-or-nothing", _("All or nothing")
        KEEP = "keep-what-you-raise", _("Keep what you raise")

    class Strategy(models.TextChoices):
        LATER = "save-and-charge", _("Taken only if the target is met")
        NOW = "charge-and-refund", _("Taken now, given back if the target is missed")

    class State(models.TextChoices):
        LIVE = "live", _("open")
        COLLECTING = "collecting", _("collecting")
        FUNDED = "funded", _("funded")
        PART = "part-funded", _("part funded")
        FAILED = "failed", _("not funded")
        CANCELLED = "cancelled", _("called off")

    SETTLED: Final = frozenset({State.FUNDED, State.PART, State.FAILED, State.CANCELLED})
    MOVES: Final[dict[str, frozenset[str]]] = {
        State.LIVE: frozenset({State.COLLECTING, State.FAILED, State.CANCELLED}),
        State.COLLECTING: frozenset({State.FUNDED, State.PART, State.FAILED}),
        State.FUNDED: frozenset(),
        State.PART: frozenset(),
        State.FAILED: frozenset(),
        State.CANCELLED: frozenset(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=90, unique=True)
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="campaigns")
    model = models.CharField(max_length=20, choices=Model.choices)
    strategy = models.CharField(max_length=20, choices=Strategy.choices)
    provider = models.CharField(max_length=20)
    target = PenceField()
    extra_use = models.CharField(max_length=300, blank=True, help_text="What money above the target would be for")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    collect_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.LIVE)
    settled_at = models.DateTimeField(null=True, blank=True)
    # Kept beside the rows they sum, under the campaign's own lock, and recomputed by the nightly audit.
    crowd_promised = PenceField(default=0)
    crowd_collected = PenceField(default=0)
    match_promised = PenceField(default=0)
    elsewhere = PenceField(default=0)
    backers = models.PositiveIntegerField(default=0)
    # Of these, what funds may match: the project's own people give, but do not bring in match money.
    matchable_crowd = PenceField(default=0)
    matchable_backers = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["closes_at"]
        indexes = [models.Index(fields=["state", "closes_at"])]
        constraints = [
            models.CheckConstraint(name="a_target_is_above_zero", condition=Q(target__gt=0)),
            models.CheckConstraint(name="a_campaign_closes_after_it_opens", condition=Q(closes_at__gt=F("opens_at"))),
            models.CheckConstraint(
                name="campaign_counters_are_not_negative",
                condition=Q(crowd_promised__gte=0, crowd_collected__gte=0, match_promised__gte=0, elsewhere__gte=0),
            ),
            models.UniqueConstraint(
                fields=["project"], condition=Q(state__in=["live", "collecting"]), name="one_open_campaign_a_project"
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return f"/projects/{self.project.slug}/"

    @property
    def ref(self) -> str:
        return f"campaign/{self.slug}"

    @property
    def held(self) -> str:
        """The ledger account in which the project's money is held."""
        return f"liability:held:{self.slug}"

    @property
    def raised(self) -> int:
        """Promised or collected from the crowd, from funds, and from elsewhere, in pence."""
        return self.crowd_promised + self.crowd_collected + self.match_promised + self.elsewhere

    @property
    def crowd(self) -> int:
        return self.crowd_promised + self.crowd_collected

    @property
    def missing(self) -> int:
        return max(0, self.target - self.raised)


class Pledge(models.Model):
    """What one person gives: money, hours, skills or things. Nobody else sees who, unless they chose a public name."""

    class Kind(models.TextChoices):
        MONEY = "money", _("Money")
        HOURS = "hours", _("Time")
        SKILLS = "skills", _("Skills")
        THINGS = "things", _("Things")

    class State(models.TextChoices):
        BEGUN = "begun", _("not finished")
        FIRM = "firm", _("promised")
        COLLECTED = "collected", _("paid")
        DELIVERED = "delivered", _("given")
        RELEASED = "released", _("let go")
        FAILED = "failed", _("could not be taken")
        REFUNDED = "refunded", _("given back")

    COUNTED: Final = frozenset({State.FIRM, State.COLLECTED})
    MOVES: Final[dict[str, frozenset[str]]] = {
        State.BEGUN: frozenset({State.FIRM, State.RELEASED, State.COLLECTED}),
        State.FIRM: frozenset({State.COLLECTED, State.DELIVERED, State.RELEASED, State.FAILED}),
        State.COLLECTED: frozenset({State.REFUNDED}),
        State.DELIVERED: frozenset(),
        State.RELEASED: frozenset(),
        State.FAILED: frozenset({State.COLLECTED}),
        State.REFUNDED: frozenset(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handle = models.CharField(max_length=16, unique=True, default=short_id)
    once = models.CharField(max_length=32, blank=True, help_text="The form's token: one form begins one gift")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="pledges")
    giver = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="pledges")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    pence = PenceField(default=0)
    quantity = models.PositiveIntegerField(default=0)
    need = models.ForeignKey("projects.Need", on_delete=models.PROTECT, null=True, blank=True, related_name="pledges")
    note = models.CharField(max_length=500, blank=True)
    public_name = models.CharField(max_length=80, blank=True)
    matchable = models.BooleanField(default=True)
    ward_code = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.BEGUN)
    instruction = models.UUIDField(null=True, blank=True, unique=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    firm_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        indexes = [
            models.Index(fields=["campaign", "state", "kind"]),
            models.Index(fields=["state", "next_try_at"]),
            models.Index(fields=["state", "giver"]),  # how many people gave, from the index alone
        ]
        constraints = [
            models.CheckConstraint(
                name="a_pledge_is_of_money_or_of_a_number",
                condition=(Q(kind="money", pence__gt=0, quantity=0, need=None))
                | (~Q(kind="money") & Q(pence=0, quantity__gt=0, need__isnull=False)),
            ),
            models.UniqueConstraint(fields=["giver", "once"], condition=~Q(once=""), name="one_form_begins_one_gift"),
            models.CheckConstraint(
                name="only_money_is_collected",
                condition=Q(kind="money") | ~Q(state__in=["collected", "refunded", "failed"]),
            ),
        ]

    def __str__(self) -> str:
        return self.handle

    @property
    def ref(self) -> str:
        return f"pledge/{self.handle}"

    @property
    def unit(self) -> str:
        return {"money": "GBP", "things": "item"}.get(self.kind, "hour")


class Contribution(models.Model):
    """Money for a project from elsewhere: a trust, the council's capital, a company, a collection at a fair.

    It counts once it is evidenced and a second person has checked it. Money for running never enters the capital sum.
    """

    class Kind(models.TextChoices):
        TRUST = "trust", _("Charity or trust")
        PUBLIC = "public", _("Public money")
        COMPANY = "company", _("Company")
        COUNCIL = "council", _("The council")
        CROWD = "crowd", _("Collected by hand")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        CLAIMED = "claimed", _("being checked")
        PROMISED = "promised", _("promised")
        RECEIVED = "received", _("received")
        REFUSED = "refused", _("not accepted")

    COUNTED: Final = frozenset({State.PROMISED, State.RECEIVED})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="contributions")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="contributions"
    )
    source = models.CharField(max_length=160)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="contributions"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    part = models.CharField(
        max_length=8, choices=[("capital", _("To make it")), ("running", _("To run it afterwards"))]
    )
    pence = PenceField()
    evidence = models.ForeignKey("projects.Evidence", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    evidence_note = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CLAIMED)
    on = models.DateField(help_text="When it was given or promised")
    claimed_by = models.CharField(max_length=80)
    claimed_at = models.DateTimeField()
    checked_by = models.CharField(max_length=80, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pence"]
        constraints = [
            models.CheckConstraint(name="a_contribution_is_above_zero", condition=Q(pence__gt=0)),
            models.CheckConstraint(
                name="a_contribution_counts_once_another_person_checked_it",
                condition=Q(state="claimed")
                | (Q(checked_at__isnull=False) & ~Q(checked_by="") & ~Q(checked_by=F("claimed_by"))),
            ),
        ]

    def __str__(self) -> str:
        return self.source


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


class Agreement(models.Model):
    """The grant agreement of a funded campaign: both sides sign before any money is paid out."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="agreement")
    text = models.TextField()
    made_at = models.DateTimeField()
    organiser_signed_at = models.DateTimeField(null=True, blank=True)
    organiser_signed_by = models.CharField(max_length=80, blank=True)
    council_signed_at = models.DateTimeField(null=True, blank=True)
    council_signed_by = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"agreement for {self.campaign_id}"

    @property
    def signed(self) -> bool:
        return self.organiser_signed_at is not None and self.council_signed_at is not None
