"""How a reader chooses the language and the size of the words: two small cookies, set by plain links.

The choice is a link because it has to work without script and before anything can be read; it changes nothing but how
pages look to this reader, so it needs no safety token.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from becontree.foundations.access.gates import gate
from becontree.foundations.kit.requests import Request
from becontree.web.catalogues import DIRECTION, ENGLISH, LANGUAGES, by_machine

LANGUAGE_COOKIE: Final = settings.LANGUAGE_COOKIE_NAME
SIZE_COOKIE: Final = "text"
YEAR: Final = 365 * 24 * 3600


def is_large(request: Any) -> bool:
    """Whether the reader asked for larger words."""
    return bool(request.COOKIES.get(SIZE_COOKIE) == "large")


def about_language(request: Any) -> dict[str, Any]:
    """What `base.html` says about the page's language."""
    language = translation.get_language() or ENGLISH
    return {
        "language": "en-GB" if language == ENGLISH else language,
        "direction": DIRECTION.get(language, "ltr"),
        "machine_translated": by_machine(language),
        "large_text": is_large(request),
    }


@cache
def bar(language: str, large: bool) -> SafeString:
    """The reader's bar: every language by its own name, and the size of the words."""
    links = format_html_join(
        "",
        '<li><a href="{}" lang="{}" dir="{}"{}>{}</a></li>',
        (
            (
                reverse("choose-language", args=[code]),
                "en-GB" if code == ENGLISH else code,
                direction,
                SafeString(' aria-current="true"') if code == language else "",
                name,
            )
            for code, name, direction in LANGUAGES
        ),
    )
    return format_html(
        '<nav class="reader" aria-label="{}"><div class="wrap"><ul>{}</ul><a href="{}">{}</a></div></nav>',
        gettext("Language and size of words"),
        links,
        reverse("choose-size", args=["usual" if large else "large"]),
        pgettext("size of words", "Usual size") if large else pgettext("size of words", "Larger words"),
    )


def _back(request: Request) -> HttpResponse:
    """To the page that the reader came from, where it is ours; else to the front page."""
    before = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(reverse("home"))
    parts = urlsplit(before)
    # A page of ours that is not there may be called //elsewhere.example/, which by itself is another site.
    path = "/" + re.sub(r"^[/\\]+", "", parts.path)
    return HttpResponseRedirect(path + (f"?{parts.query}" if parts.query else ""))


def _keep(answer: HttpResponse, name: str, value: str) -> HttpResponse:
    answer.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True)
    answer["Cache-Control"] = "private, no-store"
    return answer


@gate("everyone")
def choose_language(request: Request, code: str) -> HttpResponse:
    if code not in DIRECTION:
        raise Http404(f"There is no {code} here.")
    return _keep(_back(request), LANGUAGE_COOKIE, code)


@gate("everyone")
def choose_size(request: Request, size: str) -> HttpResponse:
    if size not in {"usual", "large"}:
        raise Http404("There is no such size.")
    return _keep(_back(request), SIZE_COOKIE, size)


@gate("everyone")
def languages(request: Request) -> HttpResponse:
    """Which languages there are, who translated them, and how to say that something is wrong."""
    shown = [(code, name, direction, by_machine(code)) for code, name, direction in LANGUAGES]
    return render(request, "web/languages.html", {"shown": shown})
