"""What every request passes through: a clock, the rule that a page must say who may see it, plain refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, RawPostDataException
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers

from becontree.citizenship.conversations.identity import COOKIE as VOICE_COOKIE
from becontree.citizenship.conversations.identity import let_go
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.personal import is_personal
from becontree.foundations.people.actions import factor_set_up
from becontree.foundations.people.models import Person

Handler = Callable[[HttpRequest], HttpResponse]
LONDON = ZoneInfo("Europe/London")

# Other people's views, which cannot carry our gate; who may use them is their own rule, and the access table states it.
FOREIGN = ("allauth.", "ninja.", "django.contrib.staticfiles.", "django.views.i18n", "django.views.static")


class Private:
    """Nobody keeps an answer to somebody we know, by their session or by a key in a cookie of ours.

    Whoever comes next to the same browser, and every cache on the way, has to ask anew. An answer that says itself what
    may be kept (a prepared public download) stands; files of the pages' own are answered before this (WhiteNoise).
    Where a session ends (signing out, or its time is over) the key of conversations goes with it.
    """

    COOKIES: Final = frozenset({settings.SESSION_COOKIE_NAME, VOICE_COOKIE, "becontree-tablet", "messages"})

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = response.cookies.get(settings.SESSION_COOKIE_NAME)
        # Django deletes the cookie of a session that is empty. A key that this answer gives is a new one: it stays.
        if session is not None and not session.value and VOICE_COOKIE not in response.cookies:
            let_go(response)
        if not response.has_header("Cache-Control"):
            if is_personal(request) or self.COOKIES & (request.COOKIES.keys() | response.cookies.keys()):
                patch_cache_control(response, private=True, no_store=True)
            elif settings.CSRF_COOKIE_NAME in response.cookies:
                patch_cache_control(response, private=True)  # a secret of one browser; what is typed may stay with it
        return response


class Clock:
    """Sets `request.now` (aware, UTC) and `request.today` (London): nothing below a page asks the clock itself."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        shift: timedelta = getattr(settings, "CLOCK_SHIFT", timedelta())
        now = timezone.now() + shift
        request.now = now  # type: ignore[attr-defined]
        request.today = now.astimezone(LONDON).date()  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response


class Language:
    """The reader's language: the one they chose (a cookie), else the first that their browser asks for and we have.

    What programs read is always in English, and so is the officers' desk, so that a file, a record or a decision never
    depends on who fetched it.
    """

    ALWAYS_ENGLISH: Final = ("/desk/", "/api/", "/payments/hooks/")
    FILES: Final = (".csv", ".json", ".geojson", ".txt", ".beancount")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(self.ALWAYS_ENGLISH) or request.path.endswith(self.FILES):
            language = settings.LANGUAGE_CODE
        else:
            language = translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
            response.setdefault("Content-Language", "en-GB" if language == settings.LANGUAGE_CODE else language)
            return response


class Limits:
    """What we take at all: three methods, and no more in one form than settings allow. It logs nothing.

    A form is read here, before the check against forgery would read it: what is raised there reaches no page of ours.
    """

    METHODS: Final = ("GET", "HEAD", "POST")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):  # which describes itself, each address with its own methods
            if request.method == "OPTIONS":
                return HttpResponse(status=204, headers={"Allow": ", ".join((*self.METHODS, "OPTIONS"))})
            if request.method not in self.METHODS:
                return HttpResponseNotAllowed(self.METHODS)
        try:
            _ = request.POST
        except TOO_MUCH:
            return too_much(request)
        except MultiPartParserError:  # no browser sends such a thing
            return HttpResponse(UNREADABLE, status=400, content_type="text/plain; charset=utf-8")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A view that reads the body itself: too much of it, or a form where a message belongs."""
        if isinstance(error, RawPostDataException):
            return HttpResponse(status=415)
        return too_much(request) if isinstance(error, TOO_MUCH) else None


UNREADABLE: Final = "What was sent could not be read, so nothing was changed. Go back, and send the form again.\n"
TOO_MUCH: Final = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def too_much(request: HttpRequest) -> HttpResponse:
    return render(request, "too_much.html", status=413)


class GatesMustBeStated:
    """No rule means no access: a view of ours without a gate is a mistake that nobody may find by using it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if getattr(view, "gate", None) is None and not str(getattr(view, "__module__", "")).startswith(FOREIGN):
            raise ImproperlyConfigured(
                f"{view.__module__}.{view.__name__} does not say who may see it: add @gate(...)."
            )


class NewFactorFirst:
    """Somebody who works here and whose lost second factor was taken away sets up a new one before anything else opens.

    Reads the person whom the session names, and asks the database more only of somebody who is held up.
    """

    OPEN: Final = (
        "/account/second-factor/", "/account/logout/", "/account/reauthenticate/", "/access/second-factor/",
        "/language/", "/words/", "/privacy/", "/accessibility/",
    )  # fmt: skip

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path.startswith(self.OPEN):
            person = request.user
            held_up = isinstance(person, Person) and person.needs_factor and person.on_the_desk
            if held_up and not factor_set_up(person=person, now=request.now):  # type: ignore[arg-type,attr-defined]
                onward = request.get_full_path() if request.method == "GET" else reverse("desk")
                return redirect_to_login(onward, reverse("access:second-factor"))
        return self.get_response(request)


class PlainRefusals:
    """Turns what an action refuses, where the page did not, into a page that says so in plain words."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotAllowed):
            return render(request, "refused.html", {"refusal": error}, status=403)
        if isinstance(error, (Clash, Invalid)):
            return render(request, "refused.html", {"refusal": error}, status=409)
        return None
