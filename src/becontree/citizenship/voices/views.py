"""Pages for everybody: read what was said, say something, see what became of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from becontree.citizenship.voices import actions, queries, tokens
from becontree.citizenship.voices.forms import AppealForm, FindForm, SayForm
from becontree.citizenship.voices.models import Response, Voice
from becontree.citizenship.voices.permissions import Speaker
from becontree.citizenship.voices.policy import REASONS
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.downloads import csv_download, json_download
from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.forms import put_errors
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.foundations.kit.throttle import too_many
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
        {"form": form, "page": page(request, rows.prefetch_related("answers"), 24), "counts": queries.counts()},
    )


@gate("everyone")
def say(request: Request) -> HttpResponse:
    form = SayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:  # only a program fills in what nobody can see
            return redirect("voices:list")
        if too_many(request, "voice", limit=20, seconds=3600):
            form.add_error(None, "Many voices have just come from here. Please try again in an hour, or write to us.")
            return render(request, "voices/say.html", {"form": form}, status=429)
        speaker = request.user if request.user.is_authenticated else None
        try:
            voice = actions.say(
                kind=form.cleaned_data["kind"],
                words=form.cleaned_data["words"],
                ward=form.ward_chosen,
                may_quote=form.cleaned_data["may_quote"],
                by=speaker,
                now=request.now,
            )
        except Refused as refused:
            put_errors(form, refused)
        else:
            return redirect("voices:thanks", voice.handle)
    return render(
        request, "voices/say.html", {"form": form}, status=422 if form.errors and request.method == "POST" else 200
    )


@gate("everyone")
def thanks(request: Request, handle: str) -> HttpResponse:
    voice = get_object_or_404(Voice, handle=handle)
    return render(
        request, "voices/thanks.html", {"voice": voice, "days": settings.council("voices.read_days", request.today)}
    )


@gate("everyone")
def voice(request: Request, handle: str) -> HttpResponse:
    found = get_object_or_404(queries.published(), handle=handle)
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
        },
    )


FIELDS = ["reference", "kind", "channel", "ward", "said_on", "language", "words", "answer"]


def _rows() -> Iterator[list[Any]]:
    for found in queries.published().prefetch_related("answers").iterator(chunk_size=500):
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
        ]


@gate("everyone")
def voices_csv(request: Request) -> HttpResponseBase:
    return csv_download("voices", FIELDS, _rows())


@gate("everyone")
def voices_json(request: Request) -> HttpResponseBase:
    return json_download(FIELDS, _rows())


@gate("signed-in")
def mine(request: Request) -> HttpResponse:
    rows = Voice.objects.visible_to(request.user, "own").select_related("response__ward")
    rows = rows.prefetch_related("answers", "rulings", "appeals")
    return render(request, "voices/mine.html", {"page": page(request, rows, 20), "form": AppealForm()})


def _own(request: Request, handle: str) -> Voice:
    found = Voice.objects.visible_to(request.user, "own").filter(handle=handle).first()
    if found is None:
        raise Http404
    return found


@gate("signed-in")
def appeal(request: Request, handle: str) -> HttpResponse:
    found = _own(request, handle)
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.appeal(voice=found, words=form.cleaned_data["words"], by=request.user, now=request.now)
        except Refused as refused:
            put_errors(form, refused)
        else:
            messages.success(request, f"Thank you. Another person will answer you by {made.due_on:%-d %B %Y}.")
            return redirect("voices:mine")
    return render(request, "voices/appeal.html", {"form": form, "voice": found})


@gate("signed-in")
def withdraw(request: Request, handle: str) -> HttpResponse:
    found = _own(request, handle)
    if request.method == "POST":
        actions.withdraw(voice=found, by=request.user, now=request.now)
        messages.success(request, "Your words are gone.")
        return redirect("voices:mine")
    return render(request, "voices/withdraw.html", {"voice": found, "back": reverse("voices:mine")})


@never_cache
@gate("everyone")
def own(request: Request, token: str) -> HttpResponse:
    """What somebody without an account said, by the private link they were given: how it stands, take back, appeal."""
    response = (
        Response.objects.select_related("ward", "round", "contact").filter(pk__in=[tokens.response_id(token)]).first()
    )
    if response is None:
        raise Http404
    form = AppealForm(request.POST if request.POST.get("do") == "appeal" else None)
    asked = request.POST.get("voice", "")
    voices = list(response.voices.prefetch_related("answers", "rulings", "appeals").order_by("position"))
    chosen = next((voice for voice in voices if voice.handle == asked), None)
    speaker = Speaker(response.pk)
    try:
        if request.POST.get("do") == "withdraw" and chosen is not None:
            actions.withdraw(voice=chosen, by=speaker, now=request.now)
            messages.success(request, _("Your words are gone."))
            return redirect("voices:own", token)
        if request.POST.get("do") == "appeal" and chosen is not None and form.is_valid():
            made = actions.appeal(voice=chosen, words=form.cleaned_data["words"], by=speaker, now=request.now)
            messages.success(
                request, _("Thank you. Another person will look at it by %(day)s.") % {"day": f"{made.due_on:%d.%m.%Y}"}
            )
            return redirect("voices:own", token)
    except Refused as refused:
        put_errors(form, refused)
    return render(
        request,
        "voices/own.html",
        {"response": response, "voices": voices, "form": form, "asked": asked, "token": token},
        status=422 if form.errors else 200,
    )
