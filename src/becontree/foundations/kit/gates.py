"""Gates: each page says who may come in, in words a test can print.

`@gate("everyone")`, `@gate("signed-in")`, `@gate("officer")`, `@gate("officer:funding")`, `@gate("finance")`,
`@gate("auditor")`, `@gate("administrator")`; several mean any of them. A view without a gate is refused by
`web.middleware.GatesMustBeStated`. Which *rows* a person sees is another question: `access.rules`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Final

from allauth.account.authentication import get_authentication_records
from allauth.usersessions.models import UserSession
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext

from becontree.foundations.kit import asked
from becontree.foundations.kit.errors import NotAllowed

DESK: Final = ("officer", "finance", "auditor", "administrator")  # these need a second factor
PLAIN: Final = ("everyone", "signed-in", "resident", "organiser", "funder", "panel-member")
SECOND_FACTOR_KEY: Final = "becontree.second_factor"
SECOND_FACTOR_LASTS: Final = timedelta(hours=12)

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
            answer = refusal(request, who) or asked.answer(view, request, *args, **kwargs)
            if "everyone" not in who:
                add_never_cache_headers(answer)  # not kept by the browser: after signing out, "back" shows nothing
            return answer

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
            {"refusal": NotAllowed("gate.role", gettext("This page is for people with another role."))},
            status=403,
        )
    if any(word.split(":")[0] in PLAIN for word in held) or has_second_factor(request):
        return None
    return redirect_to_login(request.get_full_path(), reverse("access:second-factor"))


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened, or stepped up, with a second factor, not longer ago than a working day.

    Two ways: our own step-up page wrote the moment (or True: the example borough's one-click sign-in), or allauth
    asked for the second factor when the person signed in, or again before a change to their account.
    """
    at = request.session.get(SECOND_FACTOR_KEY)
    if at is True:
        return True
    moments = [float(at)] if at else []
    moments += [
        float(record["at"])
        for record in get_authentication_records(request, request.user)  # type: ignore[arg-type]
        if record.get("method") == "mfa"
    ]
    now = getattr(request, "now", None)
    return bool(moments) and (now is None or now.timestamp() - max(moments) < SECOND_FACTOR_LASTS.total_seconds())


def stepped_up(request: HttpRequest) -> None:
    """Note in the session that its person has just shown their second factor; the session gets a new key.

    The list of where somebody is signed in knows sessions by their keys, so it is told the new one.
    """
    request.session.cycle_key()
    UserSession.objects.create_from_request(request)
    request.session[SECOND_FACTOR_KEY] = request.now.timestamp()  # type: ignore[attr-defined]


def _holds(person: Any, word: str) -> bool:
    role, _, team = word.partition(":")
    return bool(person.has_role(role, team or None))
