"""Ask again, decide again, answer: what a speaker may expect after we have read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from becontree.citizenship.voices.actions.common import LONDON, locked, tell
from becontree.citizenship.voices.actions.moderating import publish
from becontree.citizenship.voices.models import Answer, Appeal, Ruling, Voice
from becontree.citizenship.voices.permissions import must_be_theirs, must_listen
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.policy import clocks, settings
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Thing


@transaction.atomic
def appeal(*, voice: Voice, words: str, by: Any, now: datetime) -> Appeal:
    """Ask that another person look at it again; we say by when."""
    must_be_theirs(by, voice)
    voice = locked(voice)
    if voice.state != Voice.State.HELD and not (voice.state == Voice.State.PUBLISHED and voice.masked):
        raise Clash("appeal.state", _("Only what was not published, or not in full, can be looked at again."))
    if not words.strip():
        raise Invalid("appeal.words", _("Say why you think it should be published."), "words")
    if voice.appeals.filter(decided_at=None).exists():
        raise Clash("appeal.twice", _("Somebody is looking at it again already."))
    if not voice.may_be_appealed:
        raise Clash("appeal.done", _("We have looked at it again already, and told you why it stays as it is."))
    today = now.astimezone(LONDON).date()
    days = int(settings.council("voices.appeal_days", today))
    return Appeal.objects.create(
        voice=voice, words=words.strip()[:2000], made_at=now, due_on=clocks.add_working_days(today, days)
    )


@transaction.atomic
def decide_appeal(*, appeal: Appeal, upheld: bool, answer: str, by: Actor, now: datetime) -> Appeal:
    """Another person than the one who decided first decides, with an answer that the speaker reads."""
    must_listen(by)
    appeal = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    if appeal.decided_at is not None:
        raise Clash("appeal.done", _("This appeal is decided already."))
    voice = locked(appeal.voice)
    if decided_first(voice, by):
        raise NotAllowed("appeal.second", _("Somebody else than the person who decided first must look at it."))
    if not answer.strip():
        raise Invalid("appeal.answer", _("Give the speaker your reasons."), "answer")
    appeal.decided_at, appeal.decided_by, appeal.upheld, appeal.answer = now, party_id(by), upheld, answer.strip()
    appeal.save()
    if upheld and voice.masked:
        voice.masked = ""
        voice.save(update_fields=["masked"])
    if upheld and voice.state == Voice.State.HELD:
        publish(voice=voice, by=by, now=now, on_appeal=True)
    elif upheld:
        Ruling.objects.create(voice=voice, outcome="published", by=party_id(by), at=now, on_appeal=True)
    tell(
        voice,
        "voices/appeal_decided",
        {"handle": voice.handle, "upheld": upheld, "answer": answer.strip()},
        key=f"appeal:{appeal.pk}:decided",
        now=now,
    )
    return appeal


def decided_first(voice: Voice, by: Actor) -> bool:
    """Whether this person made the decision that an appeal is about, so that somebody else must look at it."""
    last = voice.last_ruling
    return last is not None and last.by == party_id(by) and not isinstance(by, System)


@transaction.atomic
def answer(*, voice: Voice, status: str, body: str, team: str, by: Actor, now: datetime, leads_to: str = "") -> Answer:
    """Say back what was decided or done, by which team; the speaker is told, and the thread runs on from here."""
    must_listen(by)
    voice = locked(voice)
    errors = {}
    if status not in Answer.Status.values:
        errors["status"] = _("Choose how it stands.")
    if not body.strip():
        errors["body"] = _("Give the answer and its reasons.")
    if not team.strip():
        errors["team"] = _("Say which team answers.")
    if leads_to and not Thing.objects.filter(ref=leads_to).exists():
        errors["leads_to"] = _("That is not in the public record.")
    if errors:
        raise Invalid("answer.incomplete", _("Some parts need another look."), errors=errors)
    if voice.state != Voice.State.PUBLISHED:
        raise Clash("answer.state", _("Only what is published can be answered in public."))
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
    tell(
        voice,
        "voices/answered",
        {
            "status": str(found.get_status_display()),
            "body": found.body,
            "team": found.team,
            "url": voice.get_absolute_url(),
        },
        key=f"answer:{found.pk}",
        now=now,
    )
    return found


MOST_ANSWERED: Final = 100  # voices with one answer


@transaction.atomic
def answer_many(
    *, voices: Sequence[Voice], status: str, body: str, team: str, by: Actor, now: datetime, leads_to: str = ""
) -> list[Answer]:
    """One answer to many, all or none: each voice gets it as `answer` gives it, with its own entry and its own letter.

    Those that were answered meanwhile are left alone.
    """
    must_listen(by)
    if len(voices) > MOST_ANSWERED:
        raise Invalid("answer.many", _("At most %(most)s at once.") % {"most": MOST_ANSWERED}, "")
    asked = [voice.pk for voice in voices]
    left = Voice.objects.filter(pk__in=asked, answers=None).order_by("pk")  # one order: two at once do not lock
    given: Any = {"status": status, "body": body, "team": team, "leads_to": leads_to, "by": by, "now": now}
    return [answer(voice=voice, **given) for voice in left]
