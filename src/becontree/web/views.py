"""The pages that belong to no room: home, my page, about, and what the law asks a site to say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext

from becontree.citizenship.conversations.models import Participant
from becontree.citizenship.giving import queries as giving
from becontree.citizenship.projects import queries as projects
from becontree.citizenship.projects.models import Project
from becontree.citizenship.voices import queries as voices
from becontree.citizenship.voices.models import Voice
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.remembered import remembered
from becontree.foundations.kit.requests import Request
from becontree.foundations.places import queries as places
from becontree.foundations.record import queries as record
from becontree.foundations.record.threads import Knot
from becontree.web.forms import PatternForm
from becontree.web.projects import cards

LOOKED_BACK: Final = 60  # entries, to find four different things that happened


def _runs(entries: Iterable[Any]) -> list[tuple[Any, int]]:
    """Each entry with how many it stands for: what was said one after the other is one line, the newest of them."""
    runs: list[tuple[Any, int]] = []
    for entry in entries:
        if runs and entry.kind == runs[-1][0].kind == "voice.heard":
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((entry, 1))
    return runs


@gate("everyone")
def home(request: Request) -> HttpResponse:
    """What this borough heard, what it did, what I can do today; then the loop with its live numbers."""
    wards_heard = dict(remembered("voices by ward", voices.by_ward))
    heard = sum(wards_heard.values())
    wards_heard.pop("", None)  # a map has wards only
    standing = projects.counts()
    money = giving.totals()
    live = list(
        projects.on_cards(projects.public()).filter(state=Project.State.RAISING).order_by("campaigns__closes_at")[:3]
    )
    # Words with a part left out stand where somebody looks for them, not as the first thing that everybody reads.
    quotes = list(voices.quotable()[:4])
    looked_at = record.entries().values_list("kind", "step", "title", "happened_on", "thing__url", named=True)
    latest = _runs(looked_at[:LOOKED_BACK])[:4]
    return render(
        request,
        "web/home.html",
        {
            "heard": heard,
            "done": standing.get("closed", 0),
            "under_way": standing.get("delivering", 0),
            "raising": standing.get("raising", 0),
            "all_projects": sum(standing.values()),
            "money": money,
            "elsewhere": money["all"] - money["crowd"] - money["match"],
            "cards": cards(live, request.now),
            "quotes": quotes[1:],
            "first": quotes[0] if quotes else None,
            "latest": latest,
            "map": places.svg_map(
                title=gettext("Voices heard, by ward"),
                description=gettext("Each ward with the number of voices heard from it."),
                values=wards_heard,
                value_name=gettext("voices"),
                value_said=lambda n: ngettext("%(n)s voice", "%(n)s voices", n) % {"n": f"{n:,}"},
                links={code: f"/voices/?ward={code}" for code in wards_heard},
            ),
        },
    )


def forgery_refused(request: Request, reason: str = "") -> HttpResponse:
    """The form's safety token was missing or old: nothing was saved, and the person can try again."""
    return render(request, "forgery_refused.html", status=403)


@gate("signed-in")
def my(request: Request) -> HttpResponse:
    """What concerns the person: their voices, gifts and projects, and what became of each."""
    said = Voice.objects.visible_to(request.user, "own").select_related("response__ward")
    said = said.prefetch_related("answers")[:5]
    return render(
        request,
        "web/my.html",
        {
            "said": said,
            "gave": giving.pledges_of(request.user)[:5],
            "took": Participant.objects.visible_to(request.user, "own")
            .select_related("conversation")
            .order_by("-pk")[:5],
            "runs": projects.of_person(request.user)[:5],
            "live": cards(list(projects.public().filter(state=Project.State.RAISING)[:3]), request.now),
        },
    )


@gate("everyone")
def robots(request: Request) -> HttpResponse:
    """What search engines leave alone: one person's own pages, and forms. The rest is public and may be found."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in ("/account/", "/desk/", "/my/", "/people/"))]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@gate("everyone")
def security(request: Request) -> HttpResponse:
    """Whom to tell of a hole in this installation (RFC 9116); valid for half a year from the month it is fetched in."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = request.today.replace(day=1) + timedelta(days=180)
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%d}T00:00:00Z",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL.rstrip('/')}/.well-known/security.txt",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@gate("everyone")
def about(request: Request) -> HttpResponse:
    return render(request, "web/about.html")


@gate("everyone")
def accessibility(request: Request) -> HttpResponse:
    return render(request, "web/accessibility.html")


@gate("everyone")
def privacy(request: Request) -> HttpResponse:
    return render(request, "web/privacy.html")


@gate("everyone")
def patterns(request: Request) -> HttpResponse:
    """The pattern book: every part of a page, in its states, with invented content."""
    sources = [
        {"label": "A parks charity", "pence": 14_000_000, "kind": "trust"},
        {"label": "The borough, capital", "pence": 5_999_900, "kind": "public"},
        {"label": "A company in the borough", "pence": 2_500_000, "kind": "company"},
        {"label": "48 residents", "pence": 559_900, "kind": "crowd"},
        {"label": "Council match", "pence": 3_900_000, "kind": "council", "promised": True},
    ]
    knots = [
        Knot("heard", date(2025, 3, 2), "41 voices asked for somewhere to play", "#", "", 2, "back"),
        Knot("facilitated", date(2025, 6, 1), "Friends of the Green put up a project", "#", "", 1, "back"),
        Knot("funded", date(2026, 5, 3), "£269,598 from five sources", "", "", 0, "here"),
        Knot("delivered", None, "Opening in the spring", "", "", 1, "forward"),
    ]
    form = PatternForm(request.POST or None)
    return render(
        request, "web/patterns.html", {"sources": sources, "target": 28_000_000, "knots": knots, "form": form}
    )
