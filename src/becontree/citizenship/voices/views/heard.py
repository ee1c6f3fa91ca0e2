"""Pages for everybody: read what was said, say something, see what became of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from becontree.citizenship.voices import actions, queries, tokens
from becontree.citizenship.voices.forms import FindForm, SayForm
from becontree.citizenship.voices.forms.resident import UNKNOWN_POSTCODE
from becontree.citizenship.voices.models import Round, Voice, said
from becontree.citizenship.voices.permissions import listens
from becontree.citizenship.voices.policy import REASONS
from becontree.citizenship.voices.views.flood import TOO_MANY, flooded
from becontree.foundations.access.gates import gate
from becontree.foundations.kit import asked as asked_for
from becontree.foundations.kit import once, prepared
from becontree.foundations.kit.downloads import csv_download, csv_lines, json_download, json_parts
from becontree.foundations.kit.forms import told_in
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.remembered import remembered
from becontree.foundations.kit.requests import Request
from becontree.foundations.places import queries as places
from becontree.foundations.policy import settings
from becontree.foundations.record.queries import thread


@gate("everyone")
def voices(request: Request) -> HttpResponse:
    """What was said, to search: the results stand right under the search. `q` means the same as `words`."""
    asked = request.GET.copy()
    if (q := request.GET.get("q")) and not asked.get("words"):
        asked["words"] = q[:100]
    form = FindForm(asked)
    chosen = asked_for.chosen(form)  # a field that means nothing narrows nothing, and says so; the others still count
    shown = page(request, queries.on_cards(queries.found(**chosen)).prefetch_related("answers"), 24)
    return render(
        request,
        "voices/list.html",
        {
            "form": form,
            "page": shown,
            "cards": _cards(list(shown)),
            "chosen": chosen,
            "counts": queries.counts(),
            "rounds": queries.rounds().filter(state=Round.State.OPEN).only("slug", "title")[:3],
        },
        status=asked_for.status(form),
    )


@dataclass(frozen=True, slots=True)
class Cards:
    """One voice, or several in a run whose speakers keep the words private (`private`: how many, from two)."""

    voices: list[Voice]

    @property
    def private(self) -> int:
        return len(self.voices) if len(self.voices) > 1 else 0


def _cards(voices: Iterable[Voice]) -> list[Cards]:
    """The list in its order, runs of voices without public words as one card each."""
    runs = groupby(voices, key=lambda each: bool(each.shown))
    return [card for shown, run in runs for card in ([Cards([one]) for one in run] if shown else [Cards(list(run))])]


@gate("everyone")
def say(request: Request) -> HttpResponse:
    """Say one thing, at any time. One form makes one voice, however often the button is pressed."""
    if request.method == "POST" and request.POST.get("do") == "ward":
        return _with_ward(request)
    form = SayForm(request.POST or None, initial={"once": tokens.fresh()})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:  # only a program fills in what nobody can see
            return redirect("voices:list")
        if flooded(request, "voice-anytime"):
            form.add_error(None, TOO_MANY)
            return render(request, "voices/say.html", {"form": form}, status=429)
        speaker = request.user if request.user.is_authenticated else None
        key = once.mark(form.cleaned_data["once"], form.cleaned_data, whose=once.sender(request))
        with told_in(form):
            voice = actions.say(
                kind=form.cleaned_data["kind"],
                words=form.cleaned_data["words"],
                ward=form.ward_chosen,
                may_quote=form.cleaned_data["may_quote"],
                contact=form.cleaned_data["contact"] or None,
                by=speaker,
                now=request.now,
                key=f"web:{key}" if key else "",
            )
            return redirect("voices:own-thanks", tokens.own(voice.response))
    return render(
        request, "voices/say.html", {"form": form}, status=422 if form.errors and request.method == "POST" else 200
    )


def _with_ward(request: Request) -> HttpResponse:
    """The same form with the postcode's ward chosen and everything that was typed; the postcode is gone."""
    typed = request.POST.get("postcode", "")[:12]
    found = places.ward_for(typed)
    kept = {name: request.POST.get(name, "") for name in ("kind", "words", "ward", "may_quote", "contact", "once")}
    if found is not None:
        kept["ward"] = found.code
    form = SayForm(initial=kept | ({} if found else {"postcode": typed}))
    unknown = "" if found else UNKNOWN_POSTCODE
    status = 200 if found else 422
    return render(request, "voices/say.html", {"form": form, "ward_found": found, "unknown": unknown}, status=status)


@gate("everyone")
def voice(request: Request, handle: str) -> HttpResponse:
    found = get_object_or_404(queries.published().select_related("response__round"), handle=handle)
    return render(
        request,
        "voices/voice.html",
        {
            "voice": found,
            "answers": found.answers.all(),
            "thread": thread(found.ref),
            "desk_link": listens(request.user),
        },
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
            "log": remembered("moderation", queries.moderation)[:24],
        },
    )


LOG_FIELDS = ["month", "decision", "reason", "count"]


@gate("everyone")
def log_csv(request: Request) -> HttpResponseBase:
    return csv_download(request, "moderation", LOG_FIELDS, (list(row) for row in queries.moderation_rows()))


@gate("everyone")
def log_json(request: Request) -> HttpResponseBase:
    return json_download(request, LOG_FIELDS, (list(row) for row in queries.moderation_rows()))


AT_ONCE = 500
FIELDS = ["reference", "kind", "channel", "ward", "said_on", "language", "words", "answer", "round"]
_READ = ("pk", "handle", "kind", "response__channel", "response__ward__name", "response__said_on",
         "response__language", "response__may_quote", "masked", "words", "response__round__slug")  # fmt: skip


def _rows() -> Iterator[list[Any]]:
    """Read without a model each: there are tens of thousands. Words and language as `Voice.shown` has them."""
    found = queries.published().select_related(None).defer(None).values_list(*_READ).iterator(chunk_size=AT_ONCE)
    while some := list(islice(found, AT_ONCE)):
        newest = queries.newest_answers([row[0] for row in some])
        for pk, handle, kind, channel, ward, said_on, language, may_quote, masked, words, round_ in some:
            shown = said.words_shown(words, masked, may_quote=may_quote)
            yield [
                f"voice/{handle}",
                kind,
                channel,
                ward or "",
                said_on.isoformat(),
                said.language_shown(language, shown),
                shown,
                newest.get(pk, ""),
                round_ or "",
            ]


@gate("everyone")
def voices_csv(request: Request) -> HttpResponseBase:
    return prepared.send(
        request, "voices.csv", queries.version(request.now), "text/csv", lambda: csv_lines(FIELDS, _rows())
    )


@gate("everyone")
def voices_json(request: Request) -> HttpResponseBase:
    return prepared.send(
        request, "voices.json", queries.version(request.now), "application/json", lambda: json_parts(FIELDS, _rows())
    )
