"""A limit on how often one address may do one thing, kept in the shared cache.

It slows a script down; it decides nothing about a person. The address is hashed with the site's secret and the hour, so
that the cache says nothing of who was here.
"""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def too_many(request: HttpRequest, what: str, *, limit: int, seconds: int) -> bool:
    """Count one more `what` from this address in this window; whether that is over the limit.

    The database cache counts without a lock, so one or two over may pass: it is a brake, not a rule.
    """
    if getattr(settings, "THROTTLE_OFF", False):
        return False
    address = request.META.get("REMOTE_ADDR", "")
    if getattr(settings, "BEHIND_PROXY", False):  # the last hop is the one that our own proxy wrote
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).split(",")[-1].strip()
    if request.user.is_authenticated:
        address = f"person:{request.user.pk}"
    window = int(request.now.timestamp()) // seconds  # type: ignore[attr-defined]
    mark = hmac.new(settings.SECRET_KEY.encode(), f"{what}:{window}:{address}".encode(), hashlib.sha256).hexdigest()[
        :32
    ]
    key = f"throttle:{mark}"
    count = int(cache.get(key, 0)) + 1
    cache.set(key, count, seconds)
    return count > limit
