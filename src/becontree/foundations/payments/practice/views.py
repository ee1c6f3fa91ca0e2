"""The pretend provider's own pages. Each says in its first line that no money moves."""

from __future__ import annotations

import logging

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from becontree.foundations.access.gates import gate
from becontree.foundations.kit.forms import form_page
from becontree.foundations.payments.practice import post, remote
from becontree.foundations.payments.practice.faults import CARDS
from becontree.foundations.payments.practice.models import PracticeSetup

log = logging.getLogger(__name__)


class CardForm(forms.Form):
    card = forms.ChoiceField(
        label=_("Choose a practice card"),
        choices=[(card.code, card.title) for card in CARDS.values()],
        widget=forms.RadioSelect,
        initial="pays",
    )


@require_http_methods(["GET", "POST"])
@gate("everyone")
def pay(request: HttpRequest, setup: str) -> HttpResponse:
    """The page where a giver chooses a practice card."""
    row = PracticeSetup.objects.filter(pk=setup).first()
    if row is None:
        raise Http404("There is no such practice payment.")
    now = request.now  # type: ignore[attr-defined]
    if row.state != "waiting":
        return redirect(row.return_url)
    form = CardForm(request.POST or None)
    if request.method == "POST" and "leave" in request.POST:
        remote.leave_page(setup=setup, now=now)
    elif request.method == "POST" and form.is_valid():
        remote.answer_page(setup=setup, card=form.cleaned_data["card"], now=now)
    else:
        return form_page(request, "payments/practice.html", {"setup": row, "form": form})
    try:
        post.send_and_read(now=now)
    except Exception:  # the messages wait; the worker brings them
        log.exception("The practice messages could not be sent at once.")
    return redirect(row.return_url)
