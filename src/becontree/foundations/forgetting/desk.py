"""Officers' pages of `forgetting`: what is due, taking a wish down, and the one page on which it is dealt with."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from becontree.foundations import policy
from becontree.foundations.access import reads
from becontree.foundations.access.gates import gate
from becontree.foundations.forgetting import actions, kinds, queries
from becontree.foundations.forgetting.forms import CheckForm, LongerForm, LookForm, RefuseForm, TakeForm
from becontree.foundations.forgetting.models import Wish
from becontree.foundations.forgetting.permissions import PURPOSE, may_handle
from becontree.foundations.kit.downloads import csv_download
from becontree.foundations.kit.errors import Clash, Refused
from becontree.foundations.kit.forms import put_errors, told_in
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.foundations.people.actors import party_id

TEAM = "officer:information"


@gate(TEAM, "auditor")
def front(request: Request) -> HttpResponse:
    """What has to be answered, nearest date first; what is done with `?show=done`. An auditor sees the same lists."""
    done = request.GET.get("show") == "done"
    mine = may_handle(request.user)
    rows = queries.finished() if done else queries.due(request.user) if mine else queries.everything_due()
    context = {
        "page": page(request, rows, 30),
        "done": done,
        "mine": mine,
        "to_tell": queries.to_tell(request.user)[:30] if mine else [],
        "to_tell_longer": queries.to_tell_longer(request.user, request.today)[:30] if mine else [],
        "rule": policy.at(request.today).value("data.erasure"),
        "more": policy.at(request.today).value("data.erasure_extension"),
    }
    return render(request, "forgetting/desk.html", context)


@gate(TEAM, "auditor")
def wishes_csv(request: Request) -> HttpResponseBase:
    """Every wish: when it came, by when it was due, how it ended. Nothing that says who."""
    return csv_download(request, "wishes-to-be-forgotten", queries.COLUMNS, queries.table())


@never_cache
@gate(TEAM)
def take_down(request: Request) -> HttpResponse:
    """Write a request down; what is held under the address or reference is looked up once, and that is written down."""
    form = TakeForm(request.POST or None, today=request.today)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            made = actions.take_down(by=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, _("Taken down. Tell them the reference: %(handle)s") % {"handle": made.handle})
            return redirect(made)
    context = {"form": form, "kinds": kinds.every()}
    return render(request, "forgetting/take_down.html", context, status=422 if form.errors else 200)


@never_cache
@gate(TEAM)
def wish(request: Request, handle: str) -> HttpResponse:
    """One wish: whom it is about, what stands in the way, what stays; and the next step. Opening it is written down."""
    one = get_object_or_404(Wish.objects.visible_to(request.user, PURPOSE), handle=handle)
    do = request.POST.get("do", "")
    forms = {
        "look": LookForm(request.POST if do == "look" else None, prefix="look"),
        "check": CheckForm(request.POST if do == "check" else None, prefix="check"),
        "refuse": RefuseForm(request.POST if do == "refuse" else None, prefix="refuse"),
        "longer": LongerForm(request.POST if do == "longer" else None, prefix="longer"),
    }
    if request.method == "POST":
        moved = _move(request, one, do, forms.get(do))
        if moved is not None:
            return moved
        one.refresh_from_db()
    found = queries.held(one) if one.is_open else []
    there = [thing for thing in found if not thing.gone]
    reads.record(request.user, [thing.row for thing in there], PURPOSE, request.now)
    first_due = actions.due_on(one.came_on)
    context = {
        "wish": one,
        "found": [_shown(thing, request) for thing in found],
        "anything": bool(there),
        "read": queries.as_read(one),
        "all_kept": bool(there) and all(thing.kind.kept(thing.row, request.now) for thing in there),
        "own_check": one.checked_by == party_id(request.user),
        "forms": forms,
        "form": forms.get(do),
        "rule": policy.at(one.came_on).value("data.erasure"),
        "more": policy.at(one.came_on).value("data.erasure_extension"),
        "first_due": first_due,
        "later_due": actions.later_due_on(one.came_on),
        "in_first_month": request.today <= first_due,
    }
    bad = do in forms and bool(forms[do].errors)
    return render(request, "forgetting/wish.html", context, status=422 if bad else 200)


def _move(request: Request, one: Wish, do: str, form: Any) -> HttpResponse | None:
    """Do what was asked; None where the page has to be shown again with what is wrong."""
    by: dict[str, Any] = {"wish": one, "by": request.user, "now": request.now}
    if form is not None:
        if not form.is_valid():
            return None
        try:
            if do == "look":
                added = actions.look_again(**by, **form.cleaned_data)
                said = _("Found.") if added else _("Nothing more is held under this.")
            elif do == "check":
                actions.check(**by, **form.cleaned_data)
                said = _("Noted. Now a second person looks at it.")
            elif do == "longer":
                actions.take_longer(**by, **form.cleaned_data)
                said = _("Noted. The later day holds once they were told.")
            else:
                actions.refuse(**by, **form.cleaned_data)
                said = _("Refused.")
        except Refused as refused:
            put_errors(form, refused)
            return None
        messages.success(request, said)
        return redirect(one)
    if do == "out":
        part = request.POST.get("part", "")
        by["part"] = int(part) if part.isascii() and part.isdigit() and len(part) < 19 else 0
    if do == "confirm":
        by["read"] = request.POST.get("read", "")
    plain: dict[str, tuple[Any, str]] = {
        "out": (actions.leave_out, _("Left out.")),
        "confirm": (actions.confirm, _("Forgotten.")),
        "back": (actions.send_back, _("Sent back to be checked again.")),
        "nothing": (actions.close_empty, _("Closed: nothing is held.")),
        "told": (actions.say_told, _("Put down as told.")),
        "told-longer": (actions.say_longer, _("Put down as told. The later day holds.")),
    }
    if do in plain:
        verb, said = plain[do]
        try:
            verb(**by)
            messages.success(request, said)
        except Clash as refused:
            messages.error(request, refused.message)
    return redirect(one)


def _shown(thing: queries.Held, request: Request) -> dict[str, Any]:
    kind, row, gone = thing.kind, thing.row, thing.gone
    standing = [] if gone else kind.standing(row, request.now)
    return {
        "part": thing.part,
        "kind": kind.name,
        "gone": gone,
        "kept": not gone and kind.kept(row, request.now),
        "facts": [] if gone else kind.facts(row),
        "must": [one for one in standing if not one.goes],
        "goes": [one for one in standing if one.goes],
        "keeps": [] if gone else kind.keeps(row, request.now),
    }
