"""Hubs and meetings, for everybody; and the telephone in the room."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from becontree.citizenship.conversations import identity
from becontree.citizenship.conversations import queries as talks
from becontree.citizenship.conversations.actions import voting
from becontree.citizenship.conversations.models import Participant
from becontree.citizenship.hubs import actions, queries
from becontree.citizenship.hubs.forms import CodeForm, OfferForm, RemindForm
from becontree.citizenship.hubs.models import Hub, Meeting, Reminder, Volunteer
from becontree.foundations.access.gates import gate
from becontree.foundations.kit import asked
from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.forms import told_in
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.foundations.kit.throttle import too_many
from becontree.foundations.places import queries as places
from becontree.foundations.places.forms import PostcodeForm

GUESSES_AN_HOUR: Final = 600  # from one address: a hall types its code; nobody tries out millions


@gate("everyone")
def hubs(request: Request) -> HttpResponse:
    """All hubs, and what meets soon; with `?ward=` the nearest to it first."""
    code = asked.one_of(request, "ward", places.ward_names())
    ward = places.wards().defer("geometry").filter(pk=code).first() if code else None
    rows = queries.nearest(ward) if ward is not None else [queries.Near(hub, False, None) for hub in queries.hubs()]
    return render(
        request,
        "hubs/list.html",
        {
            "page": page(request, rows, 30),
            "ward": ward,
            "soon": queries.meetings(request.now)[:6],
        },
    )


@gate("everyone")
def near(request: Request) -> HttpResponse:
    """From a postcode to the hubs near it. It is sent in a form and used once: no address, log or row holds it."""
    form = PostcodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = places.ward_for(form.cleaned_data["postcode"])
        if found is not None:
            return redirect(f"{reverse('hubs:list')}?{urlencode({'ward': found.code})}")
        form.add_error("postcode", _("We do not know this postcode. It may lie outside the borough, or be new."))
    status = 422 if form.errors else 200
    return render(request, "hubs/near.html", {"form": form, "wards": places.wards().defer("geometry")}, status=status)


@gate("everyone")
def hub(request: Request, slug: str) -> HttpResponse:
    """A hub's own page."""
    found = get_object_or_404(queries.every_hub(), slug=slug)
    mine = None
    if request.user.is_authenticated:
        mine = queries.own_offers(request.user).filter(hub=found).first()
    return render(
        request,
        "hubs/hub.html",
        {
            "hub": found,
            "soon": queries.meetings(request.now).filter(hub=found)[:6],
            "held": queries.held(found)[:10],
            "talks": queries.talks_of(found)[:10],
            "mine": mine,
        },
    )


@gate("signed-in")
def offer(request: Request, slug: str) -> HttpResponse:
    """Offer to help in a hub, or take the offer back."""
    found = get_object_or_404(Hub.objects.select_related("organisation"), slug=slug)
    mine = Volunteer.objects.visible_to(request.user, "own").filter(hub=found).first()
    form = OfferForm(request.POST if request.POST.get("do") != "leave" else None)
    if request.method == "POST" and request.POST.get("do") == "leave":
        if mine is not None:
            actions.leave(volunteer=mine, by=request.user, now=request.now)
            messages.success(request, _("You no longer help there. Thank you."))
        return redirect(found.get_absolute_url())
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            actions.offer(hub=found, words=form.cleaned_data["words"], by=request.user, now=request.now)
            messages.success(request, _("Thank you. The people of the hub read it and write to you."))
            return redirect(found.get_absolute_url())
    status = 422 if request.method == "POST" else 200
    return render(request, "hubs/offer.html", {"hub": found, "form": form, "mine": mine}, status=status)


@gate("everyone")
def meeting(request: Request, handle: str) -> HttpResponse:
    """A meeting: when, where, what happens; afterwards how many came, and the notes."""
    found = get_object_or_404(
        Meeting.objects.select_related("conversation", "hub", "ward"), handle=handle, conversation__in=talks.public()
    )
    person = request.user if request.user.is_authenticated else None
    asked = person is not None and Reminder.objects.visible_to(person, "own").filter(meeting=found).exists()
    form = RemindForm(request.POST if request.method == "POST" and person is None else None)
    if request.method == "POST":
        try:
            if person is not None and request.POST.get("do") == "dont":
                actions.dont_remind(meeting=found, person=person)
                messages.success(request, _("We do not write to you."))
                return redirect(found.get_absolute_url())
            if person is None and form.is_valid() and too_many(request, "reminder", limit=60, seconds=3600):
                form.add_error(None, _("Many addresses have just come from here. Please try again in an hour."))
            elif person is not None or form.is_valid():
                to = person if person is not None else form.cleaned_data["address"]
                actions.remind(meeting=found, to=to, now=request.now)
                messages.success(request, _("We write to you the day before."))
                return redirect(found.get_absolute_url())
        except Refused as refused:
            messages.error(request, refused.message)
            return redirect(found.get_absolute_url())
    to_come = found.state == Meeting.State.PLANNED and found.starts_at > request.now
    return render(
        request,
        "hubs/meeting.html",
        {"meeting": found, "form": form, "asked": asked, "to_come": to_come},
        status=422 if form.errors else 200,
    )


@gate("everyone")
def join(request: Request) -> HttpResponse:
    """Type the code that is on the screen."""
    form = CodeForm(request.POST or None)
    if request.method == "POST":
        if too_many(request, "hub-code", limit=GUESSES_AN_HOUR, seconds=3600):
            return render(request, "conversations/busy.html", {"conversation": None}, status=429)
        if form.is_valid():
            found = queries.by_code(form.cleaned_data["code"])
            if found is not None:
                return redirect("hubs:room", found.code)
            form.add_error("code", _("No room is open under this code. Look at the screen again."))
    return render(request, "hubs/join.html", {"form": form}, status=422 if form.errors else 200)


@gate("everyone")
def room(request: Request, code: str) -> HttpResponse:
    """The telephone in the room: what the screen shows, and three buttons."""
    found = queries.by_code(code)
    if found is None:
        return render(request, "hubs/room_closed.html", {}, status=404)
    key = identity.key_of(request)
    person = request.user if request.user.is_authenticated else None
    me = voting.find(found.conversation, key, person)
    said = ""
    if request.method == "POST":
        try:
            if me is None:
                key = voting.key_to_begin(found.conversation, key)
                actions.join(meeting=found, key=key, person=person, now=request.now)
            else:
                actions.vote(
                    meeting=found,
                    participant=me,
                    number=_whole(request.POST.get("statement")),
                    value=_whole(request.POST.get("value"), otherwise=9),
                    now=request.now,
                )
        except Refused as refused:
            said = refused.message
        else:
            answer = redirect("hubs:room", found.code)
            if me is None and person is None:
                identity.remember(answer, key)
            return answer
    return render(request, "hubs/room.html", _room(found, me) | {"said": said}, status=422 if said else 200)


@gate("everyone")
def now(request: Request, code: str) -> HttpResponse:
    """The number of the statement on the screen, in some bytes, for phones that ask often."""
    found = queries.by_code(code)
    if found is None:
        raise Http404
    return JsonResponse({"showing": found.showing})


def _room(meeting: Meeting, me: Participant | None) -> dict[str, Any]:
    statement = queries.statements(meeting).filter(number=meeting.showing).first() if meeting.showing else None
    mine = None
    if me is not None and statement is not None:
        mine = me.votes.filter(statement=statement).order_by("-id").values_list("value", flat=True).first()
    return {"meeting": meeting, "conversation": meeting.conversation, "me": me, "statement": statement, "mine": mine}


def _whole(text: str | None, otherwise: int = 0) -> int:
    text = str(text or "")
    return int(text) if text.lstrip("-").isdigit() and len(text) < 8 else otherwise
