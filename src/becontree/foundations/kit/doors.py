"""One page at two addresses: under /my/ for a resident or a group, and on the desk for officers.

The page is a function of the request, what its address holds, and `at`: which of the two it was asked through. On the
desk the gate wants the team's role and a second factor; under /my/ nobody acts by an officer's role, which is for the
page itself to hold (`at == "my"`).

    def manage(request: Request, slug: str, at: str) -> HttpResponse:
        ...
        return page_at(request, "hubs/manage.html", at, {"hub": found}, form)

    my_manage, desk_manage = two_doors(manage, team="officer:engagement")
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from becontree.foundations.kit.gates import gate
from becontree.foundations.kit.requests import Request

View = Callable[..., HttpResponseBase]
FRAMES: Final = {"my": "my.html", "desk": "desk.html"}


def two_doors(view: Callable[..., HttpResponse], *, team: str) -> tuple[View, View]:
    """The view for whoever is signed in, and the one for the officers of `team` ("officer:engagement")."""

    def door(at: str, who: str) -> View:
        @gate(who)
        @wraps(view)
        def through(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            return view(request, *args, **kwargs, at=at)

        return through

    return door("my", "signed-in"), door("desk", team)


def page_at(
    request: Request, template: str, at: str, context: Mapping[str, Any], form: Any = None, status: int = 0
) -> HttpResponse:
    """The template in the frame that belongs to the address; 422 where what was sent has mistakes."""
    wrong = form is not None and form.errors and request.method == "POST"
    words = {"frame": FRAMES[at], "at": at, "form": form, **context}
    return render(request, template, words, status=status or (422 if wrong else 200))
