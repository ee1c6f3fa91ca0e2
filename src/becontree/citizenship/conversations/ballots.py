"""One vote, as fast as the database allows: five statements to it, in one transaction.

Part of the actions (`actions.voting.vote`), apart because it is written in SQL: through the ORM the same takes three
times the processor, and a hall of 500 telephones is what the room is for. Both engines read it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from django.db import connection, transaction

from becontree.citizenship.conversations import identity, routing
from becontree.citizenship.conversations.models import Conversation, Statement, Vote
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed

_WHO: Final = """
SELECT p.id, p.draws, p.recent, p.banned_at IS NULL AND p.erased_at IS NULL, p.pending_id, s.number, s.state,
    c.id, c.state, c.closes_at > %s, c.routing_version, c.seed
FROM conversations_participant p JOIN conversations_conversation c ON c.id = p.conversation_id
LEFT JOIN conversations_statement s ON s.id = p.pending_id
WHERE {where}"""
_MINE: Final = "SELECT statement_id, MAX(id) FROM conversations_vote WHERE participant_id = %s GROUP BY statement_id"
_VOTE: Final = """
INSERT INTO conversations_vote (conversation_id, participant_id, statement_id, value, at)
VALUES (%s, %s, %s, %s, %s) RETURNING id"""
_SERVED: Final = """
INSERT INTO conversations_served
    (participant_id, statement_id, number, "table", pool, candidates, chance, after, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_NEXT: Final = "UPDATE conversations_participant SET draws = %s, pending_id = %s, recent = %s WHERE id = %s"
_WORDS: Final = "SELECT number, words, language, about_you FROM conversations_statement WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Next:
    """The statement that is in front of the person now."""

    number: int
    words: str
    language: str
    about_you: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a vote is answered with. `again`: the same vote was there already, and this is its receipt.

    `gone`: a moderator has just taken the statement down; nothing was counted, and another has been drawn.
    `changed`: it replaces an earlier vote of the same person. `next` is None where they have answered everything.
    """

    vote: int
    code: str
    answered: int
    again: bool = False
    gone: bool = False
    changed: bool = False
    next: Next | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a participant a draw needs."""

    id: int
    draws: int
    recent: Sequence[int]


class Talk(Protocol):
    """What of a conversation a draw needs."""

    @property
    def pk(self) -> int: ...
    @property
    def routing_version(self) -> int: ...
    @property
    def seed(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Talk:
    pk: int
    routing_version: int
    seed: str


@transaction.atomic
def cast(where: str, params: Sequence[Any], *, number: int, value: int, now: datetime) -> Receipt | None:
    """Take the vote of the participant whom `where` (over p and c) finds; None where there is nobody.

    `where` is one of our own conditions, never a visitor's text. Raises Invalid, Clash or NotAllowed.
    """
    if value not in Vote.Value.values:
        raise Invalid("vote.value", "Choose agree, disagree or pass.", "value")
    lock = " FOR UPDATE OF p" if connection.features.has_select_for_update else ""
    at = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_WHO.format(where=where) + lock, [at, *params])
        row = cursor.fetchone()
        if row is None:
            return None
        who, draws, recent, counts, pending, shown, state, talk, talk_state, in_time, version, seed = row
        if talk_state != Conversation.State.OPEN or not in_time:
            raise Clash("conversation.closed", "Voting is over in this conversation. Its page says what came of it.")
        if not counts:
            raise NotAllowed("vote.banned", "Your votes are not counted here. You can ask us to look again.")
        known = _Talk(talk, version, seed)
        person = Shown(who, draws, json.loads(recent) if isinstance(recent, str) else recent)
        cursor.execute(_MINE, [who])
        mine = dict(cursor.fetchall())
        if pending is None or shown != number:
            return _changed(cursor, known, who, mine, number, value, at, pending)
        if state != Statement.State.LIVE:  # a moderator took it down while it was in front of them
            after = max(mine.values(), default=0)
            drawn = serve(known, person, answered=set(mine), after=after, now=now)
            return Receipt(0, "", len(mine), gone=True, next=_words(cursor, drawn))
        cursor.execute(_VOTE, [talk, who, pending, value, at])
        vote = cursor.fetchone()[0]
        drawn = serve(known, person, answered=mine.keys() | {pending}, after=vote, now=now)
        code = identity.vote_receipt(vote, who, pending, value)
        return Receipt(vote, code, len(mine.keys() | {pending}), next=_words(cursor, drawn))


def serve(talk: Talk, person: Shown, *, answered: Any, after: int, now: datetime) -> int | None:
    """Draw the next statement, log the draw, and put it in front of the person; its id. The person's row is locked."""
    known = routing.table(talk.pk, talk.routing_version, talk.seed)
    number = person.draws + 1
    drawn = routing.draw(
        known, answered=answered, recent=person.recent, seed=talk.seed, person=person.id, number=number
    )
    at = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        if drawn is None:
            cursor.execute(_NEXT, [person.draws, None, json.dumps(list(person.recent)), person.id])
            return None
        statement = known.ids[drawn.statement]
        cursor.execute(
            _SERVED,
            [
                person.id,
                statement,
                number,
                known.version,
                drawn.pool,
                drawn.candidates,
                drawn.probability,
                after,
                at,
            ],
        )
        cursor.execute(_NEXT, [number, statement, json.dumps([*person.recent, statement][-2:]), person.id])
    return statement


def _changed(
    cursor: Any, talk: _Talk, who: int, mine: dict[int, int], number: int, value: int, at: Any, pending: int | None
) -> Receipt:
    """A vote on something that was answered before: the same again, or another."""
    cursor.execute(
        "SELECT s.id, s.state, v.id, v.value FROM conversations_statement s "
        "LEFT JOIN conversations_vote v ON v.participant_id = %s AND v.statement_id = s.id "
        "WHERE s.conversation_id = %s AND s.number = %s ORDER BY v.id DESC LIMIT 1",
        [who, talk.pk, max(0, min(number, 2**31 - 1))],
    )
    row = cursor.fetchone()
    if row is None or row[0] not in mine:
        raise Clash("vote.not_shown", "That is not the statement in front of you. Here is the one that is.")
    statement, state, last, before = row
    if before == value:
        code = identity.vote_receipt(last, who, statement, value)
        return Receipt(last, code, len(mine), again=True, next=_words(cursor, pending))
    if state != Statement.State.LIVE:
        raise Clash("vote.gone", "This statement is no longer shown.")
    cursor.execute(_VOTE, [talk.pk, who, statement, value, at])
    vote = cursor.fetchone()[0]
    code = identity.vote_receipt(vote, who, statement, value)
    return Receipt(vote, code, len(mine), changed=True, next=_words(cursor, pending))


def _words(cursor: Any, statement: int | None) -> Next | None:
    if statement is None:
        return None
    cursor.execute(_WORDS, [statement])
    number, words, language, about_you = cursor.fetchone()
    return Next(number, words, language, bool(about_you))
