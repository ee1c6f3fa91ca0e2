"""Statements: said by participants, read before they are shown, held with a reason, looked at again by another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from becontree.citizenship.conversations import maps
from becontree.citizenship.conversations.actions.voting import LONDON
from becontree.citizenship.conversations.models import Appeal, Conversation, Participant, Ruling, Statement
from becontree.citizenship.conversations.permissions import must_host
from becontree.citizenship.voices.queries import BY_CODE
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.words import one_line, plain
from becontree.foundations.messages.actions import send
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.places import screening
from becontree.foundations.policy import clocks, settings

MOST_WORDS: Final = 280
MOST_MASKED: Final = 400  # LEFT_OUT may be longer than what it stands for
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
    same = mine.filter(Q(words=said) | Q(original=said)).first()
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
def show(*, statement: Statement, by: Actor, now: datetime, note: str = "", on_appeal: bool = False) -> Statement:
    """A person has read it: from now on others vote on it. `note` says why, where an appeal was decided otherwise."""
    must_host(by, statement.conversation)
    statement = _locked(statement)
    if statement.state == Statement.State.LIVE:
        return statement
    if not on_appeal:
        _must_decide_first(statement, by=by, note=note)
    _move(statement, Statement.State.LIVE)
    statement.save(update_fields=["state"])
    Ruling.objects.create(
        statement=statement, outcome="shown", note=note.strip()[:400], by=party_id(by), at=now, on_appeal=on_appeal
    )
    maps.reroute(statement.conversation, now=now)
    return statement


@transaction.atomic
def show_many(*, statements: Sequence[Statement], by: Actor, now: datetime) -> int:
    """A person has read all of these and lets them through as they stand; returns how many. Those that no longer wait
    are left alone, and the weights of each conversation are laid down once.
    """
    changed: dict[int, Conversation] = {}
    done = 0
    for each in sorted(statements, key=lambda one: one.pk):  # in one order, so that two who press at once do not lock
        must_host(by, each.conversation)
        statement = _locked(each)
        if statement.state != Statement.State.WAITING:
            continue
        _move(statement, Statement.State.LIVE)
        statement.save(update_fields=["state"])
        Ruling.objects.create(statement=statement, outcome="shown", by=party_id(by), at=now)
        changed[statement.conversation_id] = statement.conversation
        done += 1
    for conversation in changed.values():
        maps.reroute(conversation, now=now)
    return done


@transaction.atomic
def mask(*, statement: Statement, words: str, by: Actor, now: datetime, note: str = "") -> Statement:
    """Show it with a part left out: `words` is what everybody reads and votes on. Its author is told.

    Only before anybody has voted on it: then its words stand. What its author wrote stays with us, for an appeal.
    """
    must_host(by, statement.conversation)
    said = one_line(words)
    statement = _locked(statement)
    if not said:
        raise Invalid("statement.masked", "Something has to be left to vote on; or do not show it.", "words")
    if problem := screening.added_to(statement.original or statement.words, said):
        raise Invalid("statement.masked", problem, "words")
    if len(said) > MOST_MASKED:
        raise Invalid("statement.masked", f"With its marks this has more than {MOST_MASKED} letters.", "words")
    if said == statement.words:
        raise Invalid("statement.masked", "Nothing is left out. Show it as it is.", "words")
    if statement.votes.exists():
        raise Clash("statement.voted", "People have voted on it, so its words stand. Hold it instead.")
    _must_decide_first(statement, by=by, note=note)
    if statement.state != Statement.State.LIVE:
        _move(statement, Statement.State.LIVE)
    statement.original = statement.original or statement.words
    statement.words = said
    statement.save(update_fields=["state", "words", "original"])
    Ruling.objects.create(
        statement=statement, outcome="masked", reason="personal", note=note.strip()[:400], by=party_id(by), at=now
    )
    _tell(
        statement,
        "conversations/masked",
        {"reason": str(BY_CODE["personal"].said), "note": note.strip(), "words": said},
        key=f"conversation:{statement.pk}:masked:{now.isoformat()}",
        now=now,
    )
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
    if not on_appeal:
        _must_decide_first(statement, by=by, note=note)
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


def _must_decide_first(statement: Statement, *, by: Actor, note: str) -> None:
    """Refuse while an appeal is open; after one was decided, all but a person new to it who gives a reason."""
    appeals = list(statement.appeals.all())
    if any(one.decided_at is None for one in appeals):
        raise Clash("statement.appeal", _("An appeal about this is open: decide that instead."))
    if appeals:
        before = {one.decided_by for one in appeals} | {ruling.by for ruling in statement.rulings.all()}
        must_be_new(by, before=before, note=note, settled=_("An appeal about this was decided."))


def must_be_new(by: Actor, *, before: Collection[str], note: str, settled: str) -> None:
    """What was decided on looking again stands, until somebody who has not decided about it yet says why not.

    `before`: the party ids of all who have; `settled` says what was decided. Raises Clash, and Invalid where no reason
    is given.
    """
    if isinstance(by, System):
        return
    if party_id(by) in before:
        only = _("%(settled)s Only somebody who has not decided about it yet may change that.")
        raise Clash("appeal.settled", only % {"settled": settled})
    if not note.strip():
        why = _("%(settled)s Say why you decide otherwise.") % {"settled": settled}
        raise Invalid("appeal.settled", why, "note")


@transaction.atomic
def appeal(*, statement: Statement, participant: Participant, words: str, now: datetime) -> Appeal:
    """Ask that another person look at it again; we say by when."""
    if statement.author_id is None or statement.author_id != participant.pk:
        raise NotAllowed("statement.own", "Only the person who wrote it can do that.")
    statement = _locked(statement)
    if statement.state != Statement.State.HELD and not (statement.state == Statement.State.LIVE and statement.original):
        raise Clash("appeal.state", "Only what is not shown, or not in full, can be looked at again.")
    if not words.strip():
        raise Invalid("appeal.words", "Say why you think it should be shown.", "words")
    if statement.appeals.filter(decided_at=None).exists():
        raise Clash("appeal.twice", "Somebody is looking at it again already.")
    return Appeal.objects.create(statement=statement, words=plain(words)[:2000], made_at=now, due_on=appeal_due(now))


def appeal_due(now: datetime) -> date:
    """The day by which somebody who asks now that another person look again is answered."""
    today = now.astimezone(LONDON).date()
    return clocks.add_working_days(today, int(settings.council("voices.appeal_days", today)))


@transaction.atomic
def decide_appeal(*, appeal: Appeal, upheld: bool, answer: str, by: Actor, now: datetime) -> Appeal:
    """Another person than the one who held it decides, with an answer that its author reads.

    A statement of which a part was left out gets all its words back, unless people have voted on it as it stands.
    """
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
    if upheld:
        _as_written(_locked(found.statement), by=by, now=now)
    _tell(
        found.statement,
        "conversations/appeal_decided",
        {"upheld": upheld, "answer": found.answer},
        key=f"conversation:appeal:{found.pk}",
        now=now,
    )
    return found


def _as_written(statement: Statement, *, by: Actor, now: datetime) -> None:
    """Show what its author wrote, all of it."""
    if statement.original:
        if statement.votes.exists():
            raise Clash(
                "appeal.voted", "People have voted on it as it stands. Say so; its author can send the rest as another."
            )
        statement.words, statement.original = statement.original, ""
        statement.save(update_fields=["words", "original"])
    if statement.state == Statement.State.HELD:
        show(statement=statement, by=by, now=now, on_appeal=True)
    elif statement.state == Statement.State.LIVE:
        Ruling.objects.create(statement=statement, outcome="shown", by=party_id(by), at=now, on_appeal=True)


@transaction.atomic
def withdraw(*, statement: Statement, participant: Participant, now: datetime) -> Statement:
    """The author takes it back: its words go for good, and its votes leave the map."""
    if statement.author_id is None or statement.author_id != participant.pk:
        raise NotAllowed("statement.own", "Only the person who wrote it can do that.")
    statement = _locked(statement)
    _move(statement, Statement.State.WITHDRAWN)
    statement.words = statement.original = ""
    statement.save(update_fields=["state", "words", "original"])
    Appeal.objects.filter(statement=statement).update(words="")
    maps.reroute(statement.conversation, now=now)
    return statement


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


def _tell(statement: Statement, template: str, context: dict[str, Any], *, key: str, now: datetime) -> None:
    """Write to the author; the page of their own votes says it in any case."""
    if statement.author is not None:
        tell(statement.author, template, context | {"number": statement.number}, key=key, now=now)


def tell(participant: Participant, template: str, context: dict[str, Any], *, key: str, now: datetime) -> None:
    """Write to somebody who takes part, where they have left a way."""
    contact = getattr(participant, "contact", None)
    to = participant.person or (contact.address if contact is not None else None)
    if to is None or participant.erased_at is not None:
        return
    talk = participant.conversation
    own = {"question": talk.title, "url": f"{talk.get_absolute_url()}mine/"}
    send(to=to, template=template, context=context | own, purpose="service", key=key, now=now)


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
