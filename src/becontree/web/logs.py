"""What the log says of a request: which page and what came of it, and never who, or the key to somebody's own page.

An address can be a key: whoever has the link to what somebody said may take it back. Django writes the address of
every refused request into the log, which more people read than should open that page. So the log names the page by
its pattern (`/voices/own/<str:token>/`), and of an address that is no page only its first part.
"""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError


class Discreet(logging.Filter):
    """Takes keys out of the addresses, and the traceback from what any stranger can bring about with one request."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            hidden = {request.path, request.get_full_path()}
            record.args = tuple(place(request) if str(each) in hidden else each for each in record.args)
        if record.exc_info and isinstance(record.exc_info[1], (SuspiciousOperation, MultiPartParserError)):
            record.exc_info = None
        return True


def place(request: HttpRequest) -> str:
    """The pattern of the page that was asked for; of an address without a page, its first part if it is a word."""
    match: Any = request.resolver_match
    if match is not None:
        return f"/{match.route}"
    first, _, rest = request.path.lstrip("/").partition("/")
    known = first if first.isascii() and first.isalpha() and len(first) <= 20 else "..."
    return f"/{known}/..." if rest else f"/{known}"
