"""Officers' pages of `messages`: the log, without anybody's words; letters to print; a second try."""

from __future__ import annotations

import uuid

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from becontree.foundations.access import reads
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.asked import one_of
from becontree.foundations.kit.errors import Clash
from becontree.foundations.kit.paging import page
from becontree.foundations.messages import actions, queries
from becontree.foundations.messages.models import Message
from becontree.foundations.people.views import me, now


@gate("officer", "administrator")
def log(request: HttpRequest) -> HttpResponse:
    """What went out and what did not: which template, when, how; nobody's name, address or words."""
    state = one_of(request, "state", Message.State.values)
    totals = queries.counts()
    context = {
        "page": page(request, queries.log(state), 50),
        "state": state,
        "states": [(value, label, totals.get(value, 0)) for value, label in Message.State.choices],
        "officer": me(request).has_role("officer"),
    }
    return render(request, "messages/log.html", context)


@gate("officer")
def to_print(request: HttpRequest) -> HttpResponse:
    """Letters on paper that wait for me or my team."""
    rows = Message.objects.visible_to(me(request), "letter").filter(state=Message.State.WAITING)
    rows = rows.only("id", "template", "made_at", "team").order_by("made_at", "id")
    return render(request, "messages/to_print.html", {"page": page(request, rows, 50)})


@never_cache
@gate("officer")
def letter(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One letter as a page to print. That it was read is written first; a POST says that it is in the post."""
    officer = me(request)
    one = get_object_or_404(Message.objects.visible_to(officer, "letter").select_related("person"), pk=pk)
    if request.method == "POST":
        try:
            actions.print_letter(message=one, by=officer, now=now(request))
            flash.success(request, gettext("Put down as posted."))
        except Clash as error:
            flash.error(request, error.message)
        return redirect("messages:to-print")
    reads.record(officer, one, "letter", now(request))
    return render(request, "messages/letter.html", {"letter": one})


@require_POST
@gate("officer", "administrator")
def again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Try a letter that failed once more."""
    try:
        actions.again(message=get_object_or_404(Message, pk=pk), by=me(request), now=now(request))
        flash.success(request, gettext("It will be tried again."))
    except Clash as error:
        flash.error(request, error.message)
    return redirect("messages:desk")
