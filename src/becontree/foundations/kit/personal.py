"""A request whose answer is for one person's eyes, though nobody signed in: its middleware keeps it out of caches.

A view, or what reads a key cookie for it, says `personal(request)`; `web.middleware.Private` does the rest.
"""

from __future__ import annotations

from django.http import HttpRequest


def personal(request: HttpRequest) -> None:
    request._personal = True  # type: ignore[attr-defined]


def is_personal(request: HttpRequest) -> bool:
    return bool(getattr(request, "_personal", False))
