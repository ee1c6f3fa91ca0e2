"""The verbs of `messages`: put a letter in the outbox, send what waits, print, gather the week's news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.messages import channels, leaving
from becontree.foundations.messages.models import Message, NewsItem
from becontree.foundations.messages.rendering import render
from becontree.foundations.people.actors import party_id
from becontree.foundations.people.models import Person

# After each try that failed: how long to wait. After the last, somebody has to look.
WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
LEASE: Final = timedelta(minutes=10)
KEEP_WORDS: Final = timedelta(days=90)  # how long the words of a letter are kept after it went
LONDON: Final = ZoneInfo("Europe/London")

leave = leaving.leave


def send(
    *,
    to: Person | str,
    template: str,
    context: Mapping[str, Any],
    key: str,
    now: datetime,
    purpose: str = Message.Purpose.SERVICE,
    channel: str = "",
    team: str = "",
    due_at: datetime | None = None,
    envelope: str = "",
    language: str = "en",
) -> Message:
    """Put a letter in the outbox, in the caller's transaction. The same `key` again returns the first.

    Without `channel`: e-mail where there is an address, else paper. To somebody without an account, `to` is an e-mail
    address, or `envelope` says where a letter on paper goes, and `language` is the one they read. A letter that is not
    wanted, or has nowhere to go, is still a row, so that the log tells. Raises Invalid for an address or channel that
    cannot be; ValueError for a mistake in template or context.
    """
    if found := Message.objects.filter(key=key).first():
        return found
    # Read anew: the caller's object may be older than the person's wish to be forgotten.
    person = Person.objects.get(pk=to.pk) if isinstance(to, Person) else None
    message = _written(
        person=person,
        to=str(to) if person is None else "",
        template=template,
        context=context,
        key=key,
        now=now,
        purpose=purpose,
        channel=channel,
        team=team,
        due_at=due_at,
        envelope=envelope,
        language=language,
    )
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:  # somebody wrote the same letter meanwhile
        return Message.objects.get(key=key)
    return message


@dataclass(frozen=True, slots=True)
class Letter:
    """One of many letters of a template: to a person's id, with its own words and its own key."""

    to: UUID
    key: str
    context: Mapping[str, Any]


def send_all(letters: Sequence[Letter], *, template: str, now: datetime, purpose: str = Message.Purpose.SERVICE) -> int:
    """Put many letters in the outbox at once: three queries for each 200. Returns how many were new."""
    new = 0
    for start in range(0, len(letters), 200):  # under SQLite's limit of parameters
        some = letters[start : start + 200]
        known = set(Message.objects.filter(key__in=[each.key for each in some]).values_list("key", flat=True))
        people = Person.objects.in_bulk({each.to for each in some})
        made = [
            _written(
                person=people[each.to],
                to="",
                template=template,
                context=each.context,
                key=each.key,
                now=now,
                purpose=purpose,
            )
            for each in some
            if each.key not in known
        ]
        Message.objects.bulk_create(made, ignore_conflicts=True)
        new += len(made)
    return new


def _written(
    *,
    person: Person | None,
    to: str,
    template: str,
    context: Mapping[str, Any],
    key: str,
    now: datetime,
    purpose: str,
    channel: str = "",
    team: str = "",
    due_at: datetime | None = None,
    envelope: str = "",
    language: str = "en",
) -> Message:
    """The letter as a row, not yet saved."""
    if purpose not in Message.Purpose.values:
        raise ValueError(f"{purpose!r} is not a purpose of letters.")
    address = (person.email or "") if person is not None else "" if envelope else _address(to)
    channel = channel or (Message.Channel.EMAIL if address else Message.Channel.PRINT)
    if not channels.available(channel):
        raise Invalid("messages.channel", gettext("There is no way here to send this kind of message."), "channel")
    gone = person is not None and (person.erased_at is not None or not person.is_active)
    if gone or (channel == Message.Channel.EMAIL and not address):
        state = Message.State.NOBODY
    elif purpose == Message.Purpose.NEWS and not leaving.wants_news(person or address):
        state = Message.State.UNWANTED
    else:
        state = Message.State.WAITING
    subject, body = "", ""
    if state == Message.State.WAITING:
        subject, body = render(
            template,
            context,
            language=person.language if person is not None else language,
            name=person.name if person is not None else "",
        )
    return Message(
        key=key,
        person=person,
        address=address if state == Message.State.WAITING and channel == Message.Channel.EMAIL else "",
        envelope=envelope if state == Message.State.WAITING and channel == Message.Channel.PRINT else "",
        channel=channel,
        purpose=purpose,
        template=template,
        team=team,
        subject=subject,
        body=body,
        state=state,
        made_at=now,
        due_at=due_at or now,
    )


def deliver(now: datetime, limit: int = 100) -> int:
    """Send what is due; returns how many letters went. Several workers may run it at once.

    A letter is leased before it is sent and marked after, so one whose worker was killed in between goes again
    (with the same Message-ID): at least once, never lost.
    """
    claimed = _claim(now, limit)
    sent = 0
    by_channel: dict[str, list[Message]] = {}
    for message in claimed:
        by_channel.setdefault(message.channel, []).append(message)
    for name, batch in by_channel.items():
        channel = channels.CHANNELS[name]()
        channel.open()
        try:
            for message in batch:
                sent += _send_one(channel, message, now)
        finally:
            channel.close()
    return sent


def print_letter(*, message: Message, by: Person, now: datetime) -> Message:
    """An officer has printed the letter and put it in the post. Raises Clash where it is no letter that waits."""
    if not Message.objects.visible_to(by, "letter").filter(pk=message.pk).exists():
        raise NotAllowed("messages.print", gettext("This letter is another team's."))
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=message.pk)
        if message.channel != Message.Channel.PRINT or message.state != Message.State.WAITING:
            raise Clash("messages.printed", gettext("This letter has gone already."))
        message.state, message.sent_at, message.printed_by = Message.State.SENT, now, party_id(by)
        message.save(update_fields=["state", "sent_at", "printed_by"])
    return message


def again(*, message: Message, by: Person, now: datetime) -> Message:
    """Try a letter that failed once more, from the beginning."""
    if not by.has_role("officer") and not by.has_role("administrator"):
        raise NotAllowed("messages.again", gettext("Only an officer can do this."))
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=message.pk)
        if message.state != Message.State.FAILED:
            raise Clash("messages.not_failed", gettext("This letter has not failed."))
        message.state, message.attempts, message.due_at, message.error = Message.State.WAITING, 0, now, ""
        message.save(update_fields=["state", "attempts", "due_at", "error"])
    return message


def unsend(keys: Sequence[str], *, now: datetime) -> int:
    """Take back letters that still wait, because what they tell of was undone. Returns how many."""
    gone = 0
    for start in range(0, len(keys), 500):  # under SQLite's limit of parameters
        waiting = Message.objects.filter(key__in=keys[start : start + 500], state=Message.State.WAITING)
        gone += waiting.update(state=Message.State.UNWANTED, subject="", body="", address="", envelope="")
    return gone


def went_at(key: str) -> datetime | None:
    """When the letter of this key went, or was put down as posted; None where it waits, failed, or never was."""
    return Message.objects.filter(key=key, state=Message.State.SENT).values_list("sent_at", flat=True).first()


def forget_address(address: str, *, now: datetime) -> int:
    """Empty every letter to an address without an account; those that wait do not go. Returns how many."""
    return _forgotten(Message.objects.filter(person=None, address__iexact=address.strip()))


def forget_letter(*, letter: Message) -> int:
    """Empty one letter to somebody without an account; if it waits, it does not go. Returns 1, or 0 for any other."""
    return _forgotten(Message.objects.filter(pk=letter.pk, person=None))


def _forgotten(letters: QuerySet[Message]) -> int:
    keys = list(letters.values_list("pk", flat=True))  # the filter may be on what is emptied
    letters = Message.objects.filter(pk__in=keys)
    letters.filter(state__in=[Message.State.WAITING, Message.State.SENDING]).update(
        state=Message.State.NOBODY, leased_until=None
    )
    return letters.update(subject="", body="", address="", envelope="", error="")


def news(*, person: Person, title: str, key: str, now: datetime, text: str = "", url: str = "") -> NewsItem:
    """Put a piece of news by for the person's weekly letter. The same `key` again returns the first."""
    item, _ = NewsItem.objects.get_or_create(
        key=key, defaults={"person": person, "title": title[:200], "text": text[:500], "url": url, "made_at": now}
    )
    return item


def digest(now: datetime, limit: int = 200) -> int:
    """One letter a person with the news of the weeks before this one; returns how many letters were made.

    A week begins on Monday in London. News that a person does not want is put away unsent.
    """
    monday = now.astimezone(LONDON).date() - timedelta(days=now.astimezone(LONDON).weekday())
    start = datetime.combine(monday, time(), tzinfo=LONDON)
    waiting = NewsItem.objects.filter(message__isnull=True, made_at__lt=start)
    people = Person.objects.filter(pk__in=waiting.values("person").distinct()).order_by("pk")[:limit]
    made = 0
    for person in people:
        with transaction.atomic():
            items = list(
                waiting.filter(person=person).select_for_update(of=("self",)).order_by("made_at", "key")
                if connection.features.has_select_for_update_of
                else waiting.filter(person=person).order_by("made_at", "key")
            )
            if not items:
                continue
            letter = send(
                to=person,
                template="messages/digest",
                context={"items": [{"title": one.title, "text": one.text, "url": one.url} for one in items]},
                purpose=Message.Purpose.NEWS,
                channel=Message.Channel.EMAIL,
                key=f"digest/{person.pk}/{monday.isoformat()}",
                now=now,
            )
            NewsItem.objects.filter(pk__in=[one.pk for one in items]).update(message=letter)
            made += letter.state == Message.State.WAITING
    return made


def prune(now: datetime) -> int:
    """Empty the words and addresses of letters that went long ago; that they went stays on the log."""
    old = Message.objects.filter(made_at__lt=now - KEEP_WORDS).exclude(
        state__in=[Message.State.WAITING, Message.State.SENDING]
    )
    return _emptied(old)


def empty_sent(templates: str) -> int:
    """Empty the letters whose template begins so, as soon as they went. Returns how many."""
    return _emptied(Message.objects.filter(template__startswith=templates, state=Message.State.SENT))


def _emptied(letters: QuerySet[Message]) -> int:
    return letters.exclude(body="", address="", envelope="").update(subject="", body="", address="", envelope="")


def _address(text: str) -> str:
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Invalid("messages.address", gettext("Write an e-mail address like name@example.org."), "to") from error
    return address


def _claim(now: datetime, limit: int) -> list[Message]:
    """Letters that are due, leased to this worker."""
    due = Q(state=Message.State.WAITING, due_at__lte=now) | Q(state=Message.State.SENDING, leased_until__lt=now)
    with transaction.atomic():
        rows = Message.objects.filter(due, channel__in=list(channels.CHANNELS)).order_by("due_at", "id")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        claimed = list(rows[:limit])
        Message.objects.filter(pk__in=[message.pk for message in claimed]).update(
            state=Message.State.SENDING, leased_until=now + LEASE
        )
    return claimed


def _send_one(channel: channels.Channel, message: Message, now: datetime) -> int:
    mine = Message.objects.filter(pk=message.pk, state=Message.State.SENDING)
    if not mine.exists():
        return 0  # whoever it goes to has been forgotten since the batch was claimed
    try:
        channel.send(message)
    except channels.Undeliverable as error:
        mine.update(
            state=Message.State.FAILED, attempts=message.attempts + 1, leased_until=None, error=str(error)[:200]
        )
        return 0
    except channels.Later as error:
        last = message.attempts >= len(WAITS)
        mine.update(
            state=Message.State.FAILED if last else Message.State.WAITING,
            due_at=now if last else now + WAITS[message.attempts],
            attempts=message.attempts + 1,
            leased_until=None,
            error=str(error)[:200],
        )
        return 0
    return mine.update(
        state=Message.State.SENT, sent_at=now, attempts=message.attempts + 1, leased_until=None, error=""
    )
