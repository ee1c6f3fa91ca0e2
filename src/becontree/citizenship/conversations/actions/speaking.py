"""Statements: said by participants, read before they are shown, held with a reason, looked at again by another."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from becontree.citizenship.conversations import maps
from becontree.citizenship.conversations.actions.voting import LONDON
from becontree.citizenship.conversations.models import Appeal, Conversation, Participant, Ruling, Statement
from becontree.citizenship.conversations.permissions import must_host, must_listen
from becontree.citizenship.voices.queries import BY_CODE
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.messages.actions import send
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.policy import clocks, settings

MOST_WORDS: Final = 280
MOST_WAITING: Final = 10  # of one person, so that the queue stays readable


@transaction.atomic
def suggest(*, conversation: Conversation, participant: Participant, words: str, now: datetime) -> Statement:
    """Say something of one's own. A person reads it before anybody else does."""
    locked = Participant.objects.select_for_update().get(pk=participant.pk)
    if conversation.state != Conversation.State.OPEN or (conversation.closes_at and now >= conversation.closes_at):
        raise Clash("conversation.closed", "Voting is over in this conversation.")
    if not conversation.own_statements:
        raise NotAllowed("statement.none", "In this conversation people vote on what is there.")
    if not locked.counts or locked.conversation_id != conversation.pk:
        raise NotAllowed("statement.banned", "You can no longer add statements here.")
    said = one_line(words)
    check_words(said)
    mine = Statement.objects.filter(author=participant)
    same = mine.filter(words=said).first()
    if same is not None:  # the same button pressed twice
        return same
    if mine.filter(state=Statement.State.WAITING).count() >= MOST_WAITING:
        raise Clash("statement.many", "We are still reading what you sent. Please come back when we have.")
    return add(conversation=conversation, words=said, now=now, author=locked)


def add(*, conversation: Conversation, words: str, now: datetime, **more: Any) -> Statement:
    """Lay a statement down under the next number. The conversation's row is locked meanwhile."""
    Conversation.objects.select_for_update().get(pk=conversation.pk)
    last = Statement.objects.filter(conversation=conversation).order_by("-number").values_list("number", flat=True)
    return Statement.objects.create(
        conversation=conversation, number=(last.first() or 0) + 1, words=words, made_at=now, **more
    )


@transaction.atomic
def show(*, statement: Statement, by: Actor, now: datetime, on_appeal: bool = False) -> Statement:
    """A person has read it: from now on others vote on it."""
    must_host(by, statement.conversation)
    statement = _locked(statement)
    if statement.state == Statement.State.LIVE:
        return statement
    if not on_appeal and statement.appeals.filter(decided_at=None).exists():
        raise Clash("statement.appeal", "An appeal about this is open: decide that instead.")
    _move(statement, Statement.State.LIVE)
    statement.save(update_fields=["state"])
    Ruling.objects.create(statement=statement, outcome="shown", by=party_id(by), at=now, on_appeal=on_appeal)
    maps.reroute(statement.conversation, now=now)
    return statement


@transaction.atomic
def hold(
    *, statement: Statement, reason: str, by: Actor, now: datetime, note: str = "", on_appeal: bool = False
) -> Statement:
    """Do not show it (any longer), for a reason of the public policy. Its votes leave the map, its author is told."""
    must_host(by, statement.conversation)
    if reason not in BY_CODE:
        raise Invalid("statement.reason", "Choose a reason from our policy.", "reason")
    statement = _locked(statement)
    _move(statement, Statement.State.HELD)
    statement.save(update_fields=["state"])
    Ruling.objects.create(
        statement=statement,
        outcome="held",
        reason=reason,
        note=note.strip()[:400],
        by=party_id(by),
        at=now,
        on_appeal=on_appeal,
    )
    _tell(
        statement,
        "conversations/held",
        {"reason": str(BY_CODE[reason].said), "note": note.strip()},
        key=f"conversation:{statement.pk}:held:{now.isoformat()}",
        now=now,
    )
    maps.reroute(statement.conversation, now=now)
    return statement


@transaction.atomic
def appeal(*, statement: Statement, participant: Participant, words: str, now: datetime) -> Appeal:
    """Ask that another person look at it again; we say by when."""
    if statement.author_id is None or statement.author_id != participant.pk:
        raise NotAllowed("statement.own", "Only the person who wrote it can do that.")
    statement = _locked(statement)
    if statement.state != Statement.State.HELD:
        raise Clash("appeal.state", "Only what is not shown can be looked at again.")
    if not words.strip():
        raise Invalid("appeal.words", "Say why you think it should be shown.", "words")
    if statement.appeals.filter(decided_at=None).exists():
        raise Clash("appeal.twice", "Somebody is looking at it again already.")
    today = now.astimezone(LONDON).date()
    days = int(settings.council("voices.appeal_days", today))
    return Appeal.objects.create(
        statement=statement,
        words=plain(words)[:2000],
        made_at=now,
        due_on=clocks.add_working_days(today, days),
    )


@transaction.atomic
def decide_appeal(*, appeal: Appeal, upheld: bool, answer: str, by: Actor, now: datetime) -> Appeal:
    """Another person than the one who held it decides, with an answer that its author reads."""
    must_host(by, appeal.statement.conversation)
    found = Appeal.objects.select_for_update(of=("self",)).select_related("statement").get(pk=appeal.pk)
    if found.decided_at is not None:
        raise Clash("appeal.done", "This appeal is decided already.")
    last = found.statement.rulings.order_by("-at", "-id").first()
    if last is not None and last.by == party_id(by) and not isinstance(by, System):
        raise NotAllowed("appeal.second", "Somebody else than the person who decided first must look at it.")
    if not answer.strip():
        raise Invalid("appeal.answer", "Give the author your reasons.", "answer")
    found.decided_at, found.decided_by, found.upheld, found.answer = now, party_id(by), upheld, answer.strip()[:1000]
    found.save()
    if upheld and found.statement.state == Statement.State.HELD:
        show(statement=found.statement, by=by, now=now, on_appeal=True)
    _tell(
        found.statement,
        "conversations/appeal_decided",
        {"upheld": upheld, "answer": found.answer},
        key=f"conversation:appeal:{found.pk}",
        now=now,
    )
    return found


@transaction.atomic
def withdraw(*, statement: Statement, participant: Participant, now: datetime) -> Statement:
    """The author takes it back: its words go for good, and its votes leave the map."""
    if statement.author_id is None or statement.author_id != participant.pk:
        raise NotAllowed("statement.own", "Only the person who wrote it can do that.")
    statement = _locked(statement)
    _move(statement, Statement.State.WITHDRAWN)
    statement.words = ""
    statement.save(update_fields=["state", "words"])
    Appeal.objects.filter(statement=statement).update(words="")
    maps.reroute(statement.conversation, now=now)
    return statement


@transaction.atomic
def ban(*, participant: Participant, reason: str, by: Actor, now: datetime) -> Participant:
    """Somebody who breaks the rules again and again no longer counts: all their votes leave the map."""
    must_listen(by)
    if reason not in BY_CODE:
        raise Invalid("ban.reason", "Choose a reason from our policy.", "reason")
    found = Participant.objects.select_for_update().get(pk=participant.pk)
    if not found.counts:
        raise Clash("ban.done", "This person no longer counts already.")
    found.banned_at, found.banned_by, found.banned_for, found.pending = now, party_id(by), reason, None
    found.save(update_fields=["banned_at", "banned_by", "banned_for", "pending"])
    maps.touch(found.conversation)
    return found


@transaction.atomic
def lift_ban(*, participant: Participant, by: Actor, now: datetime) -> Participant:
    """Let somebody count again. Another person than the one who banned them decides."""
    must_listen(by)
    found = Participant.objects.select_for_update().get(pk=participant.pk)
    if found.banned_at is None:
        raise Clash("ban.none", "This person counts.")
    if found.banned_by == party_id(by) and not isinstance(by, System):
        raise NotAllowed("ban.second", "Somebody else than the person who decided first must look at it.")
    found.banned_at, found.banned_by, found.banned_for = None, "", ""
    found.save(update_fields=["banned_at", "banned_by", "banned_for"])
    maps.touch(found.conversation)
    return found


def check_words(said: str, field: str = "words") -> None:
    """Raise Invalid where a statement is empty or longer than a telephone shows."""
    if not said:
        raise Invalid("statement.empty", "Write one sentence that others can agree or disagree with.", field)
    if len(said) > MOST_WORDS:
        raise Invalid(
            "statement.long",
            f"Please keep to {MOST_WORDS} letters; this is {len(said):,}. One thought a statement.",
            field,
        )


def plain(text: str) -> str:
    """Text without what cannot be seen or turns its neighbours round: control and format characters but line ends."""
    joiners = "\u200c\u200d"  # several scripts need them between letters
    return "".join(
        sign
        for sign in text
        if sign in f"\n\t{joiners}" or unicodedata.category(sign) not in {"Cc", "Cf", "Co", "Cn", "Cs"}
    ).strip(f" \n\t\u00a0{joiners}")


def one_line(text: str) -> str:
    return " ".join(plain(text[: 4 * 1_000_000]).split())


def _tell(statement: Statement, template: str, context: dict[str, Any], *, key: str, now: datetime) -> None:
    """Write to the author, where they have left a way; the page of their own votes says it in any case."""
    author = statement.author
    if author is None or author.erased_at is not None:
        return
    contact = getattr(author, "contact", None)
    to = author.person if author.person is not None else (contact.address if contact is not None else None)
    if to is None:
        return
    send(
        to=to,
        template=template,
        context=context
        | {
            "question": statement.conversation.title,
            "number": statement.number,
            "url": f"{statement.conversation.get_absolute_url()}mine/",
        },
        purpose="service",
        key=key,
        now=now,
    )


def _locked(statement: Statement) -> Statement:
    return (
        Statement.objects.select_for_update(of=("self",))
        .select_related("conversation", "author", "author__person", "author__contact")
        .get(pk=statement.pk)
    )


def _move(statement: Statement, to: str) -> None:
    if to not in Statement.MOVES[statement.state]:
        raise Clash("statement.state", f"This is {statement.get_state_display()}, so that cannot be done now.")
    statement.state = to
