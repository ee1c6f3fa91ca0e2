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


class ConversationsFound(Listed):
    state: Literal["open", "closed", "answered"] | None = Field(None, description="How the conversation stands")
    ward: WardCode | None = Field(None, description="A ward's code")


class ConversationOut(Schema):
    reference: str = Field(description="Names the conversation for ever")
    slug: str = Field(description="The last part of its address")
    question: str = Field(description="What is asked")
    host: str = Field(description="Who asks")
    place: str = Field(description="What place it is about, in words")
    ward: WardName | None = Field(description="The ward it is about; null for the whole borough")
    language: str = Field(description="The language of the question, as in BCP 47")
    state: str = Field(description="open, closed (waiting for its answer) or answered")
    opened_at: datetime | None = Field(description="When it opened")
    closes_at: datetime | None = Field(description="When voting ends")
    answered_by: str = Field(description="Who must answer")
    answer_due: date | None = Field(description="The day by which the answer is promised")
    people: int | None = Field(description="How many take part; null: 1 to 4")
    statements: int = Field(description="How many statements there are to vote on")
    votes: int | None = Field(description="Null while it is hidden how the votes stand")
    url: str = Field(description="The address of its page on this site")


class OpinionGroupOut(Schema):
    letter: str = Field(description="The group's letter on the map: A, B and so on")
    people: int | None = Field(description="Null where this or what is left of everybody is 1 to 4")


class SharedOut(Schema):
    number: int = Field(description="The statement's number in this conversation")
    words: str = Field(description="The statement")
    side: str = Field(description="agree or disagree: what surely more than half of every group says")
    percent_by_group: list[int] | None = Field(
        description="In the order of the groups; null where it would tell of 1 to 4 people"
    )


class WholeOut(ConversationOut):
    about: str = Field(description="What people should know before they vote")
    can_change: str = Field(description="What the answer can change")
    ground_rules: str = Field(description="How people speak here")
    groups: list[OpinionGroupOut] | None = Field(description="Null while it is hidden how the votes stand")
    common_ground: list[SharedOut] | None = Field(description="Null while it is hidden how the votes stand")
    answers: list[AnswerOut] = Field(description="What the host answered, oldest first")


class StatementOut(Schema):
    number: int = Field(description="The statement's number in this conversation")
    words: str = Field(description="The statement")
    language: str = Field(description="Its language, as in BCP 47")
    from_the_host: bool = Field(description="Whether the host wrote it, not a person who took part")
    about_the_person: bool = Field(description="A question about the voter: it takes no part in the map")
    agree: int | None = Field(description="Null, as the next two, while hidden, or where one of them is 1 to 4")
    disagree: int | None = Field(description="How many disagree")
    passed: int | None = Field(description="How many passed")
    votes: int | None = Field(description="How many voted on it; null while it is hidden how the votes stand")


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
def conversations(request: HttpRequest, asked: Query[ConversationsFound]) -> Any:
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
