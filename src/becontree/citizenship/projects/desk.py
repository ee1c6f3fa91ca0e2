"""The desk of the officers who check projects."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from becontree.citizenship.projects import actions, queries
from becontree.citizenship.projects.checklist import CHECKLIST
from becontree.citizenship.projects.forms import CheckForm, ReasonForm
from becontree.citizenship.projects.models import Check, Organiser, Project
from becontree.foundations.access import reads
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import Invalid, Refused
from becontree.foundations.kit.forms import form_page
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.foundations.record.models import Thing
from becontree.methods import screening

TEAM = "officer:funding"
GIVEN_BACK = 100  # shown at most, the longest away first


@gate(TEAM)
def waiting(request: Request) -> HttpResponse:
    """Who waits for us, and for whom we wait."""
    back = queries.given_back()[:GIVEN_BACK]
    return render(request, "projects/desk_list.html", {"page": page(request, queries.waiting(), 25), "back": back})


@gate(TEAM)
def check(request: Request, slug: str) -> HttpResponse:
    """One project: its papers, its checklist, and the two ends of it: verified, or given back with reasons."""
    project = get_object_or_404(Project.objects.select_related("ward", "organisation"), slug=slug)
    people = list(
        Organiser.objects.visible_to(request.user, "verification").filter(project=project).select_related("person")
    )
    reads.record(request.user, people, "verification", request.now)
    wanted = request.POST.get("do", "")
    reason = request.POST.get("reason", "")[:2_000]
    back = ReasonForm(request.POST if wanted == "back" else None, initial={"reason": reason})
    typed: dict[str, Check] = {}
    try:
        if wanted == "check":
            form = CheckForm(request.POST)
            if form.is_valid():
                actions.decide_check(project=project, by=request.user, now=request.now, **form.cleaned_data)
                messages.success(request, gettext("Noted."))
                return redirect("projects:check", slug)
            messages.error(request, gettext("Choose one of the states."))
        elif wanted in {"all", "verify"}:
            typed = _save_checklist(request, project)
            if not typed and wanted == "all":
                messages.success(request, gettext("The checklist is saved."))
                if not reason.strip():  # else the page is shown again with it: it is not sent yet
                    return redirect("projects:check", slug)
            elif not typed:
                actions.verify(project=project, by=request.user, now=request.now)
                messages.success(request, gettext("Checked and public."))
                return redirect("projects:desk")
        elif wanted == "back":
            typed = _save_checklist(request, project)
            if back.is_valid() and not typed:
                actions.give_back(project=project, reason=back.cleaned_data["reason"], by=request.user, now=request.now)
                messages.success(request, gettext("Given back with your words."))
                return redirect("projects:desk")
    except Refused as refused:
        messages.error(request, refused.message)
    found = {one.code: one for one in project.checks.all()} | typed
    texts = (project.title, project.summary, project.story)  # they enter the record when the project is verified
    return form_page(
        request,
        "projects/desk_check.html",
        {
            "project": project,
            "people": people,
            "budget": queries.budget(project),
            "needs": project.needs.all(),
            "evidence": project.evidence.defer("content"),
            "causes": _causes(project),
            "checks": [(item, found.get(item.code)) for item in CHECKLIST],
            "states": Check.State.choices,
            "back": back,
            "reason": reason,
            "form": back,
            "doubts": [(one.why, text[one.start : one.end]) for text in texts for one in screening.find(text)],
        },
    )


def _save_checklist(request: Request, project: Project) -> dict[str, Check]:
    """Save what stands on the form, whichever button was pressed; what was refused comes back as it was typed."""
    before = {one.code: one for one in project.checks.all()}
    refused: dict[str, Check] = {}
    for item in CHECKLIST:
        state = request.POST.get(f"state-{item.code}", "")
        note = request.POST.get(f"note-{item.code}", "").strip()[:400]
        old = before.get(item.code)
        if not state or (old and (old.state, old.note) == (state, note)):
            continue  # untouched: who decided it, and when, stays
        try:
            actions.decide_check(
                project=project, code=item.code, state=state, note=note, by=request.user, now=request.now
            )
        except Invalid as error:
            messages.error(request, f"{item.name}: {error.message}")
            refused[item.code] = Check(project=project, code=item.code, state=state, note=note)
    return refused


def _causes(project: Project) -> list[Thing]:
    """What it comes from, by name; what the record does not know (any more) by its reference."""
    refs = list(project.causes.order_by("pk").values_list("ref", flat=True))
    known = Thing.objects.in_bulk(refs)
    return [known.get(ref) or Thing(ref=ref, kind=ref.partition("/")[0], title=ref) for ref in refs]
