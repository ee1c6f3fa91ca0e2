"""The opinion map of a conversation as one numbered document, worked out from all its votes.

`current` is what pages call: whoever finds the map more than three seconds old with new votes behind it draws it anew,
under a lease; everybody else is given the one that is there. `place` says where one person stands, from their own
votes and what the document keeps for that; it is stored nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from django.db import connection, transaction
from django.db.models import Max, Q

from becontree.citizenship.conversations import routing
from becontree.citizenship.conversations.models import Conversation, MapDocument, Participant, Statement, Vote
from becontree.methods import opinion
from becontree.methods.opinion.plane import DAMPING
from becontree.methods.opinion.routing import extremity

YOUNG: Final = timedelta(seconds=3)  # a map younger than this is good enough
LEASE: Final = timedelta(seconds=30)
LEAST_TO_DRAW: Final = 10  # people who can be placed, before there is anything to see
LEAST_FOR_DOTS: Final = 50
LEAST_IN_CELL: Final = 3
LEAST_TO_COUNT: Final = 5  # votes of every group, before a statement's shares by group are shown
STEADY: Final = 4
BRIDGES: Final = 5  # of the count without groups, shown beside the common ground: as many, at least five
MOST_BRIDGES: Final = 12


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
    if latest(conversation) <= found.through and found.made_at is not None:
        return found
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    if not MapDocument.objects.filter(free, pk=found.pk).update(lease_until=now + LEASE):
        return found
    return redraw(conversation, now=now)


def latest(conversation: Conversation) -> int:
    """The number of the last vote."""
    return int(Vote.objects.filter(conversation=conversation).aggregate(last=Max("id"))["last"] or 0)


def touch(conversation: Conversation) -> None:
    """Something other than a vote has changed (somebody is banned or forgotten): the map is out of date."""
    MapDocument.objects.filter(conversation=conversation).update(through=-1, made_at=None)


def reroute(conversation: Conversation, *, now: datetime) -> int:
    """A statement came or went: new routing weights at once, and a new map with the next look."""
    locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
    if locked.state != Conversation.State.OPEN:
        touch(locked)
        return locked.routing_version
    document = MapDocument.objects.filter(conversation=locked).first()
    inside = document.inside if document is not None else {}
    touch(locked)
    version = routing.rebuild(locked, tallies=_tallies(inside), reach=_reach(inside), now=now)
    conversation.routing_version = version
    return version


@transaction.atomic
def redraw(conversation: Conversation, *, now: datetime, firm: bool = False) -> MapDocument:
    """Draw the map from all votes that count, and the routing weights with it. `firm`: test its stability too."""
    through = latest(conversation)
    rows = ballots(conversation)
    statements = _statements(conversation)
    # The row lock makes two that draw at once wait for each other; the later one has seen more votes.
    locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
    document = MapDocument.objects.select_for_update().get_or_create(conversation=conversation)[0]
    if document.through > through:
        return document
    votes = _votes(rows, statements)
    document.version += 1
    document.through, document.made_at, document.lease_until = through, now, None
    live = sum(state == Statement.State.LIVE and not about for _, _, state, about in statements)
    if votes is None:
        document.document = {"participants": 0, "votes": 0, "statements": live, "groups": []}
        document.inside = {}
    else:
        found = opinion.draw_map(votes, placement="live")
        document.groups_tried = [*document.groups_tried, found.grouping.k][-STEADY:]
        held = len(document.document.get("groups", [])) or found.grouping.k
        steady = opinion.steady_k(tuple(document.groups_tried), held, wins=STEADY)
        if steady != found.grouping.k and not locked.over:
            found = opinion.draw_map(votes, placement="live", k=steady)
        numbers = {str(pk): number for pk, number, _, _ in statements}
        if firm:
            document.firm = _firm(found, numbers) | {"through": through}
        document.document = _public(found, numbers, live)
        document.inside = _inside(found)
    document.save()
    if locked.state == Conversation.State.OPEN:
        routing.rebuild(locked, tallies=_tallies(document.inside), reach=_reach(document.inside), now=now)
    return document


def retest(conversation: Conversation) -> MapDocument:
    """Say how firm the map is, by twenty maps without a tenth of the people, and what a count without groups finds.

    Seconds of work where votes are many: for the worker.
    """
    through = MapDocument.objects.values_list("through", flat=True).get(conversation=conversation)
    statements = _statements(conversation)
    votes = _votes(ballots(conversation), statements)
    firm: dict[str, Any] = {}
    if votes is not None:
        numbers = {str(pk): number for pk, number, _, _ in statements}
        firm = _firm(opinion.draw_map(votes, placement="live"), numbers)
    MapDocument.objects.filter(conversation=conversation).update(firm=firm | {"through": through})
    return MapDocument.objects.get(conversation=conversation)


def _statements(conversation: Conversation) -> list[tuple[int, int, str, bool]]:
    rows = Statement.objects.filter(conversation=conversation).order_by("pk")
    return list(rows.values_list("pk", "number", "state", "about_you"))


def ballots(conversation: Conversation) -> Any:
    """Every vote that counts, in order: an array (votes, 3) of participant, statement, value. One query.

    Votes of people who are banned or forgotten are not in it; nor, once a conversation that asks for it has closed,
    those of people who never signed in.
    """
    everybody = not (conversation.over and conversation.verified == Conversation.Verified.LATER)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.participant_id, v.statement_id, v.value FROM conversations_vote v "
            "JOIN conversations_participant p ON p.id = v.participant_id "
            "WHERE v.conversation_id = %s AND p.banned_at IS NULL AND p.erased_at IS NULL "
            "AND (%s = 1 OR p.person_id IS NOT NULL) ORDER BY v.id",
            [conversation.pk, int(everybody)],
        )
        rows = cursor.fetchall()
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


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
        out=[str(pk) for pk, _, state, about in statements if state != Statement.State.LIVE or about],
    )


def _public(found: opinion.OpinionMap, numbers: Mapping[str, int], live: int) -> dict[str, Any]:
    """What everybody may see: no person, no place of fewer than three people, no share of a handful."""
    names, ids = found.names, found.votes.statements
    placed = int((found.label >= 0).sum())
    shown = placed >= LEAST_TO_DRAW
    seen_by_all = found.counts.seen.min(axis=0) if len(names) else np.zeros(len(ids))

    def by_group(at: int, side: str) -> list[int] | None:
        """Whole per cent of each group; None where any group cast so few votes that it would tell of people."""
        if seen_by_all[at] < LEAST_TO_COUNT:
            return None
        hits = getattr(found.counts, side)[:, at]
        return [round(100 * int(h) / int(s)) for h, s in zip(hits, found.counts.seen[:, at], strict=True)]

    tallies = {
        str(numbers[ids[at]]): [
            int(found.tallies.agree[at]),
            int(found.tallies.disagree[at]),
            int(found.tallies.seen[at]),
            by_group(at, "agree") if shown else None,
            by_group(at, "disagree") if shown else None,
        ]
        for at in range(len(ids))
        if found.tallies.seen[at] and not found.votes.out[at]
    }
    return {
        "method": found.method,
        "participants": len(found.votes.participants),
        "placed": placed,
        "votes": len(found.votes),
        "statements": live,
        "groups": [
            {
                "id": name,
                "size": size,
                "apart": [
                    {"number": numbers[ids[one.statement]], "side": one.side, "votes": one.votes, "seen": one.seen}
                    for one in chosen
                    if one.seen >= LEAST_TO_COUNT
                ],
            }
            for name, size, chosen in zip(names, found.sizes, found.representative, strict=True)
        ]
        if shown
        else [],
        "common_ground": [
            {
                "number": numbers[ids[one.statement]],
                "side": one.side,
                "shares": by_group(one.statement, one.side),
                "bound": round(100 * one.lowest),
            }
            for one in found.common_ground
        ]
        if shown
        else [],
        "divisive": [
            {
                "number": numbers[ids[one.statement]],
                "high": names[one.high],
                "low": names[one.low],
                "shares": by_group(one.statement, "agree"),
            }
            for one in found.divisive
        ]
        if shown
        else [],
        "cells": _cells(found) if shown and placed >= LEAST_FOR_DOTS else [],
        "side": _side(placed),
        "centres": _centres(found) if shown else [],
        "tallies": tallies,
    }


def _frame(found: opinion.OpinionMap) -> tuple[Any, Any]:
    points = found.position[found.label >= 0]
    low, high = points.min(axis=0), points.max(axis=0)
    return low, np.where(high > low, high - low, 1.0)


def _side(placed: int) -> int:
    """How many places there are along an edge of the picture: few people need larger places to be three together."""
    return 10 if placed < 300 else 16 if placed < 1500 else 24


def _cells(found: opinion.OpinionMap) -> list[list[int]]:
    """[group, column, row, people] of every place where at least three people of one group stand."""
    placed = found.label >= 0
    side = _side(int(placed.sum()))
    low, span = _frame(found)
    at = np.minimum(((found.position[placed] - low) / span * side).astype(int), side - 1)
    key = (found.label[placed] * side + at[:, 0]) * side + at[:, 1]
    cells, counts = np.unique(key, return_counts=True)
    return [
        [cell // (side * side), cell // side % side, cell % side, people]
        for cell, people in zip(cells.tolist(), counts.tolist(), strict=True)
        if people >= LEAST_IN_CELL
    ]


def _centres(found: opinion.OpinionMap) -> list[list[float]]:
    low, span = _frame(found)
    middle = [found.position[found.label == group].mean(axis=0) for group in range(len(found.names))]
    return [[_rounded(one, 4) for one in (each - low) / span] for each in middle]


def _rounded(value: Any, digits: int) -> float:
    """Rounded, and never minus nought, which databases write down differently."""
    return round(float(value), digits) + 0.0


def _inside(found: opinion.OpinionMap) -> dict[str, Any]:
    """What places a person, and what routing weighs by: statement -> [mean, x, y, agrees, disagrees, seen, reach]."""
    tallies = found.tallies
    known = (tallies.seen > 0) & ~found.votes.out
    far = extremity(found.axes.loadings, tallies.mean, int(known.sum()))
    ids, counts = found.votes.statements, found.counts
    enough = counts.seen.min(axis=0) >= LEAST_TO_COUNT if len(found.names) else known & False
    placed = found.label >= 0
    low, span = _frame(found) if placed.any() else (np.zeros(2), np.ones(2))
    centres = [found.position[found.label == group].mean(axis=0).tolist() for group in range(len(found.names))]
    return {
        "known": int(known.sum()),
        "least": min(7, int((tallies.seen > 0).sum())),
        "names": list(found.names),
        "centres": centres if placed.any() else [],
        "low": low.tolist(),
        "span": span.tolist(),
        "statements": {
            ids[at]: [
                _rounded(tallies.mean[at], 9),
                *[_rounded(one, 9) for one in found.axes.loadings[at]],
                int(tallies.agree[at]),
                int(tallies.disagree[at]),
                int(tallies.seen[at]),
                _rounded(far[at], 6),
            ]
            for at in np.flatnonzero(known).tolist()
        },
        "counts": {
            ids[at]: [
                [name, *(int(one[group, at]) for one in (counts.agree, counts.disagree, counts.seen))]
                for group, name in enumerate(found.names)
            ]
            for at in np.flatnonzero(known & enough).tolist()
        },
    }


def _tallies(inside: Mapping[str, Any]) -> dict[int, Sequence[int]]:
    return {int(pk): row[3:6] for pk, row in inside.get("statements", {}).items()}


def _reach(inside: Mapping[str, Any]) -> dict[int, float]:
    return {int(pk): row[6] for pk, row in inside.get("statements", {}).items()}


def _firm(found: opinion.OpinionMap, numbers: Mapping[str, int]) -> dict[str, Any]:
    if int((found.label >= 0).sum()) < LEAST_TO_DRAW:
        return {}
    tested = opinion.stability(found, placement="live")
    ids = found.votes.statements
    common = {one.statement for one in found.common_ground if one.side == "agree"}
    bridging: list[dict[str, Any]] = []
    if int(found.tallies.seen[~found.votes.out].max(initial=0)) >= LEAST_TO_COUNT:
        ranked = [one for one in opinion.bridging(found.votes).ranked() if one.score > 0]
        bridging = [
            {"number": numbers[ids[one.statement]], "alone": one.statement not in common}
            for one in ranked[: max(BRIDGES, len(common))][:MOST_BRIDGES]
        ]
    return {
        "median": tested.median,
        "same_k": tested.same_k,
        "draws": tested.draws,
        "stay": round(100 * tested.people_kept),
        "kept": round(100 * tested.common_ground_kept),
        "bridging": bridging,
    }


def by_group(document: MapDocument, statement: Statement) -> list[tuple[str, int, int, int, int]]:
    """(group, who saw it, agree, pass, disagree) of one statement; everybody as one where a group cast few votes."""
    row = document.document.get("tallies", {}).get(str(statement.number))
    if row is None:
        return []
    groups = document.inside.get("counts", {}).get(str(statement.pk)) or [["", *row[:3]]]
    return [(label, seen, agree, seen - agree - disagree, disagree) for label, agree, disagree, seen in groups]


def mine(participant: Participant) -> dict[int, int]:
    """Statement -> the vote of this person that counts. One query."""
    return dict(participant.votes.order_by("id").values_list("statement_id", "value"))
