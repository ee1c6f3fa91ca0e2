"""Officers' pages of `people`: who holds which role, and the register of organisations."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from becontree.foundations.kit.asked import takes
from becontree.foundations.kit.dates import moment, stamp
from becontree.foundations.kit.downloads import csv_download
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.forms import form_page
from becontree.foundations.kit.gates import gate
from becontree.foundations.kit.paging import page
from becontree.foundations.people import actions, queries
from becontree.foundations.people.forms import GrantForm, HistoryForm, HowForm, ReasonForm
from becontree.foundations.people.models import Organisation, Person, RoleHeld
from becontree.foundations.people.roles import BY_TWO, ROLES
from becontree.foundations.people.teams import TEAMS
from becontree.foundations.people.views import me, now


@gate("administrator")
def roles(request: HttpRequest) -> HttpResponse:
    """Who holds which role now (or held, with `?show=ended`)."""
    ended = request.GET.get("show") == "ended"
    rows = queries.roles_held(live=not ended)
    if ended:
        rows = rows.filter(ends_at__isnull=False).order_by("-ends_at", "id")
    held = page(request, rows, 50)
    who = queries.names(
        one
        for row in held
        for one in (row.granted_by, row.confirmed_by, row.ended_by)
        if one and not one.startswith("system:")
    )
    for row in held:
        row.role_name = ROLES[row.role].name if row.role in ROLES else row.role
        row.team_name = TEAMS[row.team].name if row.team in TEAMS else row.team
        row.granter = who.get(row.granted_by, "The system")
        row.confirmer = who.get(row.confirmed_by, "")
        row.ender = who.get(row.ended_by, "The system" if row.ended_by else "")
    return render(request, "people/roles.html", {"page": held, "ended": ended, "roles": ROLES.values()})


@gate("auditor", "administrator")
def history(request: HttpRequest) -> HttpResponse:
    """Every grant and every end of a role: who, which, by whom, when, why. Looking changes nothing."""
    form = HistoryForm(request)
    shown = page(request, queries.history(**form.asked), 50)
    asked = {name: value for name, value in form.asked.items() if name in {"since", "until", "who", "by"}}
    resets = queries.resets_between(**asked)[:50]
    context = {
        "form": form,
        "page": shown,
        "rows": queries.in_words(shown),
        "resets": [(one, queries.told(one)) for one in resets],
    }
    return render(request, "people/history.html", context, status=form.status)


@gate("auditor", "administrator")
@takes(*HistoryForm.base_fields)
def history_csv(request: HttpRequest) -> HttpResponseBase:
    """The same, all of them."""
    rows = queries.in_words(queries.history(**HistoryForm(request).asked_strictly).iterator(chunk_size=1_000))
    lines = ([stamp(one) if isinstance(one, datetime) else one for one in row] for row in rows)
    return csv_download(request, "roles", queries.HISTORY, lines)


@gate("administrator")
def grant(request: HttpRequest) -> HttpResponse:
    """Grant a role to somebody who has an account, by their exact address."""
    form = GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answers = dict(form.cleaned_data)
        person = queries.by_email(answers.pop("email"))
        if person is None:
            form.add_error("email", gettext("Nobody has an account with this address. Ask them to make one first."))
        else:
            try:
                messages.success(request, _grant(request, person, answers))
                return redirect("people:roles-asked" if answers["role"] in BY_TWO else "people:desk")
            except Invalid as error:
                form.refuse(error)
            except (Clash, NotAllowed) as error:
                form.add_error(None, error.message)
    return form_page(request, "people/grant.html", {"form": form, "roles": ROLES.values(), "alone": queries.alone()})


def _grant(request: HttpRequest, person: Person, answers: dict[str, Any]) -> str:
    """Grant the role, or ask for it where it takes two; returns what happened, in a sentence."""
    who: dict[str, Any] = {"person": person, "by": me(request), "now": now(request)}
    role, team = answers["role"], answers.pop("team")
    name = {"person": person, "role": ROLES[role].name.lower()}
    if role not in BY_TWO:
        actions.grant_role(**who, **answers, team=team)
        return gettext("%(person)s now has this role: %(role)s.") % name
    if team:
        raise Invalid("people.team_needless", gettext("This role is not in a team."), "team")
    made = actions.ask_role(**who, **answers)
    said = gettext(
        "Asked: %(person)s is told, and does not have this role yet: %(role)s. A second administrator must confirm it "
        "by %(until)s."
    )
    return said % {**name, "until": moment(made.lapses_at)}


@gate("administrator")
def end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End a role, with a reason."""
    held = get_object_or_404(RoleHeld.objects.select_related("person"), pk=pk, ends_at__isnull=True)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_role(held=held, by=me(request), now=now(request), **form.cleaned_data)
            messages.success(request, gettext("The role has ended."))
            return redirect("people:desk")
        except Invalid as error:
            form.refuse(error)
        except Clash as error:
            form.add_error(None, error.message)
    return form_page(request, "people/end_role.html", {"form": form, "held": held, "role": ROLES[held.role]})


@gate("officer", "finance")
def organisations(request: HttpRequest) -> HttpResponse:
    """The register of organisations; `?show=unverified` for those that wait."""
    waiting = request.GET.get("show") == "unverified"
    rows = queries.organisations(verified=False if waiting else None)
    return render(request, "people/register.html", {"page": page(request, rows, 50), "waiting": waiting})


@gate("officer", "finance")
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation: what it says, what was checked, and the checks to make."""
    body = get_object_or_404(Organisation, slug=slug)
    person = me(request)
    check: Any = request.POST.get("check")
    how = HowForm(request.POST if check in {"verify", "bank"} else None, prefix="how")
    why = ReasonForm(request.POST if check == "withdraw" else None, prefix="why")
    form = why if check == "withdraw" else how
    if request.method == "POST" and check in {"verify", "bank", "withdraw"} and form.is_valid():
        checks: dict[str, Any] = {
            "verify": actions.verify_organisation,
            "bank": actions.verify_bank,
            "withdraw": actions.withdraw_verification,
        }
        try:
            checks[check](organisation=body, by=person, now=now(request), **form.cleaned_data)
            said = {
                "verify": gettext("%(name)s is checked: its register says what it says."),
                "bank": gettext("The bank account of %(name)s is checked: payments can be made to it."),
                "withdraw": gettext(
                    "The checks of %(name)s are withdrawn: it has to be looked up anew before it is paid."
                ),
            }
            messages.success(request, said[check] % {"name": body.name})
            return redirect("people:organisation", slug=slug)
        except Invalid as error:
            form.refuse(error)
        except NotAllowed as error:
            form.add_error(None, error.message)
    changes = list(queries.changes(f"organisation/{body.pk}")[:50])
    names = queries.names([change.by for change in changes])
    done = [(change, names.get(change.by, "The system")) for change in changes]
    context = {
        "body": body,
        "form": form,
        "how": how,
        "why": why,
        "changes": done,
        "officer": person.has_role("officer"),
        "finance": person.has_role("finance"),
    }
    return render(request, "people/organisation.html", context)
