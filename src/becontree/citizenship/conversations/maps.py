"""The opinion map of a conversation as one numbered document, worked out from all its votes.

`current` is what pages call: whoever finds the map more than three seconds old with the votes of five people behind it
draws it anew, under a lease; everybody else is given the one that is there. Five, so that who reads it again and again
does not see one person's votes arrive or leave (`changing`); what is left comes in when voting is over. `place` says
where one person stands, from their own votes and what the document keeps for that; it is stored nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from django.db import transaction
from django.db.models import Max, Q

from becontree.citizenship.conversations import changing, kept, routing, shape
from becontree.citizenship.conversations.models import Conversation, MapDocument, Participant, Statement, Vote
from becontree.methods import opinion
from becontree.methods.opinion import turning
from becontree.methods.opinion.plane import DAMPING

YOUNG: Final = timedelta(seconds=3)  # a map younger than this is good enough
LEASE: Final = timedelta(seconds=30)
STEADY: Final = 4


def current(conversation: Conversation, *, now: datetime) -> MapDocument:
    """The map, at most some seconds old. Two queries where nothing is new."""
    found = MapDocument.objects.filter(pk=conversation.pk).first()
    if found is None:
        MapDocument.objects.get_or_create(conversation=conversation)
        found = MapDocument.objects.get(pk=conversation.pk)
    if conversation.state != Conversation.State.OPEN and found.version:
        return found
    if found.made_at is not None and now - found.made_at < YOUNG:
        return found
    if found.made_at is not None and not changing.enough(conversation, found):
        return found
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    if not MapDocument.objects.filter(free, pk=found.pk).update(lease_until=now + LEASE):
        return found
    return redraw(conversation, now=now)


def latest(conversation: Conversation) -> int:
    """The number of the last vote."""
    return int(Vote.objects.filter(conversation=conversation).aggregate(last=Max("id"))["last"] or 0)


def last(conversation: Conversation, *, now: datetime) -> MapDocument:
    """The map with which voting ends: drawn from all votes; or the last one, where a new one would tell of somebody."""
    document = MapDocument.objects.filter(conversation=conversation).first()
    if document is not None and changing.stands(conversation, document):
        return document
    return redraw(conversation, now=now, firm=True)


def reroute(conversation: Conversation, *, now: datetime) -> int:
    """A statement came or went: new routing weights at once. What is no longer shown leaves the map, which changes in
    nothing else; what came is on it when five people have voted."""
    locked = Conversation.objects.select_for_update(no_key=True).get(pk=conversation.pk)
    if locked.state != Conversation.State.OPEN:
        return locked.routing_version
    document = MapDocument.objects.select_for_update().filter(conversation=locked).first()
    inside = document.inside if document is not None else {}
    if document is not None and document.version:
        statements = _statements(locked)
        hidden = {number for _, number, state, _ in statements if state != Statement.State.LIVE}
        changing.without(document, hidden, _live(statements))
        document.version += 1
        document.save(update_fields=["document", "version"])
    version = routing.rebuild(locked, tallies=_tallies(inside), reach=_reach(inside), now=now)
    conversation.routing_version = version
    return version


@transaction.atomic
def redraw(conversation: Conversation, *, now: datetime, firm: bool = False, cold: bool = False) -> MapDocument:
    """Draw the map from all votes that count, and the routing weights with it. `firm`: test its stability too.

    While it is open the map is turned to the last one, so that dots and letters stay, and where this process has drawn
    it before only new votes are read (`kept`): the document is the same as from all of them, which `cold` asks for.
    Once voting is over it is drawn from the votes and nothing else, so that anybody who has them draws the same.
    """
    # The row lock makes two that draw at once wait for each other; the later one has seen more votes. `no_key`: votes,
    # which point at the row, need not wait for a map.
    locked = Conversation.objects.select_for_update(no_key=True).get(pk=conversation.pk)
    through = latest(conversation)
    document = MapDocument.objects.select_for_update().get_or_create(conversation=conversation)[0]
    if document.through > through:
        return document
    statements = _statements(conversation)
    before = _before(document.inside)
    found = _drawn(locked, document, statements, through, cold=cold, like=None if locked.over else before)
    document.version += 1
    document.through, document.made_at, document.lease_until = through, now, None
    live = _live(statements)
    standing = changing.still(conversation, document.standing) if _was_public(locked, document) else {}
    if found is None:
        document.document = {"participants": 0, "votes": 0, "statements": live, "groups": []}
        document.inside = {}
    else:
        numbers = {str(pk): number for pk, number, _, _ in statements}
        letters = document.firm.get("letters") or _letters_before(found, before)
        if firm:
            document.firm = shape.firm(found, numbers) | {"through": through}
        if locked.over:
            document.firm["letters"] = letters
        public, inside = shape.public(found, numbers, live), shape.inside(found)
        changing.settle(document, public, inside, standing)
        document.document, document.inside = public, inside
    document.moved, document.standing = [], standing
    document.save()
    if locked.state == Conversation.State.OPEN:
        routing.rebuild(locked, tallies=_tallies(document.inside), reach=_reach(document.inside), now=now)
    return document


def _live(statements: Sequence[tuple[int, int, str, bool]]) -> int:
    return sum(state == Statement.State.LIVE and not about for _, _, state, about in statements)


def _was_public(conversation: Conversation, document: MapDocument) -> bool:
    """Whether anybody could see the map that is there; one that nobody saw tells nothing by changing."""
    return document.version > 1 and (conversation.results == Conversation.Results.LIVE or conversation.over)


def _drawn(
    locked: Conversation,
    document: MapDocument,
    statements: Sequence[tuple[int, int, str, bool]],
    through: int,
    *,
    cold: bool,
    like: opinion.Before | None,
) -> opinion.OpinionMap | None:
    """The map of all votes up to `through`, with a number of groups that does not flicker; None without votes."""
    moving = None if cold or locked.over else kept.take(locked, statements, through)
    if moving is not None:
        return _steadied(lambda k: moving.refresh(k=k, like=like), document, locked)
    out = kept.left_out(locked)  # asked for before the votes are read
    rows = kept.since(locked, 0, through)
    votes = _votes(_counting(locked, rows, out), statements)
    if votes is None:
        return None
    found = _steadied(lambda k: opinion.draw_map(votes, placement="live", k=k, like=like), document, locked)
    if not locked.over and not cold:
        kept.keep(locked, through, found, counted=len(rows), left_out=out)
    return found


def _steadied(
    draw: Callable[[int | None], opinion.OpinionMap], document: MapDocument, locked: Conversation
) -> opinion.OpinionMap:
    """As many groups as before, until another number has won four times in a row; at the close, what the votes say."""
    found = draw(None)
    document.groups_tried = [*document.groups_tried, found.grouping.k][-STEADY:]
    held = len(document.document.get("groups", [])) or found.grouping.k
    steady = opinion.steady_k(tuple(document.groups_tried), held, wins=STEADY)
    return draw(steady) if steady != found.grouping.k and not locked.over else found


def _before(inside: Mapping[str, Any]) -> opinion.Before:
    """Where statements and groups lay on the map that `inside` was kept of."""
    return opinion.Before(
        {pk: (row[1], row[2]) for pk, row in inside.get("statements", {}).items()},
        {name: (x, y) for name, (x, y) in zip(inside.get("names", ()), inside.get("centres", ()), strict=False)},
    )


def _letters_before(found: opinion.OpinionMap, before: opinion.Before) -> dict[str, str]:
    """Letter -> the letter that the group bore while people voted; only those that have changed."""
    placed = found.label >= 0
    if not before.centres or not placed.any():
        return {}
    _, where = turning.turned(
        found.axes, found.position, turning.turn(found.axes.loadings, found.votes.statements, before)
    )
    were = turning.letters(found.label[placed], where[placed], len(found.names), before)
    known = {name: was for name, was in zip(found.names, were, strict=True) if was in before.centres}
    return known if any(name != was for name, was in known.items()) else {}


def retest(conversation: Conversation) -> MapDocument:
    """Say how firm the map is, by twenty maps without a tenth of the people, and what a count without groups finds.

    Seconds of work where votes are many: for the worker.
    """
    document = MapDocument.objects.get(conversation=conversation)
    through = document.through
    if document.moved:  # it would be of other people than the map
        return document
    statements = _statements(conversation)
    rows = kept.since(conversation, 0, through)
    votes = _votes(_counting(conversation, rows, kept.left_out(conversation)), statements)
    firm: dict[str, Any] = {}
    if votes is not None:
        numbers = {str(pk): number for pk, number, _, _ in statements}
        firm = shape.firm(opinion.draw_map(votes, placement="live"), numbers)
    MapDocument.objects.filter(conversation=conversation).update(firm=firm | {"through": through})
    return MapDocument.objects.get(conversation=conversation)


def _statements(conversation: Conversation) -> list[tuple[int, int, str, bool]]:
    rows = Statement.objects.filter(conversation=conversation).order_by("pk")
    return list(rows.values_list("pk", "number", "state", "about_you"))


def ballots(conversation: Conversation) -> Any:
    """Every vote that counts, in order: an array (votes, 3) of participant, statement, value. Three queries at most.

    Votes of people who are banned or forgotten are not in it; nor, once a conversation that asks for it has closed,
    those of people who never signed in.
    """
    out = kept.left_out(conversation)
    return _counting(conversation, kept.since(conversation, 0, latest(conversation)), out)


def _counting(conversation: Conversation, rows: Any, out: frozenset[int]) -> Any:
    without = set(out)
    if conversation.over and conversation.verified == Conversation.Verified.LATER:
        without |= set(conversation.participants.filter(person=None).values_list("pk", flat=True))
    return rows[~np.isin(rows[:, 0], list(without))] if without else rows


def place(document: MapDocument, mine: Mapping[int, int]) -> dict[str, Any] | None:
    """Where somebody stands who voted `mine` (statement -> vote): {"x", "y" in 0..1, "group"}; None with few votes."""
    inside = document.inside
    if not inside.get("known"):
        return None
    known = {pk: vote for pk, vote in mine.items() if str(pk) in inside["statements"]}
    if len(known) < inside["least"]:
        return None
    at = np.zeros(2)
    for pk, vote in known.items():
        mean, x, y = inside["statements"][str(pk)][:3]
        at += (vote - mean) * np.array([x, y])
    at *= np.sqrt(inside["known"] / (len(known) + DAMPING))
    centres = np.array(inside["centres"])
    group = int(((centres - at) ** 2).sum(axis=1).argmin()) if len(centres) else 0
    low, span = np.array(inside["low"]), np.array(inside["span"])
    x, y = np.clip((at - low) / span, 0, 1).tolist()
    return {"x": x, "y": y, "group": inside["names"][group] if len(centres) > 1 else ""}


def _votes(rows: Any, statements: Sequence[tuple[int, int, str, bool]]) -> opinion.Votes | None:
    if not len(rows):
        return None
    people, person = np.unique(rows[:, 0], return_inverse=True)
    ids = [pk for pk, _, _, _ in statements]
    column = np.searchsorted(np.array(ids), rows[:, 1])
    return opinion.from_arrays(
        person,
        column,
        rows[:, 2],
        participants=[str(one) for one in people.tolist()],
        statements=[str(pk) for pk in ids],
        time=np.arange(len(rows)),  # the last by number counts
        out=[str(pk) for (pk, *_), gone in zip(statements, kept.outside(statements), strict=True) if gone],
    )


def _tallies(inside: Mapping[str, Any]) -> dict[int, Sequence[int]]:
    return {int(pk): row[3:6] for pk, row in inside.get("statements", {}).items()}


def _reach(inside: Mapping[str, Any]) -> dict[int, float]:
    return {int(pk): row[6] for pk, row in inside.get("statements", {}).items()}


def by_group(document: MapDocument, statement: Statement) -> list[tuple[str, int, int, int, int]]:
    """(group, who saw it, agree, pass, disagree) of one statement; everybody as one where by group it would tell of a
    few. Not for everybody as it stands: `manifesto` protects it before it shows it.
    """
    row = document.inside.get("statements", {}).get(str(statement.pk))
    if row is None:
        return []
    groups = document.inside.get("counts", {}).get(str(statement.pk)) or [["", *row[3:6]]]
    return [(label, seen, agree, seen - agree - disagree, disagree) for label, agree, disagree, seen in groups]


def mine(participant: Participant) -> dict[int, int]:
    """Statement -> the vote of this person that counts. One query."""
    return dict(participant.votes.order_by("id").values_list("statement_id", "value"))
