"""The outbox, what people wish to be written to about, and the news that waits for its week."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from becontree.foundations.access.models import PersonalManager
from becontree.foundations.kit.ids import new_id


class Message(models.Model):
    """One letter to one person, rendered when it was asked for; how it is sent is another matter."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PRINT = "print", _("Letter on paper")
        SMS = "sms", _("Text message")  # declared; no adapter yet

    class Purpose(models.TextChoices):
        SERVICE = "service", _("About something you did")
        NEWS = "news", _("News")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Could not be sent")
        UNWANTED = "unwanted", _("Not sent: the person does not want news")
        NOBODY = "nobody", _("Not sent: there is nowhere to send it")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=200, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="letters", null=True, blank=True
    )
    address = models.EmailField(blank=True)
    envelope = models.TextField(blank=True)  # where it goes on paper, for somebody without an account
    channel = models.CharField(max_length=8, choices=Channel.choices)
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    template = models.CharField(max_length=100)
    team = models.CharField(max_length=32, blank=True)  # whose officers may print it; "" any
    subject = models.CharField(max_length=250, blank=True)
    body = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)
    printed_by = models.CharField(max_length=80, blank=True)

    objects = PersonalManager["Message"]()

    class Meta:
        ordering = ["-made_at", "id"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["waiting", "sending"]), name="letters_message_due"),
            models.Index(fields=["-made_at"], name="letters_message_made"),
        ]
        constraints = [
            models.CheckConstraint(
                name="letters_sent_has_moment", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} ({self.state})"

    @property
    def title(self) -> str:
        """What the letter is called, in English, for lists of letters."""
        from becontree.foundations.messages.rendering import title

        return title(self.template)


class Preference(models.Model):
    """Whether a person wants a purpose of letters. No row: they do."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="letter_wishes")
    purpose = models.CharField(max_length=8, choices=Message.Purpose.choices)
    wanted = models.BooleanField()
    changed_at = models.DateTimeField()
    how = models.CharField(max_length=20)  # page, one-click

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "purpose"], name="letters_wish_once")]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.wanted}"


class LeftAddress(models.Model):
    """An address without an account whose owner wants no news: only its keyed hash is kept."""

    digest = models.CharField(max_length=64, primary_key=True)
    left_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:8]


class NewsItem(models.Model):
    """One piece of news for one person, waiting for the week's letter."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=200, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="news")
    title = models.CharField(max_length=200)
    text = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="news", null=True, blank=True)

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["made_at"], condition=Q(message__isnull=True), name="letters_news_waiting")]

    def __str__(self) -> str:
        return self.title
