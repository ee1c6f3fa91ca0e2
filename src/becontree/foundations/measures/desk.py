"""Where officers define measures and read them, and bring who lives here."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.forms import put_errors, told_in
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.foundations.measures import actions, queries
from becontree.foundations.measures.forms import CorrectForm, MeasureForm, PopulationForm, ReadingForm
from becontree.foundations.measures.models import Measure, PopulationSource, Reading
from becontree.methods.findings import Finding, Unusable


@gate("officer", "administrator")
def desk(request: Request) -> HttpResponse:
    """Every measure, those longest unread first, and where the figures about who lives here come from."""
    rows = queries.measures(everything=True).order_by("last_on", "title")
    return render(
        request,
        "measures/desk.html",
        {"page": page(request, rows, 40), "sources": PopulationSource.objects.all()[:10]},
    )


@gate("officer")
def define(request: Request) -> HttpResponse:
    form = MeasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            made = actions.define(by=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, _("Kept. Now write down its first value."))
            return redirect("measures:read", made.slug)
    return render(request, "measures/desk_define.html", {"form": form}, status=422 if form.errors else 200)


@gate("officer")
def read(request: Request, slug: str) -> HttpResponse:
    """Write down a value; what was written before stands below."""
    measure = get_object_or_404(Measure, slug=slug)
    form = ReadingForm(request.POST or None, initial={"on": request.today})
    if request.method == "POST" and form.is_valid():
        chosen = dict(form.cleaned_data)
        chosen["ward"] = form.ward_chosen
        with told_in(form):
            actions.read(measure=measure, by=request.user, now=request.now, **chosen)
            messages.success(request, _("Written down."))
            return redirect("measures:read", slug)
    rows = measure.readings.select_related("ward").defer("ward__geometry").filter(corrected_by=None)
    return render(
        request,
        "measures/desk_read.html",
        {"form": form, "measure": measure, "page": page(request, rows.order_by("-on", "-read_at"), 40)},
        status=422 if form.errors else 200,
    )


@gate("officer")
def correct(request: Request, pk: UUID) -> HttpResponse:
    reading = get_object_or_404(Reading.objects.select_related("measure", "ward"), pk=pk)
    form = CorrectForm(request.POST or None, initial={"value": actions.plain(reading.value), "n": reading.n})
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            actions.correct(reading=reading, by=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, _("Corrected. The first value can still be read."))
            return redirect("measures:read", reading.measure.slug)
    return render(
        request, "measures/desk_correct.html", {"form": form, "reading": reading}, status=422 if form.errors else 200
    )


@gate("officer", "administrator")
def bring(request: Request) -> HttpResponse:
    """Bring who lives here from a file."""
    form = PopulationForm(request.POST or None, request.FILES or None)
    findings: tuple[Finding, ...] = ()
    if request.method == "POST" and form.is_valid():
        chosen = dict(form.cleaned_data)
        file = chosen.pop("file")
        try:
            actions.import_population(file.read(), file_name=file.name, by=request.user, now=request.now, **chosen)
        except Unusable as error:
            findings = error.findings
        except Refused as refused:
            put_errors(form, refused)
        else:
            messages.success(request, _("The figures are in use."))
            return redirect("measures:population")
    return render(
        request,
        "measures/desk_bring.html",
        {"form": form, "findings": findings},
        status=422 if findings or form.errors else 200,
    )
