"""A time in which a project asks for money, and the agreement that follows it."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.ids import new_id
from becontree.foundations.kit.pence import PenceField
from becontree.methods.suppression import few


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
    own_apart = models.BooleanField(default=False, help_text="What its own people give is a source of its own")

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
    def own(self) -> int:
        """Of the crowd's money, what the project's own people gave in pence: a source of its own (decision 0020).

        0 in campaigns from before, whose people were not told so.
        """
        return self.crowd - self.matchable_crowd if self.own_apart else 0

    @property
    def others_told(self) -> int | None:
        """How many people gave who do not run the project, as everybody may read it: None for 1 to 4."""
        number = self.matchable_backers if self.own_apart else self.backers
        return None if few(number) else number

    @property
    def people_told(self) -> int | None:
        """How many people gave money, as everybody may read it: None for 1 to 4, else a sum would be one person's."""
        return None if few(self.backers) else self.backers

    @property
    def missing(self) -> int:
        return max(0, self.target - self.raised)


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
