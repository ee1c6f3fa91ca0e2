"""Typing in paper, text messages, calls and classes: one screen, hands on the keyboard."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from becontree.citizenship.voices import actions, queries, tokens
from becontree.citizenship.voices.actions.piles import differences as differing
from becontree.citizenship.voices.desk.moderation import TEAM
from becontree.citizenship.voices.forms.piles import ClassForm, ClerkForm, PileForm
from becontree.citizenship.voices.models import Batch, Keying, Round
from becontree.foundations.access.gates import gate
from becontree.foundations.kit import once
from becontree.foundations.kit.errors import Invalid, Refused
from becontree.foundations.kit.forms import focus_error, put_errors, told_in
from becontree.foundations.kit.requests import Request


def taking_rounds(asked: str) -> tuple[list[Round], Round | None]:
    """The rounds that take a pile or a file; and the one that was asked for, where it takes nothing."""
    taking = list(Round.objects.filter(state__in=[Round.State.OPEN, Round.State.CLOSED]))
    if not asked or asked in {str(each.pk) for each in taking}:
        return taking, None
    others = Round.objects.filter(state__in=[Round.State.DRAFT, Round.State.ANSWERED])
    return taking, next((each for each in others if str(each.pk) == asked), None)


@gate(TEAM)
def begin(request: Request) -> HttpResponse:
    """Begin a pile or a class."""
    taking, shut = taking_rounds(request.GET.get("round", ""))
    asked = [each for each in taking if str(each.pk) == request.GET.get("round", "")] or taking
    # Forms of a round that is closed came while it was open.
    last = asked[0].closes_on if len(asked) == 1 else None
    first: dict[str, Any] = {"said_on": min(request.today, last or request.today)}
    first |= {"round": request.GET["round"]} if "round" in request.GET else {}
    form = PileForm(request.POST or None, rounds=taking, initial=first)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        way = Batch.Way(chosen["way"])
        if way == Batch.Way.CLASS:
            chosen["channel"] = "school"
        with told_in(form):
            made = actions.begin_pile(
                round=form.rounds.get(chosen["round"]), by=request.user, now=request.now, way=way,
                kept={name: str(chosen[name] or "") for name in ("channel", "said_on", "place", "language", "source")},
            )  # fmt: skip
            return redirect("voices:class" if way == Batch.Way.CLASS else "voices:pile", made.handle)
    return render(
        request, "voices/desk_pile_begin.html", {"form": form, "shut": shut}, status=422 if form.errors else 200
    )


def _pile(handle: str, *ways: str) -> Batch:
    rows = Batch.objects.select_related("round").defer("content")
    return get_object_or_404(rows, handle=handle, way__in=ways)


def _form(
    request: Request, batch: Batch, initial: dict[str, Any], *, data: Any = None, about: bool = False
) -> ClerkForm:
    questions = list(batch.round.questions.all()) if batch.round is not None else []
    return ClerkForm(data, round=batch.round, questions=questions, initial=initial, about=about)


def _kept(batch: Batch, today: date) -> dict[str, Any]:
    kept = {name: value for name, value in batch.kept.items() if value}
    return {"said_on": today, "language": "en"} | kept | {"once": tokens.fresh()}


@never_cache
@gate(TEAM)
def pile(request: Request, handle: str) -> HttpResponse:
    """One form after the other. Saving returns to the first field; what was set of place, day and language stays."""
    batch = _pile(handle, Batch.Way.CLERK)
    form = _form(
        request, batch, _kept(batch, request.today), data=request.POST if request.POST.get("do") == "save" else None,
        about=True,
    )  # fmt: skip
    do = request.POST.get("do", "")
    try:
        if do == "save" and form.is_valid():
            actions.type_in(batch=batch, form=form.said(), by=request.user, now=request.now)
            return redirect(request.path)
        if do == "undo":
            number = actions.undo_last(batch=batch, by=request.user, now=request.now)
            messages.success(request, _("Form %(number)s is taken out again.") % {"number": number})
            return redirect(request.path)
        if do == "finish":
            actions.finish_pile(batch=batch, by=request.user, now=request.now)
            messages.success(request, _("The pile is finished."))
            return redirect("voices:batches")
    except Invalid as refused:
        put_errors(form, Invalid(refused.code, refused.message, errors=form.names_of(refused.errors)))
    except Refused as refused:
        messages.error(request, refused.message)
    focus_error(form)
    return render(
        request,
        "voices/desk_pile.html",
        {"batch": batch, "form": form, "counted": queries.pile_counts(batch)},
        status=422 if form.errors else 200,
    )


@never_cache
@gate(TEAM)
def second(request: Request, handle: str) -> HttpResponse:
    """Type the forms of another clerk's pile again, blind."""
    batch = _pile(handle, Batch.Way.CLERK)
    waiting = queries.to_type_again(batch, request.user).first()
    form = _form(request, batch, _kept(batch, request.today), data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        number = request.POST.get("number", "")
        try:
            made = actions.type_again(
                batch=batch, number=int(number) if number.isdigit() and len(number) < 7 else 0, form=form.said(),
                by=request.user, now=request.now,
            )  # fmt: skip
            if made is None:
                messages.warning(request, _("Form %(number)s differs from the first typing.") % {"number": number})
            return redirect(request.path)
        except Invalid as refused:
            put_errors(form, Invalid(refused.code, refused.message, errors=form.names_of(refused.errors)))
        except Refused as refused:
            form.add_error(None, refused.message)
    focus_error(form)
    return render(
        request,
        "voices/desk_second.html",
        {"batch": batch, "form": form, "waiting": waiting, "counted": queries.pile_counts(batch)},
        status=422 if form.errors else 200,
    )


@never_cache
@gate(TEAM)
def differences(request: Request, handle: str) -> HttpResponse:
    """Two typings that differ, side by side; somebody looks at the paper and settles each form."""
    batch = _pile(handle, Batch.Way.CLERK)
    pairs = queries.differing(batch)
    first, again = pairs[0] if pairs else (None, None)
    form = None
    if first is not None and again is not None:
        form = _form(request, batch, _initial(batch, first), data=request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                actions.resolve(batch=batch, number=first.number, form=form.said(), by=request.user, now=request.now)
                messages.success(request, _("Form %(number)s is settled.") % {"number": first.number})
                return redirect(request.path)
            except Invalid as refused:
                put_errors(form, Invalid(refused.code, refused.message, errors=form.names_of(refused.errors)))
    return render(
        request,
        "voices/desk_differences.html",
        {
            "batch": batch,
            "form": form,
            "first": first,
            "rows": _side_by_side(form, first, again) if form is not None and first and again else [],
            "left": len(pairs),
        },
        status=422 if form is not None and form.errors else 200,
    )


def _initial(batch: Batch, keying: Keying) -> dict[str, Any]:
    """The first typing, as the form begins."""
    content = dict(keying.content)
    by_id: dict[str, str] = {
        str(question.pk): f"q{question.position}" for question in (batch.round.questions.all() if batch.round else ())
    }
    found: dict[str, Any] = {}
    for name, text in content.items():
        if name.startswith("q:"):
            found[by_id.get(name[2:]) or name] = text
    found |= {name: text for name, text in content.items() if not name.startswith("q:")}
    return found | {"may_quote": content.get("may_quote") == "yes", "once": tokens.fresh()}


def _side_by_side(form: ClerkForm, first: Keying, again: Keying) -> list[dict[str, Any]]:
    texts = {f"q:{question}": text for question, text in form.names.values()}
    labels = texts | {name: str(field.label) for name, field in form.fields.items()}
    return [
        {"label": labels.get(name, name), "first": first.content.get(name, ""), "again": again.content.get(name, "")}
        for name in differing(first, again)
    ]


@never_cache
@gate(TEAM)
def class_(request: Request, handle: str) -> HttpResponse:
    """A school class in one sitting."""
    batch = _pile(handle, Batch.Way.CLASS)
    questions = list(batch.round.questions.all()) if batch.round is not None else []
    form = ClassForm(
        request.POST if request.POST.get("do") == "save" else None, round=batch.round, questions=questions,
        initial={"once": tokens.fresh()},
    )  # fmt: skip
    try:
        if request.POST.get("do") == "finish":
            actions.finish_pile(batch=batch, by=request.user, now=request.now)
            return redirect("voices:batches")
        if request.POST.get("do") == "save" and form.is_valid():
            given = form.cleaned_data
            taken = actions.type_class(
                batch=batch, answers=form.answers(), key=once.mark(given["once"], given), by=request.user,
                now=request.now, may_quote=given["may_quote"],
            )  # fmt: skip
            messages.success(request, _("%(count)s children's words are taken down.") % {"count": taken.new})
            return redirect(request.path)
    except Refused as refused:
        said = " ".join(dict.fromkeys(refused.errors.values())) if isinstance(refused, Invalid) else refused.message
        form.add_error(None, said)
    focus_error(form)
    return render(
        request,
        "voices/desk_class.html",
        {"batch": batch, "form": form, "counted": queries.pile_counts(batch)},
        status=422 if form.errors else 200,
    )
