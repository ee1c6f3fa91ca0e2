"""Maps that this process has drawn and keeps up to date, so that only new votes are read.

A cache and nothing more: what is kept may go at any time, and any process may have none. It is used only where it is
certain to hold the votes that a drawing from scratch would: the same people are left out, as many votes are in the
database up to where it had read as it has counted (votes are only added, or go with their person), and it was kept by
a transaction that was committed. Otherwise the map is drawn from all votes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from django.db import connection, transaction
from django.db.models import Q

from becontree.citizenship.conversations.models import Conversation, Participant, Statement, Vote
from becontree.methods import opinion

LEAST: Final = 2_000  # votes; a smaller map is drawn from scratch in some milliseconds
WIDEST: Final = 1_200  # statements: four tables of so many squared are 46 MB
MOST_KEPT: Final = 4
_KEPT: Final[dict[tuple[int, str], Kept]] = {}

State = tuple[int, int, str, bool]  # of a statement: pk, number, state, about the person


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A live map with what it has seen: up to which vote, how many there were by then, who was left out."""

    live: opinion.Live
    people: Any  # ids of the participants in it, in order
    through: int
    counted: int
    left_out: frozenset[int]


def take(conversation: Conversation, statements: Sequence[State], through: int) -> opinion.Live | None:
    """The map kept of a conversation, brought up to vote `through`; None where it must be drawn from scratch.

    Three queries, none of which reads the votes that are in it already. It is put back when the transaction commits.
    """
    known = _KEPT.pop(_key(conversation), None)  # whoever has it, has it alone
    if known is None or known.through > through:
        return None
    if known.left_out != left_out(conversation) or known.counted != _count(conversation, known.through):
        return None
    fresh = since(conversation, known.through, through)
    ids = [pk for pk, _, _, _ in statements]
    names = [str(pk) for pk in ids]
    live, out = known.live, outside(statements)
    if names[: len(live.votes.statements)] != list(live.votes.statements):
        return None
    if len(names) != len(live.votes.statements) or (out != live.votes.out).any():
        live.state(names, out)
    counting = fresh[~np.isin(fresh[:, 0], list(known.left_out))] if known.left_out else fresh
    new = np.setdiff1d(counting[:, 0], known.people)
    if len(new):
        live.join(np.searchsorted(known.people, new).tolist(), [str(one) for one in new.tolist()])
    people = np.union1d(known.people, new)
    live.take(
        zip(
            np.searchsorted(people, counting[:, 0]).tolist(),
            np.searchsorted(np.array(ids), counting[:, 1]).tolist(),
            counting[:, 2].tolist(),
            strict=True,
        )
    )
    _later(conversation, replace(known, people=people, through=through, counted=known.counted + len(fresh)))
    return live


def keep(
    conversation: Conversation, through: int, found: opinion.OpinionMap, *, counted: int, left_out: frozenset[int]
) -> None:
    """Keep a map that was drawn from all votes up to `through`, where it is worth it.

    `counted`: how many votes were read, of those who do not count too; `left_out`: who was left out, asked for before.
    """
    if len(found.votes) < LEAST or len(found.votes.statements) > WIDEST:
        return
    people = np.array([int(one) for one in found.votes.participants], dtype=np.int64)
    live = opinion.Live(found, placement="live")
    _later(conversation, Kept(live, people, through, counted, left_out))


def left_out(conversation: Conversation) -> frozenset[int]:
    """Who does not count: banned or forgotten. One query."""
    nobody = Q(banned_at__isnull=False) | Q(erased_at__isnull=False)
    return frozenset(Participant.objects.filter(nobody, conversation=conversation).values_list("pk", flat=True))


def since(conversation: Conversation, after: int, through: int) -> Any:
    """Votes numbered above `after` up to `through`, in order: (votes, 3) of participant, statement, value."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT participant_id, statement_id, value FROM conversations_vote "
            "WHERE conversation_id = %s AND id > %s AND id <= %s ORDER BY id",
            [conversation.pk, after, through],
        )
        rows = cursor.fetchall()
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def forget_all() -> None:
    """For tests that put the database back."""
    _KEPT.clear()


def outside(statements: Sequence[State]) -> Any:
    """Which statements take no part in the map: those not shown, and questions about the person."""
    return np.array([state != Statement.State.LIVE or about for _, _, state, about in statements], dtype=np.bool_)


def _count(conversation: Conversation, through: int) -> int:
    return int(Vote.objects.filter(conversation=conversation, pk__lte=through).count())


def _key(conversation: Conversation) -> tuple[int, str]:
    return conversation.pk, conversation.seed  # the seed: a database put back from elsewhere is another conversation


def _later(conversation: Conversation, kept: Kept) -> None:
    def put() -> None:
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[_key(conversation)] = kept

    transaction.on_commit(put)
