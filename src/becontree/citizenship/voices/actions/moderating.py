"""Let through, leave a part out, or hold back; take back. The public record says that somebody spoke, no words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from becontree.citizenship.voices.actions.common import locked, move, tell
from becontree.citizenship.voices.models import Contact, Round, Ruling, Voice
from becontree.citizenship.voices.permissions import must_be_theirs, must_listen
from becontree.citizenship.voices.policy import BY_CODE
from becontree.foundations.kit.bulk import insert_rows
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.words import plain
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.places import screening
from becontree.foundations.places.models import Ward
from becontree.foundations.places.screening import LEFT_OUT
from becontree.foundations.record import actions as record

VERBS: Final = {
    "like": "Something liked",
    "dislike": "Something disliked",
    "hope": "A hope",
    "open": "Something said",
}


@transaction.atomic
def publish(*, voice: Voice, by: Actor, now: datetime, note: str = "", on_appeal: bool = False) -> Voice:
    """A moderator has read it and it goes out: counted, and with its words where the speaker said we may quote them."""
    must_listen(by)
    voice = locked(voice)
    if voice.state == Voice.State.PUBLISHED:
        return voice
    if not on_appeal:
        _must_decide_first(voice, by=by, note=note)
    _out(voice, by=by, now=now)
    Ruling.objects.create(
        voice=voice, outcome="published", note=note.strip()[:400], by=party_id(by), at=now, on_appeal=on_appeal
    )
    return voice


@transaction.atomic
def publish_many(*, voices: Sequence[Voice], by: Actor, now: datetime, note: str = "") -> int:
    """A moderator has read all of these and lets them through as they stand. Those that no longer wait are left alone.

    As `publish` of each, in a few queries; `note` says why, for all of them. Returns how many went out.
    """
    must_listen(by)
    keys = [voice.pk for voice in voices]
    waiting: list[Voice] = []
    for start in range(0, len(keys), 500):  # under SQLite's limit of parameters
        some = Voice.objects.select_for_update(of=("self",)).filter(
            pk__in=keys[start : start + 500], state=Voice.State.WAITING
        )
        waiting += some.select_related("response")
    _join(waiting)
    for voice in waiting:
        move(voice, Voice.State.PUBLISHED)
        voice.published_at = now
    kept = {"outcome": "published", "note": note.strip()[:400], "by": party_id(by), "at": now}
    insert_rows(Ruling, (Ruling(voice=voice, **kept) for voice in waiting))
    record.introduce(
        new=[
            record.New(
                ref=voice.ref,
                thing_kind="voice",
                title=record_title(voice),
                url=voice.get_absolute_url(),
                kind="voice.heard",
                step="heard",
                on=voice.said_on,
                facts=record_facts(voice),
            )
            for voice in waiting
        ],
        by=by,
        now=now,
    )
    # Last, and one statement for many: SQLite's search index saves its place before every statement that follows.
    for start in range(0, len(waiting), 500):
        some = Voice.objects.filter(pk__in=[voice.pk for voice in waiting[start : start + 500]])
        some.update(state=Voice.State.PUBLISHED, published_at=now)
    return len(waiting)


def _join(voices: Sequence[Voice]) -> None:
    """The ward and the round of each, once for all that share them."""
    wards = Ward.objects.defer("geometry").in_bulk({voice.response.ward_id for voice in voices} - {None})
    rounds = Round.objects.in_bulk({voice.response.round_id for voice in voices} - {None})
    for voice in voices:
        response = voice.response
        response.ward = wards.get(response.ward_id)
        response.round = rounds.get(response.round_id)


@transaction.atomic
def mask(*, voice: Voice, words: str, by: Actor, now: datetime, note: str = "") -> Voice:
    """Let it through with a part left out: `words` is what everybody may read. The speaker is told.

    The words as they were said stay with us, for an appeal, until the speaker takes them back.
    """
    must_listen(by)
    words = plain(words)
    voice = locked(voice)
    if not words.replace(LEFT_OUT, "").strip():
        raise Invalid("voice.masked", _("Something has to be left to read; or do not publish it."), "words")
    if words == voice.words:
        raise Invalid("voice.masked", _("Nothing is left out. Publish it as it is."), "words")
    if problem := screening.added_to(voice.words, words):
        raise Invalid("voice.masked", problem, "words")
    _must_decide_first(voice, by=by, note=note)
    voice.masked = words
    if voice.state == Voice.State.PUBLISHED:
        voice.save(update_fields=["masked"])
    else:
        _out(voice, by=by, now=now)
    Ruling.objects.create(
        voice=voice, outcome="masked", reason="personal", note=note.strip()[:400], by=party_id(by), at=now
    )
    tell(
        voice,
        "voices/masked",
        {"handle": voice.handle, "reason": str(BY_CODE["personal"].said), "note": note.strip()},
        key=f"voice:{voice.handle}:masked:{now.isoformat()}",
        now=now,
    )
    return voice


def _out(voice: Voice, *, by: Actor, now: datetime) -> None:
    move(voice, Voice.State.PUBLISHED)
    first = voice.published_at is None
    voice.published_at = voice.published_at or now
    voice.save(update_fields=["state", "published_at", "masked"])
    if first:
        title = record_title(voice)
        record.thing(ref=voice.ref, kind="voice", title=title, url=voice.get_absolute_url())
        record.enter(
            kind="voice.heard",
            step="heard",
            thing=voice.ref,
            title=title,
            facts=record_facts(voice),
            on=voice.said_on,
            by=by,
            now=now,
        )


def record_title(voice: Voice) -> str:
    """The public sentence: that something was said, where and how; never the words."""
    where = f" from {voice.ward.name}" if voice.ward else ""
    return f"{VERBS[voice.kind]}{where}, said {voice.get_channel_display()}"


def record_facts(voice: Voice) -> dict[str, Any]:
    """No language: the record stays, and beside a ward and a day the language of hidden words may tell who spoke."""
    response = voice.response
    facts = {
        "kind": voice.kind,
        "channel": response.channel,
        "ward": response.ward_id or "",
    }
    return facts | ({"round": response.round.slug} if response.round is not None else {})


@transaction.atomic
def hold(*, voice: Voice, reason: str, by: Actor, now: datetime, note: str = "", on_appeal: bool = False) -> Voice:
    """Do not publish (or no longer publish) the words, for a reason of the published policy. The speaker is told.

    In a round, only for one of the reasons that the round set out before it opened.
    """
    must_listen(by)
    voice = locked(voice)
    if reason not in reasons_for(voice.response.round):
        raise Invalid("voice.reason", _("Choose a reason from our policy."), "reason")
    if not on_appeal:
        _must_decide_first(voice, by=by, note=note)
    move(voice, Voice.State.HELD)
    voice.save(update_fields=["state"])
    Ruling.objects.create(
        voice=voice, outcome="held", reason=reason, note=note.strip(), by=party_id(by), at=now, on_appeal=on_appeal
    )
    tell(
        voice,
        "voices/held",
        {"handle": voice.handle, "reason": str(BY_CODE[reason].said), "note": note.strip()},
        key=f"voice:{voice.handle}:held:{now.isoformat()}",
        now=now,
    )
    return voice


def _must_decide_first(voice: Voice, *, by: Actor, note: str) -> None:
    """Refuse while an appeal is open; after one was decided, all but a person new to it who gives a reason."""
    appeals = list(voice.appeals.all())
    if any(appeal.decided_at is None for appeal in appeals):
        raise Clash("voice.appeal", _("An appeal about this is open: decide that instead."))
    if not appeals or isinstance(by, System):
        return
    if party_id(by) in {appeal.decided_by for appeal in appeals} | {ruling.by for ruling in voice.rulings.all()}:
        raise Clash(
            "voice.settled",
            _("An appeal about this was decided. Only somebody who has not decided about it yet may change that."),
        )
    if not note.strip():
        raise Invalid("voice.settled", _("An appeal about this was decided. Say why you decide otherwise."), "note")


def reasons_for(round: Round | None) -> list[str]:
    """The codes of the reasons that hold in a round; all of the house's outside one."""
    chosen = [code for code in (round.reasons if round is not None else []) if code in BY_CODE]
    return chosen or list(BY_CODE)


@transaction.atomic
def withdraw(*, voice: Voice, by: Any, now: datetime) -> Voice:
    """The speaker takes it back: the words go for good. That somebody once spoke stays counted where it was counted.

    When nothing of the form is left, it no longer points to a person, a place or an address.
    """
    must_be_theirs(by, voice)
    voice = locked(voice)
    move(voice, Voice.State.WITHDRAWN)
    voice.words, voice.masked = "", ""
    voice.save(update_fields=["state", "words", "masked"])
    voice.appeals.filter(decided_at=None).delete()  # there is nothing left to look at again
    response = voice.response
    if not response.voices.exclude(state=Voice.State.WITHDRAWN).exists():
        contact = response.contact_id
        response.place, response.person, response.contact = "", None, None
        response.save(update_fields=["place", "person", "contact"])
        Contact.objects.filter(pk__in=[contact]).delete()
    return voice
