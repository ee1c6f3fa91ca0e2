"""Take somebody out of a conversation, look at it again when they ask, let them count again.

A ban takes all votes of a person out of the maths; lifting it gives them all back. Nothing of theirs is deleted. What
is published follows when enough others have voted, so that nobody reads from it how the person did (`changing`).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from becontree.citizenship.conversations import changing, maps
from becontree.citizenship.conversations.actions.speaking import appeal_due, must_be_new, tell
from becontree.citizenship.conversations.actions.voting import LONDON
from becontree.citizenship.conversations.models import BanAppeal, MapDocument, Participant
from becontree.citizenship.conversations.permissions import must_listen
from becontree.citizenship.voices.queries import BY_CODE
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.words import plain
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.record import actions as record


@transaction.atomic
def ban(*, participant: Participant, reason: str, by: Actor, now: datetime, note: str = "") -> Participant:
    """Somebody who breaks the rules again and again no longer counts: all their votes leave the map. They are told.

    That somebody was let back stands: only who has not decided about them yet takes them out again, and says why
    (`note`).
    """
    must_listen(by)
    if reason not in BY_CODE:
        raise Invalid("ban.reason", "Choose a reason from our policy.", "reason")
    found = _locked(participant)
    if not found.counts:
        raise Clash("ban.done", "This person no longer counts already.")
    if found.conversation.over:
        raise Clash("ban.over", "Voting is over, and its count is published: nobody is taken out any more.")
    if before := _judges(found):
        settled = _("It was decided that this person counts.")
        must_be_new(by, before=before, note=note, settled=settled)
    found.banned_at, found.banned_by, found.banned_for, found.pending = now, party_id(by), reason, None
    found.banned_note, found.judged_by = note.strip()[:400], sorted(before | {party_id(by)})
    found.save(update_fields=["banned_at", "banned_by", "banned_for", "banned_note", "pending", "judged_by"])
    tell(
        found,
        "conversations/banned",
        {"reason": str(BY_CODE[reason].said), "note": found.banned_note},
        key=f"conversation:banned:{found.pk}:{now.isoformat()}",
        now=now,
    )
    changing.moves(found)
    return found


@transaction.atomic
def lift_ban(*, participant: Participant, by: Actor, now: datetime, on_appeal: bool = False) -> Participant:
    """Let somebody count again, with all their votes. Another person than the one who took them out decides.

    After the close the published count stands, and the record says so: counting once more would tell how they voted.
    Where more than five have been let back since, it is counted once more.
    """
    must_listen(by)
    found = _locked(participant)
    if found.banned_at is None:
        raise Clash("ban.none", "This person counts.")
    before = {found.banned_by} if on_appeal else _judges(found)
    if party_id(by) in before and not isinstance(by, System):
        raise NotAllowed("ban.second", "Somebody else than the person who decided first must look at it.")
    if not on_appeal and found.ban_appeals.filter(decided_at=None).exists():
        raise Clash("ban.appeal", "They have asked us to look again: decide that instead.")
    found.judged_by = sorted(_judges(found) | {party_id(by)})
    found.banned_at, found.banned_by, found.banned_for, found.banned_note = None, "", "", ""
    found.save(update_fields=["banned_at", "banned_by", "banned_for", "banned_note", "judged_by"])
    changing.moves(found)
    if found.conversation.over:
        _count_again(found, by=by, now=now)
    return found


@transaction.atomic
def appeal_ban(*, participant: Participant, words: str, now: datetime) -> BanAppeal:
    """Ask that another person look again at having been taken out; we say by when."""
    found = _locked(participant)
    if found.banned_at is None or found.erased_at is not None:
        raise Clash("ban.none", "Your votes count.")
    if not words.strip():
        raise Invalid("appeal.words", "Say why you think your votes should count.", "words")
    if found.ban_appeals.filter(decided_at=None).exists():
        raise Clash("appeal.twice", "Somebody is looking at it again already.")
    return BanAppeal.objects.create(participant=found, words=plain(words)[:2000], made_at=now, due_on=appeal_due(now))


@transaction.atomic
def decide_ban_appeal(*, appeal: BanAppeal, upheld: bool, answer: str, by: Actor, now: datetime) -> BanAppeal:
    """Another person than the one who took them out decides, with an answer that they read."""
    must_listen(by)
    participant = _locked(appeal.participant)
    found = BanAppeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    if found.decided_at is not None:
        raise Clash("appeal.done", "This appeal is decided already.")
    if participant.banned_by == party_id(by) and not isinstance(by, System):
        raise NotAllowed("appeal.second", "Somebody else than the person who decided first must look at it.")
    if not answer.strip():
        raise Invalid("appeal.answer", "Give them your reasons.", "answer")
    found.decided_at, found.decided_by, found.upheld, found.answer = now, party_id(by), upheld, answer.strip()[:1000]
    found.save()
    if upheld and participant.banned_at is not None:
        lift_ban(participant=participant, by=by, now=now, on_appeal=True)
    tell(
        participant,
        "conversations/ban_decided",
        {"upheld": upheld, "answer": found.answer, "over": participant.conversation.over},
        key=f"conversation:ban-appeal:{found.pk}",
        now=now,
    )
    return found


def _count_again(participant: Participant, *, by: Actor, now: datetime) -> None:
    conversation = participant.conversation
    document = MapDocument.objects.get(conversation=conversation)
    again = changing.enough(conversation, document)
    if again:
        document = maps.redraw(conversation, now=now, firm=True)
    told = {name: int(document.document.get(name, 0)) for name in ("participants", "votes")}
    record.enter(
        kind="conversation.recounted" if again else "conversation.let-back",
        step="heard",
        thing=conversation.ref,
        title="Counted once more: people who were taken out count again"
        if again
        else "Somebody was taken out who should have counted; the published count stands",
        facts=told if again else {},
        on=now.astimezone(LONDON).date(),
        by=by,
        now=now,
    )


def _judges(participant: Participant) -> set[str]:
    """The party ids of all who have taken this person out, let them back, or answered them."""
    answered = participant.ban_appeals.exclude(decided_at=None).values_list("decided_by", flat=True)
    return {*participant.judged_by, *answered, participant.banned_by} - {""}


def _locked(participant: Participant) -> Participant:
    return (
        Participant.objects.select_for_update(of=("self",))
        .select_related("conversation", "person", "contact")
        .get(pk=participant.pk)
    )
