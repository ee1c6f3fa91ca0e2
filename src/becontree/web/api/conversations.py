"""Conversations: what was asked, what people said, what they share, what was answered. Never who took part.

How the votes stand is null while a conversation hides it until its end, here as on its pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from becontree.citizenship.conversations import queries
from becontree.citizenship.conversations.models import Conversation, Statement
from becontree.web.api.listing import Listed, PageOf, Slug, WardCode, paged, read
from becontree.web.api.voices import AnswerOut, WardName, ward_name

router = Router(tags=["conversations"])


class Find(Listed):
    state: Literal["open", "closed", "answered"] | None = None
    ward: WardCode | None = Field(None, description="A ward's code")


class ConversationOut(Schema):
    reference: str
    slug: str
    question: str
    host: str
    place: str
    ward: WardName | None
    language: str
    state: str
    opened_at: datetime | None
    closes_at: datetime | None
    answered_by: str
    answer_due: date | None
    people: int | None = Field(description="How many take part; null: 1 to 4")
    statements: int = Field(description="How many statements there are to vote on")
    votes: int | None = Field(description="Null while it is hidden how the votes stand")
    url: str


class GroupOut(Schema):
    letter: str
    people: int | None = Field(description="Null where this or what is left of everybody is 1 to 4")


class SharedOut(Schema):
    number: int
    words: str
    side: str = Field(description="agree or disagree: what surely more than half of every group says")
    percent_by_group: list[int] | None = Field(
        description="In the order of the groups; null where it would tell of 1 to 4 people"
    )


class WholeOut(ConversationOut):
    about: str
    can_change: str
    ground_rules: str
    groups: list[GroupOut] | None = Field(description="Null while it is hidden how the votes stand")
    common_ground: list[SharedOut] | None = Field(description="Null while it is hidden how the votes stand")
    answers: list[AnswerOut]


class StatementOut(Schema):
    number: int
    words: str
    language: str
    from_the_host: bool
    about_the_person: bool = Field(description="A question about the voter: it takes no part in the map")
    agree: int | None = Field(description="Null, as the next two, while hidden, or where one of them is 1 to 4")
    disagree: int | None
    passed: int | None
    votes: int | None


def _shape(rows: Sequence[Conversation], totals: Mapping[int, queries.Totals] | None = None) -> list[dict[str, Any]]:
    totals = queries.totals(rows) if totals is None else totals
    return [
        {
            "reference": one.ref,
            "slug": one.slug,
            "question": one.title,
            "host": one.host_name,
            "place": one.place,
            "ward": ward_name(one.ward),
            "language": one.language,
            "state": one.state,
            "opened_at": one.opened_at,
            "closes_at": one.closes_at,
            "answered_by": one.answered_by,
            "answer_due": one.answer_due,
            "people": totals[one.pk].people,
            "statements": totals[one.pk].statements,
            "votes": totals[one.pk].votes,
            "url": one.get_absolute_url(),
        }
        for one in rows
    ]


@read(router, "", PageOf[ConversationOut], summary="Conversations that have opened, newest first")
def conversations(request: HttpRequest, asked: Query[Find]) -> Any:
    rows = queries.public().defer("ward__geometry")
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.ward:
        rows = rows.filter(ward=asked.ward)
    return paged(request, asked, rows, _shape)


@read(router, "/{slug}", WholeOut, summary="One conversation: its groups, its common ground, its answers")
def conversation(request: HttpRequest, slug: Slug) -> Any:
    found = get_object_or_404(queries.public().defer("ward__geometry"), slug=slug)
    known = queries.totals([found])
    totals, words = known[found.pk], queries.words(found)
    hidden = totals.map is None and not found.results_shown
    return _shape([found], known)[0] | {
        "about": found.about,
        "can_change": found.can_change,
        "ground_rules": found.ground_rules,
        "groups": None if hidden else [{"letter": one["id"], "people": one["size"]} for one in totals.groups],
        "common_ground": None
        if hidden
        else [
            {
                "number": one["number"],
                "words": words[one["number"]],
                "side": one["side"],
                "percent_by_group": one["shares"],
            }
            for one in totals.common_ground
            if one["number"] in words
        ],
        "answers": [
            {"status": one.status, "words": one.body, "team": one.team, "at": one.at, "leads_to": one.leads_to}
            for one in found.host_answers.all()
        ],
    }


@read(router, "/{slug}/statements", PageOf[StatementOut], summary="The statements that a person let through")
def conversation_statements(request: HttpRequest, slug: Slug, asked: Query[Listed]) -> Any:
    found = get_object_or_404(queries.public().defer("ward__geometry").prefetch_related(None), slug=slug)
    (totals,) = queries.totals([found]).values()

    def shape(rows: Sequence[Statement]) -> list[dict[str, Any]]:
        names = ("agree", "disagree", "passed", "votes")
        return [
            {
                "number": one.number,
                "words": one.words,
                "language": one.language,
                "from_the_host": one.is_seed,
                "about_the_person": one.about_you,
            }
            | dict(zip(names, totals.tally(one.number), strict=True))
            for one in rows
        ]

    return paged(request, asked, queries.shown(found), shape)
