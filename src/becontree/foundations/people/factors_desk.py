"""Officers' pages for a second factor that was lost: ask, confirm, decline; and the list of all of them."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from becontree.foundations.kit.as_read import DecideForm, pressed
from becontree.foundations.kit.dates import moment, stamp
from becontree.foundations.kit.downloads import csv_download
from becontree.foundations.kit.errors import NotAllowed
from becontree.foundations.kit.forms import told_in
from becontree.foundations.kit.gates import gate
from becontree.foundations.kit.paging import page
from becontree.foundations.people import actions, queries
from becontree.foundations.people.forms import AskResetForm
from becontree.foundations.people.models import FactorReset
from becontree.foundations.people.views import me, now

COLUMNS = (
    "who", "their id", "why", "how it was checked", "what was noted", "asked on", "asked by", "state", "decided on",
    "decided by", "why not",
)  # fmt: skip


@gate("administrator", "auditor")
def resets(request: HttpRequest) -> HttpResponse:
    """What waits to be confirmed, and every one before."""
    rows = page(request, queries.resets(), 30)
    for one in rows:
        one.names = queries.told(one)
        one.open = one.is_open(now(request))
    context = {
        "page": rows,
        "may_write": me(request).has_role("administrator"),
        "alone": queries.alone(),
    }
    return render(request, "people/resets.html", context)


@gate("administrator", "auditor")
def resets_csv(request: HttpRequest) -> HttpResponseBase:
    """All of them."""

    def row(one: FactorReset) -> tuple[Any, ...]:
        names = queries.told(one)
        return (
            names.person, str(one.person_id), one.reason, str(one.get_checked_display()), one.check_note,
            stamp(one.asked_at), names.asker, str(one.get_state_display()),
            stamp(one.decided_at) if one.decided_at else "", names.decider, one.why_not,
        )  # fmt: skip

    return csv_download(
        request, "second-factors", COLUMNS, (row(one) for one in queries.resets().iterator(chunk_size=500))
    )


@gate("administrator")
def ask_reset(request: HttpRequest) -> HttpResponse:
    """Ask that somebody's second factor be taken away, by their exact address."""
    form = AskResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answers = dict(form.cleaned_data)
        person = queries.by_email(answers.pop("email"))
        if person is None:
            form.add_error("email", gettext("Nobody has an account with this address."))
        else:
            with told_in(form):
                made = actions.ask_reset(person=person, by=me(request), now=now(request), **answers)
                said = gettext(
                    "Asked: %(person)s is told by e-mail. A second administrator must confirm it by %(until)s."
                )
                messages.success(request, said % {"person": person, "until": moment(made.lapses_at)})
                return redirect("people:resets")
    return render(request, "people/ask_reset.html", {"form": form}, status=422 if form.errors else 200)


@gate("administrator")
def reset(request: HttpRequest, reset_id: uuid.UUID) -> HttpResponse:
    """One of them: a second administrator confirms or declines; whoever asked takes it back."""
    one = get_object_or_404(queries.resets(), pk=reset_id)
    do = pressed(request)
    form = DecideForm(request.POST if do else None, initial={"read": queries.as_read(one)})
    if do and form.is_valid():
        with told_in(form, but=(NotAllowed,)):
            messages.success(request, _decide(request, one, do, form.cleaned_data))
            return redirect("people:resets")
        # What is wrong is said above; the second person decides on what is before them now.
        one = get_object_or_404(queries.resets(), pk=reset_id)
        form.read_anew(queries.as_read(one))
    home = queries.household_ids(me(request))
    context = {
        "one": one,
        "names": queries.told(one),
        "form": form,
        "open": one.is_open(now(request)),
        "mine": one.asked_by_id == me(request).pk,
        "own": one.person_id in home,
        "home": one.asked_by_id in home,
    }
    return render(request, "people/reset.html", context, status=422 if form.errors else 200)


def _decide(request: HttpRequest, one: FactorReset, do: str, answers: dict[str, Any]) -> str:
    """Do what was asked; returns what happened, in a sentence."""
    who: dict[str, Any] = {"reset": one, "by": me(request), "now": now(request)}
    name = {"person": str(one.person)}
    if do == "confirm":
        actions.confirm_reset(**who, read=answers["read"])
        said = gettext(
            "Confirmed. %(person)s is told, and signed out everywhere. They set up a new one when they sign in."
        )
        return said % name
    if do == "take-back":
        actions.stop_reset(**who)
        return gettext("Taken back. Nothing was changed, and %(person)s is told.") % name
    actions.decline_reset(**who, why_not=answers["why_not"])
    return gettext("Declined. Nothing was changed, and %(person)s is told.") % name
