"""What people give, the names that they show, and money from elsewhere."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.giving.models.campaigns import Campaign
from becontree.foundations.access.rules import PersonalQuerySet
from becontree.foundations.kit.ids import new_id, short_id
from becontree.foundations.kit.pence import PenceField


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

    class NameState(models.TextChoices):
        SHOWN = "shown", _("shown")
        WAITING = "waiting", _("waits to be read")
        HIDDEN = "hidden", _("not shown")

    COUNTED: Final = frozenset({State.FIRM, State.COLLECTED})
    MOVES: Final[dict[str, frozenset[str]]] = {
        State.BEGUN: frozenset({State.FIRM, State.RELEASED, State.COLLECTED, State.REFUNDED}),
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
    name_state = models.CharField(max_length=7, choices=NameState.choices, default=NameState.SHOWN)
    name_doubts = models.CharField(max_length=300, blank=True, help_text="Why a person must read the name first")
    matchable = models.BooleanField(default=True)
    ward_code = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.BEGUN)
    instruction = models.UUIDField(null=True, blank=True, unique=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    no_room = models.BooleanField(default=False, help_text="Others filled the target first, so it was let go")
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
            models.Index(fields=["made_at"], condition=Q(name_state="waiting"), name="names_to_read"),
            # Most gifts are money, for no one need: the planner thinks little of an index of them all, and scans.
            models.Index(fields=["need"], condition=Q(need__isnull=False), name="pledges_of_a_need"),
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


class NameRuling(models.Model):
    """Somebody decided not to show a giver's name, with a reason; the giver may ask another person to look again."""

    class Reason(models.TextChoices):
        PERSONAL = "personal", _("It says something private about a person.")
        INSULT = "insult", _("It insults or threatens somebody.")
        PRETENDS = "pretends", _("It pretends to be somebody else, or to speak for the council.")
        ADVERT = "advert", _("It is an advertisement or a message, not a name.")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="name_rulings")
    reason = models.CharField(max_length=8, choices=Reason.choices)
    note = models.CharField(max_length=300, blank=True)
    hidden_by = models.CharField(max_length=80)
    hidden_at = models.DateTimeField()
    appeal = models.CharField(max_length=1_000, blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    upheld = models.BooleanField(null=True, help_text="True: the giver was right, and the name is shown")
    answer = models.CharField(max_length=1_000, blank=True)

    class Meta:
        ordering = ["-hidden_at"]
        constraints = [
            models.CheckConstraint(
                name="an_appeal_about_a_name_has_its_date",
                condition=Q(appealed_at=None) | Q(due_on__isnull=False),
            ),
            models.CheckConstraint(
                name="another_person_decides_about_a_name",
                condition=Q(decided_by="") | ~Q(decided_by=F("hidden_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"name of {self.pledge_id}"


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
