"""Remind people of a meeting, the day before, if they asked for it: one letter each, and then their address goes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from becontree.citizenship.hubs.models import Meeting, Reminder
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.messages.actions import send
from becontree.foundations.people.models import Person

BEFORE: Final = timedelta(hours=24)
LONDON: Final = ZoneInfo("Europe/London")
KEEP: Final = timedelta(days=1)  # after the meeting has begun


def remind(*, meeting: Meeting, to: Person | str, now: datetime) -> Reminder:
    """Ask to be written to the day before. Asking twice is asking once. Raises Invalid or Clash."""
    if meeting.state != Meeting.State.PLANNED or meeting.starts_at <= now:
        raise Clash("reminder.late", _("This meeting is not to come any more."))
    address = ""
    if not isinstance(to, Person):
        address = to.strip().lower()
        try:
            validate_email(address)
        except ValidationError as error:
            raise Invalid("reminder.address", _("Write an e-mail address like name@example.org."), "address") from error
    whose = {"person": to} if isinstance(to, Person) else {"address": address}
    try:
        with transaction.atomic():
            return Reminder.objects.get_or_create(meeting=meeting, **whose, defaults={"asked_at": now})[0]
    except IntegrityError:  # the same button pressed twice
        return Reminder.objects.get(meeting=meeting, **whose)


def dont_remind(*, meeting: Meeting, person: Person) -> int:
    """Take it back; returns how many went."""
    return Reminder.objects.filter(meeting=meeting, person=person, sent_at=None).delete()[0]


def forget(*, reminder: Reminder) -> None:
    """The wish and its address go whole."""
    Reminder.objects.filter(pk=reminder.pk).delete()


def send_due(now: datetime) -> int:
    """Write to everybody who asked, of meetings that begin within a day; returns how many letters are new."""
    due = Reminder.objects.filter(
        sent_at=None,
        meeting__state=Meeting.State.PLANNED,
        meeting__starts_at__gt=now,
        meeting__starts_at__lte=now + BEFORE,
    )
    done = 0
    for pk in list(due.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            found = Reminder.objects.select_for_update(of=("self",)).filter(pk=pk, sent_at=None).first()
            if found is not None:
                _write(found, "hubs/reminder", now=now)
                found.sent_at = now
                found.save(update_fields=["sent_at"])
                done += 1
    return done


def tell_cancelled(meeting: Meeting, *, now: datetime) -> int:
    """It does not take place: everybody who asked is told, whether or not they were reminded already."""
    asked = list(Reminder.objects.filter(meeting=meeting).order_by("pk"))
    for reminder in asked:
        _write(reminder, "hubs/cancelled", now=now)
    return len(asked)


def drop_old(now: datetime) -> int:
    """The day after a meeting, and when it was cancelled, nobody's wish or address is kept."""
    gone = Reminder.objects.filter(meeting__starts_at__lt=now - KEEP).delete()[0]
    return gone + Reminder.objects.filter(meeting__state=Meeting.State.CANCELLED).delete()[0]


def _write(reminder: Reminder, template: str, *, now: datetime) -> None:
    meeting = reminder.meeting
    local = meeting.starts_at.astimezone(LONDON)
    send(
        to=reminder.person or reminder.address,
        template=template,
        context={
            "question": meeting.conversation.title,
            "when": f"{local.day} {local:%B %Y}, {local:%H:%M}",
            "place": meeting.place,
            "step_free": meeting.step_free,
            "url": meeting.get_absolute_url(),
        },
        purpose="service",
        key=f"hub:{template}:{reminder.pk}",
        now=now,
    )
