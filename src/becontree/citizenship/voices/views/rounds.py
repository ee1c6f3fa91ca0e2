"""Listening rounds for everybody: which there are, answer one without an account, what came of it."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from becontree.citizenship.voices import actions, queries, tokens
from becontree.citizenship.voices.forms import AboutYouForm, RespondForm
from becontree.citizenship.voices.forms.resident import UNKNOWN_POSTCODE
from becontree.citizenship.voices.models import Channel, Question, Round
from becontree.citizenship.voices.views.flood import TOO_MANY, TOO_MANY_ABOUT_YOU, flooded
from becontree.foundations.access.gates import gate
from becontree.foundations.kit import once
from becontree.foundations.kit.downloads import csv_download, json_download
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.forms import put_errors
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.remembered import remembered
from becontree.foundations.kit.requests import Request
from becontree.foundations.record.queries import thread
from becontree.methods.suppression import few

MIX_FIELDS: Final = ["what", "value", "name", "count", "of", "share"]
LAST: Final[tuple[str, ...]] = ("ward", "postcode", "may_quote", "contact")  # asked after the questions


@gate("everyone")
def rounds(request: Request) -> HttpResponse:
    """Open rounds first, then what was heard before."""
    shown = page(request, queries.rounds(), 20)
    return render(request, "voices/rounds.html", {"page": shown, "counts": queries.people_in(shown.object_list)})


def _public(slug: str) -> Round:
    return get_object_or_404(queries.rounds(), slug=slug)


@gate("everyone")
def round(request: Request, slug: str) -> HttpResponse:
    """One round: what it can change, who answers and when; after it closes, who was heard and what came of it."""
    found = _public(slug)
    closed = found.state in {Round.State.CLOSED, Round.State.ANSWERED}
    # A round that has closed is read by a borough on one evening, and its figures hardly move any more.
    heard = remembered(("heard", found.pk), lambda: queries.heard(found)) if closed else None
    return render(
        request,
        "voices/round.html",
        {
            "round": found,
            "questions": asked(found),
            "wards": found.wards.defer("geometry"),
            "takes": found.takes_answers(request.today),
            "mix": queries.tables(heard) if heard else [],
            "people": None if heard is None or few(heard.people) else heard.people,
            "anybody": not closed and found.responses.exists(),
            "updates": queries.updates(found),
            "thread": thread(found.ref, most=40),
            "quotes": queries.quotes(found) if closed else [],
        },
    )


def asked(found: Round, language: str = "") -> list[dict[str, Any]]:
    """The questions with their words in the reader's language: {"question", "text", "hint", "by", "language"}."""
    code = (language or get_language() or "en").partition("-")[0]
    return [{"question": question, **question.said_in(code)} for question in found.questions.all()]


@never_cache
@gate("everyone")
def respond(request: Request, slug: str) -> HttpResponse:
    """Answer: one page, or one question a page; look it over; send. No account, no script."""
    found = _public(slug)
    if not found.takes_answers(request.today):
        return redirect("voices:round", slug)
    return answer_pages(request, found)


def answer_pages(request: Request, found: Round, *, trial: bool = False) -> HttpResponse:
    """The pages of answering. `trial`: an officer looks at them before the round opens; nothing is sent."""
    questions = list(found.questions.all())
    posted = request.POST if request.method == "POST" else None
    form = RespondForm(
        posted,
        round=found,
        questions=questions,
        within=list(found.wards.defer("geometry")),
        language=(get_language() or "en").partition("-")[0],
        initial={"once": tokens.fresh()},
    )
    steps = _steps(found, form)
    at = _step(request, len(steps))
    do = request.POST.get("do", "") if posted is not None else ""
    typed = form.data.get("postcode", "").strip()[:12] if posted is not None else ""
    if do == "ward":
        ward = form.found_ward(typed)
        if ward is None and "postcode" not in form.errors:
            form.add_error("postcode", UNKNOWN_POSTCODE)
        return _ask(request, found, form, steps, at, trial, status=200 if ward else 422, ward_found=ward)
    if typed and form.data.get("ward"):
        form.put_down_postcode()  # a ward was chosen from the list
    elif typed:
        form.found_ward(typed)
    if do in {"next", "check", "send"} and not form.is_valid():
        at = _step_of(form, steps, at)
        return _ask(request, found, form, steps, at, trial, status=422)
    if do == "next" and at + 1 < len(steps):
        return _ask(request, found, form, steps, at + 1, trial)
    if do == "back" and at > 0:
        return _ask(request, found, form, steps, at - 1, trial)
    if do in {"next", "check"}:
        return _look_over(request, found, form, questions, steps, trial)
    if do == "send" and not trial:
        return _send(request, found, form, questions, steps)
    return _ask(request, found, form, steps, at, trial)


def _steps(found: Round, form: RespondForm) -> list[list[str]]:
    last = [name for name in LAST if name in form.fields]
    if found.layout == Round.Layout.EACH:
        return [[name] for name in form.questions] + [last]
    return [[*form.questions, *last]]


def _step(request: Request, most: int) -> int:
    given = request.POST.get("step", "0")
    return min(int(given), most - 1) if given.isascii() and given.isdigit() and len(given) < 4 else 0


def _step_of(form: RespondForm, steps: list[list[str]], at: int) -> int:
    """The first page on which something is wrong."""
    return next((number for number, names in enumerate(steps) if set(names) & set(form.errors)), at)


def _ask(
    request: Request, found: Round, form: RespondForm, steps: list[list[str]], at: int, trial: bool, status: int = 200,
    ward_found: Any = None,
) -> HttpResponse:  # fmt: skip
    form.only(steps[at])
    if form.is_bound and not form.errors:
        form.errors.clear()
    return render(
        request,
        "voices/respond.html",
        {
            "round": found,
            "form": form,
            "step": at,
            "number": at + 1,
            "steps": len(steps),
            "last": at == len(steps) - 1,
            "trial": trial,
            "translated": _translated(form),
            "ward_found": ward_found,
        },
        status=status,
    )


def _translated(form: RespondForm) -> str:
    """ "machine" where a question's words were translated by one, so that the page says so."""
    language = (get_language() or "en").partition("-")[0]
    by = {question.said_in(language)["by"] for question in form.questions.values()}
    return "machine" if "machine" in by else ""


def _look_over(
    request: Request, found: Round, form: RespondForm, questions: list[Question], steps: list[list[str]], trial: bool
) -> HttpResponse:
    if not any(text.strip() for text in form.answers.values()):
        form.add_error(next(iter(form.questions)), _("Say at least one thing, in your own words."))
        return _ask(request, found, form, steps, 0, trial, status=422)
    said = [(form.fields[name].label, form.cleaned_data.get(name, "")) for name in form.questions]
    ward, contact = form.ward_chosen, form.cleaned_data.get("contact", "")
    quote = form.cleaned_data["may_quote"]
    form.only([])
    return render(
        request,
        "voices/look_over.html",
        {"round": found, "form": form, "said": said, "ward": ward, "contact": contact, "quote": quote, "trial": trial},
    )


def _send(
    request: Request, found: Round, form: RespondForm, questions: list[Question], steps: list[list[str]]
) -> HttpResponse:
    if form.cleaned_data["website"]:  # only a program fills in what nobody can see
        return redirect("voices:round", found.slug)
    if flooded(request):
        form.add_error(None, TOO_MANY)
        return _ask(request, found, form, steps, 0, False, status=429)
    whole = form.cleaned_data | {"language": get_language() or "en"}
    key = once.mark(form.cleaned_data["once"], whole, whose=once.sender(request)) or tokens.fresh()
    try:
        response = actions.respond(
            round=found,
            answers=form.answers,
            channel=Channel.WEB,
            by=request.user if request.user.is_authenticated else None,
            now=request.now,
            key=f"web:{key}",
            ward=form.ward_chosen,
            language=(get_language() or "en").partition("-")[0],
            may_quote=form.cleaned_data["may_quote"],
            contact=form.cleaned_data.get("contact") or None,
        )
    except Invalid as refused:
        put_errors(form, Invalid(refused.code, refused.message, errors=form.names_of(refused.errors)))
        return _ask(request, found, form, steps, _step_of(form, steps, 0), False, status=422)
    except Clash:
        return redirect("voices:round", found.slug)
    return redirect("voices:own-thanks", tokens.own(response))


@never_cache
@gate("everyone")
def about_you(request: Request, slug: str) -> HttpResponse:
    """Optional questions about oneself, on a page of their own: nothing joins them to what was said."""
    found = _public(slug)
    token = request.POST.get("token") or request.GET.get("token", "")
    mark = tokens.opened(token, found)
    if not found.asks_equality or not mark:
        raise Http404
    form = AboutYouForm(request.POST if request.method == "POST" else None)
    page = {"round": found, "form": form, "token": token}
    if found.state != Round.State.OPEN:
        return render(request, "voices/about_you_done.html", page | {"why": "closed"}, status=409)
    if request.method != "POST":
        return render(request, "voices/about_you.html", page)
    if flooded(request, "about-you"):
        form.add_error(None, TOO_MANY_ABOUT_YOU)
        return render(request, "voices/about_you.html", page, status=429)
    if form.is_valid():
        try:
            actions.tell_apart(round=found, mark=mark, answers=form.answers, now=request.now)
        except Clash as clash:
            why = clash.code.removeprefix("equality.")
            return render(request, "voices/about_you_done.html", page | {"why": why}, status=409)
        return render(request, "voices/about_you_done.html", page)
    return render(request, "voices/about_you.html", page, status=422)


def _mix_rows(found: Round) -> list[list[Any]]:
    return [
        [table.name, row.value, row.name, row.count, table.whole, row.share]
        for table in queries.tables(queries.heard(found))
        for row in table.rows
    ]


def _counted(slug: str) -> Round:
    found = _public(slug)
    if found.state not in {Round.State.CLOSED, Round.State.ANSWERED}:
        raise Http404  # no running count while people still answer
    return found


@gate("everyone")
def mix_csv(request: Request, slug: str) -> HttpResponseBase:
    found = _counted(slug)
    return csv_download(request, f"heard-{found.slug}", MIX_FIELDS, _mix_rows(found))


@gate("everyone")
def mix_json(request: Request, slug: str) -> HttpResponseBase:
    return json_download(request, MIX_FIELDS, _mix_rows(_counted(slug)))
