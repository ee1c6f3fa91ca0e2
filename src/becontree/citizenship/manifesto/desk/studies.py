"""The theming workbench: a study's cards, one theme's texts, the tray, and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from becontree.citizenship.manifesto import actions
from becontree.citizenship.manifesto.forms import ImportForm, RunForm, StudyForm
from becontree.citizenship.manifesto.models import Study, Theme
from becontree.citizenship.manifesto.queries import promised as promise_reads
from becontree.citizenship.manifesto.queries import workbench as reads
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import Invalid, Refused
from becontree.foundations.kit.forms import form_page, told_in
from becontree.foundations.kit.ids import short_id
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request

TEAM: Final = "officer:engagement"
PAGE: Final = 25
CARDS: Final = 200  # all themes of any study on one page, so that any two can be joined
TOKEN: Final = 20


@gate(TEAM)
def front(request: Request) -> HttpResponse:
    """What there is: studies, aspirations, promises, reports, each with its next step."""
    from becontree.citizenship.manifesto.models import Promise, Report

    return render(
        request,
        "manifesto/desk_front.html",
        {
            "studies": reads.studies()[:20],
            "aspirations": promise_reads.aspirations()[:40],
            "promises": Promise.objects.all()[:60],
            "reports": Report.objects.defer("document")[:10],
        },
    )


@gate(TEAM)
def begin(request: Request) -> HttpResponse:
    form = StudyForm(request.POST or None, initial={"once": short_id(TOKEN)})
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            study = actions.begin(**form.cleaned_data, by=request.user, now=request.now)
            messages.success(request, _("Begun. Now let it be sorted, or bring a file of answers."))
            return redirect("manifesto:study", study.slug)
    return form_page(request, "manifesto/desk_begin.html", {"form": form})


@gate(TEAM)
def bring(request: Request, slug: str) -> HttpResponse:
    study = get_object_or_404(Study, slug=slug)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with told_in(form):
            came = actions.import_answers(
                study=study,
                content=given["file"].read(8_000_001),
                name=given["file"].name or "",
                column=given["column"],
                person_column=given["person_column"],
                may_quote=given["may_quote"],
                by=request.user,
                now=request.now,
            )
            messages.success(request, ngettext("%(n)d text came in.", "%(n)d texts came in.", came) % {"n": came})
            return redirect("manifesto:study", slug)
    return form_page(request, "manifesto/desk_bring.html", {"form": form, "study": study})


def numbers(values: Sequence[str]) -> list[int]:
    """Whole numbers among what a form sent, also several in one value ("12,15"); anything else is passed over."""
    found = [one for value in values for one in value[:2_000].split(",")]
    return [int(one) for one in found if one.isascii() and one.isdigit() and len(one) < 10]


@gate(TEAM)
def study(request: Request, slug: str) -> HttpResponse:
    """The cards, largest theme first: name them, join them; let the machine sort; show the named ones to everybody."""
    found = get_object_or_404(Study, slug=slug)
    run_form = RunForm()
    if request.method == "POST":
        try:
            said = _study_act(request, found)
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            if said:
                messages.success(request, said)
            return redirect(request.get_full_path())
    shown = page(request, reads.themes(found), CARDS)
    return render(
        request,
        "manifesto/desk_study.html",
        {
            "study": found,
            "page": shown,
            "cards": reads.cards(found, shown.object_list),
            "counts": reads.counts(found),
            "run": found.runs.defer("base").first(),
            "run_form": run_form,
            "once": short_id(TOKEN),
            "posted": request.POST,
            "ticked": set(request.POST.getlist("themes")),
        },
    )


def _study_act(request: Request, found: Study) -> str:
    wanted, once = request.POST.get("do", ""), request.POST.get("once", "")[:28]
    who: dict[str, Any] = {"by": request.user, "now": request.now}
    if wanted == "run":
        actions.ask_for_run(study=found, backend=request.POST.get("backend", "words"), **who)
        return _("It is being sorted. You can go on working meanwhile.")
    if wanted == "publish":
        actions.publish(study=found, **who)
        return _("Everybody can see the themes that have a name.")
    if wanted == "merge":
        actions.act(
            study=found,
            kind="merge",
            themes=request.POST.getlist("themes")[:200],
            label=request.POST.get("label", ""),
            once=once,
            **who,
        )
        return _("Joined.")
    if wanted == "names":
        known = {theme.code: theme for theme in reads.themes(found)}
        done = 0
        for at, (code, theme) in enumerate(known.items()):
            label = " ".join(request.POST.get(f"name-{code}", "").split())
            if label and not (theme.named and theme.label == label):
                actions.act(study=found, kind="name", theme=code, label=label, once=f"{once}.{at}"[:32], **who)
                done += 1
        if not done:
            raise Invalid("act.names", _("Write a name for at least one theme."))
        return ngettext("%(n)d theme has its name.", "%(n)d themes have their names.", done) % {"n": done}
    raise Invalid("act.kind", _("Choose what to do."))


@gate(TEAM)
def theme(request: Request, slug: str, code: str) -> HttpResponse:
    """One theme's texts, the doubtful ones first."""
    found = get_object_or_404(Theme.objects.select_related("study"), study__slug=slug, code=code, live=True)
    rows = reads.members(found)
    shown = page(request, rows, PAGE)
    placed = list(shown.object_list)
    if request.method == "POST":
        try:
            said, stays = _theme_act(request, found, [one.clause.number for one in placed])
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, said)
            return redirect(request.get_full_path()) if stays else redirect("manifesto:study", slug)
    near = {one.clause_id: one.near for one in placed}
    return render(
        request,
        "manifesto/desk_theme.html",
        {
            "study": found.study,
            "theme": found,
            "page": shown,
            "parts": reads.together(reads.parts([one.clause for one in placed], near)),
            "others": [one for one in reads.themes(found.study) if one.pk != found.pk],
            "once": short_id(TOKEN),
            "posted": request.POST,
            "ticked": set(numbers(request.POST.getlist("clauses"))),
        },
    )


def _theme_act(request: Request, found: Theme, here: list[int]) -> tuple[str, bool]:
    """Do what was asked; returns what to say, and whether the theme is still there."""
    post = request.POST
    kind, target = _wanted(post, "split"), post.get("target", "")
    which = post.get("which", "ticked")
    ticked = numbers(post.getlist("clauses"))
    if which == "page":
        ticked = here
    elif which == "all":
        ticked = list(reads.members(found).values_list("clause__number", flat=True))
    given: dict[str, Any] = {
        "study": found.study, "by": request.user, "now": request.now, "once": post.get("once", "")[:32]
    }  # fmt: skip
    label = post.get("label", "")
    if kind == "name":
        actions.act(kind="name", theme=found.code, label=post.get("name", ""), **given)
        return _("Named."), True
    if kind in {"hide", "show"}:
        actions.act(kind=kind, theme=found.code, **given)
        return (_("It will never be shown in public.") if kind == "hide" else _("It may be shown again.")), True
    if kind == "merge":
        actions.act(kind="merge", themes=[target, found.code], **given)
        return _("Joined."), False
    if kind == "split":
        actions.act(kind="split", theme=found.code, clauses=ticked, label=label, **given)
        return _("Split off."), True
    if kind in {"move", "add"}:
        actions.act(kind=kind, theme=target, clauses=ticked, **given)
        return (_("Moved.") if kind == "move" else _("Added to the other theme as well.")), True
    if kind in {"keep", "remove"}:
        actions.act(kind=kind, theme=found.code, clauses=ticked, **given)
        return (_("Noted: they belong here.") if kind == "keep" else _("Taken out.")), True
    if kind == "exclude":
        actions.act(kind="exclude", clauses=ticked, reason=post.get("reason", ""), **given)
        return _("Left out of everything."), True
    raise Invalid("act.kind", _("Choose what to do."))


@gate(TEAM)
def tray(request: Request, slug: str) -> HttpResponse:
    """What is not yet sorted, with the machine's best guess; the surest first."""
    found = get_object_or_404(Study, slug=slug)
    out = request.GET.get("out") == "yes"
    rows = reads.left_out(found) if out else reads.tray(found)
    shown = page(request, rows, PAGE)
    clauses = list(shown.object_list)
    if request.method == "POST":
        try:
            said = _tray_act(request, found, {one.number: one.guess for one in clauses})
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, said)
            return redirect(request.get_full_path())
    known = {one.code: one for one in reads.themes(found)}
    parts = reads.parts(clauses)
    return render(
        request,
        "manifesto/desk_tray.html",
        {
            "study": found,
            "page": shown,
            "rows": [(part, known.get(part.guess)) for part in parts],
            "themes": list(known.values()),
            "out": out,
            "once": short_id(TOKEN),
            "posted": request.POST,
            "ticked": set(numbers(request.POST.getlist("clauses"))),
        },
    )


def _wanted(post: QueryDict, new_theme: str) -> str:
    """The act that was asked for. Enter in a field asks for what the field is for, where only that one is filled in."""
    if post.get("do") != "typed":
        return post.get("do", "")
    label, reason = post.get("label", "").strip(), post.get("reason", "").strip()
    if label and reason:
        raise Invalid("act.kind", _("Choose what to do: a new theme, or leaving them out."))
    return new_theme if label else "exclude" if reason else ""


def _tray_act(request: Request, found: Study, guesses: dict[int, str]) -> str:
    post = request.POST
    kind, once = _wanted(post, "seed"), post.get("once", "")[:28]
    ticked = list(guesses) if post.get("which") == "page" else numbers(post.getlist("clauses"))
    given: dict[str, Any] = {"study": found, "by": request.user, "now": request.now}
    if kind == "guess":
        by_theme: dict[str, list[int]] = {}
        for number in ticked:
            if guesses.get(number):
                by_theme.setdefault(guesses[number], []).append(number)
        if not by_theme:
            raise Invalid("act.incomplete", _("Choose at least one text that has a guess."), "clauses")
        for at, (code, own) in enumerate(sorted(by_theme.items())):
            actions.act(kind="move", theme=code, clauses=own, once=f"{once}.{at}"[:32], **given)
        return _("Sorted as guessed.")
    if kind == "move":
        actions.act(kind="move", theme=post.get("target", ""), clauses=ticked, once=once, **given)
        return _("Moved.")
    if kind == "seed":
        actions.act(kind="seed", label=post.get("label", ""), clauses=ticked, once=once, **given)
        return _("A new theme has begun. The next run looks for more like it.")
    if kind == "exclude":
        actions.act(kind="exclude", clauses=ticked, reason=post.get("reason", ""), once=once, **given)
        return _("Left out of everything.")
    if kind == "include":
        actions.act(kind="include", clauses=ticked, once=once, **given)
        return _("Back in the tray.")
    if kind == "nowhere":
        actions.act(kind="place", themes=[], clauses=ticked, once=once, **given)
        return _("Noted: they belong to no theme.")
    raise Invalid("act.kind", _("Choose what to do."))


@gate(TEAM)
def history(request: Request, slug: str) -> HttpResponse:
    """What people did, newest first; each act can be undone, and done again."""
    found = get_object_or_404(Study, slug=slug)
    if request.method == "POST":
        number = (numbers([request.POST.get("number", "")]) or [0])[0]
        again = request.POST.get("do") == "redo"
        try:
            do = actions.redo if again else actions.undo
            do(study=found, number=number, by=request.user, now=request.now)
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, _("It counts again.") if again else _("Undone."))
            return redirect(request.get_full_path())
    shown = page(request, reads.history(found), PAGE)
    steps = list(shown.object_list)
    names = reads.names_of(steps)
    labels = {one.code: str(one) for one in found.themes.all()}
    return render(
        request,
        "manifesto/desk_history.html",
        {
            "study": found,
            "page": shown,
            "rows": [
                {
                    "step": step,
                    "who": names.get(step.by, ""),
                    "undone_by": names.get(step.undone_by, ""),
                    "themes": [
                        labels.get(code, code)
                        for code in [step.said.get("theme"), *step.said.get("themes", [])]
                        if code
                    ],
                    "texts": len(step.said.get("clauses", [])),
                }
                for step in steps
            ],
            "runs": found.runs.defer("base")[:10],
        },
    )
