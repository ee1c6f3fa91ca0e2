"""Pages for everybody: who was heard and who was not, where and how long ago; and a canvasser's own shifts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from becontree.citizenship.outreach import actions, queries, tablet
from becontree.citizenship.outreach.heard import Table
from becontree.citizenship.outreach.models import Shift
from becontree.citizenship.voices.models import Round
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.downloads import csv_download, json_download
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.remembered import remembered
from becontree.foundations.kit.requests import Request
from becontree.foundations.places import queries as places

FIELDS = ("round", "characteristic", "group", "people_here", "share_here", "heard", "share_heard", "low", "high",
          "expected", "said")  # fmt: skip
NEVER = 105  # weeks: what a ward that was never heard is shaded as


@gate("everyone")
def outreach(request: Request) -> HttpResponse:
    """Who has not been heard, in the newest closed round or the one asked for; and where we have not been for long."""
    rounds = list(queries.rounds(live=False)[:40])
    chosen = _chosen(request, rounds)
    context: dict[str, Any] = {"rounds": rounds, "chosen": chosen, **where(request)}
    if chosen is not None:
        key = ("who was heard", chosen.pk, request.today, get_language())
        context["heard"] = remembered(key, lambda: queries.who_was_heard(chosen, on=request.today))
    return render(request, "outreach/heard.html", context)


def _ago(weeks: int) -> str:
    return ngettext("%(n)s week", "%(n)s weeks", weeks) % {"n": weeks} if weeks else _("less than a week")


def _shaded(weeks: int) -> str:
    return _("two years or more, or never") if weeks >= NEVER else _ago(weeks)


def where(request: Request) -> dict[str, Any]:
    """The map of wards by the weeks since anybody there was heard, and its table."""
    last = remembered("wards last heard", queries.ward_last)
    wards = list(places.wards().defer("geometry"))
    values = {
        ward.code: weeks if (weeks := queries.weeks(last.get(ward.code), request.today)) is not None else NEVER
        for ward in wards
    }
    picture = places.svg_map(
        title=_("Weeks since we last heard from each ward"),
        description=_("The darker a ward, the longer ago. The same is in the table."),
        values={code: min(weeks, NEVER) for code, weeks in values.items()},
        value_name=_("weeks"),
        value_said=_shaded,
        links={ward.code: reverse("places:ward", args=[ward.code]) for ward in wards},
    )
    rows = [
        (ward, last.get(ward.code), _ago(values[ward.code]))
        for ward in sorted(wards, key=lambda ward: (last.get(ward.code, date.min), ward.name))  # never heard: first
    ]
    return {"picture": picture, "wards": rows}


def _chosen(request: Request, rounds: list[Round]) -> Round | None:
    asked = request.GET.get("round", "")
    if asked and not any(round.slug == asked for round in rounds):
        raise Http404
    return next((round for round in rounds if not asked or round.slug == asked), None)


def rows(slug: str, tables: tuple[Table, ...]) -> Iterator[list[Any]]:
    """One row a group; what is hidden on the page is empty here."""
    for table in tables:
        for group in table.groups:
            share = group.share
            yield [
                slug,
                table.code,
                group.code,
                group.people,
                f"{group.here:.4f}",
                group.heard,
                "" if share is None else f"{share:.4f}",
                "" if group.low is None else f"{group.low:.4f}",
                "" if group.high is None else f"{group.high:.4f}",
                f"{group.expected:.1f}" if group.base else "",
                group.verdict,
            ]


def _all_rows(request: Request) -> Iterator[list[Any]]:
    for round in queries.rounds(live=False)[:40]:
        yield from rows(round.slug, queries.who_was_heard(round, on=request.today).tables)


@gate("everyone")
def heard_csv(request: Request) -> HttpResponseBase:
    return csv_download(request, "who-was-heard", FIELDS, _all_rows(request))


@gate("everyone")
def heard_json(request: Request) -> HttpResponseBase:
    return json_download(request, FIELDS, _all_rows(request))


@gate("signed-in")
def mine(request: Request) -> HttpResponse:
    """A canvasser's own shifts."""
    shown = page(request, queries.own_shifts(request.user), 20)
    rows = [(shift, shift.stage(request.today, in_use=shift.in_use)) for shift in shown]
    return render(request, "outreach/mine.html", {"page": shown, "rows": rows})


@gate("signed-in")
def open_mine(request: Request, handle: str) -> HttpResponse:
    """Open one's own shift on this phone."""
    found = get_object_or_404(Shift.objects.visible_to(request.user, "own"), handle=handle)
    if request.method == "POST":
        return tablet.opened(request, *actions.open_own(shift=found, by=request.user, now=request.now))
    return render(request, "outreach/open_mine.html", {"shift": found})
