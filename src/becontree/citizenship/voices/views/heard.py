"""Pages for everybody: read what was said, say something, see what became of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from becontree.citizenship.voices import actions, queries, tokens
from becontree.citizenship.voices.forms import FindForm, SayForm
from becontree.citizenship.voices.models import Round
from becontree.citizenship.voices.policy import REASONS
from becontree.citizenship.voices.views.flood import TOO_MANY, flooded
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.downloads import csv_download, json_download
from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.forms import put_errors
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.foundations.policy import settings
from becontree.foundations.record.queries import thread


@gate("everyone")
def voices(request: Request) -> HttpResponse:
    form = FindForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.found(**{name: value for name, value in chosen.items() if value})
    return render(
        request,
        "voices/list.html",
        {
            "form": form,
            "page": page(request, rows.prefetch_related("answers"), 24),
            "counts": queries.counts(),
            "rounds": queries.rounds().filter(state=Round.State.OPEN)[:3],
        },
    )


@gate("everyone")
def say(request: Request) -> HttpResponse:
    """Say one thing, at any time. One form makes one voice, however often the button is pressed."""
    form = SayForm(request.POST or None, initial={"once": tokens.fresh()})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:  # only a program fills in what nobody can see
            return redirect("voices:list")
        if flooded(request):
            form.add_error(None, TOO_MANY)
            return render(request, "voices/say.html", {"form": form}, status=429)
        speaker = request.user if request.user.is_authenticated else None
        once = form.cleaned_data["once"]
        try:
            voice = actions.say(
                kind=form.cleaned_data["kind"],
                words=form.cleaned_data["words"],
                ward=form.ward_chosen,
                may_quote=form.cleaned_data["may_quote"],
                contact=form.cleaned_data["contact"] or None,
                by=speaker,
                now=request.now,
                key=f"web:{once}" if once else "",
            )
        except Refused as refused:
            put_errors(form, refused)
        else:
            return redirect("voices:own-thanks", tokens.own(voice.response))
    return render(
        request, "voices/say.html", {"form": form}, status=422 if form.errors and request.method == "POST" else 200
    )


@gate("everyone")
def voice(request: Request, handle: str) -> HttpResponse:
    found = get_object_or_404(queries.published().select_related("response__round"), handle=handle)
    return render(
        request,
        "voices/voice.html",
        {"voice": found, "answers": found.answers.all(), "thread": thread(found.ref)},
    )


@gate("everyone")
def moderation(request: Request) -> HttpResponse:
    return render(
        request,
        "voices/moderation.html",
        {
            "reasons": REASONS,
            "read_days": settings.council("voices.read_days", request.today),
            "appeal_days": settings.council("voices.appeal_days", request.today),
            "log": queries.moderation_log(months=24, today=request.today),
        },
    )


LOG_FIELDS = ["month", "decision", "reason", "on_appeal", "count"]


@gate("everyone")
def log_csv(request: Request) -> HttpResponseBase:
    return csv_download("moderation", LOG_FIELDS, (list(row) for row in queries.moderation_rows()))


@gate("everyone")
def log_json(request: Request) -> HttpResponseBase:
    return json_download(LOG_FIELDS, (list(row) for row in queries.moderation_rows()))


FIELDS = ["reference", "kind", "channel", "ward", "said_on", "language", "words", "answer", "round"]


def _rows() -> Iterator[list[Any]]:
    rows = queries.published().select_related("response__ward", "response__round").defer("response__ward__geometry")
    for found in rows.prefetch_related("answers").iterator(chunk_size=500):
        answers = list(found.answers.all())
        yield [
            found.ref,
            found.kind,
            found.channel,
            found.ward.name if found.ward else "",
            found.said_on.isoformat(),
            found.language,
            found.shown,
            answers[0].status if answers else "",
            found.response.round.slug if found.response.round else "",
        ]


@gate("everyone")
def voices_csv(request: Request) -> HttpResponseBase:
    return csv_download("voices", FIELDS, _rows())


@gate("everyone")
def voices_json(request: Request) -> HttpResponseBase:
    return json_download(FIELDS, _rows())
