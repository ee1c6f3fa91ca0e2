"""Votes on what lies before people in a room: on a screen, on a sheet of paper. No lot is drawn; the host lays it down.

What was on the screen, and when, is kept by the meeting (`hubs`), so that exposure can still be audited.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from becontree.citizenship.conversations.actions.voting import Receipt, _cast, _code, _locked, _must_be_open, _serve
from becontree.citizenship.conversations.models import Conversation, Participant, Statement, Vote
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed


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
