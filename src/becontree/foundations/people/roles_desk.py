"""Officers' pages for roles that two administrators grant: what waits, confirm, decline; the list of all of them."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from becontree.foundations.kit.as_read import DecideForm, pressed
from becontree.foundations.kit.dates import stamp
from becontree.foundations.kit.downloads import csv_download
from becontree.foundations.kit.errors import NotAllowed
from becontree.foundations.kit.forms import told_in
from becontree.foundations.kit.gates import gate
from becontree.foundations.kit.paging import page
from becontree.foundations.people import actions, queries
from becontree.foundations.people.models import RoleRequest
from becontree.foundations.people.roles import ROLES
from becontree.foundations.people.teams import TEAMS
from becontree.foundations.people.views import me, now

COLUMNS = (
    "who", "their id", "role", "why", "asked on", "asked by", "lapses on", "state", "decided on", "decided by",
    "why not",
)  # fmt: skip


@gate("administrator", "auditor")
def asked(request: HttpRequest) -> HttpResponse:
    """What waits to be confirmed, and every one before."""
    rows = page(request, queries.roles_asked(), 30)
    for one in rows:
        one.names = queries.told(one)
        one.role_name = ROLES[one.role].name
        one.open = one.is_open(now(request))
    context = {"page": rows, "may_write": me(request).has_role("administrator"), "alone": queries.alone()}
    return render(request, "people/roles_asked.html", context)


@gate("administrator", "auditor")
def asked_csv(request: HttpRequest) -> HttpResponseBase:
    """All of them."""

    def row(one: RoleRequest) -> tuple[Any, ...]:
        names = queries.told(one)
        return (
            names.person, str(one.person_id), ROLES[one.role].name, one.reason, stamp(one.asked_at), names.asker,
            stamp(one.lapses_at), str(one.get_state_display()), stamp(one.decided_at), names.decider, one.why_not,
        )  # fmt: skip

    return csv_download(
        request, "roles-asked-for", COLUMNS, (row(one) for one in queries.roles_asked().iterator(chunk_size=500))
    )


@gate("administrator")
def one(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """One of them: a second administrator confirms or declines; whoever asked takes it back."""
    found = get_object_or_404(queries.roles_asked(), pk=request_id)
    do = pressed(request)
    form = DecideForm(request.POST if do else None, initial={"read": queries.as_read(found)})
    if do and form.is_valid():
        with told_in(form, but=(NotAllowed,)):
            messages.success(request, _decide(request, found, do, form.cleaned_data))
            return redirect("people:roles-asked")
        # What is wrong is said above; the second person decides on what is before them now.
        found = get_object_or_404(queries.roles_asked(), pk=request_id)
        form.read_anew(queries.as_read(found))
    home = queries.household_ids(me(request))
    held = sorted(found.person.live_roles)
    context = {
        "one": found,
        "names": queries.told(found),
        "role": ROLES[found.role],
        "role_name": ROLES[found.role].name,
        "held": [ROLES[code].name + (f" ({TEAMS[team].name})" if team in TEAMS else "") for code, team in held],
        "form": form,
        "open": found.is_open(now(request)),
        "mine": found.asked_by_id == me(request).pk,
        "own": found.person_id in home,
        "home": found.asked_by_id in home,
    }
    return render(request, "people/role_asked.html", context, status=422 if form.errors else 200)


def _decide(request: HttpRequest, found: RoleRequest, do: str, answers: dict[str, Any]) -> str:
    """Do what was asked; returns what happened, in a sentence."""
    who: dict[str, Any] = {"request": found, "by": me(request), "now": now(request)}
    name = {"person": str(found.person), "role": ROLES[found.role].name.lower()}
    if do == "confirm":
        actions.confirm_role(**who, read=answers["read"])
        return gettext("Confirmed. %(person)s now has this role: %(role)s. They are told, and so is who asked.") % name
    if do == "take-back":
        actions.stop_role(**who)
        return gettext("Taken back. Nothing was changed, and %(person)s is told.") % name
    actions.decline_role(**who, why_not=answers["why_not"])
    return gettext("Declined. Nothing was changed, and %(person)s is told.") % name
