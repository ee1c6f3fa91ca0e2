"""Finance's pages: the month's end, reversals by two people, the audit, the whole ledger to take away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from becontree.foundations.access.gates import gate
from becontree.foundations.kit.downloads import csv_download
from becontree.foundations.kit.errors import NotAllowed, Refused
from becontree.foundations.ledger import actions, exports, queries
from becontree.foundations.ledger.audit import record_audit
from becontree.foundations.ledger.forms import CloseForm, ReasonForm
from becontree.foundations.ledger.models import Reversal
from becontree.foundations.people import queries as people
from becontree.foundations.people.actors import party_id


@gate("finance", "auditor")
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for finance."""
    me = party_id(request.user)  # type: ignore[arg-type]
    asked = queries.reversals_asked().prefetch_related("journal__transfers__debit", "journal__transfers__credit")[:50]
    names = people.names({each.asked_by for each in asked})
    context = {
        "asked": [(each, each.asked_by != me, names.get(each.asked_by, "")) for each in asked],
        "month": queries.month_to_close(request.today),  # type: ignore[attr-defined]
        "closed": queries.last_month(),
        "audit": queries.last_audit(),
        "overdue": queries.overdue(request.now).count(),  # type: ignore[attr-defined]
        "may_write": request.user.has_role("finance"),  # type: ignore[union-attr]
    }
    return render(request, "ledger/desk.html", context)


@gate("finance")
def close(request: HttpRequest) -> HttpResponse:
    """Close the next month: what that closes and the sums are looked at first, and the reason is kept."""
    month = queries.month_to_close(request.today)  # type: ignore[attr-defined]
    if month is None:
        return redirect("ledger:desk")
    form = CloseForm(request.POST or None, initial={"month": month})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["month"] != month:
            messages.error(
                request, gettext("The page was older than the books: nothing was closed. Look at the month again.")
            )
            return redirect("ledger:desk")
        actions.close_month(
            month=month,
            reason=form.cleaned_data["reason"],
            by=request.user,  # type: ignore[arg-type]
            now=request.now,  # type: ignore[attr-defined]
        )
        messages.success(request, gettext("The books are closed up to %(day)s.") % {"day": f"{month:%d %B %Y}"})
        return redirect("ledger:desk")
    context = {
        "form": form,
        "month": month,
        "closed": queries.closed_up_to(),
        "trial": queries.trial_balance(month),
        "entries": queries.entries_to_close(month),
        "waiting": queries.reversals_asked().count(),
    }
    return render(request, "ledger/close.html", context)


@gate("finance", "auditor")
@require_POST
def audit(request: HttpRequest) -> HttpResponse:
    """Recompute every balance now."""
    found = record_audit(now=request.now)  # type: ignore[attr-defined]
    messages.success(
        request,
        gettext("%(transfers)s transfers recomputed: %(faults)s faults.")
        % {"transfers": found.transfers, "faults": len(found.faults) or "no"},
    )
    return redirect("ledger:desk")


@gate("finance")
def ask(request: HttpRequest, journal_id: UUID) -> HttpResponse:
    """Ask that an entry be reversed."""
    journal = queries.journal_with_transfers(journal_id)
    if journal is None:
        raise Http404("There is no such entry.")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_reversal(
                journal=journal,
                reason=form.cleaned_data["reason"],
                by=request.user,  # type: ignore[arg-type]
                now=request.now,  # type: ignore[attr-defined]
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, gettext("Asked. A second person must approve it."))
            return redirect("ledger:desk")
    return render(request, "ledger/ask.html", {"journal": journal, "form": form})


@gate("finance")
@require_POST
def decide(request: HttpRequest, reversal_id: UUID) -> HttpResponse:
    """Approve or decline what another person asked for."""
    reversal = get_object_or_404(Reversal, pk=reversal_id)
    act = actions.approve_reversal if request.POST.get("answer") == "approve" else actions.decline_reversal
    try:
        act(reversal=reversal, by=request.user, now=request.now)  # type: ignore[arg-type,attr-defined]
    except NotAllowed:
        raise
    except Refused as refusal:
        return render(request, "refused.html", {"refusal": refusal}, status=409)
    messages.success(request, gettext("Done."))
    return redirect("ledger:desk")


@gate("finance", "auditor")
def transfers_csv(request: HttpRequest) -> StreamingHttpResponse:
    return csv_download("transfers", exports.TRANSFER_COLUMNS, exports.transfer_rows())


@gate("finance", "auditor")
def beancount(request: HttpRequest) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(exports.beancount(), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="ledger.beancount"'
    return answer
