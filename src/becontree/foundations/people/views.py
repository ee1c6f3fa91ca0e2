"""A person's own pages: details, data, forgetting, organisations."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.forms import form_page
from becontree.foundations.kit.gates import gate
from becontree.foundations.kit.paging import page
from becontree.foundations.people import actions, queries, shredders, wards
from becontree.foundations.people.forms import DetailsForm, ForgetForm, OrganisationForm
from becontree.foundations.people.models import FactorReset, Membership, Person


def me(request: HttpRequest) -> Person:
    """The signed-in person; the gate has seen to it that there is one."""
    assert isinstance(request.user, Person)
    return request.user


def now(request: HttpRequest) -> Any:
    return request.now  # type: ignore[attr-defined]


@never_cache
@gate("signed-in")
def details(request: HttpRequest) -> HttpResponse:
    """Look at and change my own details."""
    person = me(request)
    first = {field: getattr(person, field) for field in ("name", "phone", "address", "language", "ward_code")}
    form = DetailsForm(request.POST or None, initial=first, wards=wards.choices())
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_details(person=person, by=person, now=now(request), **form.cleaned_data)
            messages.success(request, gettext("Your details are kept."))
            return redirect("people:details")
        except Invalid as error:
            form.refuse(error)
    return form_page(request, "people/details.html", {"form": form})


@never_cache
@gate("signed-in")
def lost_factor(request: HttpRequest) -> HttpResponse:
    """Whether somebody asked to take my second factor away, and the way to stop it."""
    person = me(request)
    fresh = {"state": FactorReset.State.WAITS, "asked_at__gt": now(request) - FactorReset.LASTS}
    waits = queries.resets().filter(person=person, **fresh).first()
    if request.method == "POST":
        if waits is None:
            messages.error(request, gettext("Nothing waits that you could stop."))
        else:
            actions.stop_reset(reset=waits, by=person, now=now(request))
            messages.success(request, gettext("Stopped. Your second factor stays as it is."))
        return redirect("people:lost-factor")
    before = queries.resets().filter(person=person).exclude(state=FactorReset.State.WAITS)[:20]
    return render(request, "people/lost_factor.html", {"waits": waits, "before": before})


@gate("signed-in")
def take_away(request: HttpRequest) -> HttpResponse:
    """What there is to take, and the button that takes it."""
    return render(request, "people/take_away.html", {"classes": shredders.every()})


@never_cache
@gate("signed-in")
def take_away_file(request: HttpRequest) -> HttpResponse:
    """Everything kept about me, as a JSON file. A POST, so that no link in a letter can set it off."""
    if request.method != "POST":
        return redirect("people:take-away")
    person = me(request)
    taken = actions.export(person=person, by=person, now=now(request))
    text = json.dumps(taken, ensure_ascii=False, indent=1, default=str)
    name = f"my-data-{now(request):%Y-%m-%d}.json"
    return HttpResponse(
        text + "\n",
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@never_cache
@gate("signed-in")
def forget(request: HttpRequest) -> HttpResponse:
    """Ask to be forgotten: what must be settled first and where, what is let go, what stays and why, a box to tick."""
    person = me(request)
    form = ForgetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.erase(person=person, by=person, now=now(request))
        except Clash as error:
            form.add_error(None, error.message)
        else:
            logout(request)
            return redirect("people:forgotten")
    standing = shredders.standing(person, now(request))
    return form_page(
        request,
        "people/forget.html",
        {
            "form": form,
            "must": [one for one in standing if not one.goes],
            "goes": [one for one in standing if one.goes],
            "stays": shredders.stays(person),
        },
    )


@gate("everyone")
def forgotten(request: HttpRequest) -> HttpResponse:
    """Goodbye."""
    return render(request, "people/forgotten.html")


@gate("signed-in")
def organisations(request: HttpRequest) -> HttpResponse:
    """Where I belong."""
    return render(request, "people/organisations.html", {"page": page(request, queries.organisations_of(me(request)))})


@gate("signed-in")
def add_organisation(request: HttpRequest) -> HttpResponse:
    """Add an organisation that I lead."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_organisation(by=me(request), now=now(request), **form.cleaned_data)
            messages.success(request, gettext("%(name)s is added. An officer will look it up.") % {"name": made.name})
            return redirect("people:organisations")
        except Invalid as error:
            form.refuse(error)
        except Clash as error:
            form.add_error(None, error.message)
    return form_page(request, "people/add_organisation.html", {"form": form})


@gate("signed-in")
def leave(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Leave an organisation; asks first."""
    person = me(request)
    place = get_object_or_404(
        Membership.objects.select_related("organisation"), pk=pk, person=person, left_at__isnull=True
    )
    if request.method == "POST":
        actions.leave(place=place, by=person, now=now(request))
        messages.success(request, gettext("You have left %(name)s.") % {"name": place.organisation.name})
        return redirect("people:organisations")
    return render(request, "people/leave.html", {"place": place})
