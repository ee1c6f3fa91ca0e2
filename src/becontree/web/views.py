"""The pages that belong to no room: home, about, the desk's front, errors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from becontree.foundations.access.gates import gate


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
