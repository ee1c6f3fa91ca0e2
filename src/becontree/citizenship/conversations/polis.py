"""Conversations held with Polis, taken over whole, and any conversation of ours given back in Polis's form.

Nothing is left out: every vote event in its order of time, statements that were moderated out, people who never voted.
What is ours and not Polis's (receipts, draws) stays here. A folder that was taken over comes back equal.
For hosts and officers, not for publishing as it is: it holds each person's votes under a number.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from becontree.citizenship.conversations import maps
from becontree.citizenship.conversations.models import Conversation, Participant, Statement, Vote
from becontree.citizenship.conversations.permissions import must_listen
from becontree.formats import polis as form
from becontree.foundations.kit.ids import slug_for
from becontree.foundations.kit.words import plain
from becontree.foundations.people.actors import Actor
from becontree.methods import opinion

BATCH: Final = 5000
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@transaction.atomic
def load(folder: Path, *, by: Actor, now: datetime) -> Conversation:
    """Take over a folder of Polis's export as a closed conversation. Raises Unusable with file and line.

    Some seconds for 200,000 votes.
    """
    must_listen(by)
    read = form.read(folder)
    cast = form.events(folder)
    facts = form.people(folder)
    times = cast.time
    first, last = (_moment(min(times)), _moment(max(times))) if times else (now, now)
    title = plain(dict(read.summary).get("topic", "") or folder.name).replace("\n", " ")[:200]
    taken = set(Conversation.objects.values_list("slug", flat=True))
    made = Conversation.objects.create(
        slug=slug_for(title or folder.name, taken=taken),
        title=title or folder.name,
        about=plain(dict(read.summary).get("conversation-description", "")),
        ground_rules="Held elsewhere, with Polis.",
        can_change="It was held elsewhere and is shown here as it ended.",
        host_kind=Conversation.Host.HUB,
        host_name="Taken over from Polis",
        answered_by="Whoever held it",
        answer_due=last.date(),
        opened_at=first,
        closes_at=last,
        closed_at=last,
        made_at=now,
        state=Conversation.State.ANSWERED,
        results=Conversation.Results.LIVE,
        seed=secrets.token_hex(16),
        source={"from": "polis", "summary": [list(row) for row in read.summary], "times": times is not None},
    )
    statements = _statements(made, read, now)
    participants = _participants(made, {*facts, *cast.person}, facts, first)
    order = sorted(range(len(cast.value)), key=lambda at: times[at]) if times else range(len(cast.value))
    Vote.objects.bulk_create(
        (
            Vote(
                conversation=made,
                participant_id=participants[cast.person[at]],
                statement_id=statements[cast.statement[at]],
                value=cast.value[at],
                at=_moment(times[at]) if times else now,
            )
            for at in order
        ),
        batch_size=BATCH,
    )
    maps.redraw(made, now=now, firm=True)
    return made


def dump(conversation: Conversation, folder: Path) -> None:
    """Write a conversation as Polis exports it: votes.csv, comments.csv, participants-votes.csv, summary.csv."""
    statements = list(Statement.objects.filter(conversation=conversation).order_by("number"))
    names = {one.pk: _name(one) for one in statements}
    people = {
        one.pk: (one.external or str(at), one)
        for at, one in enumerate(Participant.objects.filter(conversation=conversation).order_by("pk"))
        if one.counts
    }
    rows = [
        row
        for row in Vote.objects.filter(conversation=conversation)
        .order_by("id")
        .values_list("participant_id", "statement_id", "value", "at")
        .iterator(chunk_size=BATCH)
        if row[0] in people
    ]
    times = bool(conversation.source.get("times", True))
    cast = form.Events(
        tuple(people[person][0] for person, *_ in rows),
        tuple(names[statement] for _, statement, *_ in rows),
        tuple(value for _, _, value, _ in rows),
        tuple(_milliseconds(at) for *_, at in rows) if times else None,
    )
    votes = opinion.collect(
        _last(cast),
        statements=names.values(),
        out=[names[one.pk] for one in statements if one.state != Statement.State.LIVE or one.about_you],
    )
    listed = [one for one in statements if not one.external_facts.get("unlisted")]
    summary = conversation.source.get("summary") or [["topic", conversation.title], ["url", conversation.slug]]
    form.write(
        form.Conversation(
            statements=tuple(_as_polis(one, names[one.pk], people) for one in listed),
            votes=votes,
            summary=tuple((key, value) for key, value in summary),
            groups={name: one.external_facts["group-id"] for name, one in people.values() if _group(one)},
        ),
        folder,
        cast=cast,
    )


def _statements(made: Conversation, read: form.Conversation, now: datetime) -> dict[str, int]:
    """Statement id of the file -> ours."""
    known = {one.id for one in read.statements}
    listed = [*read.statements, *(form.Statement(one, "") for one in read.votes.statements if one not in known)]
    rows = [
        Statement(
            conversation=made,
            number=number,
            words=one.text,
            about_you=one.is_meta,
            is_seed=one.is_seed,
            state=Statement.State.HELD if one.moderated == -1 else Statement.State.LIVE,
            made_at=_moment(one.created) if one.created is not None else now,
            external=one.id,
            external_facts={
                "author": one.author,
                "moderated": one.moderated,
                "created": one.created,
                **({"unlisted": True} if one.id not in known else {}),
            },
        )
        for number, one in enumerate(sorted(listed, key=lambda one: opinion.votes.id_order(one.id)), start=1)
    ]
    return {one.external: one.pk for one in Statement.objects.bulk_create(rows, batch_size=BATCH)}


def _participants(
    made: Conversation, names: set[str], facts: dict[str, dict[str, str]], first: datetime
) -> dict[str, int]:
    rows = [
        Participant(
            conversation=made,
            channel=Participant.Channel.IMPORT,
            joined_on=first.date(),
            external=name,
            external_facts=facts.get(name, {}),
        )
        for name in sorted(names, key=opinion.votes.id_order)
    ]
    return {one.external: one.pk for one in Participant.objects.bulk_create(rows, batch_size=BATCH)}


def _last(cast: form.Events) -> Iterator[tuple[str, str, int, int]]:
    """The events with what orders them: their time, where there is one, else their place."""
    times = cast.time if cast.time is not None else range(len(cast.value))
    yield from zip(cast.person, cast.statement, cast.value, times, strict=True)


def _as_polis(one: Statement, name: str, people: dict[int, tuple[str, Participant]]) -> form.Statement:
    facts = one.external_facts
    states = {Statement.State.HELD: -1, Statement.State.WITHDRAWN: -1, Statement.State.WAITING: 0}
    author = people.get(one.author_id or 0)
    return form.Statement(
        id=name,
        text=one.words,
        author=str(facts["author"]) if "author" in facts else author[0] if author else "",
        created=facts["created"] if "created" in facts else _milliseconds(one.made_at),
        moderated=int(facts["moderated"]) if "moderated" in facts else states.get(Statement.State(one.state), 1),
        is_meta=one.about_you,
        is_seed=one.is_seed,
    )


def _name(one: Statement) -> str:
    return one.external or str(one.number)


def _group(one: Participant) -> bool:
    return one.external_facts.get("group-id", "") not in {"", "None", "nan"}


def _moment(milliseconds: int) -> datetime:
    return EPOCH + timedelta(milliseconds=milliseconds)


def _milliseconds(at: Any) -> int:
    return int((at - EPOCH) // timedelta(milliseconds=1))
