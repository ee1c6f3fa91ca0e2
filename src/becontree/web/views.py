"""The pages that belong to no room: home, about, the desk's front, errors."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from becontree.foundations.access.gates import gate
from becontree.web.forms import PatternForm


@gate("everyone")
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "web/home.html")


def forgery_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's safety token was missing or old: nothing was saved, and the person can try again."""
    return render(request, "forgery_refused.html", status=403)


@gate("signed-in")
def my(request: HttpRequest) -> HttpResponse:
    """What concerns the person: their voices, gifts and projects, gathered by the rooms."""
    return render(request, "web/my.html")


@gate("officer", "finance", "auditor", "administrator")
def desk(request: HttpRequest) -> HttpResponse:
    """Today, for somebody with a role: the nearest clocks first."""
    return render(request, "web/desk.html")


@gate("everyone")
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "web/about.html")


@gate("everyone")
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/accessibility.html")


@gate("everyone")
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "web/privacy.html")


@gate("everyone")
def patterns(request: HttpRequest) -> HttpResponse:
    """The pattern book: every part of a page, in its states, with invented content."""
    sources = [
        {"label": "A parks charity", "pence": 14_000_000, "kind": "trust"},
        {"label": "The borough, capital", "pence": 5_999_900, "kind": "public"},
        {"label": "A company in the borough", "pence": 2_500_000, "kind": "company"},
        {"label": "48 residents", "pence": 559_900, "kind": "crowd"},
        {"label": "Council match", "pence": 3_900_000, "kind": "council", "promised": True},
    ]
    knots = [
        {"step": "heard", "date": date(2025, 3, 2), "title": "41 voices asked for somewhere to play", "url": "#"},
        {"step": "facilitated", "date": date(2025, 6, 1), "title": "Friends of the Green put up a project", "url": "#"},
        {"step": "funded", "date": date(2026, 5, 3), "title": "£269,598 from five sources", "here": True},
        {"step": "delivered", "date": None, "title": "Opening in the spring"},
    ]
    form = PatternForm(request.POST or None)
    return render(
        request, "web/patterns.html", {"sources": sources, "target": 28_000_000, "knots": knots, "form": form}
    )
