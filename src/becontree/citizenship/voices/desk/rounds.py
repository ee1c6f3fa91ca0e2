"""The round desk: from a recipe to what came of it."""

from __future__ import annotations

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from becontree.citizenship.voices import actions, queries
from becontree.citizenship.voices.checklist import checklist
from becontree.citizenship.voices.desk.moderation import TEAM
from becontree.citizenship.voices.forms.rounds import (
    CameOfItForm,
    RecipeForm,
    RoundForm,
    UpdateForm,
    asked,
    question_rows,
    translation_rows,
)
from becontree.citizenship.voices.models import Round
from becontree.citizenship.voices.views.rounds import answer_pages
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import Invalid, Refused
from becontree.foundations.kit.forms import form_page, told_in
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request


@gate(TEAM)
def rounds(request: Request) -> HttpResponse:
    shown = page(request, Round.objects.select_related("owner"), 20)
    return render(request, "voices/desk_rounds.html", {"page": shown, "counts": queries.people_in(shown.object_list)})


@gate(TEAM)
def new_round(request: Request) -> HttpResponse:
    form = RecipeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.draft(by=request.user, now=request.now, **form.cleaned_data)
        return redirect("voices:desk-round", made.slug)
    return form_page(request, "voices/desk_round_new.html", {"form": form})


def _round(slug: str) -> Round:
    return get_object_or_404(Round.objects.select_related("owner"), slug=slug)


@gate(TEAM)
def round(request: Request, slug: str) -> HttpResponse:
    """Its parts, and what it still needs before it may open. "Open it" keeps what stands on the form first."""
    found = _round(slug)
    form = RoundForm(request.POST if request.method == "POST" else None, round=found)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            actions.edit(round=found, by=request.user, now=request.now, **form.changes_made())
            if request.POST.get("do") == "open":
                return _settled(request, _round(slug), "open")
            messages.success(request, _("Kept."))
            return redirect("voices:desk-round", slug)
        form.read_anew(_round(slug))
    return _desk_page(request, found, form, status=422 if form.errors else 200)


def _desk_page(request: Request, found: Round, form: Any, **more: Any) -> HttpResponse:
    asked_now = list(found.questions.all())
    return render(
        request,
        "voices/desk_round.html",
        {
            "round": found,
            "form": form,
            "questions": asked_now,
            "items": checklist(found, asked_now, request.today),
            "people": queries.people_in([found]).get(found.pk, 0),
            "waiting": queries.waiting().filter(response__round=found).count(),
            "updates": queries.updates(found),
        },
        **more,
    )


@gate(TEAM)
def questions(request: Request, slug: str) -> HttpResponse:
    """The questions, in the order of the paper form."""
    found = _round(slug)
    rows = question_rows(request.POST if request.method == "POST" else None, list(found.questions.all()))
    said = ""
    if request.method == "POST":
        valid = not any(row.errors for row in rows)
        try:
            if valid:
                actions.set_questions(round=found, questions=asked(rows), by=request.user, now=request.now)
                messages.success(request, _("Kept."))
                return redirect("voices:desk-round", slug)
        except Invalid as refused:
            said = " ".join(refused.errors.values())
        except Refused as refused:
            said = refused.message
    return render(
        request,
        "voices/desk_questions.html",
        {"round": found, "rows": rows, "said": said},
        status=422 if said else 200,
    )


@gate(TEAM)
def languages(request: Request, slug: str) -> HttpResponse:
    """The questions in the round's other languages, side by side with the English."""
    found = _round(slug)
    rows = translation_rows(request.POST if request.method == "POST" else None, found, list(found.questions.all()))
    said = ""
    if request.method == "POST":
        forms = [form for _question, some in rows for form in some]
        if not any(form.errors for form in forms):
            given = {
                str(question.pk): {form.language: dict(form.cleaned_data) for form in some} for question, some in rows
            }
            try:
                actions.translate_questions(round=found, translations=given, by=request.user, now=request.now)
            except Invalid as refused:
                said = " ".join(dict.fromkeys(refused.errors.values()))
            except Refused as refused:
                said = refused.message
            else:
                messages.success(request, _("Kept."))
                return redirect("voices:desk-round", slug)
        else:
            said = _("Some translations need another look.")
    named = [(question, [(queries.language_name(form.language), form) for form in some]) for question, some in rows]
    return render(
        request,
        "voices/desk_languages.html",
        {"round": found, "rows": named, "said": said},
        status=422 if said else 200,
    )


@csp_update({"frame-src": [SELF]})
@gate(TEAM)
def preview(request: Request, slug: str) -> HttpResponse:
    """The round as on a phone and as on a desk, in frames of those widths: each is the real page."""
    found = _round(slug)
    if request.method == "POST":
        actions.previewed(round=found, by=request.user, now=request.now)
        messages.success(request, _("Noted that you have looked at it."))
        return redirect("voices:desk-round", slug)
    return render(request, "voices/desk_preview.html", {"round": found})


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # added to, it would say both none and self
@gate(TEAM)
def preview_page(request: Request, slug: str) -> HttpResponse:
    """The pages of answering, as people will see them; nothing is sent. Takes POST to walk through them."""
    return answer_pages(request, _round(slug), trial=True)


@gate(TEAM)
def settle(request: Request, slug: str) -> HttpResponse:
    """Open, close or open again."""
    found = _round(slug)
    if request.method != "POST":
        return redirect("voices:desk-round", slug)
    return _settled(request, found, request.POST.get("do", ""))


def _settled(request: Request, found: Round, do: str) -> HttpResponse:
    form = RoundForm(None, round=found)
    try:
        if do == "open":
            actions.open_round(round=found, by=request.user, now=request.now)
            messages.success(request, _("It is open."))
        elif do == "close":
            actions.close_round(round=found, by=request.user, now=request.now)
            messages.success(request, _("It is closed."))
        elif do == "throw-away":
            actions.throw_away(round=found, by=request.user, now=request.now)
            messages.success(request, _("The draft is gone."))
            return redirect("voices:desk-rounds")
    except Invalid as refused:
        messages.error(request, f"{refused.message} " + " ".join(refused.errors.values()))
        return _desk_page(request, found, form, status=422)
    except Refused as refused:
        messages.error(request, refused.message)
        return _desk_page(request, found, form, status=422)
    return redirect("voices:desk-round", found.slug)


@gate(TEAM)
def tell(request: Request, slug: str) -> HttpResponse:
    """Tell everybody what we heard, what was decided, what came of it."""
    found = _round(slug)
    form = UpdateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            actions.update(round=found, by=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, _("It stands on the round's page and goes into the next letters."))
            return redirect("voices:desk-round", slug)
    return render(
        request,
        "voices/desk_form.html",
        {"round": found, "form": form, "title": _("Tell everybody"), "do": _("Tell them")},
        status=422 if form.errors else 200,
    )


@gate(TEAM)
def came_of_it(request: Request, slug: str) -> HttpResponse:
    """We asked, you said, we did."""
    found = _round(slug)
    first = {"asked": found.asked or found.why, "said": found.said, "did": found.did}
    form = CameOfItForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            actions.answer_round(round=found, by=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, _("Answered in public. Whoever left a way to be reached is told."))
            return redirect("voices:desk-round", slug)
    return render(
        request,
        "voices/desk_form.html",
        {"round": found, "form": form, "title": _("We asked, you said, we did"), "do": _("Answer in public")},
        status=422 if form.errors else 200,
    )
