"""Votes on what lies before people in a room: on a screen, on sheets of paper. No lot is drawn; the host lays it down.

What was on the screen, and when, is kept by the meeting (`hubs`), so that exposure can still be audited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from becontree.citizenship.conversations import identity
from becontree.citizenship.conversations.actions.voting import (
    LONDON,
    _cast,
    _code,
    _locked,
    _must_be_open,
    _serve,
    forget,
    start,
)
from becontree.citizenship.conversations.ballots import Receipt
from becontree.citizenship.conversations.models import Conversation, Participant, Statement, Vote
from becontree.citizenship.conversations.permissions import must_host
from becontree.foundations.kit.bulk import insert_rows
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.people.actors import Actor


@dataclass(frozen=True, slots=True)
class Sheet:
    """One person's votes that were cast elsewhere than on this site: statement number -> 1, 0 or -1."""

    key: str
    votes: Mapping[int, int]
    channel: str = Participant.Channel.PAPER


@transaction.atomic
def bring_sheets(*, conversation: Conversation, sheets: Sequence[Sheet], by: Actor, now: datetime) -> int:
    """Bring in many people's sheets at once, all or none, in a few queries. A key that is there already is left alone.

    Raises Invalid that names the sheet, from 1, and the statement that cannot be voted on.
    """
    must_host(by, conversation)
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    _must_be_open(conversation, now)
    numbers = dict(
        Statement.objects.filter(conversation=conversation, state=Statement.State.LIVE).values_list("number", "pk")
    )
    for place, sheet in enumerate(sheets, start=1):
        if unknown := sorted(set(sheet.votes) - set(numbers)):
            raise Invalid("sheets.number", f"Sheet {place}: there is no statement {unknown[0]} to vote on.", "sheets")
        if set(sheet.votes.values()) - set(Vote.Value.values):
            raise Invalid("sheets.value", f"Sheet {place}: a vote is 1, 0 or -1.", "sheets")
    hashes = {identity.key_hash(sheet.key, conversation.slug): sheet for sheet in sheets}
    known: set[str | None] = set()
    keys = list(hashes)
    for place in range(0, len(keys), 500):  # under SQLite's limit of parameters
        rows = Participant.objects.filter(key_hash__in=keys[place : place + 500])
        known |= set(rows.values_list("key_hash", flat=True))
    new = {key: sheet for key, sheet in hashes.items() if key not in known}
    people = Participant.objects.bulk_create(
        (
            Participant(
                conversation=conversation,
                key_hash=key,
                receipt_hash=identity.receipt_hash(identity.receipt_code(sheet.key, conversation.slug)),
                channel=sheet.channel,
                joined_on=now.astimezone(LONDON).date(),
            )
            for key, sheet in new.items()
        ),
        batch_size=200,
    )
    insert_rows(
        Vote,
        (
            Vote(conversation=conversation, participant=who, statement_id=numbers[number], value=value, at=now)
            for who, sheet in zip(people, new.values(), strict=True)
            for number, value in sheet.votes.items()
        ),
    )
    return len(people)


@transaction.atomic
def recast_sheet(*, participant: Participant, key: str, votes: Mapping[int, int], now: datetime) -> Participant:
    """A sheet read anew: somebody else casts `votes` (statement number -> 1, 0 or -1), and `participant` leaves.

    What is on the sheet about a statement that has been taken down since is carried over where `votes` does not speak
    of it: should the statement come back, so does the vote. On one that is not shown nobody votes who had not.
    """
    participant = _locked(participant)
    conversation = participant.conversation
    before = dict(participant.votes.order_by("id").values_list("statement__number", "value"))
    statements = {one.number: one for one in Statement.objects.filter(conversation=conversation)}
    gone = {number for number in before if statements[number].state != Statement.State.LIVE}
    cast = {number: before[number] for number in gone} | dict(votes)
    for number, value in cast.items():
        if number not in statements or (statements[number].state != Statement.State.LIVE and number not in gone):
            raise Clash("vote.gone", f"Statement {number} is not shown in this conversation.")
        if value not in Vote.Value.values:
            raise Invalid("vote.value", "Choose agree, disagree or pass.", "value")
    if not participant.counts:
        raise NotAllowed("vote.banned", "Your votes are not counted here. You can ask us to look again.")
    forget(participant=participant, now=now)
    sheet = start(conversation=conversation, key=key, channel=participant.channel, now=now)
    for number, value in sorted(cast.items()):
        _cast(conversation, sheet, statements[number].pk, value, now)
    return sheet


@transaction.atomic
def vote_in_room(
    *, conversation: Conversation, participant: Participant, number: int, value: int, now: datetime
) -> Receipt:
    """Vote on statement `number`, drawn or not. The same vote sent twice is counted once; another changes it.

    value: 1 agree, 0 pass, -1 disagree. Raises Invalid, Clash or NotAllowed, as `vote`.
    """
    if value not in Vote.Value.values:
        raise Invalid("vote.value", "Choose agree, disagree or pass.", "value")
    participant = _locked(participant)
    if participant.conversation_id != conversation.pk:
        raise NotAllowed("vote.elsewhere", "You take part in another conversation.")
    _must_be_open(conversation, now)
    if not participant.counts:
        raise NotAllowed("vote.banned", "Your votes are not counted here. You can ask us to look again.")
    found = Statement.objects.filter(conversation=conversation, number=number, state=Statement.State.LIVE).first()
    if found is None:
        raise Clash("vote.gone", f"Statement {number} is not shown in this conversation.")
    mine = dict(participant.votes.order_by("id").values_list("statement_id", "pk"))
    if found.pk in mine:
        last = Vote.objects.filter(pk=mine[found.pk]).values_list("value", flat=True).get()
        if last == value:
            return Receipt(mine[found.pk], _code(mine[found.pk], participant, found.pk, value), len(mine), again=True)
    made = _cast(conversation, participant, found.pk, value, now)
    if participant.pending_id == found.pk:  # it was the one drawn for them as well
        _serve(conversation, participant, now=now, answered={*mine, found.pk}, after=made.pk)
    return Receipt(made.pk, _code(made.pk, participant, found.pk, value), len(mine.keys() | {found.pk}))
