"""Pages for those who keep a hub or host a meeting. Under /my/ and on the desk (`kit.doors`)."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from becontree.citizenship.conversations import maps, picture
from becontree.citizenship.conversations import queries as talks
from becontree.citizenship.conversations.models import Vote
from becontree.citizenship.hubs import actions, queries, square
from becontree.citizenship.hubs.actions import handing
from becontree.citizenship.hubs.forms import FinishForm, HubForm, KeeperForm, PaperForm, PlanForm
from becontree.citizenship.hubs.models import Hub, Meeting, Paper, Volunteer
from becontree.citizenship.hubs.permissions import runs
from becontree.foundations.access import reads
from becontree.foundations.kit.asked import as_uuid
from becontree.foundations.kit.doors import page_at, two_doors
from becontree.foundations.kit.errors import NotAllowed, Refused
from becontree.foundations.kit.forms import put_errors, told_in
from becontree.foundations.kit.ids import short_id
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request

TEAM: Final = "officer:engagement"


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


def start(request: Request, at: str) -> HttpResponse:
    """My hubs, my meetings, my offers; on the desk all of them."""
    hubs = queries.every_hub() if at == "desk" else queries.run_by(request.user)
    meetings = queries.every_meeting() if at == "desk" else queries.hosted_by(request.user)
    return page_at(
        request,
        "hubs/mine.html",
        at,
        {
            "page": page(request, hubs.order_by("closed_at", "name"), 30),
            "meetings": meetings.order_by("-starts_at")[:20],
            "offers": queries.own_offers(request.user) if at == "my" else (),
            "without_keeper": queries.without_keeper() if at == "desk" else (),
            "may_open": queries.groups_that_may(request.user).exists(),
        },
    )


def new(request: Request, at: str) -> HttpResponse:
    form = HubForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            made = actions.open_hub(by=request.user, now=request.now, **form.chosen())
            messages.success(request, _("The hub is open, and its page is there."))
            return redirect(f"hubs:{at}-hub", made.slug)
    none = not queries.groups_that_may(request.user).exists()
    return page_at(request, "hubs/hub_form.html", at, {"hub": None, "no_group": none}, form)


def manage(request: Request, slug: str, at: str) -> HttpResponse:
    """One hub: its words, who offers help, its meetings."""
    if at == "my" and (token := request.GET.get("join", "")):
        return _take_over(request, slug, token)
    found = _hub(request, slug, at)
    link, wanted = "", request.POST.get("do", "")
    form = HubForm(
        request.POST if wanted == "keep" else None, by=request.user, hub=found, initial=HubForm.initial_of(found)
    )
    if request.method == "POST":
        try:
            if wanted == "keep" and form.is_valid():
                actions.edit_hub(hub=found, by=request.user, now=request.now, **form.chosen())
                messages.success(request, _("Kept."))
                return redirect(f"hubs:{at}-hub", found.slug)
            if wanted == "invite":
                token = handing.invite(hub=found, by=request.user, now=request.now)
                path = reverse("hubs:my-hub", args=[found.slug])
                link = request.build_absolute_uri(f"{path}?join={token}")
            if wanted == "close":
                actions.close_hub(hub=found, by=request.user, now=request.now)
                messages.success(request, _("The hub is closed. Its page stays."))
                return redirect(f"hubs:{at}-hub", found.slug)
            if wanted in {"yes", "no"}:
                rows = Volunteer.objects.visible_to(request.user, "hub").filter(hub=found)
                offer = get_object_or_404(rows, pk=as_uuid(request.POST.get("offer", "")))
                actions.answer_offer(volunteer=offer, accept=wanted == "yes", by=request.user, now=request.now)
                messages.success(request, _("They are told."))
                return redirect(f"hubs:{at}-hub", found.slug)
        except Refused as refused:
            put_errors(form, refused) if form.is_bound else messages.error(request, refused.message)
    offers = list(queries.offers(request.user, found)[:60])
    reads.record(request.user, offers, "hub", request.now)
    return page_at(
        request,
        "hubs/hub_manage.html",
        at,
        {
            "hub": found,
            "offers": offers,
            "meetings": found.meetings.select_related("conversation")[:20],
            "link": link,
            "without_keeper": queries.without_keeper().filter(pk=found.pk).exists(),
        },
        form,
    )


def _take_over(request: Request, slug: str, token: str) -> HttpResponse:
    """For a group that was handed an invitation: what it means, and a button. Without a good one there is no page."""
    found = get_object_or_404(queries.hubs(), slug=slug)
    if not handing.invited(hub=found, token=token, now=request.now):
        raise Http404
    form = KeeperForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST" and form.is_valid():
        with told_in(form, but=(NotAllowed,)):
            handing.take_over(hub=found, organisation=form.chosen(), token=token, by=request.user, now=request.now)
            messages.success(request, _("Your group keeps it now."))
            return redirect("hubs:my-hub", slug)
    return page_at(request, "hubs/take_over.html", "my", {"hub": found}, form)


def plan(request: Request, at: str) -> HttpResponse:
    initial = PlanForm.soon(request.now)
    form = PlanForm(request.POST or None, by=request.user, now=request.now, initial=initial)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            made = actions.plan(by=request.user, now=request.now, **form.chosen())
            return redirect(f"hubs:{at}-meeting", made.handle)
    return page_at(request, "hubs/plan.html", at, {}, form)


def run(request: Request, handle: str, at: str) -> HttpResponse:
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
    context = {"meeting": found, "may_begin": actions.may_begin(found, request.now)}
    return page_at(request, "hubs/meeting_run.html", at, context, finish)


def screen(request: Request, handle: str, at: str) -> HttpResponse:
    """What is thrown on the wall: the code, the statement, how many have voted; or the map, where votes may be seen."""
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
    room = request.build_absolute_uri(reverse("hubs:room", args=[found.code]))
    context: dict[str, Any] = {
        "meeting": found,
        "join_address": f"{request.get_host()}{reverse('hubs:join')}",
        "square": square.svg(room, _("The address of this room, for cameras")),
        "has_map": found.conversation.results_shown,
    }
    if request.GET.get("show") == "map" and found.conversation.results_shown:
        document = maps.current(found.conversation, now=request.now)
        words = talks.words(found.conversation)
        context |= {"map": True, "conversation": found.conversation}
        context |= picture.context(found.conversation, document, None, words=words)
        return page_at(request, "hubs/screen.html", at, context)
    all_of_them = list(queries.statements(found).values_list("number", "words"))
    numbers = [number for number, _words in all_of_them]
    place = numbers.index(found.showing) if found.showing in numbers else -1
    context |= {
        "words": dict(all_of_them).get(found.showing or 0, ""),
        "before": numbers[place - 1] if place > 0 else None,
        "after": numbers[place + 1] if place + 1 < len(numbers) else None,
        "place": place + 1,
        "count": len(numbers),
        "cast": queries.cast_on(found, found.showing) if found.showing else 0,
    }
    return page_at(request, "hubs/screen.html", at, context)


def papers(request: Request, handle: str, at: str) -> HttpResponse:
    """Type in the sheets of a room, one line each; or one that is in once more (`?sheet=`), and say which is right."""
    found = _meeting(request, handle, at)
    again = _sheet(found, request.GET.get("sheet", "")) if request.method == "GET" else None
    initial = {"key": again.key, "marks": actions.marks_of(actions.votes_of(again))} if again else {"key": short_id(20)}
    form = PaperForm(request.POST or None, initial=initial)
    wanted = request.POST.get("do", "")
    differs = None
    if request.method == "POST" and form.is_valid():
        doing: dict[str, Any] = {"meeting": found, "by": request.user, "now": request.now, **form.cleaned_data}
        try:
            if wanted in {"first", "second"}:
                sheet = actions.retype_paper(take=wanted == "second", **doing)
                said = _("Sheet %(number)s counts as it was typed now.") if wanted == "second" else ""
                said = said or _("Sheet %(number)s stays as it was.")
                messages.success(request, said % {"number": sheet.number})
            else:
                sheet = actions.type_paper(**doing | ({"key": short_id(20)} if wanted == "another" else {}))
                messages.success(
                    request,
                    _("Sheet %(number)s is in: %(votes)s votes.") % {"number": sheet.number, "votes": sheet.votes},
                )
        except Refused as refused:
            if refused.code == "paper.differs":
                differs = _both(found, form.cleaned_data["key"], form.cleaned_data["marks"])
            else:
                put_errors(form, refused)
        else:
            return redirect(f"hubs:{at}-papers", found.handle)
    if differs is not None:
        context = {"meeting": found, "marks": form.cleaned_data["marks"], "key": form.cleaned_data["key"], **differs}
        return page_at(request, "hubs/paper_differs.html", at, context, status=409)
    return page_at(
        request,
        "hubs/papers.html",
        at,
        {
            "meeting": found,
            "again": again,
            "down": sorted(actions.taken_down(again)) if again else (),
            "statements": queries.statements(found)[:60],
            "sheets": found.sheets.order_by("-number")[:12],
        },
        form,
    )


def _sheet(meeting: Meeting, number: str) -> Paper | None:
    plain = number.isascii() and number.isdigit() and len(number) < 8
    return get_object_or_404(meeting.sheets, number=int(number)) if plain else None


def _both(meeting: Meeting, key: str, marks: str) -> dict[str, Any]:
    """The sheet that is in, and each statement on which it and what was typed now differ."""
    sheet = meeting.sheets.get(key=key)
    down = actions.taken_down(sheet)
    first, second = down | actions.votes_of(sheet), down | actions.read_marks(meeting, marks, also=down)
    words = talks.words(meeting.conversation)
    return {
        "sheet": sheet,
        "down": sorted(down),
        "rows": [
            {
                "number": number,
                "words": words.get(number, ""),
                "first": _said(first, number),
                "second": _said(second, number),
            }
            for number in sorted(first.keys() | second.keys())
            if first.get(number) != second.get(number)
        ],
    }


def _said(votes: dict[int, int], number: int) -> str:
    return str(Vote.Value(votes[number]).label) if number in votes else _("no mark")


my_start, desk_start = two_doors(start, team=TEAM)
my_new, desk_new = two_doors(new, team=TEAM)
my_hub, desk_hub = two_doors(manage, team=TEAM)
my_plan, desk_plan = two_doors(plan, team=TEAM)
my_meeting, desk_meeting = two_doors(run, team=TEAM)
my_screen, desk_screen = two_doors(screen, team=TEAM)
my_papers, desk_papers = two_doors(papers, team=TEAM)
