"""Finance's pages: the month's end, reversals by two people, the audit, the whole ledger to take away."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from becontree.foundations.access.gates import gate
from becontree.foundations.kit.downloads import csv_download
from becontree.foundations.kit.errors import Clash, NotAllowed, Refused
from becontree.foundations.kit.forms import form_page, told_in
from becontree.foundations.kit.paging import page
from becontree.foundations.ledger import actions, exports, log, queries, words
from becontree.foundations.ledger.audit import record_audit
from becontree.foundations.ledger.errors import Overdrawn
from becontree.foundations.ledger.forms import CloseForm, DecideClosingForm, ReasonForm
from becontree.foundations.ledger.models import Proposal, Reversal
from becontree.foundations.people import queries as people
from becontree.foundations.people.actors import party_id


@gate("finance", "auditor")
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for finance."""
    me = party_id(request.user)  # type: ignore[arg-type]
    asked = queries.reversals_asked().prefetch_related("journal__transfers__debit", "journal__transfers__credit")[:50]
    waits = queries.proposal()
    names = people.names({each.asked_by for each in asked} | ({waits.proposed_by} if waits else set()))
    context = {
        "asked": [(each, each.asked_by != me, names.get(each.asked_by, "")) for each in asked],
        "proposer": names.get(waits.proposed_by, "") if waits else "",
        "month": queries.month_to_close(request.today),  # type: ignore[attr-defined]
        "closed": queries.last_month(),
        "waits": waits,
        "mine": waits is not None and waits.proposed_by == me,
        "declined": None if waits else queries.last_declined(),
        "audit": queries.last_audit(),
        "overdue": queries.overdue(request.now).count(),  # type: ignore[attr-defined]
        "may_write": request.user.has_role("finance"),  # type: ignore[union-attr]
    }
    return render(request, "ledger/desk.html", context)


@gate("finance", "auditor")
def close(request: HttpRequest) -> HttpResponse:
    """Close the next month: one person proposes it with a reason, another looks at the same sums and confirms."""
    may = request.user.has_role("finance")  # type: ignore[union-attr]
    if request.method == "POST" and not may:
        raise NotAllowed("ledger.finance", gettext("Only finance may do this."))
    waits = queries.proposal()
    month = waits.last_day if waits else queries.month_to_close(request.today)  # type: ignore[attr-defined]
    if request.method == "POST" and waits is None and "do" in request.POST:  # taken back or decided since they read it
        messages.error(request, gettext("What you read no longer waits. Nothing was changed."))
        return redirect("ledger:desk")
    if month is None:
        return redirect("ledger:desk")
    if request.method == "POST":
        answer, form = _decide_closing(request, waits) if waits else _propose_closing(request, month)
        if answer is not None:
            return answer
    elif waits:
        form = DecideClosingForm(initial=_read(waits))
    else:
        form = CloseForm(initial={"month": month})
    context = {
        "form": form if may else None,
        "month": month,
        "waits": waits,
        "mine": waits is not None and waits.proposed_by == party_id(request.user),  # type: ignore[arg-type]
        "proposer": people.names({waits.proposed_by}).get(waits.proposed_by, "") if waits else "",
        "declined": None if waits else queries.last_declined(),
        "closed": queries.closed_up_to(),
        "trial": queries.trial_balance(month),
        "entries": queries.entries_to_close(month),
        "waiting": queries.reversals_asked().count(),
    }
    return render(request, "ledger/close.html", context)


def _propose_closing(request: HttpRequest, month: date) -> tuple[HttpResponse | None, forms.Form]:
    """(where to go, the form with what is wrong in it)."""
    form = CloseForm(request.POST)
    if not form.is_valid():
        return None, form
    if form.cleaned_data["month"] != month:
        messages.error(
            request, gettext("The page was older than the books: nothing was proposed. Look at the month again.")
        )
        return redirect("ledger:desk"), form
    with told_in(form, but=(NotAllowed,)):
        actions.propose_closing(month=month, reason=form.cleaned_data["reason"], **_by(request))
        messages.success(request, gettext("Proposed. The books close when a second person confirms."))
        return redirect("ledger:desk"), form
    return None, form


def _read(waits: Proposal) -> dict[str, Any]:
    """What whoever decides has before them: this proposal, and so many entries."""
    return {"proposal": waits.pk, "entries": queries.entries_to_close(waits.last_day)}


def _decide_closing(request: HttpRequest, waits: Proposal) -> tuple[HttpResponse | None, forms.Form]:
    """The same, for a proposal that waits. Another one than the person read is shown first, and nothing is decided."""
    form = DecideClosingForm(request.POST)
    if not form.is_valid():
        return None, form
    data, do = form.cleaned_data, request.POST.get("do")
    with told_in(form, but=(NotAllowed,)):
        if data["proposal"] != waits.pk:
            raise Clash("ledger.month.another", gettext("This is not the proposal that you read. Read this one first."))
        if do == "confirm":
            actions.confirm_closing(proposal=waits, entries=data["entries"], **_by(request))
            said = gettext("The books are closed up to %(day)s.") % {"day": f"{waits.last_day:%d %B %Y}"}
        elif do == "take-back":
            actions.take_closing_back(proposal=waits, **_by(request))
            said = gettext("Taken back. Nothing was closed.")
        else:
            actions.decline_closing(proposal=waits, why_not=data["why_not"], **_by(request))
            said = gettext("Declined. Nothing was closed.")
        messages.success(request, said)
        return redirect("ledger:desk"), form
    # What is wrong is said above; the second person looks at the sums as they are now.
    form.data = request.POST.copy()
    for name, value in _read(waits).items():
        form.data[name] = str(value)
    return None, form


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "now": request.now}  # type: ignore[attr-defined]


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
            said = gettext(
                "Asked to reverse: %(what)s. Nothing has moved yet: another person of finance must approve it."
            )
            messages.success(request, said % {"what": words.what_moved(journal)})
            return redirect("ledger:desk")
    return form_page(request, "ledger/ask.html", {"journal": journal, "form": form})


@gate("finance")
@require_POST
def decide(request: HttpRequest, reversal_id: UUID) -> HttpResponse:
    """Approve or decline what another person asked for."""
    reversal = get_object_or_404(Reversal, pk=reversal_id)
    approved = request.POST.get("answer") == "approve"
    act = actions.approve_reversal if approved else actions.decline_reversal
    try:
        act(reversal=reversal, by=request.user, now=request.now)  # type: ignore[arg-type,attr-defined]
    except NotAllowed:
        raise
    except Refused as refusal:
        said = refusal.message
        if isinstance(refusal, Overdrawn):
            said = gettext("There is not enough in %(account)s: its money was used since.") % {
                "account": words.account_name(refusal.account)
            }
        messages.error(request, said + " " + gettext("Nothing was reversed, and it still waits for an answer."))
        return redirect("ledger:desk")
    if approved:
        said = gettext("Reversed: %(what)s. A second entry undoes it. Nobody has to do anything more.")
    else:
        said = gettext("Declined: %(what)s. It stands as it was. %(asker)s can ask again, with another reason.")
    asker = people.names({reversal.asked_by}).get(reversal.asked_by, "")
    messages.success(request, said % {"what": words.what_moved(reversal.journal), "asker": asker})
    return redirect("ledger:desk")


@gate("finance", "auditor")
def who_did_what(request: HttpRequest) -> HttpResponse:
    """Every reversal and closing: who asked, who decided, and what was declined."""
    return render(request, "ledger/log.html", {"page": page(request, log.steps(), 50)})


@gate("finance", "auditor")
def log_csv(request: HttpRequest) -> HttpResponseBase:
    return csv_download(request, "who-did-what", log.COLUMNS, log.rows())


@gate("finance", "auditor")
def transfers_csv(request: HttpRequest) -> HttpResponseBase:
    return csv_download(request, "transfers", exports.TRANSFER_COLUMNS, exports.transfer_rows())


@gate("finance", "auditor")
def beancount(request: HttpRequest) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(exports.beancount(), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="ledger.beancount"'
    return answer
