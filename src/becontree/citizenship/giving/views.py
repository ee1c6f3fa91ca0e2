"""Pages for everybody: give money, time, skills or things; see every fund and where its pounds went."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from becontree.citizenship.giving import drafts, exports, figures, queries
from becontree.citizenship.giving.actions import naming, pledges, takeable
from becontree.citizenship.giving.forms import GiveForm, HelpForm, NameAppealForm
from becontree.citizenship.giving.models import Campaign, Fund, Pledge
from becontree.citizenship.projects.models import Need, Project
from becontree.citizenship.projects.permissions import has_run
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.downloads import braked, csv_download, json_download
from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.forms import form_page, put_errors, told_in
from becontree.foundations.kit.ids import short_id
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.remembered import remembered
from becontree.foundations.kit.requests import Request
from becontree.foundations.kit.throttle import too_many
from becontree.foundations.payments import limits
from becontree.foundations.payments.port import adapter
from becontree.foundations.record.queries import thread

AT_FIRST: Final = 20  # rows of each long table of the money, until all are asked for


def _live(slug: str) -> tuple[Project, Campaign]:
    project = get_object_or_404(
        Project.objects.select_related("ward", "organisation").defer("ward__geometry"), slug=slug
    )
    campaign = queries.latest_campaign(project)
    if campaign is None or not project.is_public:
        raise Http404
    return project, campaign


@gate("everyone")
def give(request: Request, slug: str) -> HttpResponse:
    """Before the button: what reaches the project, what happens if it fails. Sign-in only at the act.

    What a visitor filled in is kept for them while they sign in or make an account (`give_check`).
    """
    project, campaign = _live(slug)
    about = f"give/{slug}"
    first = {"once": short_id()} | (drafts.find(request, about) or {})
    form = GiveForm(
        request.POST or None,
        initial=first,
        shown=queries.names_of(campaign, request.user),
        own=has_run(request.user, project),
    )
    if request.method == "POST" and form.is_valid():
        if request.user.is_authenticated:
            led = _begin(request, campaign, form)
        else:
            led = _after_signing_in(request, campaign, form, about)
        if led is not None:
            return led
    return render(
        request,
        "giving/give.html",
        _facts(request, project, campaign) | {"form": form, "needs": queries.needs_of(project)},
        status=422 if form.errors and request.method == "POST" else 200,
    )


@gate("signed-in")
def give_check(request: Request, slug: str) -> HttpResponse:
    """Check your answers: what was filled in before signing in, then on to pay."""
    project, campaign = _live(slug)
    typed = drafts.find(request, f"give/{slug}")
    if typed is None:
        return redirect("giving:give", slug)
    chosen = {"name_for": request.POST["name_for"]} if "name_for" in request.POST else {}
    own = has_run(request.user, project)
    form = GiveForm(typed | chosen, shown=queries.names_of(campaign, request.user), own=own)
    if not form.is_valid():  # needs or limits have changed meanwhile, or one of the project's own people must agree
        return redirect("giving:give", slug)
    if request.method == "POST":
        led = _begin(request, campaign, form)
        if led is not None:
            return led
    return render(
        request,
        "giving/give_check.html",
        _facts(request, project, campaign)
        | {
            "form": form,
            "given": form.cleaned_data,
            "asks_name": any(name != form.cleaned_data["public_name"] for name in form.shown),
        },
        status=422 if form.errors else 200,
    )


def _begin(request: Request, campaign: Campaign, form: GiveForm) -> HttpResponse | None:
    """Begin the gift and go on to pay; None where it was refused, which the form then says."""
    if too_many(request, "give", limit=30, seconds=3600):
        form.add_error(None, gettext("Many gifts have just come from here. Please try again in an hour."))
        return None
    try:
        _, instruction = pledges.offer_money(
            campaign=campaign,
            pence=form.cleaned_data["amount"],
            public_name=form.cleaned_data["public_name"],
            name_for=form.cleaned_data.get("name_for", "this"),
            once=form.cleaned_data["once"],
            own_told=form.cleaned_data.get("own_told", False),
            return_url=reverse("giving:mine") + "gifts/{handle}/",
            by=request.user,
            now=request.now,
        )
    except Refused as refused:
        put_errors(form, refused)
        return None
    drafts.drop(request)
    return redirect(instruction.next_url)


def _after_signing_in(request: Request, campaign: Campaign, form: GiveForm, about: str) -> HttpResponse | None:
    """Keep what was filled in and go on to sign in; None where no such gift could be taken, said before they do."""
    try:
        takeable.must_be_takeable(campaign, form.cleaned_data["amount"], request.now)
    except Refused as refused:
        put_errors(form, refused)
        return None
    drafts.keep(request, about, form)
    return _sign_in(reverse("giving:give-check", args=[campaign.project.slug]))


def _facts(request: Request, project: Project, campaign: Campaign) -> dict[str, Any]:
    """What a giver reads before the button."""
    return {
        "project": project,
        "campaign": campaign,
        "whole": not figures.project_bears_fees(campaign.opens_at.date()),
        "least": limits.least_gift(request.today),
        "window": figures.window_days(request.today),
        "tolerance": figures.tolerance_percent(request.today),
        "provider": adapter(campaign.provider),
        "open": campaign.state == Campaign.State.LIVE and request.now < campaign.closes_at,
    }


def _sign_in(then: str) -> HttpResponse:
    return redirect(f"{reverse('account_login')}?{urlencode({'next': then})}")


@gate("everyone")
def help_(request: Request, slug: str, need: str) -> HttpResponse:
    """Promise hours, skills or things. A visitor signs in at the act and finds here what they filled in."""
    project, campaign = _live(slug)
    found = get_object_or_404(Need, pk=need, project=project)
    line = next(line for line in queries.needs_of(project) if line.need.pk == found.pk)
    about = f"help/{found.pk}"
    kept = drafts.find(request, about)
    first = {"once": short_id()} | (kept or {})
    form = HelpForm(request.POST or None, initial=first, shown=queries.names_of(campaign, request.user))
    if request.method == "POST" and form.is_valid():
        if not request.user.is_authenticated:
            drafts.keep(request, about, form)
            return _sign_in(request.path)
        with told_in(form):
            pledge = pledges.offer_help(need=found, by=request.user, now=request.now, **form.cleaned_data)
            drafts.drop(request)
            return redirect("giving:returned", pledge.handle)
    return render(
        request,
        "giving/help.html",
        {
            "project": project,
            "campaign": campaign,
            "need": found,
            "line": line,
            "form": form,
            "kept": kept is not None and request.user.is_authenticated,
        },
        status=422 if form.errors and request.method == "POST" else 200,
    )


@gate("signed-in")
def returned(request: Request, handle: str) -> HttpResponse:
    """Where the provider sends the giver back to. It only reads: what counts comes from the provider itself."""
    rows = Pledge.objects.visible_to(request.user, "own").select_related("campaign__project__organisation", "need")
    pledge = get_object_or_404(rows, handle=handle)
    return render(
        request,
        "giving/returned.html",
        {"pledge": pledge, "project": pledge.campaign.project, "slices": pledge.slices.select_related("award__fund")},
    )


@gate("everyone")
def funds(request: Request) -> HttpResponse:
    lines = queries.fund_lines()
    return render(
        request,
        "giving/funds.html",
        {
            "open": [
                (line, queries.describe(line.fund))
                for line in sorted(lines, key=lambda line: not line.left)
                if queries.on_time(line.fund, request.today)
            ],
            "closed": [line for line in lines if not queries.on_time(line.fund, request.today)],
        },
    )


@gate("everyone")
def fund(request: Request, slug: str) -> HttpResponse:
    found = get_object_or_404(Fund.objects.select_related("funder").prefetch_related("wards"), slug=slug)
    (line,) = queries.fund_lines([found])
    return render(
        request,
        "giving/fund.html",
        {
            "fund": found,
            "line": line,
            "rule": queries.describe(found),
            "page": page(request, queries.awards_of(found), 30),
            "thread": thread(found.ref),
            "is_open": queries.on_time(found, request.today),
        },
    )


@gate("everyone")
def money(request: Request) -> HttpResponse:
    """Where every pound went: each project with what residents, funds and others gave it; each fund, each grant.

    The newest projects and the largest sums from elsewhere; `?all` has every one, as the sums under them do.
    """
    every = "all" in request.GET
    raised, others = queries.raised_by_project(), queries.from_elsewhere()
    return render(
        request,
        "giving/money.html",
        {
            "totals": queries.totals(),
            "givers": remembered("givers", queries.givers),
            "lines": queries.fund_lines(queries.fund_names()),
            "raised": list(raised if every else raised[:AT_FIRST]),
            "others": list(others if every else others[:AT_FIRST]),
            "at_first": 0 if every else AT_FIRST,
            "page": page(request, queries.newest_grants(), 20),
        },
    )


@gate("everyone")
def awards_csv(request: Request) -> HttpResponseBase:
    return csv_download(request, "grants", exports.CSV_FIELDS, exports.csv_rows(queries.granted_awards()))


@gate("everyone")
def awards_json(request: Request) -> HttpResponseBase:
    return json_download(request, exports.CSV_FIELDS, exports.csv_rows(queries.granted_awards()))


@gate("everyone")
def awards_360(request: Request) -> HttpResponse:
    """Every grant in the 360Giving Data Standard."""
    return braked(request) or exports.package_response(queries.granted_awards())


@gate("signed-in")
def mine(request: Request) -> HttpResponse:
    return render(request, "giving/mine.html", {"page": page(request, queries.pledges_of(request.user), 25)})


@gate("signed-in")
def name(request: Request, handle: str) -> HttpResponse:
    """How the name with one's gift stands; if it is hidden, why, and a way to ask again."""
    pledge = get_object_or_404(queries.pledges_of(request.user).exclude(public_name=""), handle=handle)
    ruling = pledge.name_rulings.first()
    may = ruling is not None and pledge.name_state == Pledge.NameState.HIDDEN and ruling.appealed_at is None
    form = NameAppealForm(request.POST or None) if may else None
    if request.method == "POST" and ruling is not None and form is not None and form.is_valid():
        with told_in(form):
            naming.appeal(ruling=ruling, words=form.cleaned_data["appeal"], by=request.user, now=request.now)
            messages.success(request, gettext("Another person will look at it again."))
            return redirect("giving:my-name", handle)
    return form_page(request, "giving/my_name.html", {"pledge": pledge, "ruling": ruling, "form": form})


@gate("signed-in")
def withdraw(request: Request, handle: str) -> HttpResponse:
    pledge = get_object_or_404(queries.pledges_of(request.user), handle=handle)
    if request.method == "POST":
        pledges.withdraw(pledge=pledge, by=request.user, now=request.now)
        messages.success(request, gettext("Your promise is let go."))
        return redirect("giving:mine")
    return render(request, "giving/withdraw.html", {"pledge": pledge})
