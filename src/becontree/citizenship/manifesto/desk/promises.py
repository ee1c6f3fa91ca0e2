"""Aspirations, adoption, targets, how promises stand, and the yearly report: the officers' pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from becontree.citizenship.manifesto import actions, sources
from becontree.citizenship.manifesto.desk.studies import TEAM, TOKEN
from becontree.citizenship.manifesto.forms import (
    AdoptForm,
    AspirationForm,
    ContinuesForm,
    PublishForm,
    ReasonsForm,
    ReportForm,
    StandingForm,
    TargetForm,
)
from becontree.citizenship.manifesto.models import Answer, Aspiration, Promise, Report, Target, Theme
from becontree.citizenship.manifesto.queries import against, telling
from becontree.citizenship.manifesto.queries import promised as reads
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.forms import form_page, put_errors, told_in
from becontree.foundations.kit.ids import short_id
from becontree.foundations.kit.requests import Request

OFFERED = 60  # quotes to choose from


def _themes() -> list[Theme]:
    return list(
        Theme.objects.filter(live=True, named=True, hidden=False, people__gt=0)
        .select_related("study")
        .order_by("-people", "id")[:100]
    )


def _offered(themes: list[str], kept: list[str]) -> list[tuple[str, str]]:
    """Words that may be quoted, from these themes (the most typical first), and those chosen already."""
    wanted = [int(pk) for pk in themes if pk.isdigit() and len(pk) < 18][:20]
    rows = (
        Answer.objects.filter(clauses__placements__theme__in=wanted, handle__gt="", may_quote=True)
        .order_by("-clauses__placements__near", "pk")
        .values_list("handle", flat=True)[: 4 * OFFERED]
    )
    handles = list(dict.fromkeys([*kept, *rows]))[: OFFERED + len(kept)]
    said = sources.words(handles)
    return [(one, said[one].words[:400]) for one in handles if one in said and said[one].may_quote]


@gate(TEAM)
def aspiration(request: Request, slug: str = "") -> HttpResponse:
    """Write an aspiration, or write a draft anew."""
    found = get_object_or_404(Aspiration, slug=slug) if slug else None
    initial: dict[str, Any] = {"once": short_id(TOKEN), "themes": request.GET.getlist("theme")}
    if found is not None:
        quotes = list(found.quotes.all())
        initial |= {
            "sentence": found.sentence,
            "rests_on": found.rests_on,
            "minority": found.minority,
            "themes": [str(pk) for pk in found.themes.values_list("pk", flat=True)],
            "quotes": [quote.handle for quote in quotes if not quote.minority],
            "minority_quotes": [quote.handle for quote in quotes if quote.minority],
        }
    chosen = request.POST.getlist("themes") if request.method == "POST" else initial["themes"]
    kept = [*initial.get("quotes", []), *initial.get("minority_quotes", [])]
    kept += request.POST.getlist("quotes") + request.POST.getlist("minority_quotes")
    themes = _themes()
    look = request.POST.get("do") == "look"
    form = AspirationForm(
        None if look else request.POST or None,
        initial=initial | {name: request.POST.get(name, "") for name in ("sentence", "rests_on", "minority")}
        | {name: request.POST.getlist(name) for name in ("themes", "quotes", "minority_quotes")} if look else initial,
        themes=themes,
        quotes=_offered([str(pk) for pk in chosen], kept),
    )  # fmt: skip
    if request.method == "POST" and not look and form.is_valid():
        given = form.cleaned_data
        by_pk = {str(one.pk): one for one in themes}
        with told_in(form):
            written = actions.write(
                **given | {"themes": [by_pk[pk] for pk in given["themes"]]},
                aspiration=found,
                by=request.user,
                now=request.now,
            )
            messages.success(request, _("Written down."))
            return redirect("manifesto:aspiration-desk", written.slug)
    return form_page(request, "manifesto/desk_write.html", {"form": form, "aspiration": found})


@gate(TEAM)
def aspiration_desk(request: Request, slug: str) -> HttpResponse:
    """One aspiration: put it before the people, see what they said, take it back, drop it, have it adopted."""
    found = get_object_or_404(Aspiration, slug=slug)
    wanted = request.POST.get("do", "")
    form = ReasonsForm(request.POST if wanted == "drop" else None)
    if request.method == "POST":
        try:
            if wanted == "open":
                actions.open_to_people(aspiration=found, by=request.user, now=request.now)
                messages.success(request, _("Everybody can read it now, and conversations can put it to the vote."))
                return redirect("manifesto:aspiration-desk", slug)
            if wanted == "back":
                actions.take_back(aspiration=found, by=request.user, now=request.now)
                messages.success(request, _("It is a draft again."))
                return redirect("manifesto:aspiration-desk", slug)
            if wanted == "drop" and form.is_valid():
                actions.drop(aspiration=found, by=request.user, now=request.now, **form.cleaned_data)
                messages.success(request, _("Not taken further; your reasons stand."))
                return redirect("manifesto:aspiration-desk", slug)
        except Refused as refused:
            put_errors(form, refused)
    promise = Promise.objects.filter(aspiration=found).first()
    return form_page(
        request,
        "manifesto/desk_aspiration.html",
        {
            "aspiration": found,
            "themes": found.themes.select_related("study"),
            "quotes": reads.quotes_of(found),
            "groups": reads.agreement_rows(found),
            "people": telling.people_behind(found),
            "promise": promise,
            "form": form,
        },
    )


@gate(TEAM)
def adopt(request: Request, slug: str) -> HttpResponse:
    found = get_object_or_404(Aspiration, slug=slug)
    form = AdoptForm(request.POST or None, initial={"sentence": found.sentence, "rationale": found.rests_on})
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            promise = actions.adopt(aspiration=found, by=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, _("The promise is on the record. Now give it its targets."))
            return redirect("manifesto:promise-desk", promise.slug)
    return form_page(request, "manifesto/desk_adopt.html", {"form": form, "aspiration": found})


@gate(TEAM)
def promise(request: Request, slug: str) -> HttpResponse:
    """One promise at the desk: its targets, and how it stands."""
    found = get_object_or_404(Promise.objects.select_related("aspiration"), slug=slug)
    wanted = request.POST.get("do", "")
    standing = StandingForm(
        request.POST if wanted == "standing" else None,
        prefix="standing",
        initial={
            "standing": "" if found.standing == Promise.Standing.NOT_SAID else found.standing,
            "on": request.today,
            "once": short_id(TOKEN),
        },
    )
    target = TargetForm(request.POST if wanted == "target" else None, prefix="target")
    gone = ReasonsForm(request.POST if wanted == "out" else None, prefix="out")
    looked = request.POST.get("look", request.GET.get("look", ""))[:200]
    offered = reads.projects_named(looked) if looked.strip() else []
    earlier = ContinuesForm(request.POST if wanted == "continues" else None, prefix="earlier", found=offered)
    tried: Any = {"standing": standing, "target": target, "out": gone, "continues": earlier}.get(wanted)
    if tried is not None and tried.is_valid():
        who: dict[str, Any] = {"by": request.user, "now": request.now}
        try:
            if wanted == "standing":
                actions.tell_standing(promise=found, **tried.cleaned_data, **who)
                messages.success(request, _("Everybody can read how it stands."))
            elif wanted == "target":
                given = tried.cleaned_data
                actions.set_target(promise=found, **given | {"measure": target.measures[given["measure"]]}, **who)
                messages.success(request, _("The target is set."))
            elif wanted == "continues":
                actions.continues(promise=found, **tried.cleaned_data, **who)
                messages.success(request, _("The promise names what it goes on with."))
            else:
                pk = request.POST.get("which", "")
                row = get_object_or_404(Target, pk=int(pk) if pk.isdigit() and len(pk) < 18 else 0, promise=found)
                actions.take_out_target(target=row, reasons=gone.cleaned_data["reasons"], **who)
                messages.success(request, _("Taken out; your reasons are on the record."))
            return redirect("manifesto:promise-desk", slug)
        except Refused as refused:
            put_errors(tried, refused)
    return form_page(
        request,
        "manifesto/desk_promise.html",
        {
            "promise": found,
            "standing": standing,
            "target": target,
            "gone": gone,
            "form": tried or standing,
            "targets": found.targets.select_related("measure"),
            "standings": reads.standings(found)[:50],
            "figures": _figures(found, request.today),
            "earlier": earlier,
            "looked": looked,
            "offered": offered,
            "continued": reads.continued([found.ref]),
        },
    )


def _figures(promise: Promise, today: date) -> list[dict[str, Any]]:
    """What was measured of each target, so that whoever says how the promise stands sees it first."""
    targets = promise.targets.select_related("measure").order_by("by_on", "id")
    going = [reads.series_of(target) for target in targets]
    said = {one.target.pk: actions.against_in_words(one) for one in against("on-track", going, today)}
    return [{"of": one, "said": said.get(one.target.pk, "")} for one in going]


@gate(TEAM)
def reports(request: Request) -> HttpResponse:
    """Make the yearly report, read it, publish it."""
    form = ReportForm(request.POST or None, initial={"year": request.today.year, "cut_on": request.today})
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            made = actions.make_report(**form.cleaned_data, by=request.user, now=request.now)
            messages.success(request, _("Made. Read it before you publish it."))
            return redirect("manifesto:report-desk", made.year)
    return form_page(
        request, "manifesto/desk_reports.html", {"form": form, "reports": Report.objects.defer("document")[:50]}
    )


@gate(TEAM)
def report(request: Request, year: int) -> HttpResponse:
    """The report as everybody will read it; published only by whoever says, beneath it, that they have read it."""
    found = get_object_or_404(Report, year=year)
    form = PublishForm(request.POST or None, initial={"sha256": found.sha256})
    if request.method == "POST" and form.is_valid():
        try:
            actions.publish_report(report=found, read=form.cleaned_data["sha256"], by=request.user, now=request.now)
        except Refused as refused:
            messages.error(request, refused.message)
            return redirect("manifesto:report-desk", year)
        messages.success(request, _("Published, and on the record."))
        return redirect("manifesto:report", year)
    return form_page(request, "manifesto/desk_report.html", {"report": found, "document": found.document, "form": form})
