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
