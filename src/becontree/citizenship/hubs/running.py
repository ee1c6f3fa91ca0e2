"""Pages for those who keep a hub or host a meeting.

They stand at two addresses, as those of conversations do: under /my/ for the people of a group, and on the desk for
officers, where the gate asks for the role and a second factor.
"""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from becontree.citizenship.hubs import actions, queries
from becontree.citizenship.hubs.forms import FinishForm, HubForm, PaperForm, PlanForm
from becontree.citizenship.hubs.models import Hub, Meeting, Volunteer
from becontree.citizenship.hubs.permissions import runs
from becontree.foundations.access import reads
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.forms import put_errors
from becontree.foundations.kit.ids import short_id
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request

TEAM: Final = "officer:engagement"
FRAMES: Final = {"my": "my.html", "desk": "desk.html"}


def _shown(request: Request, template: str, at: str, context: dict[str, Any], form: Any = None) -> HttpResponse:
    wrong = form is not None and form.errors and request.method == "POST"
    return render(
        request,
        f"hubs/{template}",
        {"frame": FRAMES[at], "at": at, "form": form, **context},
        status=422 if wrong else 200,
    )


def _hub(request: Request, slug: str, at: str) -> Hub:
    rows = queries.every_hub() if at == "desk" else queries.run_by(request.user)
    found = get_object_or_404(rows, slug=slug)
    if not runs(request.user, found):
        raise Http404
    return found


def _meeting(request: Request, handle: str, at: str) -> Meeting:
    """The meeting, for its hosts; on the resident's pages nobody acts by an officer's role."""
    rows = queries.every_meeting() if at == "desk" else queries.hosted_by(request.user)
    return get_object_or_404(rows, handle=handle)


def _start(request: Request, at: str) -> HttpResponse:
    """My hubs, my meetings, my offers; on the desk all of them."""
    hubs = queries.every_hub() if at == "desk" else queries.run_by(request.user)
    meetings = queries.every_meeting() if at == "desk" else queries.hosted_by(request.user)
    return _shown(
        request,
        "mine.html",
        at,
        {
            "page": page(request, hubs.order_by("closed_at", "name"), 30),
            "meetings": meetings.order_by("-starts_at")[:20],
            "offers": queries.own_offers(request.user) if at == "my" else (),
            "may_open": queries.groups_that_may(request.user).exists(),
        },
    )


def _new(request: Request, at: str) -> HttpResponse:
    form = HubForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_hub(by=request.user, now=request.now, **form.chosen())
        except Refused as refused:
            put_errors(form, refused)
        else:
            messages.success(request, _("The hub is open, and its page is there."))
            return redirect(f"hubs:{at}-hub", made.slug)
    none = not queries.groups_that_may(request.user).exists()
    return _shown(request, "hub_form.html", at, {"hub": None, "no_group": none}, form)


def _manage(request: Request, slug: str, at: str) -> HttpResponse:
    """One hub: its words, who offers help, its meetings."""
    found = _hub(request, slug, at)
    wanted = request.POST.get("do", "")
    form = HubForm(
        request.POST if wanted == "keep" else None, by=request.user, hub=found, initial=HubForm.initial_of(found)
    )
    if request.method == "POST":
        try:
            if wanted == "keep" and form.is_valid():
                actions.edit_hub(hub=found, by=request.user, now=request.now, **form.chosen())
                messages.success(request, _("Kept."))
                return redirect(f"hubs:{at}-hub", found.slug)
            if wanted == "close":
                actions.close_hub(hub=found, by=request.user, now=request.now)
                messages.success(request, _("The hub is closed. Its page stays."))
                return redirect(f"hubs:{at}-hub", found.slug)
            if wanted in {"yes", "no"}:
                rows = Volunteer.objects.visible_to(request.user, "hub").filter(hub=found)
                offer = get_object_or_404(rows, pk=request.POST.get("offer", "")[:40] or None)
                actions.answer_offer(volunteer=offer, accept=wanted == "yes", by=request.user, now=request.now)
                messages.success(request, _("They are told."))
                return redirect(f"hubs:{at}-hub", found.slug)
        except Refused as refused:
            put_errors(form, refused) if form.is_bound else messages.error(request, refused.message)
    offers = list(queries.offers(request.user, found)[:60])
    reads.record(request.user, offers, "hub", request.now)
    return _shown(
        request,
        "hub_manage.html",
        at,
        {"hub": found, "offers": offers, "meetings": found.meetings.select_related("conversation")[:20]},
        form,
    )


def _plan(request: Request, at: str) -> HttpResponse:
    initial = PlanForm.soon(request.now)
    form = PlanForm(request.POST or None, by=request.user, now=request.now, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.plan(by=request.user, now=request.now, **form.chosen())
        except Refused as refused:
            put_errors(form, refused)
        else:
            return redirect(f"hubs:{at}-meeting", made.handle)
    return _shown(request, "plan.html", at, {}, form)


def _run(request: Request, handle: str, at: str) -> HttpResponse:
    """One meeting and what can be done with it now."""
    found = _meeting(request, handle, at)
    wanted = request.POST.get("do", "")
    finish = FinishForm(request.POST if wanted == "finish" else None)
    if request.method == "POST":
        doing: dict[str, Any] = {"meeting": found, "by": request.user, "now": request.now}
        try:
            if wanted == "begin":
                actions.begin(**doing)
                return redirect(f"hubs:{at}-screen", found.handle)
            if wanted == "cancel":
                actions.cancel(**doing)
                return redirect(f"hubs:{at}-meeting", found.handle)
            if wanted == "finish" and finish.is_valid():
                actions.finish(**doing, **finish.cleaned_data)
                messages.success(request, _("It is over, and stands in the record. Thank you for holding it."))
                return redirect(f"hubs:{at}-meeting", found.handle)
        except Refused as refused:
            put_errors(finish, refused) if finish.is_bound else messages.error(request, refused.message)
    return _shown(request, "meeting_run.html", at, {"meeting": found}, finish)


def _screen(request: Request, handle: str, at: str) -> HttpResponse:
    """What is thrown on the wall: the code, the statement, how many have voted; at its foot the next and the last."""
    found = _meeting(request, handle, at)
    if request.method == "POST":
        text = request.POST.get("number", "")
        try:
            actions.show(
                meeting=found,
                number=int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None,
                by=request.user,
                now=request.now,
            )
        except Refused as refused:
            messages.error(request, refused.message)
        return redirect(f"hubs:{at}-screen", found.handle)
    if found.state != Meeting.State.OPEN:
        return redirect(f"hubs:{at}-meeting", found.handle)
    all_of_them = list(queries.statements(found).values_list("number", "words"))
    numbers = [number for number, _words in all_of_them]
    place = numbers.index(found.showing) if found.showing in numbers else -1
    return _shown(
        request,
        "screen.html",
        at,
        {
            "meeting": found,
            "words": dict(all_of_them).get(found.showing or 0, ""),
            "before": numbers[place - 1] if place > 0 else None,
            "after": numbers[place + 1] if place + 1 < len(numbers) else None,
            "place": place + 1,
            "count": len(numbers),
            "cast": queries.cast_on(found, found.showing) if found.showing else 0,
            "join_address": f"{request.get_host()}{reverse('hubs:join')}",
        },
    )


def _papers(request: Request, handle: str, at: str) -> HttpResponse:
    """Type in the sheets of a room, one line each."""
    found = _meeting(request, handle, at)
    form = PaperForm(request.POST or None, initial={"key": short_id(20)})
    if request.method == "POST" and form.is_valid():
        try:
            sheet = actions.type_paper(meeting=found, by=request.user, now=request.now, **form.cleaned_data)
        except Refused as refused:
            put_errors(form, refused)
        else:
            messages.success(
                request, _("Sheet %(number)s is in: %(votes)s votes.") % {"number": sheet.number, "votes": sheet.votes}
            )
            return redirect(f"hubs:{at}-papers", found.handle)
    return _shown(
        request,
        "papers.html",
        at,
        {
            "meeting": found,
            "statements": queries.statements(found)[:60],
            "sheets": found.sheets.order_by("-number")[:12],
        },
        form,
    )


@gate("signed-in")
def my_start(request: Request) -> HttpResponse:
    return _start(request, "my")


@gate(TEAM)
def desk_start(request: Request) -> HttpResponse:
    return _start(request, "desk")


@gate("signed-in")
def my_new(request: Request) -> HttpResponse:
    """POST opens it."""
    return _new(request, "my")


@gate(TEAM)
def desk_new(request: Request) -> HttpResponse:
    """POST opens it."""
    return _new(request, "desk")


@gate("signed-in")
def my_hub(request: Request, slug: str) -> HttpResponse:
    """POST changes it."""
    return _manage(request, slug, "my")


@gate(TEAM)
def desk_hub(request: Request, slug: str) -> HttpResponse:
    """POST changes it."""
    return _manage(request, slug, "desk")


@gate("signed-in")
def my_plan(request: Request) -> HttpResponse:
    """POST plans it."""
    return _plan(request, "my")


@gate(TEAM)
def desk_plan(request: Request) -> HttpResponse:
    """POST plans it."""
    return _plan(request, "desk")


@gate("signed-in")
def my_meeting(request: Request, handle: str) -> HttpResponse:
    """POST begins, cancels or ends it."""
    return _run(request, handle, "my")


@gate(TEAM)
def desk_meeting(request: Request, handle: str) -> HttpResponse:
    """POST begins, cancels or ends it."""
    return _run(request, handle, "desk")


@gate("signed-in")
def my_screen(request: Request, handle: str) -> HttpResponse:
    """POST puts a statement on the screen."""
    return _screen(request, handle, "my")


@gate(TEAM)
def desk_screen(request: Request, handle: str) -> HttpResponse:
    """POST puts a statement on the screen."""
    return _screen(request, handle, "desk")


@gate("signed-in")
def my_papers(request: Request, handle: str) -> HttpResponse:
    """POST types in one sheet."""
    return _papers(request, handle, "my")


@gate(TEAM)
def desk_papers(request: Request, handle: str) -> HttpResponse:
    """POST types in one sheet."""
    return _papers(request, handle, "desk")
