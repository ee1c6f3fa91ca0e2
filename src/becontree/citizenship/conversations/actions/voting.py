"""Take part, vote, leave an address, be forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from becontree.citizenship.conversations import identity, routing
from becontree.citizenship.conversations.models import (
    Appeal,
    Contact,
    Conversation,
    Participant,
    Ruling,
    Served,
    Statement,
    Vote,
)
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.people.models import Person

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a vote is answered with. `again`: the same vote was there already, and this is its receipt.

    `gone`: a moderator has just taken the statement down; nothing was counted, and another has been drawn.
    """

    vote: int
    code: str
    answered: int
    again: bool = False
    gone: bool = False


@transaction.atomic
def start(
    *, conversation: Conversation, key: str, now: datetime, person: Person | None = None, channel: str = "web"
) -> Participant:
    """Take part. The same key, or the same account, is the same participant; a first statement is drawn."""
    _must_be_open(conversation, now)
    found = find(conversation, key, person)
    if found is None:
        if person is not None:  # an account is its own key, on every device
            key = identity.account_key(person.pk)
        try:
            with transaction.atomic():
                found = Participant.objects.create(
                    conversation=conversation,
                    key_hash=identity.key_hash(key, conversation.pk),
                    receipt_hash=identity.receipt_hash(identity.receipt_code(key, conversation.pk)),
                    person=person,
                    channel=channel,
                    joined_on=now.astimezone(LONDON).date(),
                )
        except IntegrityError:  # the same button pressed twice
            found = find(conversation, key, person)
            if found is None:
                raise
    if person is not None and found.person_id is None:
        Participant.objects.filter(pk=found.pk, person=None).update(person=person)
    locked = _locked(found)
    # A sheet of paper holds its statements already; nothing is drawn for it.
    if locked.counts and locked.pending_id is None and locked.channel != Participant.Channel.PAPER:
        _serve(locked.conversation, locked, now=now)
    return locked


def find(conversation: Conversation, key: str, person: Person | None = None) -> Participant | None:
    """The participant of an account, or else of a key; None where there is none. One query."""
    if person is not None:
        known = Participant.objects.filter(conversation=conversation, person=person).first()
        if known is not None:
            return known
    if not key:
        return None
    found = Participant.objects.filter(key_hash=identity.key_hash(key, conversation.pk)).first()
    # A browser that two people share: what one did with their account is not the other's.
    if found is not None and found.person_id is not None and person is not None and found.person_id != person.pk:
        return None
    return found


@transaction.atomic
def vote(*, conversation: Conversation, participant: Participant, number: int, value: int, now: datetime) -> Receipt:
    """Vote on the statement that was shown, or change a vote. The same vote sent twice is counted once.

    Only what was shown to this person can be voted on. Raises Invalid, Clash or NotAllowed.
    """
    if value not in Vote.Value.values:
        raise Invalid("vote.value", "Choose agree, disagree or pass.", "value")
    participant = _locked(participant)
    if participant.conversation_id != conversation.pk:
        raise NotAllowed("vote.elsewhere", "You take part in another conversation.")
    conversation = participant.conversation  # as it is now
    _must_be_open(conversation, now)
    if not participant.counts:
        raise NotAllowed("vote.banned", "Your votes are not counted here. You can ask us to look again.")
    mine = dict(participant.votes.order_by("id").values_list("statement_id", "pk"))
    pending = participant.pending
    if pending is None or pending.number != number:
        found = Statement.objects.filter(conversation=conversation, number=number).first()
        if found is None or found.pk not in mine:
            raise Clash("vote.not_shown", "That is not the statement in front of you. Here is the one that is.")
        last = Vote.objects.filter(pk=mine[found.pk]).values_list("value", flat=True).get()
        if last == value:
            return Receipt(mine[found.pk], _code(mine[found.pk], participant, found.pk, value), len(mine), again=True)
        if found.state != Statement.State.LIVE:
            raise Clash("vote.gone", "This statement is no longer shown.")
        made = _cast(conversation, participant, found.pk, value, now)
        return Receipt(made.pk, _code(made.pk, participant, found.pk, value), len(mine))
    if pending.state != Statement.State.LIVE:  # a moderator took it down while it was in front of them
        _serve(conversation, participant, now=now, answered=set(mine), after=max(mine.values(), default=0))
        return Receipt(0, "", len(mine), gone=True)
    made = _cast(conversation, participant, pending.pk, value, now)
    _serve(conversation, participant, now=now, answered={*mine, pending.pk}, after=made.pk)
    return Receipt(made.pk, _code(made.pk, participant, pending.pk, value), len(mine.keys() | {pending.pk}))


@transaction.atomic
def carry_on(*, conversation: Conversation, participant: Participant, now: datetime) -> Participant:
    """Draw for somebody who had seen everything, and for whom there may be something new."""
    participant = _locked(participant)
    conversation = participant.conversation
    if (
        conversation.state == Conversation.State.OPEN
        and participant.counts
        and (
            participant.pending_id is None or participant.pending.state != Statement.State.LIVE  # type: ignore[union-attr]
        )
    ):
        _serve(conversation, participant, now=now)
    return participant


@transaction.atomic
def leave_address(*, participant: Participant, address: str, now: datetime) -> Contact:
    """Ask to be sent the answer."""
    participant = _locked(participant)
    if not participant.counts:
        raise NotAllowed("contact.gone", "You do not take part in this conversation.")
    plain = address.strip().lower()
    try:
        validate_email(plain)
    except ValidationError as error:
        raise Invalid("contact.address", "Write an e-mail address like name@example.org.", "address") from error
    return Contact.objects.update_or_create(participant=participant, defaults={"address": plain, "added_at": now})[0]


@transaction.atomic
def forget(*, participant: Participant, now: datetime) -> int:
    """Votes, draws, words and address go; counts that were published stand. Returns how many rows went.

    Everything of theirs leaves the map at its next version. The empty row stays, so that no number is used again.
    """
    participant = _locked(participant)
    if participant.erased_at is not None:
        return 0
    Participant.objects.filter(pk=participant.pk).update(
        erased_at=now,
        person=None,
        key_hash=None,
        receipt_hash=None,
        pending=None,
        recent=[],
        external="",
        external_facts={},
    )
    gone = Vote.objects.filter(participant=participant).delete()[0]
    gone += Served.objects.filter(participant=participant).delete()[0]
    gone += Contact.objects.filter(participant=participant).delete()[0]
    mine = Statement.objects.filter(author=participant)
    keys = list(mine.values_list("pk", flat=True))
    gone += Appeal.objects.filter(statement__in=keys).update(words="", answer="")
    Ruling.objects.filter(statement__in=keys).update(note="")
    gone += mine.update(words="", author=None, state=Statement.State.WITHDRAWN, external="", external_facts={})
    if keys:
        from becontree.citizenship.conversations import maps

        maps.reroute(participant.conversation, now=now)
    return gone


def _cast(conversation: Conversation, participant: Participant, statement: int, value: int, now: datetime) -> Vote:
    return Vote.objects.create(
        conversation=conversation, participant=participant, statement_id=statement, value=value, at=now
    )


def _code(vote: int, participant: Participant, statement: int, value: int) -> str:
    return identity.vote_receipt(vote, participant.pk, statement, value)


def _serve(
    conversation: Conversation,
    participant: Participant,
    *,
    now: datetime,
    answered: set[int] | None = None,
    after: int | None = None,
) -> None:
    """Draw the next statement, log the draw, and put it in front of the person. The participant's row is locked."""
    if answered is None:
        mine = dict(participant.votes.order_by("id").values_list("statement_id", "pk"))
        answered, after = set(mine), max(mine.values(), default=0)
    known = routing.table(conversation.pk, conversation.routing_version, conversation.seed)
    number = participant.draws + 1
    drawn = routing.draw(
        known,
        answered=answered,
        recent=participant.recent,
        seed=conversation.seed,
        person=participant.pk,
        number=number,
    )
    if drawn is None:
        participant.pending = None
        Participant.objects.filter(pk=participant.pk).update(pending=None)
        return
    statement = known.ids[drawn.statement]
    Served.objects.create(
        participant=participant,
        statement_id=statement,
        number=number,
        table=known.version,
        pool=drawn.pool,
        candidates=drawn.candidates,
        chance=drawn.probability,
        after=after or 0,
        at=now,
    )
    participant.draws, participant.pending_id = number, statement
    participant.recent = [*participant.recent, statement][-2:]
    Participant.objects.filter(pk=participant.pk).update(draws=number, pending_id=statement, recent=participant.recent)


def _must_be_open(conversation: Conversation, now: datetime) -> None:
    if conversation.state != Conversation.State.OPEN or (conversation.closes_at and now >= conversation.closes_at):
        raise Clash("conversation.closed", "Voting is over in this conversation. Its page says what came of it.")


def _locked(participant: Participant) -> Participant:
    return (
        Participant.objects.select_for_update(of=("self",))
        .select_related("pending", "conversation")
        .get(pk=participant.pk)
    )
