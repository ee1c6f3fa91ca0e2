"""The desk's pages of one charge and one bank line: where the money came from, and where it went."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from becontree.foundations.access import reads
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.dates import day
from becontree.foundations.kit.errors import NotAllowed
from becontree.foundations.kit.forms import told_in
from becontree.foundations.kit.pence import pounds
from becontree.foundations.payments import actions, following, looking, permissions, queries
from becontree.foundations.payments.forms import MatchForm
from becontree.foundations.payments.models import BankLine, Charge, Refund
from becontree.foundations.payments.purposes import purpose as purpose_of
from becontree.foundations.people.models import Person


@gate("finance", "auditor")
def charge(request: HttpRequest, charge: UUID) -> HttpResponse:
    """One charge: what it was for, the bank line that it came with, its entries, where it is and what left from there.

    It names nobody. That it was read is written down about whoever gave.
    """
    row = get_object_or_404(following.charges(), pk=charge)
    _note_reading(request, row.purpose)
    refunds = list(row.refunds.select_related("listed").order_by("proposed_at", "id"))
    (words,) = looking.charge_rows([row])
    context = {
        "charge": row,
        "words": words,
        "purpose_url": purpose_of(row.purpose).desk_url(row.purpose),
        "refunds": list(zip(refunds, looking.refund_rows(refunds), strict=True)),
        "entries": following.entries_of_charge(row, refunds),
        "bank_line": following.line_of_charge(row),
        "payouts": following.payouts_from(row.account) if row.account else [],
    }
    return render(request, "payments/charge.html", context)


@gate("finance", "auditor")
def line(request: HttpRequest, line: UUID) -> HttpResponse:
    """One line of the bank's: what it was matched with and its entries; finance matches it here."""
    row = get_object_or_404(BankLine, pk=line)
    may = _who(request).has_role("finance")
    form = None
    if may:
        offers = [] if row.matched else queries.offers(row)
        form = MatchForm(request.POST or None, offers=offers, accounts=[] if row.matched else queries.other_accounts())
    if request.method == "POST":
        permissions.finance_only(_who(request))
        assert form is not None
        if form.is_valid():
            with told_in(form, but=(NotAllowed,)):
                actions.match_line(line=row, by=_who(request), now=request.now, **form.match)  # type: ignore[attr-defined,arg-type]
                said = gettext("Matched: the bank line of %(amount)s, %(day)s. Its entry is written.")
                messages.success(request, said % {"amount": pounds(row.amount), "day": day(row.on)})
                return redirect("payments:lines")
    if purpose := _gift_of(row):
        _note_reading(request, purpose)
    (words,) = looking.line_rows([row])
    context: dict[str, Any] = {
        "line": row,
        "form": form,
        "undone": [(each, looking.MATCHES.get(each.matched, each.matched)) for each in row.undone.all()],
        "cautions": queries.cautions(offers) if may else [],
        "matched_with": looking.MATCHES.get(row.matched, ""),
        "matched_by": words.matched_by,
        "to": following.matched_with(row),
        "entries": following.entries_of_line(row),
    }
    return render(request, "payments/match.html", context)


def _gift_of(row: BankLine) -> str:
    """The purpose of the payment that a line is matched with, where somebody's own money moved; else ""."""
    if row.matched == "charge":
        charges = Charge.objects.filter(pk=row.matched_to)
    elif row.matched == "refund":
        charges = Charge.objects.filter(refunds__in=Refund.objects.filter(pk=row.matched_to))
    else:
        return ""
    return charges.values_list("purpose", flat=True).first() or ""


def _note_reading(request: HttpRequest, purpose: str) -> None:
    """Written before the page is sent: somebody looked at this person's payment, to move money or to check."""
    about = purpose_of(purpose).about(purpose)
    if about is not None:
        what_for = "payment" if _who(request).has_role("finance") else "audit"
        reads.record(_who(request), about, what_for, request.now)  # type: ignore[attr-defined]


def _who(request: HttpRequest) -> Person:
    """The person at the desk; the gate has let nobody else in."""
    assert isinstance(request.user, Person)
    return request.user
