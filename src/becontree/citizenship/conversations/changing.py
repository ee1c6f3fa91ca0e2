"""When what is published of the votes may change: never so that the change tells how one person voted.

Whoever reads the map before and after somebody is banned, let back or forgotten could take one from the other. So

- a new picture is drawn only when at least five people have voted since the last one, and nobody who has come or gone
  is among the five (`enough`);
- beyond that, the row of a statement on which somebody who has come or gone had voted stays as it was published until
  five others have voted on that statement too (`standing`, `settle`): they may all have voted on something else;
- when voting ends and fewer have voted since, the last picture stands as it is (`stands`).

The votes of who is forgotten are deleted at once: of them only how many left each row is kept, until the row is new.
What it does not protect against, and what was rejected: docs/decisions/0018.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from becontree.citizenship.conversations.models import Conversation, MapDocument, Participant, Statement, Vote
from becontree.methods.suppression import LEAST

Standing = dict[str, dict[str, Any]]  # statement -> {"since": a vote's number, "who": [participants], "gone": how many}


def moves(participant: Participant, *, gone: bool = False) -> None:
    """Somebody no longer counts, or counts again; `gone`: their votes are about to be deleted. Called in between.

    What is published stays as it is. Somebody who has not voted moves nothing.
    """
    statements = sorted(set(participant.votes.order_by().values_list("statement", flat=True)))
    # In the order of those who draw: the conversation's row, then its map's.
    conversation = Conversation.objects.select_for_update(no_key=True).get(pk=participant.conversation_id)
    document = MapDocument.objects.select_for_update().filter(conversation=conversation).first()
    if document is None or not document.version or not statements:
        return
    known = participant.pk in document.moved
    if known:  # out and in again, or in and out: nothing has moved, unless they are gone for good
        document.moved.remove(participant.pk)
    if gone:  # of who is forgotten nothing is kept but that somebody went
        document.moved += [0] if known or participant.counts else []
    elif not known:
        document.moved.append(participant.pk)
    for pk in statements:
        row = document.standing.setdefault(str(pk), {"since": document.through, "who": [], "gone": 0})
        row["who"] = [who for who in row["who"] if who != participant.pk] + ([] if gone else [participant.pk])
        row["gone"] += gone
    document.save(update_fields=["moved", "standing"])


def enough(conversation: Conversation, document: MapDocument) -> bool:
    """Whether at least five people have voted since who were counted before and after, or are new. One query.

    Or whether more than five have come and gone together: then each has five others.
    """
    voted = _voted_since(conversation, document.through).exclude(participant__in=[pk for pk in document.moved if pk])
    others = voted.values("participant").distinct()[:LEAST].count()
    return others == LEAST or others + len(document.moved) > LEAST


def stands(conversation: Conversation, document: MapDocument) -> bool:
    """Whether the last picture stays as it is now that voting is over: people could see it, and who has come or gone
    since would be told apart."""
    public = conversation.results == Conversation.Results.LIVE and document.version > 0
    return public and bool(document.moved) and not enough(conversation, document)


def still(conversation: Conversation, standing: Standing) -> Standing:
    """The rows that stay as they were published: fewer than five others have voted on the statement. One query."""
    if not standing:
        return {}
    later = _voted_since(conversation, min(row["since"] for row in standing.values()))
    voted: dict[str, set[int]] = defaultdict(set)
    for pk, statement, who in later.filter(statement__in=[int(pk) for pk in standing]).values_list(
        "pk", "statement", "participant"
    ):
        if pk > standing[str(statement)]["since"]:
            voted[str(statement)].add(who)
    return {
        pk: row
        for pk, row in standing.items()
        if len(others := voted[pk] - set(row["who"])) < LEAST and len(others) + len(row["who"]) + row["gone"] <= LEAST
    }


def settle(before: MapDocument, public: dict[str, Any], inside: dict[str, Any], standing: Iterable[str]) -> None:
    """Put the published rows of `standing` into a new document, and take their shares by group out of its lists."""
    numbers = dict(
        Statement.objects.filter(conversation=before.conversation_id, pk__in=standing).values_list("pk", "number")
    )
    rows: Mapping[str, list[int | None]] = before.document.get("tallies", {})
    for pk, number in numbers.items():
        public["tallies"].pop(str(number), None)
        if str(number) in rows:
            public["tallies"][str(number)] = [*rows[str(number)][:3], None, None]
        inside["counts"].pop(str(pk), None)
        was = before.inside.get("statements", {}).get(str(pk))
        if was is not None and str(pk) in inside["statements"]:
            inside["statements"][str(pk)][3:6] = was[3:6]
    hidden = set(numbers.values())
    for one in (*public["common_ground"], *public["divisive"]):
        if one["number"] in hidden:
            one["shares"] = None
            one.pop("bound", None)
    for group in public["groups"]:
        for one in group["apart"]:
            if one["number"] in hidden:
                one["share"] = None


def without(document: MapDocument, hidden: set[int], live: int) -> None:
    """Take statements that are no longer shown out of the picture, and nothing else: it tells of no vote on others."""
    found = document.document
    found["statements"] = live
    for name in ("common_ground", "divisive"):
        found[name] = [one for one in found.get(name, []) if one["number"] not in hidden]
    for group in found.get("groups", []):
        group["apart"] = [one for one in group["apart"] if one["number"] not in hidden]
    found["tallies"] = {n: row for n, row in found.get("tallies", {}).items() if int(n) not in hidden}


def _voted_since(conversation: Conversation, through: int) -> QuerySet[Vote]:
    """Votes after number `through` of people who count, on statements that the map is drawn of."""
    counts = Q(participant__banned_at=None, participant__erased_at=None)
    drawn = Q(statement__state=Statement.State.LIVE, statement__about_you=False)
    return Vote.objects.filter(counts, drawn, conversation=conversation, id__gt=through).order_by()
