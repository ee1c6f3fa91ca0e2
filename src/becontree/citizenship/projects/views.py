"""An organiser's pages: begin a project, fill in its parts, ask for the check, tell the news, close it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.projects import actions, queries
from becontree.citizenship.projects.checklist import CHECKLIST
from becontree.citizenship.projects.forms import (
    CloseForm,
    EvidenceForm,
    LineSet,
    NeedSet,
    NewsForm,
    ResultSet,
    WordsForm,
)
from becontree.citizenship.projects.models import Evidence, Project
from becontree.citizenship.projects.permissions import checks, may_see, organises
from becontree.foundations.access.gates import gate
from becontree.foundations.kit import once
from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.forms import form_page, told_in
from becontree.foundations.kit.ids import short_id
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request


def _mine(request: Request, slug: str) -> Project:
    """The project, for somebody who runs it; for anybody else there is no such page."""
    project = get_object_or_404(Project.objects.select_related("ward", "organisation"), slug=slug)
    if not organises(request.user, project):
        raise Http404
    return project


@gate("signed-in")
def mine(request: Request) -> HttpResponse:
    return render(request, "projects/mine.html", {"page": page(request, queries.of_person(request.user), 20)})


@gate("signed-in")
def begin(request: Request) -> HttpResponse:
    """One form begins one project, however often the button is pressed."""
    because = request.GET.get("because", "")[:500].split()
    form = WordsForm(request.POST or None, person=request.user, because=because, initial={"once": short_id()})
    if request.method == "POST" and form.is_valid():
        key = once.mark(form.cleaned_data["once"], form.cleaned_data, whose=once.sender(request))
        with told_in(form):
            project = actions.propose(**form.given, causes=form.refs, once=key, by=request.user, now=request.now)
            messages.success(request, gettext("Saved as a draft that only you can see."))
            return redirect("projects:work", project.slug)
    return form_page(request, "projects/words.html", {"form": form, "new": True})


@gate("signed-in")
def work(request: Request, slug: str) -> HttpResponse:
    """One project for its people: what is there, what is missing, what to do next, who else runs it."""
    if token := request.GET.get("join", ""):
        return _join(request, slug, token)
    project = _mine(request, slug)
    link, do = "", request.POST.get("do", "")
    if do == "invite":
        token = actions.invite(project=project, by=request.user, now=request.now)
        link = request.build_absolute_uri(f"{request.path}?join={token}")
    elif do == "step-back":
        actions.step_back(project=project, by=request.user, now=request.now)
        messages.success(request, gettext("You no longer run it. Thank you for all you did."))
        return redirect("projects:mine")
    elif request.method == "POST":
        try:
            actions.submit(project=project, by=request.user, now=request.now)
            messages.success(request, gettext("Sent. We check it, and write to you."))
            return redirect("projects:work", slug)
        except Refused as refused:
            messages.error(request, refused.message)
            for said in getattr(refused, "errors", {}).values():
                messages.error(request, said)
    found = {check.code: check for check in project.checks.all()}
    return render(
        request,
        "projects/work.html",
        {
            "project": project,
            "budget": queries.budget(project),
            "needs": project.needs.all(),
            "causes": project.causes.all(),
            "evidence": project.evidence.defer("content"),
            "updates": project.updates.all()[:5],
            "checks": [(item, found.get(item.code)) for item in CHECKLIST] if found else [],
            "link": link,
            "others": project.organisers.filter(until=None).count() - 1,
        },
    )


def _join(request: Request, slug: str, token: str) -> HttpResponse:
    """For somebody who was handed an invitation: what it means, and a button. Without a good one there is no page."""
    project = get_object_or_404(Project, slug=slug)
    if organises(request.user, project):
        return redirect("projects:work", slug)
    if not actions.invited(project=project, token=token, now=request.now):
        raise Http404
    if request.method == "POST":
        actions.join_in(project=project, token=token, by=request.user, now=request.now)
        messages.success(request, gettext("You run it now, with whoever ran it before."))
        return redirect("projects:work", slug)
    refused = actions.why_not_join(project=project, person=request.user)
    return render(request, "projects/join.html", {"project": project, "refused": refused})


@gate("signed-in")
def words(request: Request, slug: str) -> HttpResponse:
    project = _mine(request, slug)
    because = list(project.causes.order_by("pk").values_list("ref", flat=True))
    initial = {
        "title": project.title,
        "summary": project.summary,
        "story": project.story,
        "theme": project.theme,
        "ward": project.ward_id or "",
        "place": project.place,
        "organisation": str(project.organisation_id or ""),
        "read": actions.as_read(project),
    }
    form = WordsForm(request.POST or None, person=request.user, because=because, initial=initial)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            read = form.cleaned_data["read"]
            actions.edit(project=project, by=request.user, now=request.now, read=read, **form.given)
            actions.name_causes(project=project, refs=form.refs, by=request.user, now=request.now)
            messages.success(request, gettext("Saved."))
            return redirect("projects:work", slug)
        form.data = request.POST.copy()  # they were told: kept again, it stands in place of what is there now
        form.data["read"] = actions.as_read(_mine(request, slug))
    return form_page(request, "projects/words.html", {"form": form, "project": project})


def _rows(formset: Any) -> list[dict[str, Any]]:
    return [form.cleaned_data for form in formset if form.has_changed() and form.cleaned_data]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that people fill in row by row: its form, what stands there now, and what is done with the rows."""

    what: str
    title: str | Promise
    formset: Any
    now: Callable[[Project], Iterable[Any]]
    save: Callable[[Project, list[dict[str, Any]], Request], Any]


BUDGET = Table(
    "budget",
    _("What it costs"),
    LineSet,
    lambda project: project.budget.values("what", "pence", "part", "basis"),
    lambda project, rows, request: actions.set_budget(
        project=project, lines=[actions.Line(**row) for row in rows], by=request.user, now=request.now
    ),
)
NEEDS = Table(
    "needs",
    _("Time, skills and things"),
    NeedSet,
    lambda project: project.needs.values("kind", "what", "quantity", "detail"),
    lambda project, rows, request: actions.set_needs(
        project=project, needs=[actions.Wanted(**row) for row in rows], by=request.user, now=request.now
    ),
)


def _table(request: Request, slug: str, table: Table) -> HttpResponse:
    project = _mine(request, slug)
    formset = table.formset(request.POST or None, initial=list(table.now(project)))
    problem = ""
    if request.method == "POST" and formset.is_valid():
        rows = [form.cleaned_data for form in formset if form.cleaned_data.get("what")]
        try:
            table.save(project, rows, request)
        except Refused as refused:
            problem = refused.message
        else:
            messages.success(request, gettext("Saved."))
            return redirect("projects:work", slug)
    return form_page(
        request,
        "projects/rows.html",
        {"project": project, "formset": formset, "problem": problem, "title": table.title, "what": table.what},
        wrong=bool(problem),
    )


@gate("signed-in")
def budget(request: Request, slug: str) -> HttpResponse:
    return _table(request, slug, BUDGET)


@gate("signed-in")
def needs(request: Request, slug: str) -> HttpResponse:
    return _table(request, slug, NEEDS)


@gate("signed-in")
def add_evidence(request: Request, slug: str) -> HttpResponse:
    project = _mine(request, slug)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with told_in(form):
            actions.add_evidence(
                project=project,
                kind=data["kind"],
                title=data["title"],
                upload=data["file"],
                public=data["public"],
                by=request.user,
                now=request.now,
            )
            messages.success(request, gettext("Kept."))
            return redirect("projects:work", slug)
    return form_page(
        request,
        "projects/form.html",
        {"form": form, "project": project, "title": "Add a paper or picture", "files": True, "do": "Keep it"},
    )


@gate("everyone")
def evidence(request: Request, slug: str, pk: Any) -> HttpResponse:
    """A paper or picture, as a download that a browser does not run."""
    found = get_object_or_404(Evidence.objects.select_related("project"), pk=pk, project__slug=slug)
    project = found.project
    if not (found.public and project.is_public) and not organises(request.user, project) and not checks(request.user):
        raise Http404
    answer = HttpResponse(bytes(found.content), content_type=found.media_type)
    ending = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}[found.media_type]
    where = "inline" if found.media_type.startswith("image/") and request.GET.get("show") else "attachment"
    answer["Content-Disposition"] = f'{where}; filename="{found.kind}-{str(found.pk)[:8]}.{ending}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@gate("signed-in")
def news(request: Request, slug: str) -> HttpResponse:
    project = _mine(request, slug)
    form = NewsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            actions.post_update(project=project, by=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, gettext("Your news is on the project's page."))
            return redirect("projects:work", slug)
    return form_page(
        request, "projects/form.html", {"form": form, "project": project, "title": "Tell the news", "do": "Publish it"}
    )


@gate("signed-in")
def close(request: Request, slug: str) -> HttpResponse:
    project = _mine(request, slug)
    form = CloseForm(request.POST or None)
    results = ResultSet(request.POST or None, prefix="results")
    if request.method == "POST" and form.is_valid() and results.is_valid():
        with told_in(form):
            actions.close(
                project=project,
                what_changed=form.cleaned_data["what_changed"],
                outcomes=[actions.Measured(**row) for row in _rows(results)],
                by=request.user,
                now=request.now,
            )
            messages.success(request, gettext("The project is closed, and everybody can read what changed."))
            return redirect("projects:work", slug)
    return form_page(request, "projects/close.html", {"form": form, "formset": results, "project": project})


def seen_by(request: Request, slug: str) -> Project:
    """A project that the reader may see, or a 404. For the pages that `web` composes."""
    project = get_object_or_404(Project.objects.select_related("ward", "organisation"), slug=slug)
    if not may_see(request.user, project):
        raise Http404
    return project
