"""Gates: each page says who may come in, in words a test can print.

`@gate("everyone")`, `@gate("signed-in")`, `@gate("officer")`, `@gate("officer:funding")`, `@gate("finance")`,
`@gate("auditor")`, `@gate("administrator")`; several mean any of them. A view without a gate is refused by
`web.middleware.GatesMustBeStated`. Which *rows* a person sees is another question: `access.rules`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from becontree.foundations.kit.errors import NotAllowed

DESK: Final = ("officer", "finance", "auditor", "administrator")  # these need a second factor
PLAIN: Final = ("everyone", "signed-in", "resident", "organiser", "funder", "panel-member")
SECOND_FACTOR_KEY: Final = "becontree.second_factor"

View = Callable[..., HttpResponseBase]


def gate(*who: str) -> Callable[[View], View]:
    """Let in anybody whom one of `who` describes; others sign in, add a second factor, or are refused."""
    for word in who:
        role = word.split(":")[0]
        if role not in DESK + PLAIN:
            raise ValueError(f"{word!r} is not somebody a gate knows.")

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            answer = refusal(request, who)
            return answer if answer is not None else view(request, *args, **kwargs)

        guarded.gate = who  # type: ignore[attr-defined]
        return guarded

    return mark


def refusal(request: HttpRequest, who: tuple[str, ...]) -> HttpResponse | None:
    """None where the person may pass; else the answer that sends them on or away."""
    if "everyone" in who:
        return None
    person = request.user
    if not person.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if "signed-in" in who:
        return None
    held = [word for word in who if _holds(person, word)]
    if not held:
        return render(
            request,
            "refused.html",
            {"refusal": NotAllowed("gate.role", "This page is for people with another role.")},
            status=403,
        )
    if any(word.split(":")[0] in PLAIN for word in held) or has_second_factor(request):
        return None
    return redirect("access:second-factor")


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened, or stepped up, with a second factor."""
    return bool(request.session.get(SECOND_FACTOR_KEY))


def _holds(person: Any, word: str) -> bool:
    role, _, team = word.partition(":")
    return bool(person.has_role(role, team or None))
