"""Take part, vote, leave an address, be forgotten."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction

from becontree.citizenship.conversations import ballots, changing, identity
from becontree.citizenship.conversations.ballots import Receipt
from becontree.citizenship.conversations.models import (
    Appeal,
    BanAppeal,
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
                    key_hash=identity.key_hash(key, conversation.slug),
                    receipt_hash=identity.receipt_hash(identity.receipt_code(key, conversation.slug)),
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
    # A browser that people share: what one did with their account is theirs alone, also once they have signed out.
    return Participant.objects.filter(key_hash=identity.key_hash(key, conversation.slug), person=None).first()


def key_to_begin(conversation: Conversation, key: str) -> str:
    """The key to take part with: the browser's own, or a new one where it has none or an account has taken it over."""
    held = Participant.objects.filter(key_hash=identity.key_hash(key, conversation.slug), person__isnull=False)
    return key if key and not held.exists() else identity.new_key()


def vote(*, conversation: Conversation, participant: Participant, number: int, value: int, now: datetime) -> Receipt:
    """Vote on the statement that was shown, or change a vote. The same vote sent twice is counted once.

    Only what was shown to this person can be voted on. Raises Invalid, Clash or NotAllowed.
    """
    if participant.conversation_id != conversation.pk:
        raise NotAllowed("vote.elsewhere", "You take part in another conversation.")
    found = ballots.cast("p.id = %s", [participant.pk], number=number, value=value, now=now)
    assert found is not None
    return found


def vote_by_key(
    *, slug: str, key: str, person: Person | None, number: int, value: int, now: datetime
) -> Receipt | None:
    """The same for a page: whoever holds the account, or else the key. None where they take no part."""
    if person is not None:
        account = Participant._meta.get_field("person").get_db_prep_value(person.pk, connection)
        found = ballots.cast("c.slug = %s AND p.person_id = %s", [slug, account], number=number, value=value, now=now)
        if found is not None:
            return found
    if not key:
        return None
    where = "p.key_hash = %s AND p.person_id IS NULL"  # as `find`
    return ballots.cast(where, [identity.key_hash(key, slug)], number=number, value=value, now=now)


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

    Their votes are deleted here and now; what is published of the votes follows as soon as that tells of nobody
    (`changing`). The empty row stays, so that no number is used again.
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
        banned_note="",
        external="",
        external_facts={},
    )
    changing.moves(participant, gone=True)
    gone = Vote.objects.filter(participant=participant).delete()[0]
    gone += Served.objects.filter(participant=participant).delete()[0]
    gone += Contact.objects.filter(participant=participant).delete()[0]
    mine = Statement.objects.filter(author=participant)
    keys = list(mine.values_list("pk", flat=True))
    gone += Appeal.objects.filter(statement__in=keys).update(words="", answer="")
    Ruling.objects.filter(statement__in=keys).update(note="")
    gone += BanAppeal.objects.filter(participant=participant).update(words="", answer="")
    gone += mine.update(
        words="", original="", author=None, state=Statement.State.WITHDRAWN, external="", external_facts={}
    )
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
    shown = ballots.Shown(participant.pk, participant.draws, tuple(participant.recent))
    drawn = ballots.serve(conversation, shown, answered=answered, after=after or 0, now=now)
    participant.pending_id = drawn


def _must_be_open(conversation: Conversation, now: datetime) -> None:
    if conversation.state != Conversation.State.OPEN or (conversation.closes_at and now >= conversation.closes_at):
        raise Clash("conversation.closed", "Voting is over in this conversation. Its page says what came of it.")


def _locked(participant: Participant) -> Participant:
    return (
        Participant.objects.select_for_update(of=("self",))
        .select_related("pending", "conversation")
        .get(pk=participant.pk)
    )
