"""Find a conversation, read it, see its map, its statements and what was moderated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseNotModified, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from becontree.citizenship.conversations import maps, picture, queries
from becontree.citizenship.conversations.models import Conversation
from becontree.citizenship.conversations.views import common
from becontree.citizenship.voices.queries import BY_CODE
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.downloads import csv_download, json_download
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.foundations.policy import settings
from becontree.foundations.record.queries import thread


@gate("everyone")
def conversations(request: Request) -> HttpResponse:
    rows = page(request, queries.public(), 18)
    return render(request, "conversations/list.html", {"page": rows, "shown": list(rows.object_list)})


def _open(found: Conversation, request: Request) -> bool:
    """May people still vote?"""
    return found.state == Conversation.State.OPEN and found.closes_at is not None and request.now < found.closes_at


@gate("everyone")
def conversation(request: Request, slug: str) -> HttpResponse:
    """What it asks, of whom, what it can change, who answers by when; and the one button that begins."""
    found = common.public_one(slug)
    me = common.me(request, found)
    return render(
        request,
        "conversations/conversation.html",
        {
            "conversation": found,
            "me": me,
            "open": _open(found, request),
            "counts": queries.counts(found),
            "answers": found.host_answers.all(),
            "thread": thread(found.ref),
        },
    )


@gate("everyone")
def opinion_map(request: Request, slug: str) -> HttpResponse:
    """Who thinks alike, what all share, what divides: a picture, and a table that says the same."""
    found = common.public_one(slug)
    if not found.results_shown:
        return render(request, "conversations/frozen.html", {"conversation": found, "counts": queries.counts(found)})
    document = maps.current(found, now=request.now)
    me = common.me(request, found)
    stand = maps.place(document, maps.mine(me)) if me is not None and me.counts else None
    return render(
        request,
        "conversations/map.html",
        {
            "conversation": found,
            "me": me,
            "open": _open(found, request),
            "answers": found.host_answers.all(),
            **picture.context(found, document, stand, words=queries.words(found)),
        },
    )


@gate("everyone")
def map_version(request: Request, slug: str) -> HttpResponse:
    """Some bytes: the map's number. 304 where the asker has it already."""
    found = get_object_or_404(Conversation.objects.exclude(state=Conversation.State.DRAFT), slug=slug)
    if not found.results_shown:
        raise Http404
    document = maps.current(found, now=request.now)
    tag = f'"{document.version}"'
    if request.headers.get("If-None-Match") == tag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = JsonResponse({"version": document.version})
    answer["ETag"] = tag
    answer["Cache-Control"] = "no-cache"
    return answer


@gate("everyone")
def statements(request: Request, slug: str) -> HttpResponse:
    """All statements that are shown; with how the votes stand, where that may be seen."""
    found = common.public_one(slug)
    document = maps.current(found, now=request.now) if found.results_shown else None
    rows = page(request, queries.shown(found), 30)
    tallies = document.document.get("tallies", {}) if document else {}
    return render(
        request,
        "conversations/statements.html",
        {
            "conversation": found,
            "page": rows,
            "rows": [picture.line(one.number, one.words, tallies) for one in rows],
            "groups": [group["id"] for group in document.document.get("groups", [])] if document else [],
            "shown": document is not None,
        },
    )


FIELDS = ["number", "words", "seed", "about_you", "agree", "disagree", "pass", "votes"]


def _rows(found: Conversation, now: Any) -> Iterator[list[Any]]:
    tallies = maps.current(found, now=now).document.get("tallies", {}) if found.results_shown else {}
    for one in queries.shown(found).iterator(chunk_size=500):
        agree, disagree, seen, *_rest = tallies.get(str(one.number), (None, None, None))
        passed = seen - agree - disagree if agree is not None else None
        yield [one.number, one.words, one.is_seed, one.about_you, agree, disagree, passed, seen]


@gate("everyone")
def statements_csv(request: Request, slug: str) -> HttpResponseBase:
    found = common.public_one(slug)
    return csv_download(request, f"conversation-{found.slug}", FIELDS, _rows(found, request.now))


@gate("everyone")
def statements_json(request: Request, slug: str) -> HttpResponseBase:
    return json_download(request, FIELDS, _rows(common.public_one(slug), request.now))


@gate("everyone")
def log(request: Request, slug: str) -> HttpResponse:
    """What was decided about statements, in numbers: no words, nobody's name, and nothing that tells of a few."""
    found = common.public_one(slug)
    decided = queries.decided(found)
    return render(
        request,
        "conversations/log.html",
        {
            "conversation": found,
            "decided": decided,
            "held": [(BY_CODE.get(code), n) for code, n in decided.reasons],
        },
    )


@gate("everyone")
def how(request: Request) -> HttpResponse:
    """How it works: what is counted, what one person one voice means here, why nobody can reply."""
    return render(
        request,
        "conversations/how.html",
        {"appeal_days": settings.council("voices.appeal_days", request.today)},
    )
