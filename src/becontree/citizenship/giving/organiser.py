"""An organiser's pages about money and help: open a campaign, claim money from elsewhere, thank helpers, sign."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from becontree.citizenship.giving import queries
from becontree.citizenship.giving.actions import campaigns, elsewhere, grants, pledges
from becontree.citizenship.giving.forms import CampaignForm, ContributionForm, ReasonForm
from becontree.citizenship.giving.models import Agreement, Campaign
from becontree.citizenship.projects.actions import budget_sums
from becontree.citizenship.projects.models import Project
from becontree.citizenship.projects.permissions import organises
from becontree.foundations.access import reads
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.forms import form_page, told_in
from becontree.foundations.kit.requests import Request

LONDON = ZoneInfo("Europe/London")


def _mine(request: Request, slug: str) -> Project:
    project = get_object_or_404(Project.objects.select_related("ward", "organisation"), slug=slug)
    if not organises(request.user, project):
        raise Http404
    return project


def end_of(day: Any) -> datetime:
    """The last moment of a day in London: a campaign stays open through the day that people were told."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=LONDON)


@gate("signed-in")
def money(request: Request, slug: str) -> HttpResponse:
    project = _mine(request, slug)
    campaign = queries.latest_campaign(project)
    helpers = list(queries.helpers(project, request.user))
    if helpers:
        reads.record(request.user, helpers, "case", request.now)
    if request.method == "POST":
        pledge = get_object_or_404(queries.helpers(project, request.user), handle=request.POST.get("delivered", ""))
        pledges.delivered(pledge=pledge, by=request.user, now=request.now)
        messages.success(request, gettext("Marked as given. Remember to thank them."))
        return redirect("giving:organiser", slug)
    return render(
        request,
        "giving/organiser.html",
        {
            "project": project,
            "campaign": campaign,
            "spread": queries.spread(project, campaign),
            "contributions": project.contributions.all(),
            "needs": queries.needs_of(project),
            "helpers": helpers,
            "agreement": Agreement.objects.filter(campaign=campaign).first() if campaign else None,
            "payouts": queries.payouts_of(campaign) if campaign else [],
            "held": queries.held(campaign) if campaign else 0,
        },
    )


@gate("signed-in")
def open_campaign(request: Request, slug: str) -> HttpResponse:
    project = _mine(request, slug)
    form = CampaignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with told_in(form):
            campaigns.open_campaign(
                project=project,
                model=data["model"],
                closes_at=end_of(data["closes_on"]),
                provider=settings.PAYMENT_PROVIDER,
                extra_use=data["extra_use"],
                by=request.user,
                now=request.now,
            )
            messages.success(request, gettext("Your campaign is open. Tell everybody."))
            return redirect(project.get_absolute_url())
    return form_page(
        request, "giving/campaign.html", {"form": form, "project": project, "target": budget_sums(project)[0]}
    )


@gate("signed-in")
def call_off(request: Request, slug: str) -> HttpResponse:
    project = _mine(request, slug)
    campaign = queries.latest_campaign(project)
    if campaign is None or campaign.state != Campaign.State.LIVE:
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        campaigns.call_off(campaign=campaign, reason=form.cleaned_data["reason"], by=request.user, now=request.now)
        messages.success(request, gettext("The campaign is called off, and everybody is told."))
        return redirect("giving:organiser", slug)
    return form_page(request, "giving/call_off.html", {"form": form, "project": project, "campaign": campaign})


@gate("signed-in")
def claim(request: Request, slug: str) -> HttpResponse:
    project = _mine(request, slug)
    form = ContributionForm(request.POST or None, today=request.today)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            elsewhere.claim(project=project, by=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, gettext("Put down. It counts once we have seen what shows it."))
            return redirect("giving:organiser", slug)
    return form_page(request, "giving/claim.html", {"form": form, "project": project})


@gate("signed-in")
def agreement(request: Request, slug: str) -> HttpResponse:
    project = _mine(request, slug)
    found = get_object_or_404(Agreement.objects.select_related("campaign"), campaign__project=project)
    if request.method == "POST":
        grants.sign(agreement=found, by=request.user, now=request.now)
        messages.success(request, gettext("Signed."))
        return redirect("giving:organiser", slug)
    return render(request, "giving/agreement.html", {"agreement": found, "project": project})
