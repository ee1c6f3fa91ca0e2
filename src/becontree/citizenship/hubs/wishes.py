"""An address left to be reminded of a meeting, without an account, that somebody asks us to forget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.hubs.actions import reminding
from becontree.citizenship.hubs.models import Reminder
from becontree.foundations.forgetting.kinds import Kind
from becontree.foundations.kit import dates


def find(text: str) -> Sequence[Reminder]:
    """By the address."""
    return list(Reminder.objects.filter(person=None, address__iexact=text).order_by("pk")) if "@" in text else []


def facts(one: Reminder) -> Sequence[tuple[str, str]]:
    return [
        (gettext("Meeting"), one.meeting.conversation.title),
        (gettext("When it is"), dates.day(one.meeting.starts_at)),
        (gettext("E-mail address"), one.address),
    ]


KIND: Final = Kind(
    "hubs",
    _("A wish to be reminded of a meeting"),
    find=find,
    rows=lambda keys: Reminder.objects.select_related("meeting__conversation").filter(pk__in=keys, person=None),
    facts=facts,
    forget=lambda one, now: reminding.forget(reminder=one),
    keeps=lambda one, now: [],
    gone=lambda one: False,  # it goes whole
    columns=("hubs.reminder.address",),
)
