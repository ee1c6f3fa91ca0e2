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
from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.methods import screening

TEAM = "officer:funding"


@gate(TEAM)
def waiting(request: Request) -> HttpResponse:
    return render(request, "projects/desk_list.html", {"page": page(request, queries.waiting(), 25)})


@gate(TEAM)
def check(request: Request, slug: str) -> HttpResponse:
    """One project: its papers, its checklist, and the two ends of it: verified, or given back with reasons."""
    project = get_object_or_404(Project.objects.select_related("ward", "organisation"), slug=slug)
    people = list(
        Organiser.objects.visible_to(request.user, "verification").filter(project=project).select_related("person")
    )
    reads.record(request.user, people, "verification", request.now)
    wanted = request.POST.get("do", "")
    back = ReasonForm(request.POST if wanted == "back" else None)
    try:
        if wanted == "check":
            form = CheckForm(request.POST)
            if form.is_valid():
                actions.decide_check(project=project, by=request.user, now=request.now, **form.cleaned_data)
                messages.success(request, gettext("Noted."))
                return redirect("projects:check", slug)
            messages.error(request, gettext("Choose one of the states."))
        elif wanted == "all":
            for item in CHECKLIST:
                if request.POST.get(f"state-{item.code}"):
                    actions.decide_check(
                        project=project,
                        code=item.code,
                        state=request.POST[f"state-{item.code}"],
                        note=request.POST.get(f"note-{item.code}", "")[:400],
                        by=request.user,
                        now=request.now,
                    )
            messages.success(request, gettext("The checklist is saved."))
            return redirect("projects:check", slug)
        elif wanted == "verify":
            actions.verify(project=project, by=request.user, now=request.now)
            messages.success(request, gettext("Checked and public."))
            return redirect("projects:desk")
        elif wanted == "back" and back.is_valid():
            actions.give_back(project=project, reason=back.cleaned_data["reason"], by=request.user, now=request.now)
            messages.success(request, gettext("Given back with your words."))
            return redirect("projects:desk")
    except Refused as refused:
        messages.error(request, refused.message)
    found = {one.code: one for one in project.checks.all()}
    texts = (project.title, project.summary, project.story)  # they enter the record when the project is verified
    return render(
        request,
        "projects/desk_check.html",
        {
            "project": project,
            "people": people,
            "budget": queries.budget(project),
            "needs": project.needs.all(),
            "evidence": project.evidence.defer("content"),
            "causes": project.causes.all(),
            "checks": [(item, found.get(item.code)) for item in CHECKLIST],
            "states": Check.State.choices,
            "back": back,
            "form": back,
            "doubts": [(one.why, text[one.start : one.end]) for text in texts for one in screening.find(text)],
        },
    )
