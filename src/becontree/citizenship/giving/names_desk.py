"""The desk of those who read the names that givers show: never who gave, never how much."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from becontree.citizenship.giving import queries
from becontree.citizenship.giving.actions import naming
from becontree.citizenship.giving.desk import FUNDING
from becontree.citizenship.giving.forms import HideNameForm, NameDecisionForm
from becontree.citizenship.giving.models import Pledge
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import NotAllowed, Refused
from becontree.foundations.kit.forms import form_page, put_errors
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request


@gate(FUNDING)
def names(request: Request) -> HttpResponse:
    return render(
        request,
        "giving/desk_names.html",
        {
            "waiting": queries.names_to_read(request.user)[:100],
            "appeals": queries.name_appeals()[:100],
            "page": page(request, queries.names_shown(request.user, request.GET.get("words", "")), 50),
            "words": request.GET.get("words", ""),
        },
    )


@gate(FUNDING)
def name(request: Request, handle: str) -> HttpResponse:
    """Read one name: show it, or hide it with a reason."""
    rows = Pledge.objects.visible_to(request.user, "moderation").select_related("campaign__project")
    pledge = get_object_or_404(rows, handle=handle)
    hides, read = request.POST.get("do") == "hide", request.POST.get("name", "")
    form = HideNameForm(request.POST if hides else None)
    if request.method == "POST" and (not hides or form.is_valid()):
        try:
            if hides:
                naming.hide(pledge=pledge, name=read, by=request.user, now=request.now, **form.cleaned_data)
            else:
                naming.show(pledge=pledge, name=read, by=request.user, now=request.now)
        except NotAllowed:
            raise
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, gettext("Hidden, and the giver is told.") if hides else gettext("It is shown."))
            return redirect("giving:names")
    return form_page(request, "giving/desk_name.html", {"pledge": pledge, "form": form})


@gate(FUNDING)
def decide(request: Request, pk: Any) -> HttpResponse:
    ruling = get_object_or_404(queries.name_appeals(), pk=pk)
    form = NameDecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            naming.decide_appeal(
                ruling=ruling,
                upheld=form.cleaned_data["upheld"] == "yes",
                answer=form.cleaned_data["answer"],
                by=request.user,
                now=request.now,
            )
        except NotAllowed:
            raise
        except Refused as refused:
            put_errors(form, refused)
        else:
            messages.success(request, gettext("Decided, and the giver is told."))
            return redirect("giving:names")
    return form_page(request, "giving/desk_name_appeal.html", {"ruling": ruling, "form": form})
