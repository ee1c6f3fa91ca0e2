"""What reached us: one form a person (`Response`), the things said in it (`Voice`), a way to write back (`Contact`)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.voices.models.rounds import Kind, Question, Round
from becontree.foundations.access.rules import PersonalQuerySet
from becontree.foundations.kit.ids import new_id, short_id

if TYPE_CHECKING:
    from becontree.citizenship.voices.models.rulings import Appeal, Ruling
    from becontree.foundations.people.models import Person
    from becontree.foundations.places.models import Ward


class Channel(models.TextChoices):
    """How it reached us. Every way counts alike."""

    WEB = "web", _("on this site")
    PAPER = "paper", _("on paper")
    DOORSTEP = "doorstep", _("at the door")
    EVENT = "event", _("at an event")
    PHONE = "phone", _("by telephone")
    SMS = "sms", _("by text message")
    SCHOOL = "school", _("at school")
    HUB = "hub", _("at a hub")
    ELSEWHERE = "elsewhere", _("somewhere else")


class Contact(models.Model):
    """A way to reach somebody without an account, kept apart from their words so that it can go without them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    address = models.EmailField()
    mark = models.CharField(max_length=64, db_index=True)  # keyed hash of the address: one letter for all their forms
    language = models.CharField(max_length=16, default="en")
    made_at = models.DateTimeField()
    expires_on = models.DateField(db_index=True)
    told_at = models.DateTimeField(null=True, blank=True)  # when they last had news

    class Meta:
        constraints = [models.CheckConstraint(name="a_contact_has_an_address", condition=~Q(address="") & ~Q(mark=""))]

    def __str__(self) -> str:
        return str(self.pk)


class Batch(models.Model):
    """Forms that came in together: a clerk's pile, a class, a file, a tablet's day. It can be undone as one."""

    class Way(models.TextChoices):
        CLERK = "clerk", _("typed in")
        CLASS = "class", _("a school class")
        FILE = "file", _("a file")
        SYNC = "sync", _("a tablet")

    class State(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        OPEN = "open", _("being typed in")
        DONE = "done", _("done")
        UNDONE = "undone", _("undone")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handle = models.CharField(max_length=16, unique=True, default=short_id)
    way = models.CharField(max_length=8, choices=Way.choices)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, blank=True, related_name="batches")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    kept = models.JSONField(default=dict, blank=True)  # what stays for the next form: channel, day, place, language
    file_name = models.CharField(max_length=160, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    content = models.JSONField(null=True, blank=True)  # a file's rows until they are taken in; emptied then
    mapping = models.JSONField(default=dict, blank=True)
    undone_by = models.CharField(max_length=80, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                name="what_is_undone_says_by_whom",
                condition=~Q(state="undone") | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
            ),
            models.CheckConstraint(
                name="a_finished_batch_keeps_no_file",
                condition=Q(state__in=["draft", "open"]) | Q(content__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.handle


class Response(models.Model):
    """One person's form. `key` makes it one, however often it is sent: it is unique in its round."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handle = models.CharField(max_length=16, unique=True, default=short_id)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, blank=True, related_name="responses")
    key = models.CharField(max_length=80)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    source = models.CharField(max_length=60, blank=True)  # as the round's own books call it: "primary school"
    ward = models.ForeignKey("places.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    place = models.CharField(max_length=160, blank=True)
    language = models.CharField(max_length=16, default="en")
    may_quote = models.BooleanField(default=False)
    said_on = models.DateField(db_index=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="responses"
    )
    contact = models.OneToOneField(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="response")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="responses")
    number = models.PositiveIntegerField(default=0)  # its place in the batch
    entered_by = models.CharField(max_length=80, blank=True)
    entered_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        ordering = ["-said_on", "-entered_at", "id"]
        indexes = [models.Index(fields=["-said_on", "-entered_at"], name="voices_response_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "key"], condition=Q(round__isnull=False), name="a_form_counts_once_in_its_round"
            ),
            models.UniqueConstraint(
                fields=["key"], condition=Q(round__isnull=True), name="a_form_outside_a_round_counts_once"
            ),
            models.CheckConstraint(name="a_form_has_its_key", condition=~Q(key="")),
            models.CheckConstraint(
                name="a_class_gives_no_names",
                condition=~Q(channel="school") | (Q(person__isnull=True) & Q(contact__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.handle


class Keying(models.Model):
    """A paper form typed in for the first or the second time, until both agree and it becomes a response."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="keyings")
    number = models.PositiveIntegerField()  # of the form in its pile
    copy = models.PositiveSmallIntegerField()  # 1 or 2
    content = models.JSONField(default=dict)  # field -> text, as typed; emptied when the form is taken in
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    response = models.ForeignKey(Response, on_delete=models.CASCADE, null=True, blank=True, related_name="keyings")

    class Meta:
        ordering = ["number", "copy"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number", "copy"], name="a_form_is_typed_once_each_time"),
            models.CheckConstraint(name="a_form_is_typed_twice_at_most", condition=Q(copy__in=[1, 2])),
            models.CheckConstraint(
                name="a_form_taken_in_keeps_no_second_copy", condition=Q(response__isnull=True) | Q(content={})
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.copy}"


def words_shown(words: str, masked: str, *, may_quote: bool) -> str:
    """The words of a published voice, where they may be shown to everybody: as a moderator let them through."""
    return (masked or words) if may_quote else ""


def language_shown(language: str, shown: str) -> str:
    """The language for everybody: where the words are shown it is plain from them, else it might tell who spoke."""
    return language if shown else ""


class Voice(models.Model):
    """One thing that one person said. Its words are shown once a moderator let them through, and with consent only."""

    Kind = Kind
    Channel = Channel

    class State(models.TextChoices):
        WAITING = "waiting", _("being read")
        PUBLISHED = "published", _("published")
        HELD = "held", _("not published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    MOVES: Final[dict[str, frozenset[str]]] = {
        State.WAITING: frozenset({State.PUBLISHED, State.HELD, State.WITHDRAWN}),
        State.PUBLISHED: frozenset({State.HELD, State.WITHDRAWN}),
        State.HELD: frozenset({State.PUBLISHED, State.WITHDRAWN}),
        State.WITHDRAWN: frozenset(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handle = models.CharField(max_length=16, unique=True, default=short_id)
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="voices")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, null=True, blank=True, related_name="voices")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    words = models.TextField(max_length=4_000)
    masked = models.TextField(max_length=4_400, blank=True)  # the words as a moderator let them through, if changed
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        ordering = ["-response__said_on", "-response__entered_at", "position", "id"]
        indexes = [models.Index(fields=["state", "kind"], name="voices_voice_state_kind")]
        constraints = [
            models.CheckConstraint(
                name="a_published_voice_has_its_date", condition=~Q(state="published") | Q(published_at__isnull=False)
            ),
            models.CheckConstraint(
                name="a_withdrawn_voice_has_no_words", condition=~Q(state="withdrawn") | Q(words="", masked="")
            ),
            models.UniqueConstraint(
                fields=["response", "question"],
                condition=Q(question__isnull=False),
                name="a_form_answers_a_question_once",
            ),
        ]

    def __str__(self) -> str:
        return self.handle

    def get_absolute_url(self) -> str:
        return f"/voices/{self.handle}/"

    @property
    def ref(self) -> str:
        return f"voice/{self.handle}"

    @property
    def public_words(self) -> str:
        """The words as a moderator let them through, whoever may read them."""
        return self.masked or self.words

    @property
    def shown(self) -> str:
        """The words, where they may be shown to everybody."""
        if self.state != self.State.PUBLISHED:
            return ""
        return words_shown(self.words, self.masked, may_quote=self.response.may_quote)

    # What was decided about it. Ask for `prefetch_related("rulings", "appeals")` before a list.

    @property
    def last_ruling(self) -> Ruling | None:
        return max(self.rulings.all(), key=lambda each: (each.at, each.pk), default=None)

    @property
    def open_appeal(self) -> Appeal | None:
        return next((each for each in self.appeals.all() if each.decided_at is None), None)

    @property
    def may_be_appealed(self) -> bool:
        """Whether words are held back, in full or in part, by a decision that nobody has looked at again."""
        if self.state != self.State.HELD and not (self.state == self.State.PUBLISHED and self.masked):
            return False
        last = self.last_ruling
        return not any(
            each.decided_at is None or last is None or last.at <= each.decided_at for each in self.appeals.all()
        )

    # What the form says of every voice in it. Ask for `select_related("response__ward")` before a list.

    @property
    def ward(self) -> Ward | None:
        return self.response.ward

    @property
    def channel(self) -> str:
        return self.response.channel

    def get_channel_display(self) -> str:
        return str(Channel(self.response.channel).label)

    @property
    def place(self) -> str:
        return self.response.place

    @property
    def language(self) -> str:
        return self.response.language

    @property
    def shown_language(self) -> str:
        return language_shown(self.language, self.shown)

    @property
    def may_quote(self) -> bool:
        return self.response.may_quote

    @property
    def said_on(self) -> date:
        return self.response.said_on

    @property
    def entered_at(self) -> Any:
        return self.response.entered_at

    @property
    def entered_by(self) -> str:
        return self.response.entered_by

    @property
    def person(self) -> Person | None:
        return self.response.person

    @property
    def person_id(self) -> Any:
        return self.response.person_id
