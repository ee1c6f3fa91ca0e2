"""Finance's pages: what does not agree, the bank's lines, refunds, payouts, the list of payments to make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from becontree.formats.tables import write_table
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.asked import plain, takes
from becontree.foundations.kit.downloads import csv_download
from becontree.foundations.kit.errors import NotAllowed, Refused
from becontree.foundations.kit.forms import form_page, told_in
from becontree.foundations.kit.narrowing import Narrowing
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.pence import pounds
from becontree.foundations.payments import actions, arrivals, following, forms, looking, matters, queries
from becontree.foundations.payments.forms import DecideForm, StatementForm
from becontree.foundations.payments.models import BankLine, PaymentList, Payout, Refund
from becontree.foundations.payments.purposes import purpose as purpose_of
from becontree.foundations.people import queries as people
from becontree.foundations.people.actors import party_id
from becontree.foundations.people.models import Person
from becontree.methods.findings import Unusable


@gate("finance", "auditor")
def desk(request: HttpRequest) -> HttpResponse:
    """What each provider holds by both books, the bank, suspense, and everything open with its age."""
    now = request.now  # type: ignore[attr-defined]
    rows, bank, suspense = queries.held()
    may = _may_decide(request, True)
    open_still = matters.matters(now)
    shown = page(request, open_still, 50)
    context = {"held": rows, "bank": bank, "suspense": suspense, "matters": shown, "may": may}
    context["unplaced"] = matters.unplaced(suspense, open_still)
    context["not_there_yet"] = sum(row.ledger for row in rows if row.provider != "bankfile" and row.ledger > 0)
    context["differ"] = [row for row in rows if row.compared and row.compared.difference]
    return render(request, "payments/desk.html", context)


@require_POST
@gate("finance")
def compare(request: HttpRequest) -> HttpResponse:
    actions.compare(now=request.now)  # type: ignore[attr-defined]
    return redirect("payments:desk")


# What may be looked through: how it is narrowed, which rows there are, how they read.
TABLES: Final[dict[str, tuple[type[Narrowing], Callable[..., Any], Callable[..., Any], type[Any]]]] = {
    "charges": (forms.ChargesForm, looking.charges, looking.charge_rows, looking.ChargeRow),
    "lines": (forms.LinesForm, looking.lines, looking.line_rows, looking.LineRow),
    "refunds": (forms.RefundsForm, looking.refunds, looking.refund_rows, looking.RefundRow),
    "payouts": (forms.PayoutsForm, looking.payouts, looking.payout_rows, looking.PayoutRow),
    "lists": (forms.ListsForm, looking.lists, looking.list_rows, looking.ListRow),
}


def _table(request: HttpRequest, what: str) -> dict[str, Any]:
    """One page of a table: each thing with its row in words, and whether there are buttons."""
    form_of, find, in_words, _row = TABLES[what]
    form = form_of(request)
    shown = page(request, find(**form.asked), 50)
    rows = list(zip(shown, in_words(list(shown)), strict=True))
    return {"form": form, "page": shown, "rows": rows, "may": _may_decide(request, True)}


def _listed(request: HttpRequest, what: str) -> HttpResponse:
    context = _table(request, what)
    return render(request, f"payments/{what}.html", context, status=context["form"].status)


@gate("finance", "auditor")
@takes(*{name for form_of, *_ in TABLES.values() for name in form_of.base_fields})
def as_csv(request: HttpRequest, what: str) -> HttpResponseBase:
    """A whole table, narrowed as its page is."""
    form_of, find, in_words, row = TABLES[what]
    plain(request, form_of.base_fields)
    return csv_download(request, what, looking.columns(row), in_words(find(**form_of(request).asked_strictly)))


@gate("finance", "auditor")
def charges(request: HttpRequest) -> HttpResponse:
    return _listed(request, "charges")


@gate("finance", "auditor")
def lines(request: HttpRequest) -> HttpResponse:
    context = _table(request, "lines")
    if not context["rows"] and not context["form"].asked.get("show"):
        context["elsewhere"] = BankLine.objects.count()
    return render(request, "payments/lines.html", context, status=context["form"].status)


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
    return form_page(request, "payments/import.html", {"form": form, "findings": findings})


@gate("finance", "auditor")
def refunds(request: HttpRequest) -> HttpResponse:
    return _listed(request, "refunds")


@require_POST
@gate("finance")
def approve_refund(request: HttpRequest, refund: UUID) -> HttpResponse:
    row = get_object_or_404(Refund, pk=refund)
    said = gettext("Agreed: %(amount)s goes back where it came from (%(about)s).") % _refund_in_words(row)
    if row.charge.provider == "bankfile":
        said += " " + gettext("It goes on the next list for the bank.")
    return _do(request, "payments:refunds", actions.approve_refund, said, refund=row)


@require_POST
@gate("finance")
def retry_refund(request: HttpRequest, refund: UUID) -> HttpResponse:
    row = get_object_or_404(Refund, pk=refund)
    said = gettext("Asked again: %(amount)s back where it came from (%(about)s).") % _refund_in_words(row)
    return _do(request, "payments:refunds", actions.retry_refund, said, refund=row)


def _refund_in_words(row: Refund) -> dict[str, str]:
    (words,) = looking.refund_rows([row])
    return {"amount": pounds(row.amount), "about": words.about}


@gate("finance", "auditor")
def payouts(request: HttpRequest) -> HttpResponse:
    form = forms.PayoutsForm(request)
    shown = page(request, looking.payouts(**form.asked), 50)
    lines = queries.payout_lines(shown, request.now)  # type: ignore[attr-defined]
    return form_page(
        request, "payments/payouts.html", {"form": form, "page": shown, "lines": lines}, wrong=bool(form.errors)
    )


@gate("finance", "auditor")
def payout(request: HttpRequest, payout: UUID) -> HttpResponse:
    """One payout, with what the second person looks at before they agree."""
    row = get_object_or_404(Payout.objects.select_related("listed"), pk=payout)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        who, now = _finance(request), request.now  # type: ignore[attr-defined]
        with told_in(form, but=(NotAllowed,)):
            if request.POST.get("do") == "approve":
                actions.approve_payout(payout=row, by=who, now=now)
                said = gettext("Agreed: %(amount)s to %(payee)s. It goes on the next list for the bank.")
            else:
                actions.refuse_payout(payout=row, reason=form.cleaned_data["reason"], by=who, now=now)
                said = gettext("Refused: %(amount)s to %(payee)s. The money is free again.")
            (line,) = queries.payout_lines([row], now)
            messages.success(request, said % {"amount": pounds(row.amount), "payee": line.payee})
            return redirect("payments:payouts")
    (line,) = queries.payout_lines([row], request.now)  # type: ignore[attr-defined]
    payee = line.organisation
    context = {
        "payout": row,
        "entries": following.entries_of_payout(row),
        "bank_line": following.line_of_payout(row),
        "paid_from": purpose_of(row.purpose).desk_url(row.purpose),
        "line": line,
        "not_there_yet": arrivals.paid_ahead([row]).get(row.pk, 0),
        "form": form,
        "payee": payee,
        "checked_before": people.bank_checked_before(payee),
        "who": _names(
            proposed=row.proposed_by, approved=row.approved_by, refused=row.refused_by, checked=payee.bank_verified_by
        ),
        "may": _may_decide(request, row.state in ("proposed", "approved")),
        "mine": row.proposed_by == party_id(_who(request)),
    }
    return render(request, "payments/payout.html", context)


@gate("finance", "auditor")
def lists(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        try:
            made = actions.make_list(by=_finance(request), now=request.now)  # type: ignore[attr-defined]
        except NotAllowed:
            raise
        except Refused as refused:
            messages.error(request, refused.message)
            return redirect("payments:lists")
        said = gettext("List %(number)s is made: %(sum)s in all. Another person of finance must release it.")
        messages.success(request, said % {"number": made.number, "sum": pounds(_sum(made))})
        return redirect("payments:list", made.number)
    return _listed(request, "lists")


@gate("finance", "auditor")
def one_list(request: HttpRequest, number: int) -> HttpResponse:
    """One list, line by line, with what the second person looks at before they release it."""
    row = get_object_or_404(PaymentList, number=number)
    form = DecideForm(request.POST or None)
    if row.state == PaymentList.State.RELEASED:  # it was agreed to: nobody refuses it any more
        form.fields["reason"].label = gettext("Why do you withdraw it?")
    if request.method == "POST" and form.is_valid():
        who, now = _finance(request), request.now  # type: ignore[attr-defined]
        with told_in(form, but=(NotAllowed,)):
            if request.POST.get("do") == "release":
                actions.release_list(listed=row, by=who, now=now)
                said = gettext("Released. Fetch the file and give it to the bank.")
            else:
                actions.withdraw_list(listed=row, reason=form.cleaned_data["reason"], by=who, now=now)
                said = gettext("Withdrawn. What was on it waits for another list.")
            messages.success(request, said)
            return redirect("payments:list", number)
    context = {
        "list": row,
        "lines": queries.pay_lines(row),
        "bank_lines": following.lines_of_list(row),
        "left": queries.left_of(row),
        "form": form,
        "who": _names(made=row.made_by, released=row.released_by, withdrawn=row.withdrawn_by),
        "may": _may_decide(request, row.state in PaymentList.OPEN),
        "mine": row.made_by == party_id(_who(request)),
    }
    return render(request, "payments/list.html", context)


@gate("finance", "auditor")
def list_file(request: HttpRequest, number: int) -> HttpResponse:
    """The released list as CSV, for the bank's own web site."""
    row = get_object_or_404(PaymentList, number=number)
    try:
        actions.fit_to_send(row, request.now)  # type: ignore[attr-defined]
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("payments:list", number)
    table = write_table(
        ["kind", "payee", "reference", "amount", "about"],
        [[line.kind, line.payee, line.reference, pounds(line.amount).lstrip("£").replace(",", ""), line.about]
         for line in queries.pay_lines(row) if not line.paid],
    )  # fmt: skip
    answer = HttpResponse(table, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="payments-{row.number}.csv"'
    return answer


def _sum(listed: PaymentList) -> int:
    return sum(line.amount for line in queries.pay_lines(listed))


def _may_decide(request: HttpRequest, open_still: bool) -> bool:
    """Whether to show the buttons; an auditor looks only. The actions ask again."""
    return open_still and _who(request).has_role("finance")


def _names(**parties: str) -> dict[str, str]:
    """Who did each step, by name; nothing for a step that nobody has done."""
    known = people.names([party for party in parties.values() if party])
    return {step: known.get(party, "") for step, party in parties.items()}


def _finance(request: HttpRequest) -> Person:
    """Who decides; an auditor may read these pages and no more."""
    who = _who(request)
    if not who.has_role("finance"):
        raise NotAllowed("payments.finance", gettext("Only finance may do this."))
    return who


def _who(request: HttpRequest) -> Person:
    """The person at the desk; the gate has let nobody else in."""
    assert isinstance(request.user, Person)
    return request.user


def _do(request: HttpRequest, back: str, action: Callable[..., Any], said: str, **facts: Any) -> HttpResponse:
    """Do it, go back and say what was `said`, or what was refused; NotAllowed is the house's 403."""
    try:
        action(by=_who(request), now=request.now, **facts)  # type: ignore[attr-defined]
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, said)
    return redirect(back)
