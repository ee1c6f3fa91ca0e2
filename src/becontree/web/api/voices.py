"""What people said and what was answered. Words only where the speaker agreed; never who spoke."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from becontree.citizenship.voices import queries
from becontree.citizenship.voices.models import Voice
from becontree.web.api.listing import Listed, PageOf, Slug, WardCode, Words, paged, read

router = Router(tags=["voices"])


class VoicesFound(Listed):
    words: Words | None = Field(None, description="Words that all stand in what may be shown")
    kind: Literal["like", "dislike", "hope", "open"] | None = Field(
        None, description="What was asked: what people like, dislike or hope for, or an open question"
    )
    channel: Literal["web", "paper", "doorstep", "event", "phone", "sms", "school", "hub", "elsewhere"] | None = Field(
        None, description="How it was said"
    )
    ward: WardCode | None = Field(None, description="A ward's code")


class WardName(Schema):
    code: str = Field(description="The ward's code, as in places/wards")
    name: str = Field(description="The ward's name")


class AnswerOut(Schema):
    status: str = Field(description="listening, planned, underway, done or cannot")
    words: str = Field(description="The answer as it was written")
    team: str = Field(description="The team that answered")
    at: datetime = Field(description="When it was answered")
    leads_to: str = Field(description="A reference in the record, or nothing")


class VoiceOut(Schema):
    reference: str = Field(description="Names the voice for ever, like voice/…")
    handle: str = Field(description="The last part of its address")
    kind: str = Field(description="like, dislike, hope or open")
    channel: str = Field(
        description="How it was said: web, paper, doorstep, event, phone, sms, school, hub or elsewhere"
    )
    ward: WardName | None = Field(description="The ward that it is about; null where none was given")
    said_on: date = Field(description="The day on which it was said")
    language: str = Field(description="Of the words; empty where they are not shown")
    words: str | None = Field(description="Null where the speaker did not agree that their words be shown")
    answers: list[AnswerOut] = Field(description="Every answer so far, oldest first")
    url: str = Field(description="The address of its page on this site")


def ward_name(ward: Any) -> dict[str, str] | None:
    return None if ward is None else {"code": ward.code, "name": ward.name}


def _shape(rows: Sequence[Voice]) -> list[dict[str, Any]]:
    return [
        {
            "reference": voice.ref,
            "handle": voice.handle,
            "kind": voice.kind,
            "channel": voice.channel,
            "ward": ward_name(voice.ward),
            "said_on": voice.said_on,
            "language": voice.shown_language,
            "words": voice.shown or None,
            "answers": [
                {
                    "status": answer.status,
                    "words": answer.body,
                    "team": answer.team,
                    "at": answer.at,
                    "leads_to": answer.leads_to,
                }
                for answer in voice.answers.all()
            ],
            "url": voice.get_absolute_url(),
        }
        for voice in rows
    ]


@read(router, "", PageOf[VoiceOut], summary="What people said, newest first")
def voices(request: HttpRequest, asked: Query[VoicesFound]) -> Any:
    rows = queries.found(
        words=asked.words or "", kind=asked.kind or "", ward=asked.ward or "", channel=asked.channel or ""
    )
    return paged(request, asked, rows.defer("response__ward__geometry").prefetch_related("answers"), _shape)


@read(router, "/{handle}", VoiceOut, summary="One voice with its answers")
def voice(request: HttpRequest, handle: Slug) -> Any:
    rows = queries.published().defer("response__ward__geometry").prefetch_related("answers")
    return _shape([get_object_or_404(rows, handle=handle)])[0]
