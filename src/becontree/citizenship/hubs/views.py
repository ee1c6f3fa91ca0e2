"""Hubs and meetings, for everybody; and the telephone in the room."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from becontree.citizenship.conversations import identity
from becontree.citizenship.conversations import queries as talks
from becontree.citizenship.conversations.actions import voting
from becontree.citizenship.conversations.models import Participant
from becontree.citizenship.hubs import actions, queries
from becontree.citizenship.hubs.forms import CodeForm, OfferForm
from becontree.citizenship.hubs.models import Hub, Meeting, Volunteer
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.forms import put_errors
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.foundations.kit.throttle import too_many

GUESSES_AN_HOUR: Final = 600  # from one address: a hall types its code; nobody tries out millions


@gate("everyone")
def hubs(request: Request) -> HttpResponse:
    """All hubs, and what meets soon."""
    return render(
        request,
        "hubs/list.html",
        {"page": page(request, queries.hubs(), 30), "soon": queries.meetings(request.now)[:6]},
    )


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
        try:
            actions.offer(hub=found, words=form.cleaned_data["words"], by=request.user, now=request.now)
        except Refused as refused:
            put_errors(form, refused)
        else:
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
    return render(request, "hubs/meeting.html", {"meeting": found})


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
                key = key or identity.new_key()
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
            if me is None:
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
