"""Finance's pages for money into funds: write it down, confirm what another person wrote down, and all that was."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from becontree.citizenship.giving import figures, queries
from becontree.citizenship.giving.actions import paying_in
from becontree.citizenship.giving.forms import DecidePayInForm, PayInForm
from becontree.citizenship.giving.models import Fund, PayIn
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.as_read import pressed
from becontree.foundations.kit.dates import stamp
from becontree.foundations.kit.downloads import csv_download
from becontree.foundations.kit.errors import NotAllowed
from becontree.foundations.kit.forms import form_page, told_in
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.pence import pounds
from becontree.foundations.kit.requests import Request
from becontree.foundations.people import queries as people
from becontree.foundations.people.actors import party_id

FINANCE, AUDITOR = "finance", "auditor"
COLUMNS: Final = (
    "fund", "pounds", "bank's reference", "day", "state", "written down by", "written down", "decided by", "decided",
    "why not",
)  # fmt: skip


@gate(FINANCE)
def pay_in(request: Request, slug: str) -> HttpResponse:
    """Write down that money for a fund is in the bank."""
    found = get_object_or_404(Fund, slug=slug)
    form = PayInForm(request.POST or None, initial={"on": request.today})
    limit = pounds(figures.pay_in_alone(request.today), short=True)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            written = paying_in.pay_in(fund=found, by=request.user, now=request.now, **form.cleaned_data)
            said = gettext("Recorded.")
            if written.state == PayIn.State.WAITS:
                said = gettext(
                    "Written down. It does not count yet: another person of finance must look at it and confirm it."
                )
            messages.success(request, said)
            return redirect("giving:desk-fund", slug)
    note = gettext(
        "Above %(limit)s, it counts only when another person of finance has confirmed it. What you wrote down alone "
        "into this fund in the last seven days counts with it."
    ) % {"limit": limit}
    context = {"form": form, "title": f"Money into {found.name}", "do": "Record it", "note": note}
    return form_page(request, "giving/desk_form.html", context)


@gate(FINANCE, AUDITOR)
def pay_ins(request: Request) -> HttpResponse:
    """What waits for a second person, and all that was written down."""
    rows = page(request, queries.pay_ins(), 50)
    names = _names(rows)
    for one in rows:
        one.writer, one.decider = names.get(one.written_by, ""), names.get(one.decided_by, "")
    return render(request, "giving/desk_pay_ins.html", {"page": rows, "may_write": request.user.has_role(FINANCE)})


@gate(FINANCE, AUDITOR)
def pay_ins_csv(request: Request) -> HttpResponseBase:
    """All of them."""
    return csv_download(request, "money-into-funds", COLUMNS, _rows(list(queries.pay_ins())))


def _names(rows: Iterable[PayIn]) -> dict[str, str]:
    return people.names({who for one in rows for who in (one.written_by, one.decided_by) if who})


def _rows(rows: list[PayIn]) -> Iterator[tuple[Any, ...]]:
    names = _names(rows)
    for one in rows:
        yield (
            one.fund.name, f"{one.pence // 100}.{one.pence % 100:02d}", one.reference, one.on.isoformat(),
            str(one.get_state_display()), names.get(one.written_by, ""), stamp(one.written_at),
            names.get(one.decided_by, ""), stamp(one.decided_at), one.why_not,
        )  # fmt: skip


@gate(FINANCE)
def one(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One of them: a second person confirms or declines; whoever wrote it down takes it back."""
    found = get_object_or_404(queries.pay_ins(), pk=pk)
    do = pressed(request)
    form = DecidePayInForm(request.POST if do else None, initial={"read": queries.as_read(found)})
    if do and form.is_valid():
        with told_in(form, but=(NotAllowed,)):
            messages.success(request, _decide(request, found, do, form.cleaned_data))
            return redirect("giving:pay-ins")
        # What is wrong is said above; the second person decides on what is before them now.
        found = get_object_or_404(queries.pay_ins(), pk=pk)
        form.read_anew(queries.as_read(found))
    names = _names([found])
    context = {
        "one": found,
        "writer": names.get(found.written_by, ""),
        "decider": names.get(found.decided_by, ""),
        "form": form,
        "waits": found.state == PayIn.State.WAITS,
        "mine": found.written_by == party_id(request.user),
    }
    return render(request, "giving/desk_pay_in.html", context, status=422 if form.errors else 200)


def _decide(request: Request, found: PayIn, do: str, answers: dict[str, Any]) -> str:
    """Do what was asked; returns what happened, in a sentence."""
    who: dict[str, Any] = {"written": found, "by": request.user, "now": request.now}
    if do == "confirm":
        paying_in.confirm_pay_in(**who, read=answers["read"])
        return gettext("Confirmed: %(sum)s into %(fund)s counts from now on.") % {
            "sum": pounds(found.pence), "fund": found.fund.name,
        }  # fmt: skip
    if do == "take-back":
        paying_in.stop_pay_in(**who)
        return gettext("Taken back. Nothing was counted.")
    paying_in.decline_pay_in(**who, why_not=answers["why_not"])
    return gettext("Declined. Nothing was counted.")
