"""Piles and files as lists; bring a file, say which column is what, look at the counts, take it in, undo it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from becontree.citizenship.voices import actions, importing, queries
from becontree.citizenship.voices.actions.files import sheet_of
from becontree.citizenship.voices.desk.moderation import TEAM
from becontree.citizenship.voices.desk.piles import taking_rounds
from becontree.citizenship.voices.forms.piles import FileForm, MappingForm
from becontree.citizenship.voices.models import Batch
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import Invalid, Refused
from becontree.foundations.kit.forms import put_errors, told_in
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request


@gate(TEAM)
def batches(request: Request) -> HttpResponse:
    """Every pile, class and file, newest first, with what is still to do."""
    shown = page(request, queries.batches(), 30)
    return render(request, "voices/desk_batches.html", {"page": shown})


@gate(TEAM)
def bring(request: Request) -> HttpResponse:
    taking, shut = taking_rounds(request.GET.get("round", ""))
    first = {"round": request.GET["round"]} if "round" in request.GET else {}
    who: Any = {"by": request.user, "now": request.now}
    kept = queries.kept_files(request.user).filter(handle=request.POST.get("kept", request.GET.get("kept", ""))).first()
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = FileForm(*sent, rounds=taking, kept=kept, initial=first)
    if request.method == "POST":
        ready = form.is_valid()
        brought = form.cleaned_data.get("file")
        with told_in(form):
            if brought and brought.size > importing.MOST_BYTES:
                raise Invalid(
                    "import.size", _("The file is larger than 10 MB. Split it and bring it in parts."), "file"
                )
            into = form.rounds[form.cleaned_data["round"]] if ready else None
            if brought:  # where only the round is missing, the file stays here meanwhile
                kept = actions.bring(round=into, data=brought.read(), name=brought.name or "", **who)
            elif ready and kept is not None and into is not None:
                kept = actions.give_round(batch=kept, round=into, **who)
            if ready and kept is not None:
                return redirect("voices:file-mapping", kept.handle)
        if kept is not None:
            form.keep(kept)
    return render(
        request,
        "voices/desk_bring.html",
        {"form": form, "rounds": taking, "shut": shut, "kept": kept},
        status=422 if form.errors else 200,
    )


def _file(handle: str) -> Batch:
    return get_object_or_404(Batch.objects.select_related("round"), handle=handle, way=Batch.Way.FILE)


@gate(TEAM)
def mapping(request: Request, handle: str) -> HttpResponse:
    """Which column is what. What we think it is stands there already."""
    batch = _file(handle)
    if batch.state == Batch.State.DRAFT and batch.round is None:
        return redirect(f"{reverse('voices:file-bring')}?kept={handle}")
    if batch.state != Batch.State.DRAFT or batch.round is None:
        return redirect("voices:file", handle)
    sheet = sheet_of(batch)
    targets = [(f"q:{one.pk}", one.text) for one in batch.round.questions.all()]
    known = actions.targets(batch.round)
    targets += [(name, str(label)) for name, label in importing.TARGETS.items() if name in known]
    samples = [
        next((cells[number].strip() for _line, cells in sheet.rows[:50] if cells[number].strip()), "")
        for number in range(len(sheet.columns))
    ]
    form = MappingForm(
        request.POST if request.method == "POST" else None, columns=sheet.columns, samples=samples, targets=targets,
        mapping=batch.mapping, kept=batch.kept,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            actions.map_columns(
                batch=batch, mapping=form.mapping(), defaults=form.defaults(), by=request.user, now=request.now
            )
        except Invalid as refused:
            put_errors(form, Invalid(refused.code, refused.message, errors=form.names_of(refused.errors)))
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            return redirect("voices:file", handle)
    return render(
        request,
        "voices/desk_mapping.html",
        {"batch": batch, "form": form, "rows": len(sheet.rows), "goes_on": actions.goes_on(batch)},
        status=422 if form.errors else 200,
    )


@gate(TEAM)
def file(request: Request, handle: str) -> HttpResponse:
    """What taking it in would do, with every line that is in the way; then take it in, or leave it."""
    batch = _file(handle)
    if batch.state == Batch.State.DRAFT and batch.round is None:
        return redirect("voices:file-mapping", handle)
    if batch.state == Batch.State.DRAFT and request.POST.get("do") == "take":
        try:
            taken = actions.take_in(batch=batch, by=request.user, now=request.now)
        except Invalid as refused:
            messages.error(request, refused.message)
        else:
            messages.success(
                request,
                _("%(new)s people's answers are taken in; %(before)s were there already.")
                % {"new": f"{taken.new:,}", "before": f"{taken.before:,}"},
            )
        return redirect("voices:file", handle)
    if batch.state == Batch.State.DRAFT and request.POST.get("do") == "leave":
        actions.undo_batch(batch=batch, by=request.user, now=request.now)
        messages.success(request, _("Nothing was taken in, and the file is gone from here."))
        return redirect("voices:batches")
    found = actions.preview(batch, now=request.now) if batch.state == Batch.State.DRAFT else None
    return render(
        request,
        "voices/desk_file.html",
        {
            "batch": batch,
            "preview": found,
            "goes_on": actions.goes_on(batch),
            "lines": len({error.line for error in found.errors}) if found else 0,
            "whole": len(found.forms) if found else 0,
            "errors": found.errors[:100] if found else [],
            "sample": found.forms[:5] if found else [],
            "counted": queries.pile_counts(batch),
        },
    )


@gate(TEAM)
def undo(request: Request, handle: str) -> HttpResponse:
    """Take a whole pile, class or file out again."""
    batch = get_object_or_404(Batch.objects.select_related("round").defer("content"), handle=handle)
    if request.method == "POST":
        try:
            gone = actions.undo_batch(batch=batch, by=request.user, now=request.now)
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, _("%(count)s forms are taken out again.") % {"count": f"{gone:,}"})
        return redirect("voices:batches")
    return render(request, "voices/desk_undo.html", {"batch": batch, "counted": queries.pile_counts(batch)})
