"""Finance's pages: what does not agree, the bank's lines, refunds, payouts, the list of payments to make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from becontree.formats.tables import write_table
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import NotAllowed, Refused
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.pence import pounds
from becontree.foundations.payments import actions, queries
from becontree.foundations.payments.forms import MatchForm, PaidForm, StatementForm
from becontree.foundations.payments.models import BankLine, PaymentList, Payout, Refund
from becontree.foundations.people.models import Person
from becontree.methods.findings import Unusable


@gate("finance", "auditor")
def desk(request: HttpRequest) -> HttpResponse:
    """What each provider holds by both books, the bank, suspense, and everything open with its age."""
    now = request.now  # type: ignore[attr-defined]
    rows, bank, suspense = queries.held()
    context = {"held": rows, "bank": bank, "suspense": suspense, "matters": page(request, queries.matters(now), 50)}
    return render(request, "payments/desk.html", context)


@require_POST
@gate("finance")
def compare(request: HttpRequest) -> HttpResponse:
    actions.compare(now=request.now)  # type: ignore[attr-defined]
    return redirect("payments:desk")


@gate("finance", "auditor")
def charges(request: HttpRequest) -> HttpResponse:
    rows = queries.charges(state=request.GET.get("state", ""))
    return render(request, "payments/charges.html", {"charges": page(request, rows, 50)})


@gate("finance", "auditor")
def lines(request: HttpRequest) -> HttpResponse:
    rows = queries.bank_lines(unmatched=request.GET.get("show") != "all", words=request.GET.get("words", ""))
    return render(request, "payments/lines.html", {"lines": page(request, rows, 50)})


@gate("finance")
def import_statement(request: HttpRequest) -> HttpResponse:
    form = StatementForm(request.POST or None, request.FILES or None)
    findings: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            done = actions.import_statement(
                raw=file.read(),
                file_name=file.name,
                columns=form.columns(),
                by=_who(request),
                now=request.now,  # type: ignore[attr-defined]
            )
        except Unusable as unusable:
            findings = unusable.findings
            form.add_error("file", gettext("Nothing was brought in. Put these lines right, or choose another file."))
        else:
            messages.success(
                request,
                gettext("%(lines_read)s lines read, %(lines_new)s of them new.")
                % {"lines_read": done.lines_read, "lines_new": done.lines_new},
            )
            return redirect("payments:lines")
    return render(request, "payments/import.html", {"form": form, "findings": findings})


@gate("finance")
def match(request: HttpRequest, line: UUID) -> HttpResponse:
    row = get_object_or_404(BankLine, pk=line)
    form = MatchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.match_line(
                line=row,
                kind=given["kind"],
                to=given["to"].strip(),
                note=given["note"],
                by=_who(request),
                now=request.now,  # type: ignore[attr-defined]
            )
        except Refused as refused:
            _tell(form, refused)
        else:
            messages.success(request, gettext("The line is matched."))
            return redirect("payments:lines")
    found = page(request, queries.candidates(row), 20)
    return render(request, "payments/match.html", {"line": row, "form": form, "candidates": found})


@gate("finance", "auditor")
def refunds(request: HttpRequest) -> HttpResponse:
    return render(request, "payments/refunds.html", {"refunds": page(request, queries.refunds(), 50)})


@require_POST
@gate("finance")
def approve_refund(request: HttpRequest, refund: UUID) -> HttpResponse:
    row = get_object_or_404(Refund, pk=refund)
    return _do(request, "payments:refunds", actions.approve_refund, refund=row)


@require_POST
@gate("finance")
def retry_refund(request: HttpRequest, refund: UUID) -> HttpResponse:
    row = get_object_or_404(Refund, pk=refund)
    return _do(request, "payments:refunds", actions.retry_refund, refund=row)


@gate("finance", "auditor")
def payouts(request: HttpRequest) -> HttpResponse:
    context = {"payouts": page(request, queries.payouts(), 50), "lists": queries.lists()[:20], "form": PaidForm()}
    return render(request, "payments/payouts.html", context)


@require_POST
@gate("finance")
def approve_payout(request: HttpRequest, payout: UUID) -> HttpResponse:
    row = get_object_or_404(Payout, pk=payout)
    return _do(request, "payments:payouts", actions.approve_payout, payout=row)


@require_POST
@gate("finance")
def refuse_payout(request: HttpRequest, payout: UUID) -> HttpResponse:
    row = get_object_or_404(Payout, pk=payout)
    return _do(request, "payments:payouts", actions.refuse_payout, payout=row, reason=request.POST.get("reason", ""))


@require_POST
@gate("finance")
def make_list(request: HttpRequest) -> HttpResponse:
    return _do(request, "payments:payouts", actions.make_list)


@gate("finance", "auditor")
def list_file(request: HttpRequest, number: int) -> HttpResponse:
    """The list as CSV, for the bank's own web site."""
    row = get_object_or_404(PaymentList, number=number)
    table = write_table(
        ["kind", "payee", "reference", "amount", "about"],
        [[line.kind, line.payee, line.reference, pounds(line.amount).lstrip("£").replace(",", ""), line.about]
         for line in queries.pay_lines(row)],
    )  # fmt: skip
    answer = HttpResponse(table, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="payments-{row.number}.csv"'
    return answer


@require_POST
@gate("finance")
def list_paid(request: HttpRequest, number: int) -> HttpResponse:
    row = get_object_or_404(PaymentList, number=number)
    form = PaidForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Say on which day the bank paid it."))
        return redirect("payments:payouts")
    return _do(request, "payments:payouts", actions.mark_list_paid, listed=row, paid_on=form.cleaned_data["paid_on"])


def _who(request: HttpRequest) -> Person:
    """The person at the desk; the gate has let nobody else in."""
    assert isinstance(request.user, Person)
    return request.user


def _do(request: HttpRequest, back: str, action: Callable[..., Any], **facts: Any) -> HttpResponse:
    """Do it and go back; what was refused is said there, except that NotAllowed is the house's 403."""
    try:
        action(by=_who(request), now=request.now, **facts)  # type: ignore[attr-defined]
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(back)


def _tell(form: django_forms.Form, refused: Refused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)
