"""Where an administrator brings wards, venues and postcodes: look first, then use."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import Clash
from becontree.foundations.places import actions, geometry, queries, reading
from becontree.foundations.places.forms import BringForm
from becontree.foundations.places.models import Load
from becontree.foundations.places.picture import Area, draw
from becontree.methods.findings import Finding, Unusable


@gate("administrator")
def desk(request: HttpRequest) -> HttpResponse:
    """What is there, what was brought before, and the form to bring a file."""
    form = BringForm(request.POST or None, request.FILES or None)
    findings: tuple[Finding, ...] = ()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            held, _ = actions.hold(
                kind=form.cleaned_data["kind"],
                content=file.read(),
                file_name=file.name,
                by=request.user,  # type: ignore[arg-type]
                now=request.now,  # type: ignore[attr-defined]
            )
        except Unusable as error:
            findings = error.findings
        else:
            return redirect("places:preview", held.pk)
    context = {
        "form": form,
        "findings": findings,
        "loads": list(queries.loads().exclude(used_at=None)[:20]),
        "ward_count": queries.wards().count(),
        "venue_count": queries.venues().count(),
    }
    return render(request, "places/desk.html", context, status=422 if findings else 200)


@gate("administrator")
def preview(request: HttpRequest, load_id: UUID) -> HttpResponse:
    """What the file holds, drawn and counted; nothing is changed until it is used."""
    held = queries.held_load(load_id)
    if held is None:
        raise Clash(
            "places.load.gone", gettext("This file was used already, or another took its place. Bring it again.")
        )
    if request.method == "POST":
        actions.use(load=held, by=request.user, now=request.now)  # type: ignore[arg-type,attr-defined]
        messages.success(
            request,
            gettext("%(kind)s: %(rows)s were brought in.") % {"kind": held.get_kind_display(), "rows": held.rows},
        )
        return redirect("places:desk")
    context: dict[str, object] = {"held": held}
    known = {ward.code: ward.name for ward in queries.wards().defer("geometry")}
    if held.kind == Load.Kind.WARDS:
        read = reading.read_wards(held.content.encode(), file=held.file_name)
        areas = [Area(w.code, w.name, w.shape, geometry.centroid(w.shape) if w.shape else None) for w in read]
        given = {ward.code for ward in read}
        context |= {
            "picture": draw(areas, title="The wards in this file"),
            "new": [f"{w.name} ({w.code})" for w in read if w.code not in known],
            "gone": [f"{name} ({code})" for code, name in known.items() if code not in given],
        }
    elif held.kind == Load.Kind.VENUES:
        context["venues"] = reading.read_venues(held.content.encode(), wards=known, file=held.file_name)[:50]
    return render(request, "places/preview.html", context)
