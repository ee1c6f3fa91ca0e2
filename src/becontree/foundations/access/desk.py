"""Pages of `access` on the desk: the auditor's view of reads and of broken glass."""

from __future__ import annotations

import uuid
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from becontree.foundations.access import breakglass, reads
from becontree.foundations.access.forms import ReadsForm, ReviewForm
from becontree.foundations.access.gates import gate
from becontree.foundations.access.models import BreakGlass
from becontree.foundations.access.rules import PURPOSES, registered
from becontree.foundations.kit.asked import takes
from becontree.foundations.kit.dates import stamp
from becontree.foundations.kit.downloads import csv_download
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.paging import page
from becontree.foundations.people.views import me, now

MANY: Final = 300  # readings on a page; equal ones stand in one line


@gate("auditor", "administrator")
def front(request: HttpRequest) -> HttpResponse:
    """Who read what, without whom it was about; the rules in force; what waits for review."""
    form = ReadsForm(request)
    shown = page(request, reads.find(**form.asked), MANY)
    context = {
        "form": form,
        "page": shown,
        "groups": reads.grouped(shown),
        "rules": [(reads.kind_name(model), PURPOSES.get(purpose, purpose)) for model, purpose in registered()],
        "waiting": breakglass.waiting().count(),
        "auditor": me(request).has_role("auditor"),
    }
    return render(request, "access/desk.html", context, status=form.status)


@gate("auditor", "administrator")
@takes(*ReadsForm.base_fields)
def reads_csv(request: HttpRequest) -> HttpResponseBase:
    """The same readings, all of them."""
    found = reads.find(**ReadsForm(request).asked_strictly).iterator(chunk_size=500)
    return csv_download(request, "readings", reads.COLUMNS, ((stamp(at), *rest) for at, *rest in reads.in_words(found)))


@gate("auditor")
def glass(request: HttpRequest) -> HttpResponse:
    """Every time the glass was broken: what waits for review first."""
    done = request.GET.get("show") == "reviewed"
    rows = breakglass.reviewed() if done else breakglass.waiting()
    return render(request, "access/glass.html", {"page": page(request, rows, 30), "done": done})


@gate("auditor")
def review(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One breaking of the glass: why, what was read through it, and the auditor's finding."""
    broken = get_object_or_404(BreakGlass.objects.select_related("person", "reviewed_by"), pk=pk)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            breakglass.review(glass=broken, by=me(request), now=now(request), **form.cleaned_data)
            return redirect("access:glass")
        except Invalid as error:
            for field, words in error.errors.items():
                form.add_error(field or None, words)
        except Clash as error:
            form.add_error(None, error.message)
    shown = page(request, broken.reads.order_by("at", "id"), 50)
    context = {
        "glass": broken,
        "kind": reads.kind_name(broken.kind),
        "form": form,
        "page": shown,
        "events": [(each.at, reads.kind_name(each.kind), PURPOSES.get(each.purpose, each.purpose)) for each in shown],
    }
    return render(request, "access/review.html", context)
