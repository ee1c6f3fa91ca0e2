"""The desk of those who look after funds, and of those who keep the accounts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from becontree.citizenship.giving import queries
from becontree.citizenship.giving.actions import elsewhere, funds, grants
from becontree.citizenship.giving.forms import AwardForm, CheckForm, FundForm, PayoutForm, ReasonForm
from becontree.citizenship.giving.models import Agreement, Campaign, Contribution, Fund, PayIn
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import NotAllowed, Refused
from becontree.foundations.kit.forms import form_page, put_errors, told_in
from becontree.foundations.kit.ids import short_id
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request

FUNDING, FINANCE = "officer:funding", "finance"


def _may(request: Request) -> dict[str, bool]:
    """Whose links to show; each page asks again."""
    return {
        "runs_funds": request.user.has_role("officer", "funding"),
        "keeps_accounts": request.user.has_role("finance"),
    }


@gate(FUNDING, FINANCE)
def front(request: Request) -> HttpResponse:
    return render(
        request,
        "giving/desk.html",
        {
            "lines": queries.fund_lines(),
            **_may(request),
            "claimed": queries.claimed()[:30],
            "unsigned": queries.unsigned()[:30],
            "payable": queries.payable()[:30],
            "promised": queries.promised()[:30],
            "pay_ins": queries.pay_ins_waiting(request.user)[:30],
            "names_waiting": queries.names_to_read(request.user).count(),
            "name_appeals": queries.name_appeals().count(),
            "page": page(request, queries.closing_soon(request.now), 25),
        },
    )


@gate(FUNDING)
def help_due(request: Request) -> HttpResponse:
    """Time, skills and things that were promised and that nobody has marked as given: has it come?"""
    return render(request, "giving/help_due.html", {"page": page(request, queries.help_due(request.now), 50)})


@gate(FUNDING)
def new_fund(request: Request) -> HttpResponse:
    form = FundForm(request.POST or None, initial={"opens_on": request.today})
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            fund = funds.open_fund(by=request.user, now=request.now, **form.given)
            messages.success(request, gettext("The fund is open. Finance records the money as it comes in."))
            return redirect("giving:desk-fund", fund.slug)
    return form_page(request, "giving/desk_form.html", {"form": form, "title": "Open a fund", "do": "Open it"})


def _fund(slug: str) -> Fund:
    return get_object_or_404(Fund.objects.select_related("funder").prefetch_related("wards"), slug=slug)


@gate(FUNDING, FINANCE)
def fund(request: Request, slug: str) -> HttpResponse:
    found = _fund(slug)
    (line,) = queries.fund_lines([found])
    return render(
        request,
        "giving/desk_fund.html",
        {
            "fund": found,
            "line": line,
            **_may(request),
            "rule": queries.describe(found),
            "waits": found.pay_ins.filter(state=PayIn.State.WAITS),
            "page": page(request, queries.awards_of(found), 30),
        },
    )


@gate(FUNDING)
def close_fund(request: Request, slug: str) -> HttpResponse:
    found = _fund(slug)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            funds.close_fund(fund=found, reason=form.cleaned_data["reason"], by=request.user, now=request.now)
            messages.success(request, gettext("Closed."))
            return redirect("giving:desk-fund", slug)
    return form_page(request, "giving/desk_form.html", {"form": form, "title": f"Close {found.name}", "do": "Close it"})


@gate(FUNDING)
def award(request: Request, slug: str) -> HttpResponse:
    found = _fund(slug)
    live = [one for one in queries.closing_soon(request.now) if one.state == Campaign.State.LIVE]
    form = AwardForm(request.POST or None, campaigns=live)
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        with told_in(form):
            funds.award(
                fund=found,
                campaign=form.known[data["campaign"]],
                pence=data["pence"],
                authority=data["authority"],
                reasons=data["reasons"],
                by=request.user,
                now=request.now,
            )
            messages.success(request, gettext("Promised, if the target is reached."))
            return redirect("giving:desk-fund", slug)
    return form_page(
        request, "giving/desk_form.html", {"form": form, "title": f"Award from {found.name}", "do": "Promise it"}
    )


@gate(FUNDING, FINANCE)
def contribution(request: Request, pk: Any) -> HttpResponse:
    """Funding checks what is claimed; finance says that what was promised has come."""
    found = get_object_or_404(Contribution.objects.select_related("project", "evidence"), pk=pk)
    may = _may(request)
    checks = may["runs_funds"] and found.state == Contribution.State.CLAIMED
    receives = may["keeps_accounts"] and found.state == Contribution.State.PROMISED
    form = CheckForm(request.POST or None) if checks else None
    if request.method == "POST" and (form.is_valid() if form else True):
        try:
            if form is None:
                elsewhere.mark_received(contribution=found, by=request.user, now=request.now)
            else:
                elsewhere.check(
                    contribution=found,
                    accept=form.cleaned_data["outcome"] == "promised",
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    now=request.now,
                )
        except NotAllowed:
            raise
        except Refused as refused:
            if form is None:
                messages.error(request, refused.message)
            else:
                put_errors(form, refused)
        else:
            messages.success(request, gettext("Written down."))
            return redirect("giving:desk")
    return form_page(
        request, "giving/desk_contribution.html", {"form": form, "contribution": found, "receives": receives}
    )


@gate(FUNDING)
def sign(request: Request, slug: str) -> HttpResponse:
    found = get_object_or_404(Agreement.objects.select_related("campaign__project"), campaign__slug=slug)
    if request.method == "POST":
        grants.sign(agreement=found, by=request.user, now=request.now)
        messages.success(request, gettext("Signed for the council."))
        return redirect("giving:desk")
    return render(request, "giving/desk_agreement.html", {"agreement": found, "project": found.campaign.project})


@gate(FUNDING, FINANCE)
def ask_payout(request: Request, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.select_related("project__organisation"), slug=slug)
    held = queries.held(campaign)
    form = PayoutForm(request.POST or None, initial={"pence": held, "once": short_id()})
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            grants.ask_payout(campaign=campaign, by=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, gettext("Asked for, and set aside. A second person of finance must agree."))
            return redirect("giving:desk")
    return form_page(
        request,
        "giving/desk_ask_payout.html",
        {"form": form, "campaign": campaign, "held": held, "payouts": queries.payouts_of(campaign)},
    )
