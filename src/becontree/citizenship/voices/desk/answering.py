"""What is published and waits for an answer: found by round, ward, kind, words or reference; one answer to many."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from becontree.citizenship.voices import actions, queries
from becontree.citizenship.voices.desk.moderation import TEAM
from becontree.citizenship.voices.forms import AnswerForm
from becontree.citizenship.voices.forms.desk import FindReferenceForm, ToAnswerForm
from becontree.citizenship.voices.models import Voice
from becontree.foundations.access import reads
from becontree.foundations.access.gates import gate
from becontree.foundations.kit import asked
from becontree.foundations.kit.forms import told_in
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request

A_PAGE = 50
MOST_TICKED = 500  # over many pages; how many are answered at once, the action says
DRAFT = "voices.to-answer"
MOST_KEPT = 4_000  # letters, as an answer's own


@gate(TEAM)
def to_answer(request: Request) -> HttpResponse:
    """Published voices without an answer, oldest first; tick some and answer them together.

    Choosing others to look at, or another page of them, keeps what is ticked and typed: it goes with the choice and
    waits in the session, as the address is no place for it.
    """
    if request.method == "POST" and (request.POST.get("do") == "show" or "page" in request.POST):
        return _look(request)
    draft = request.session.pop(DRAFT, {}) if request.method == "GET" else {}
    find = ToAnswerForm(request.GET)
    chosen = asked.chosen(find)
    visible = Voice.objects.visible_to(request.user, "moderation")
    rows = queries.to_answer(request.user, **chosen)
    posted = request.POST if request.method == "POST" else None
    form = AnswerForm(posted, prefix="answer", initial=draft.get("typed"))
    ticked = draft.get("ticked") or request.POST.getlist("voice")[:MOST_TICKED]
    if posted is not None and not ticked:
        form.add_error(None, _("Tick at least one voice."))
    elif posted is not None and form.is_valid():
        with told_in(form):
            answers = actions.answer_many(
                voices=list(visible.filter(handle__in=ticked)), by=request.user, now=request.now, **form.cleaned_data
            )
            n = len(answers)
            messages.success(request, ngettext("%(n)s voice answered.", "%(n)s voices answered.", n) % {"n": n})
            return redirect(request.get_full_path())
    shown = page(request, rows.select_related("response__round", "question"), A_PAGE)
    here = {voice.pk for voice in shown}
    before = queries.to_answer(request.user).filter(handle__in=ticked).exclude(pk__in=here)
    elsewhere = list(before.select_related("response__round", "question"))
    reads.record(request.user, [*elsewhere, *shown.object_list], "moderation", request.now)
    return render(
        request,
        "voices/desk_to_answer.html",
        {
            "page": shown,
            "elsewhere": elsewhere,
            "find": find,
            "form": form,
            "ticked": ticked,
            "filtered": bool(chosen),
        },
        status=asked.status(form, find),
    )


def _look(request: Request) -> HttpResponse:
    """To the list that was chosen, or to another page of this one, with what is ticked and typed kept for it."""
    find = ToAnswerForm(request.GET if "page" in request.POST else request.POST)
    chosen = asked.chosen(find)
    if "page" in request.POST:
        chosen["page"] = request.POST["page"][:6]
    request.session[DRAFT] = {
        "ticked": request.POST.getlist("voice")[:MOST_TICKED],
        "typed": {name: request.POST.get(f"answer-{name}", "")[:MOST_KEPT] for name in AnswerForm.base_fields},
    }
    return redirect(f"{request.path}?{urlencode(chosen)}" if chosen else request.path)


@gate(TEAM)
def find(request: Request) -> HttpResponse:
    """What a reference stands for: somebody on the telephone reads it out."""
    form = FindReferenceForm(request.GET or None)
    visible = Voice.objects.visible_to(request.user, "moderation")
    found: list[Voice] = []
    if form.is_valid():
        keys = [voice.pk for voice in queries.by_reference(form.cleaned_data["reference"])]
        found = list(visible.filter(pk__in=keys).select_related("response__round", "question").order_by("position"))
        reads.record(request.user, found, "moderation", request.now)
        if len(found) == 1:
            return redirect("voices:read", found[0].handle)
    return render(request, "voices/desk_find.html", {"form": form, "found": found, "asked": form.is_bound})
