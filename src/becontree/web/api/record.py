"""The public record: entries, threads, decisions, checkpoints. How to check it: docs/verify-a-decision.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Router, Schema
from pydantic import Field

from becontree.foundations.record import actions, queries
from becontree.foundations.record.models import Checkpoint, Decision, Entry, Thing
from becontree.foundations.record.projection import public
from becontree.web.api.listing import Asked, Day, Id, Listed, PageOf, Ref, Words, paged, read

Size = Annotated[str, Path(pattern=r"^[1-9][0-9]{0,15}$", description="How many entries it covers")]
router = Router(tags=["record"])


class EntriesFound(Listed):
    words: Words | None = Field(None, description="Words in the sentence, the thing's title or its reference")
    kind: str | None = Field(None, pattern=r"^[a-z0-9][a-z0-9._-]{0,59}$", description="Like award.granted")
    step: Literal["heard", "promised", "facilitated", "decided", "funded", "delivered", "measured"] | None = Field(
        None, description="A step of the loop"
    )
    since: Day | None = Field(None, description="Happened on this day or later")
    until: Day | None = Field(None, description="Happened on this day or before")


class About(Asked):
    ref: Ref = Field(description="A reference, like project/heron-garden")


class EntryOut(Schema):
    """The public projection of an entry: exactly what is hashed, with `index` null until it has its place."""

    index: int | None = Field(description="Its place in the record, from 0; null until it has one")
    id: str = Field(description="The entry's id")
    kind: str = Field(description="What happened, as a code such as award.granted")
    step: str = Field(
        description="Its step in the loop: heard, promised, facilitated, decided, funded, delivered or measured"
    )
    thing: str = Field(description="The reference of what it is about")
    title: str = Field(description="What happened, in one sentence")
    facts: Any = Field(description="Figures and words that belong to it, by name")
    happened_on: date = Field(description="The day on which it happened")
    recorded_at: str = Field(description="When it was written down, as it is hashed")
    because: list[str] = Field(description="References of what it came from")
    decision: dict[str, Any] | None = Field(
        None, description="Where it is a decision: its family, method, authority, reasons and hash"
    )


class KnotOut(Schema):
    step: str = Field(description="Its step in the loop")
    date: Annotated[date | None, Field(description="The day on which it happened")]
    title: str = Field(description="What happened, in one sentence")
    url: str = Field(description="The address of its page on this site")
    ref: str = Field(description="The reference of what it is about")
    depth: int = Field(description="How many causes lie between it and what was asked about")
    direction: str = Field(description="back, here or forward")


class ThreadOut(Schema):
    ref: str = Field(description="The reference that was asked about")
    title: str = Field(description="Its name")
    knots: list[KnotOut] = Field(description="Oldest first")
    more: bool = Field(description="Only the nearest knots are here")


class DecisionOut(Schema):
    entry: str = Field(description="The id of its entry in the record")
    thing: str = Field(description="The reference of what was decided")
    happened_on: date = Field(description="The day on which it was decided")
    family: str = Field(description="What kind of decision: count, select, panel, match, draw or adoption")
    method: str = Field(description="The method with its version")
    authority: str = Field(description="By what power it was decided")
    reasons: str = Field(description="Why")
    sha256: str = Field(description="Of the canonical bytes of the record, as fixed in the tree")


class DecisionWhole(DecisionOut):
    record: dict[str, Any] = Field(description="All that went in and came out: `becontree verify` computes it again")


class CheckpointOut(Schema):
    size: int = Field(description="How many entries it covers")
    root: str = Field(description="The root of the tree over them (RFC 6962), in hexadecimal")
    issued_at: datetime = Field(description="When it was signed")
    witnesses: list[str] = Field(description="Who else signed that they saw it")


class CheckpointWhole(CheckpointOut):
    note: str = Field(description="The signed note (C2SP tlog-checkpoint)")


def _entries(rows: Sequence[Entry]) -> list[dict[str, Any]]:
    return [
        public(entry, -1 if entry.sequence is None else entry.sequence) | {"index": entry.sequence} for entry in rows
    ]


def _decision(found: Decision) -> dict[str, Any]:
    return {
        "entry": str(found.pk),
        "thing": found.entry.thing_id,
        "happened_on": found.entry.happened_on,
        "family": found.family,
        "method": found.method,
        "authority": found.authority,
        "reasons": found.reasons,
        "sha256": found.sha256,
    }


def _checkpoint(found: Checkpoint) -> dict[str, Any]:
    return {
        "size": found.size,
        "root": found.root,
        "issued_at": found.issued_at,
        "witnesses": [signed.witness for signed in found.cosignatures.all()],
    }


@read(router, "/entries", PageOf[EntryOut], summary="Everything on the record, newest first")
def entries(request: HttpRequest, asked: Query[EntriesFound]) -> Any:
    rows = queries.entries(
        words=asked.words or "", kind=asked.kind or "", step=asked.step or "", since=asked.since, until=asked.until
    )
    return paged(request, asked, queries.whole(rows).defer("decision__record"), _entries)


@read(router, "/entries/{entry_id}", EntryOut, summary="One entry")
def entry(request: HttpRequest, entry_id: Id) -> Any:
    return _entries([get_object_or_404(queries.whole(Entry.objects.all()), pk=entry_id)])[0]


@read(router, "/thread", ThreadOut, summary="The thread through a public thing, both ways")
def thread(request: HttpRequest, asked: Query[About]) -> Any:
    thing = get_object_or_404(Thing, pk=asked.ref)
    found = queries.thread(thing.ref)
    knots = [
        {name: getattr(knot, name) for name in ("step", "date", "title", "url", "ref", "depth", "direction")}
        for knot in found.steps
    ]
    return {"ref": thing.ref, "title": thing.title, "knots": knots, "more": found.more}


@read(router, "/decisions", PageOf[DecisionOut], summary="Every decision that can be computed again, newest first")
def decisions(request: HttpRequest, asked: Query[Listed]) -> Any:
    rows = Decision.objects.select_related("entry").defer("record")
    rows = rows.order_by("-entry__happened_on", "-entry__recorded_at", "pk")
    return paged(request, asked, rows, lambda found: [_decision(each) for each in found])


@read(
    router, "/decisions/{entry_id}", DecisionWhole, summary="One decision with all that is needed to compute it again"
)
def decision(request: HttpRequest, entry_id: Id) -> Any:
    found = get_object_or_404(Decision.objects.select_related("entry"), pk=entry_id)
    return _decision(found) | {"record": found.record}


@read(router, "/checkpoints", PageOf[CheckpointOut], summary="Every signed checkpoint, newest first")
def checkpoints(request: HttpRequest, asked: Query[Listed]) -> Any:
    return paged(request, asked, queries.checkpoints(), lambda found: [_checkpoint(each) for each in found])


@read(router, "/checkpoints/latest", CheckpointWhole, summary="The latest checkpoint as the note that was signed")
def latest_checkpoint(request: HttpRequest) -> Any:
    found = queries.latest()
    if found is None:
        raise Http404
    return _checkpoint(found) | {"note": actions.signed_note(found)}


@read(router, "/checkpoints/{size}", CheckpointWhole, summary="The checkpoint at one size of the tree")
def checkpoint(request: HttpRequest, size: Size) -> Any:
    found = get_object_or_404(queries.checkpoints(), size=int(size))
    return _checkpoint(found) | {"note": actions.signed_note(found)}
