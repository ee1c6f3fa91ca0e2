"""What one said: with an account, or by the private link that a form without one is given."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from becontree.citizenship.voices import actions, queries, tokens
from becontree.citizenship.voices.forms import AppealForm
from becontree.citizenship.voices.models import Response, Round, Voice
from becontree.citizenship.voices.permissions import Speaker
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.dates import day as write_day
from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.forms import form_page, put_errors, told_in
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.foundations.policy import settings


@gate("signed-in")
def mine(request: Request) -> HttpResponse:
    rows = Voice.objects.visible_to(request.user, "own").select_related("response__ward")
    rows = rows.prefetch_related("answers", "rulings", "appeals")
    return render(request, "voices/mine.html", {"page": page(request, rows, 20), "form": AppealForm()})


def _own(request: Request, handle: str) -> Voice:
    found = Voice.objects.visible_to(request.user, "own").filter(handle=handle).first()
    if found is None:
        raise Http404
    return found


@gate("signed-in")
def appeal(request: Request, handle: str) -> HttpResponse:
    found = _own(request, handle)
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            made = actions.appeal(voice=found, words=form.cleaned_data["words"], by=request.user, now=request.now)
            messages.success(
                request, _("Thank you. Another person will look at it by %(day)s.") % {"day": write_day(made.due_on)}
            )
            return redirect("voices:mine")
    return form_page(request, "voices/appeal.html", {"form": form, "voice": found})


@gate("signed-in")
def withdraw(request: Request, handle: str) -> HttpResponse:
    found = _own(request, handle)
    if request.method == "POST":
        actions.withdraw(voice=found, by=request.user, now=request.now)
        messages.success(request, _("Your words are gone."))
        return redirect("voices:mine")
    return render(request, "voices/withdraw.html", {"voice": found, "back": reverse("voices:mine")})


def _by_link(token: str) -> Response:
    found = Response.objects.select_related("ward", "round", "contact", "person")
    response = found.filter(pk__in=[tokens.response_id(token)]).first()
    if response is None:
        raise Http404
    return response


@never_cache
@gate("everyone")
def own_thanks(request: Request, token: str) -> HttpResponse:
    """Thank you: the reference, what happens next and when, and the private link."""
    response = _by_link(token)
    return render(
        request,
        "voices/thanks.html",
        {
            "response": response,
            "round": response.round,
            "token": token,
            "days": settings.council("voices.read_days", request.today),
            "equality": tokens.sealed(response) if queries.asks_about_you(response, now=request.now) else "",
        },
    )


@never_cache
@gate("everyone")
def own(request: Request, token: str) -> HttpResponse:
    """What somebody said, by the private link: how it stands; take back, appeal, be forgotten, be verified."""
    response = _by_link(token)
    do, asked = request.POST.get("do", ""), request.POST.get("voice", "")
    form = AppealForm(request.POST if do == "appeal" else None)
    voices = list(
        response.voices.select_related("question")
        .prefetch_related("answers", "rulings", "appeals")
        .order_by("position")
    )
    chosen = next((voice for voice in voices if voice.handle == asked), None)
    speaker = Speaker(response.pk)
    said = ""
    try:
        if do == "withdraw" and chosen is not None:
            actions.withdraw(voice=chosen, by=speaker, now=request.now)
            said = _("Your words are gone.")
        elif do == "appeal" and chosen is not None and form.is_valid():
            made = actions.appeal(voice=chosen, words=form.cleaned_data["words"], by=speaker, now=request.now)
            said = _("Thank you. Another person will look at it by %(day)s.") % {"day": write_day(made.due_on)}
        elif do == "leave":
            actions.forget_contact(response=response, by=speaker, now=request.now)
            said = _("Your address is gone. You get no more letters about this.")
        elif do == "forget":
            actions.forget_response(response=response, by=speaker, now=request.now)
            said = _("Everything you said here is gone, and so is your address.")
        elif do == "verify" and request.user.is_authenticated:
            actions.verify(response=response, holder=speaker, by=request.user, now=request.now)
            said = _("Thank you. We know now that this was said by somebody who lives here.")
    except Refused as refused:
        if form.is_bound:
            put_errors(form, refused)
        else:
            messages.error(request, refused.message)
    if said:
        messages.success(request, said)
        return redirect("voices:own", token)
    may_verify = (
        response.round is not None
        and response.round.verification == Round.Verification.LATER
        and response.verified_at is None
    )
    return render(
        request,
        "voices/own.html",
        {
            "response": response,
            "voices": voices,
            "form": form,
            "asked": asked,
            "token": token,
            "may_verify": may_verify,
            "left": any(voice.state != Voice.State.WITHDRAWN for voice in voices),
            "updates": queries.updates(response.round) if response.round is not None else [],
        },
        status=422 if form.errors else 200,
    )
