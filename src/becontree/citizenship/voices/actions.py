"""Hear, moderate, appeal, answer, withdraw. The public record says that somebody spoke, never their words."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from becontree.citizenship.voices.models import Answer, Appeal, Ruling, Voice
from becontree.citizenship.voices.permissions import listens, must_be_theirs, must_listen
from becontree.citizenship.voices.policy import BY_CODE
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.messages.actions import send
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.people.models import Person
from becontree.foundations.policy import clocks, settings
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Thing

LONDON: Final = ZoneInfo("Europe/London")
MOST_WORDS: Final = 4_000
VERBS: Final = {"like": "Something liked", "dislike": "Something disliked", "hope": "A hope"}


@transaction.atomic
def say(
    *,
    kind: str,
    words: str,
    by: Actor | None,
    now: datetime,
    ward: Any = None,
    place: str = "",
    may_quote: bool = False,
    channel: str = Voice.Channel.WEB,
    said_on: date | None = None,
    language: str = "en",
    person: Person | None = None,
) -> Voice:
    """Take down what somebody says. `by` is the speaker on the web (None without an account), or the officer who types.

    Only an officer enters another channel than the web, or a day other than today.
    """
    today = now.astimezone(LONDON).date()
    if channel != Voice.Channel.WEB or said_on not in {None, today}:
        must_listen(by)
    words = plain(words)
    errors = {}
    if kind not in Voice.Kind.values:
        errors["kind"] = "Choose whether you like it, do not like it, or hope for it."
    if not words:
        errors["words"] = "Say it in your own words."
    elif len(words) > MOST_WORDS:
        errors["words"] = f"Please keep to {MOST_WORDS:,} letters; this is {len(words):,}."
    if channel not in Voice.Channel.values:
        errors["channel"] = "Choose how it reached us."
    if said_on is not None and said_on > today:
        errors["said_on"] = "The day is in the future."
    elif said_on is not None and said_on.year < today.year - 30:
        errors["said_on"] = "Look at the year again."
    if errors:
        raise Invalid("voice.incomplete", "Some parts need another look.", errors=errors)
    speaker = by if channel == Voice.Channel.WEB and isinstance(by, Person) and not person else person
    voice = Voice.objects.create(
        kind=kind,
        words=words,
        language=language,
        channel=channel,
        ward=ward,
        place=place.strip(),
        may_quote=may_quote,
        said_on=said_on or today,
        person=speaker,
        entered_by=party_id(by) if by is not None and channel != Voice.Channel.WEB else "",
        entered_at=now,
    )
    if speaker is not None:
        send(
            to=speaker,
            template="voices/thanks",
            context={"handle": voice.handle, "url": voice.get_absolute_url()},
            purpose="service",
            key=f"voice:{voice.handle}:thanks",
            now=now,
        )
    return voice


@transaction.atomic
def publish(*, voice: Voice, by: Actor, now: datetime, on_appeal: bool = False) -> Voice:
    """A moderator has read it and it goes out: counted, and with its words where the speaker said we may quote them."""
    must_listen(by)
    voice = _locked(voice)
    if voice.state == Voice.State.PUBLISHED:
        return voice
    if not on_appeal and voice.appeals.filter(decided_at=None).exists():
        raise Clash("voice.appeal", "An appeal about this is open: decide that instead.")
    _move(voice, Voice.State.PUBLISHED)
    first = voice.published_at is None
    voice.published_at = voice.published_at or now
    voice.save(update_fields=["state", "published_at"])
    Ruling.objects.create(voice=voice, outcome="published", by=party_id(by), at=now, on_appeal=on_appeal)
    if first:
        where = f" from {voice.ward.name}" if voice.ward else ""
        title = f"{VERBS[voice.kind]}{where}, said {voice.get_channel_display()}"
        record.thing(ref=voice.ref, kind="voice", title=title, url=voice.get_absolute_url())
        record.enter(
            kind="voice.heard",
            step="heard",
            thing=voice.ref,
            title=title,
            facts={
                "kind": voice.kind,
                "channel": voice.channel,
                "ward": voice.ward_id or "",
                "language": voice.language,
            },
            on=voice.said_on,
            by=by,
            now=now,
        )
    return voice


@transaction.atomic
def hold(*, voice: Voice, reason: str, by: Actor, now: datetime, note: str = "", on_appeal: bool = False) -> Voice:
    """Do not publish (or no longer publish) the words, for a reason of the published policy. The speaker is told."""
    must_listen(by)
    if reason not in BY_CODE:
        raise Invalid("voice.reason", "Choose a reason from our policy.", "reason")
    voice = _locked(voice)
    _move(voice, Voice.State.HELD)
    voice.save(update_fields=["state"])
    Ruling.objects.create(
        voice=voice, outcome="held", reason=reason, note=note.strip(), by=party_id(by), at=now, on_appeal=on_appeal
    )
    if voice.person is not None:
        send(
            to=voice.person,
            template="voices/held",
            context={
                "handle": voice.handle,
                "reason": BY_CODE[reason].said,
                "note": note.strip(),
                "url": "/my/voices/",
            },
            purpose="service",
            key=f"voice:{voice.handle}:held:{now.isoformat()}",
            now=now,
        )
    return voice


@transaction.atomic
def appeal(*, voice: Voice, words: str, by: Actor, now: datetime) -> Appeal:
    """Ask that another person look at it again; we say by when."""
    must_be_theirs(by, voice)
    voice = _locked(voice)
    if voice.state != Voice.State.HELD:
        raise Clash("appeal.state", "Only what was not published can be looked at again.")
    if not words.strip():
        raise Invalid("appeal.words", "Say why you think it should be published.", "words")
    if voice.appeals.filter(decided_at=None).exists():
        raise Clash("appeal.twice", "Somebody is looking at it again already.")
    today = now.astimezone(LONDON).date()
    days = int(settings.council("voices.appeal_days", today))
    return Appeal.objects.create(
        voice=voice, words=words.strip()[:2000], made_at=now, due_on=clocks.add_working_days(today, days)
    )


@transaction.atomic
def decide_appeal(*, appeal: Appeal, upheld: bool, answer: str, by: Actor, now: datetime) -> Appeal:
    """Another person than the one who held it decides, with an answer that the speaker reads."""
    must_listen(by)
    appeal = Appeal.objects.select_for_update(of=("self",)).select_related("voice__person").get(pk=appeal.pk)
    if appeal.decided_at is not None:
        raise Clash("appeal.done", "This appeal is decided already.")
    last = appeal.voice.rulings.order_by("-at").first()
    if last is not None and last.by == party_id(by) and not isinstance(by, System):
        raise NotAllowed("appeal.second", "Somebody else than the person who decided first must look at it.")
    if not answer.strip():
        raise Invalid("appeal.answer", "Give the speaker your reasons.", "answer")
    appeal.decided_at, appeal.decided_by, appeal.upheld, appeal.answer = now, party_id(by), upheld, answer.strip()
    appeal.save()
    if upheld and appeal.voice.state == Voice.State.HELD:
        publish(voice=appeal.voice, by=by, now=now, on_appeal=True)
    if appeal.voice.person is not None:
        send(
            to=appeal.voice.person,
            template="voices/appeal_decided",
            context={"handle": appeal.voice.handle, "upheld": upheld, "answer": answer.strip(), "url": "/my/voices/"},
            purpose="service",
            key=f"appeal:{appeal.pk}:decided",
            now=now,
        )
    return appeal


@transaction.atomic
def answer(*, voice: Voice, status: str, body: str, team: str, by: Actor, now: datetime, leads_to: str = "") -> Answer:
    """Say back what was decided or done, by which team; the speaker is told, and the thread runs on from here."""
    must_listen(by)
    voice = _locked(voice)
    errors = {}
    if status not in Answer.Status.values:
        errors["status"] = "Choose how it stands."
    if not body.strip():
        errors["body"] = "Give the answer and its reasons."
    if not team.strip():
        errors["team"] = "Say which team answers."
    if leads_to and not Thing.objects.filter(ref=leads_to).exists():
        errors["leads_to"] = "That is not in the public record."
    if errors:
        raise Invalid("answer.incomplete", "Some parts need another look.", errors=errors)
    if voice.state != Voice.State.PUBLISHED:
        raise Clash("answer.state", "Only what is published can be answered in public.")
    found = Answer.objects.create(
        voice=voice, status=status, body=body.strip(), team=team.strip(), leads_to=leads_to, by=party_id(by), at=now
    )
    record.enter(
        kind="voice.answered",
        step="facilitated",
        thing=voice.ref,
        title=f"{found.get_status_display()} ({found.team})",
        facts={"status": status, "team": found.team, "leads_to": leads_to},
        on=now.astimezone(LONDON).date(),
        by=by,
        now=now,
    )
    if voice.person is not None:
        send(
            to=voice.person,
            template="voices/answered",
            context={
                "status": found.get_status_display(),
                "body": found.body,
                "team": found.team,
                "url": voice.get_absolute_url(),
            },
            purpose="service",
            key=f"answer:{found.pk}",
            now=now,
        )
    return found


@transaction.atomic
def withdraw(*, voice: Voice, by: Actor, now: datetime) -> Voice:
    """The speaker takes it back: the words go for good. That somebody once spoke stays counted where it was counted."""
    must_be_theirs(by, voice)
    voice = _locked(voice)
    _move(voice, Voice.State.WITHDRAWN)
    voice.words, voice.place, voice.person = "", "", None
    voice.save(update_fields=["state", "words", "place", "person"])
    return voice


def plain(text: str) -> str:
    """Text without what cannot be seen or turns its neighbours round: control and format characters but line ends."""
    joiners = "\u200c\u200d"  # several scripts need them between letters
    return "".join(
        sign
        for sign in text
        if sign in f"\n\t{joiners}" or unicodedata.category(sign) not in {"Cc", "Cf", "Co", "Cn", "Cs"}
    ).strip(f" \n\t\u00a0{joiners}")


def is_moderator(actor: Any) -> bool:
    return listens(actor)


def _locked(voice: Voice) -> Voice:
    return Voice.objects.select_for_update(of=("self",)).select_related("ward", "person").get(pk=voice.pk)


def _move(voice: Voice, to: str) -> None:
    if to not in Voice.MOVES[voice.state]:
        raise Clash("voice.state", f"This is {voice.get_state_display()}, so that cannot be done now.")
    voice.state = to
