"""Pages about letters for everybody: what I wish to get, and one click to leave."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import Invalid
from becontree.foundations.kit.forms import form_page
from becontree.foundations.kit.paging import page
from becontree.foundations.messages import leaving
from becontree.foundations.messages.models import Message
from becontree.foundations.people.views import me, now


class WishForm(forms.Form):
    news = forms.BooleanField(
        label=_("Send me news, at most one letter a week"),
        help_text=_("Letters about something you did, such as a receipt, come in any case."),
        required=False,
    )


@never_cache
@gate("signed-in")
def mine(request: HttpRequest) -> HttpResponse:
    """What was written to me. In the example borough, where nothing is sent, this is where letters are read."""
    rows = Message.objects.visible_to(me(request), "own").defer("body")
    return render(request, "messages/mine.html", {"page": page(request, rows, 20)})


@never_cache
@gate("signed-in")
def mine_one(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One letter to me, as it went out."""
    letter = get_object_or_404(Message.objects.visible_to(me(request), "own"), pk=pk)
    return render(request, "messages/mine_one.html", {"letter": letter})


@never_cache
@gate("signed-in")
def wishes(request: HttpRequest) -> HttpResponse:
    """Whether I want news."""
    person = me(request)
    form = WishForm(request.POST or None, initial={"news": leaving.wants_news(person)})
    if request.method == "POST":
        leaving.wish(person=person, wanted="news" in request.POST, now=now(request))
        messages.success(request, gettext("Your wish is kept."))
        return redirect("messages:wishes")
    return form_page(request, "messages/wishes.html", {"form": form})


# A mail program that offers "unsubscribe" posts here by itself (RFC 8058): no cookie, no token of a form. The signed
# token in the address is the proof; a GET changes nothing, for programs open links to look at them.
@csrf_exempt
@gate("everyone")
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Leave the news: asks on GET, does it on POST."""
    try:
        if request.method == "POST":
            leaving.leave(token, now=now(request))
            return render(request, "messages/left.html")
        leaving.check(token)
    except Invalid as error:
        return render(request, "messages/left.html", {"refusal": error}, status=404)
    return render(request, "messages/leave.html")
