"""A conversation, what is said in it, who takes part, every vote and every draw; its map, its answer.

Votes, draws and routing tables are only ever added (guards.py); why: docs/decisions/0014-conversations.md.
"""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from becontree.foundations.access.rules import PersonalQuerySet


class Conversation(models.Model):
    """One question put to everybody, with its rules, its dates, and who must answer by when."""

    class Host(models.TextChoices):
        OFFICER = "officer", _("The council")
        RESIDENT = "resident", _("A resident")
        HUB = "hub", _("A voluntary or faith group")

    class Verified(models.TextChoices):
        NEVER = "never", _("Nobody is checked: everybody who takes part counts")
        LATER = "later", _("At the end only those who have signed in count")

    class Results(models.TextChoices):
        LIVE = "live", _("From the start, as votes come in")
        CLOSE = "close", _("Only when voting is over")

    class State(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed, waiting for its answer")
        ANSWERED = "answered", _("answered")

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=70, unique=True)
    title = models.CharField(max_length=200)
    about = models.TextField(blank=True, max_length=4_000)
    place = models.CharField(max_length=160, blank=True)
    ward = models.ForeignKey("places.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ground_rules = models.TextField(blank=True, max_length=2_000)
    can_change = models.TextField(blank=True, max_length=2_000)
    language = models.CharField(max_length=16, default="en")
    host_kind = models.CharField(max_length=10, choices=Host.choices, default=Host.OFFICER)
    host = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    host_name = models.CharField(max_length=120, blank=True)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_by = models.CharField(max_length=120, blank=True)
    answer_due = models.DateField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    verified = models.CharField(max_length=8, choices=Verified.choices, default=Verified.NEVER)
    results = models.CharField(max_length=8, choices=Results.choices, default=Results.CLOSE)
    own_statements = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    seed = models.CharField(max_length=64, blank=True)
    routing_version = models.PositiveIntegerField(default=0)
    handings = models.PositiveIntegerField(default=0)  # how often it was handed over: an invitation works once
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    source = models.JSONField(default=dict, blank=True)  # an imported conversation: where from, its own summary

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="an_open_conversation_says_what_for",
                condition=Q(state="draft")
                | Q(opened_at__isnull=False)
                & Q(closes_at__isnull=False)
                & Q(answer_due__isnull=False)
                & ~Q(answered_by="")
                & ~Q(can_change="")
                & ~Q(ground_rules="")
                & ~Q(seed=""),
            ),
            models.CheckConstraint(
                name="a_closed_conversation_has_its_moment",
                condition=Q(state__in=["draft", "open"]) | Q(closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/conversations/{self.slug}/"

    @property
    def ref(self) -> str:
        return f"conversation/{self.slug}"

    @property
    def is_public(self) -> bool:
        return self.state != self.State.DRAFT

    @property
    def over(self) -> bool:
        return self.state in {self.State.CLOSED, self.State.ANSWERED}

    @property
    def results_shown(self) -> bool:
        """Whether anybody, in any channel, may see how the votes stand: frozen until the close where that is said."""
        return self.over or (self.state == self.State.OPEN and self.results == self.Results.LIVE)


class Participant(models.Model):
    """Somebody who takes part in one conversation: the hash of a random key, nothing else unless they sign in."""

    class Channel(models.TextChoices):
        WEB = "web", _("on this site")
        ROOM = "room", _("in a room")
        PAPER = "paper", _("on paper")
        IMPORT = "import", _("taken over from elsewhere")

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="participants")
    key_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    receipt_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    person = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.WEB)
    joined_on = models.DateField()
    draws = models.PositiveIntegerField(default=0)
    pending = models.ForeignKey("Statement", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recent = models.JSONField(default=list, blank=True)  # what was shown last, newest last: ids of statements
    banned_at = models.DateTimeField(null=True, blank=True)
    banned_by = models.CharField(max_length=80, blank=True)
    banned_for = models.SlugField(max_length=30, blank=True)
    banned_note = models.CharField(max_length=400, blank=True)  # what else they were told
    judged_by = models.JSONField(default=list, blank=True)  # who took them out or let them back, ever: party ids
    erased_at = models.DateTimeField(null=True, blank=True)
    external = models.CharField(max_length=40, blank=True)  # its name in the file that it came from
    external_facts = models.JSONField(default=dict, blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "person"],
                condition=Q(person__isnull=False),
                name="one_account_is_one_participant",
            ),
            models.CheckConstraint(
                name="a_forgotten_participant_is_nobody",
                condition=Q(erased_at__isnull=True)
                | Q(person__isnull=True, key_hash__isnull=True, receipt_hash__isnull=True),
            ),
            models.CheckConstraint(
                name="a_ban_has_its_reason", condition=Q(banned_at__isnull=True) | ~Q(banned_for="")
            ),
        ]

    def __str__(self) -> str:
        return f"participant {self.pk}"

    @property
    def counts(self) -> bool:
        return self.banned_at is None and self.erased_at is None


class Statement(models.Model):
    """One sentence that people agree with, disagree with or pass on. It stands once somebody has voted on it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being read")
        LIVE = "live", _("shown")
        HELD = "held", _("not shown")
        WITHDRAWN = "withdrawn", _("taken back")

    MOVES: Final[dict[str, frozenset[str]]] = {
        State.WAITING: frozenset({State.LIVE, State.HELD, State.WITHDRAWN}),
        State.LIVE: frozenset({State.HELD, State.WITHDRAWN}),
        State.HELD: frozenset({State.LIVE, State.WITHDRAWN}),
        State.WITHDRAWN: frozenset(),
    }

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="statements")
    number = models.PositiveIntegerField()
    words = models.TextField(max_length=1_000, blank=True)
    original = models.TextField(max_length=1_000, blank=True)  # as its author wrote it, where a part was left out
    language = models.CharField(max_length=16, default="en")
    about_you = models.BooleanField(default=False)
    is_seed = models.BooleanField(default=False)
    author = models.ForeignKey(Participant, on_delete=models.PROTECT, null=True, blank=True, related_name="statements")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    aspiration = models.CharField(max_length=120, blank=True)  # the reference of the aspiration that it puts to people
    external = models.CharField(max_length=40, blank=True)
    external_facts = models.JSONField(default=dict, blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["state", "made_at"], name="conv_statement_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="a_statement_has_its_own_number"),
            models.CheckConstraint(
                name="a_withdrawn_statement_has_no_words",
                condition=~Q(state="withdrawn") | Q(words="", original=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.number}"


class Vote(models.Model):
    """One vote: 1 agree, -1 disagree, 0 pass. `id` is its place in the order; the last of a person's counts."""

    class Value(models.IntegerChoices):
        AGREE = 1, _("agree")
        PASS = 0, _("pass")
        DISAGREE = -1, _("disagree")

    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="votes", db_index=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="votes", db_index=False)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="votes", db_index=False)
    value = models.SmallIntegerField(choices=Value.choices)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["conversation", "id"], name="conv_vote_order"),
            models.Index(fields=["participant", "id"], name="conv_vote_person"),
        ]
        constraints = [
            models.CheckConstraint(name="a_vote_is_agree_disagree_or_pass", condition=Q(value__in=[-1, 0, 1]))
        ]

    def __str__(self) -> str:
        return f"vote {self.pk}"


class RoutingTable(models.Model):
    """The weights of all statements at one time. `rows`: [statement id, whole-number weight, seen, about you]."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="routing_tables")
    version = models.PositiveIntegerField()
    rows = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "version"], name="a_routing_table_has_its_own_number")
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.version}"


class Served(models.Model):
    """One draw: which statement was shown to whom, from which table and pool, with which chance."""

    class Pool(models.TextChoices):
        ALL = "all", _("all statements")
        BELOW = "below the median", _("those with few votes")
        ABOUT_YOU = "about you", _("questions about you")

    id = models.BigAutoField(primary_key=True)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="served", db_index=False)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    table = models.PositiveIntegerField()  # the version of the conversation's routing table
    pool = models.CharField(max_length=16, choices=Pool.choices)
    candidates = models.PositiveIntegerField()
    chance = models.CharField(max_length=60)  # "numerator/denominator"
    after = models.BigIntegerField(default=0)  # the person's last vote before the draw
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["participant", "number"], name="a_draw_is_made_once")]

    def __str__(self) -> str:
        return f"draw {self.number} of {self.participant_id}"


class MapDocument(models.Model):
    """The opinion map as it stands: `version` grows with each; `through` is the last vote in it."""

    conversation = models.OneToOneField(Conversation, on_delete=models.PROTECT, primary_key=True, related_name="map")
    version = models.PositiveIntegerField(default=0)
    through = models.BigIntegerField(default=0)
    made_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    groups_tried = models.JSONField(default=list)  # the best number of groups, map by map: it changes after four
    document = models.JSONField(default=dict)  # what everybody may see
    inside = models.JSONField(default=dict)  # what places a person: loadings and centres
    firm = models.JSONField(default=dict)  # stability, worked out less often
    moved = models.JSONField(default=list)  # who has come or gone since it was drawn (`changing`)
    standing = models.JSONField(default=dict)  # statements whose published row stays as it is

    def __str__(self) -> str:
        return f"map {self.version} of {self.conversation_id}"


class Contact(models.Model):
    """Where a participant wants the answer sent. Kept apart; it goes when they ask or are forgotten."""

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, primary_key=True, related_name="contact")
    address = models.EmailField()
    added_at = models.DateTimeField()

    objects = PersonalQuerySet.as_manager()

    def __str__(self) -> str:
        return f"contact of {self.participant_id}"


class Ruling(models.Model):
    """One decision of a moderator about a statement, with its reason from the published policy."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="rulings")
    outcome = models.CharField(
        max_length=10,
        choices=[("shown", _("shown")), ("masked", _("shown, but for a part")), ("held", _("not shown"))],
    )
    reason = models.SlugField(max_length=30, blank=True)
    note = models.CharField(max_length=400, blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    on_appeal = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(name="a_held_statement_has_its_reason", condition=Q(outcome="shown") | ~Q(reason=""))
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.reason}"


class AskedAgain(models.Model):
    """Somebody asks that another person look again, and is answered by a date."""

    words = models.TextField(max_length=2_000, blank=True)
    made_at = models.DateTimeField()
    due_on = models.DateField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    upheld = models.BooleanField(null=True)
    answer = models.CharField(max_length=1_000, blank=True)

    class Meta:
        abstract = True
        ordering = ["due_on", "id"]


class Appeal(AskedAgain):
    """About a statement that was not shown, or not in full."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="appeals")

    class Meta(AskedAgain.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["statement"], condition=Q(decided_at__isnull=True), name="one_open_appeal_a_statement"
            )
        ]

    def __str__(self) -> str:
        return f"appeal about {self.statement_id}"


class BanAppeal(AskedAgain):
    """About having been taken out of a conversation."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="ban_appeals")

    class Meta(AskedAgain.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["participant"], condition=Q(decided_at__isnull=True), name="one_open_appeal_a_ban"
            )
        ]

    def __str__(self) -> str:
        return f"appeal of {self.participant_id}"


class Answer(models.Model):
    """What the host says back to the common ground: a decision, a project idea, or why not."""

    class Status(models.TextChoices):
        DECISION = "decision", _("We have decided")
        IDEA = "idea", _("This becomes a project idea")
        LISTENING = "listening", _("We need to hear more first")
        CANNOT = "cannot", _("We cannot do this")

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="host_answers")
    status = models.CharField(max_length=10, choices=Status.choices)
    title = models.CharField(max_length=200)
    body = models.TextField(max_length=6_000)
    team = models.CharField(max_length=120)
    about = models.JSONField(default=list)  # the numbers of the statements that it answers
    leads_to = models.CharField(max_length=120, blank=True)  # the reference of what it became
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(F("conversation"), F("at").desc(), name="conv_answer_latest")]

    def __str__(self) -> str:
        return self.title
