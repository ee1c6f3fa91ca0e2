"""Let through, leave a part out, or hold back; take back. The public record says that somebody spoke, no words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from becontree.citizenship.voices.actions.common import locked, move, tell
from becontree.citizenship.voices.actions.responding import plain
from becontree.citizenship.voices.models import Contact, Round, Ruling, Voice
from becontree.citizenship.voices.permissions import must_be_theirs, must_listen
from becontree.citizenship.voices.policy import BY_CODE
from becontree.foundations.kit.bulk import update_rows
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.record import actions as record

VERBS: Final = {
    "like": "Something liked",
    "dislike": "Something disliked",
    "hope": "A hope",
    "open": "Something said",
}


@transaction.atomic
def publish(*, voice: Voice, by: Actor, now: datetime, on_appeal: bool = False) -> Voice:
    """A moderator has read it and it goes out: counted, and with its words where the speaker said we may quote them."""
    must_listen(by)
    voice = locked(voice)
    if voice.state == Voice.State.PUBLISHED:
        return voice
    if not on_appeal and voice.appeals.filter(decided_at=None).exists():
        raise Clash("voice.appeal", _("An appeal about this is open: decide that instead."))
    _out(voice, by=by, now=now)
    Ruling.objects.create(voice=voice, outcome="published", by=party_id(by), at=now, on_appeal=on_appeal)
    return voice


@transaction.atomic
def publish_many(*, voices: Sequence[Voice], by: Actor, now: datetime) -> int:
    """A moderator has read all of these and lets them through as they stand. Those that no longer wait are left alone.

    As `publish` of each, in a few queries. Returns how many went out.
    """
    must_listen(by)
    keys = [voice.pk for voice in voices]
    waiting: list[Voice] = []
    for start in range(0, len(keys), 500):  # under SQLite's limit of parameters
        some = Voice.objects.select_for_update(of=("self",)).filter(
            pk__in=keys[start : start + 500], state=Voice.State.WAITING
        )
        waiting += some.select_related("response__ward", "response__round").defer("response__ward__geometry")
    for voice in waiting:
        move(voice, Voice.State.PUBLISHED)
        voice.published_at = now
    update_rows(Voice, ["state", "published_at"], ((voice.pk, voice.state, voice.published_at) for voice in waiting))
    Ruling.objects.bulk_create(
        (Ruling(voice=voice, outcome="published", by=party_id(by), at=now) for voice in waiting), batch_size=200
    )
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
    return len(waiting)


@transaction.atomic
def mask(*, voice: Voice, words: str, by: Actor, now: datetime, note: str = "") -> Voice:
    """Let it through with a part left out: `words` is what everybody may read. The speaker is told.

    The words as they were said stay with us, for an appeal, until the speaker takes them back.
    """
    must_listen(by)
    words = plain(words)
    voice = locked(voice)
    if not words:
        raise Invalid("voice.masked", _("Something has to be left to read; or do not publish it."), "words")
    if len(words) > len(voice.words) + 400:
        raise Invalid("voice.masked", _("Leave a part out; add nothing."), "words")
    if words == voice.words:
        raise Invalid("voice.masked", _("Nothing is left out. Publish it as it is."), "words")
    if voice.appeals.filter(decided_at=None).exists():
        raise Clash("voice.appeal", _("An appeal about this is open: decide that instead."))
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
        {"handle": voice.handle, "reason": BY_CODE["personal"].said, "note": note.strip()},
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
    response = voice.response
    facts = {
        "kind": voice.kind,
        "channel": response.channel,
        "ward": response.ward_id or "",
        "language": response.language,
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
