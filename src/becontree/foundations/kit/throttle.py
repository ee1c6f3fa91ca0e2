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
    return count(request, what, seconds=seconds) > limit


def is_full(request: HttpRequest, what: str, *, limit: int, seconds: int) -> bool:
    """Whether so many `what` were counted from this address in this window; counts nothing itself.

    For guessing: ask this first, and `count` only what was wrong. Sixty people of one building who type a right code
    then never stand in each other's way, and whoever guesses still has `limit` tries a window and no more: past it a
    right code is refused as well, else the brake would not hold a guesser.
    """
    return not getattr(settings, "THROTTLE_OFF", False) and int(cache.get(_key(request, what, seconds), 0)) >= limit


def count(request: HttpRequest, what: str, *, seconds: int) -> int:
    """One more `what` from this address; how many there were in this window."""
    key = _key(request, what, seconds)
    counted = int(cache.get(key, 0)) + 1
    cache.set(key, counted, seconds)
    return counted


def _key(request: HttpRequest, what: str, seconds: int) -> str:
    address = request.META.get("REMOTE_ADDR", "")
    if getattr(settings, "BEHIND_PROXY", False):  # the last hop is the one that our own proxy wrote
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).split(",")[-1].strip()
    if request.user.is_authenticated:
        address = f"person:{request.user.pk}"
    window = int(request.now.timestamp()) // seconds  # type: ignore[attr-defined]
    said = f"{what}:{window}:{address}".encode()
    return f"throttle:{hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).hexdigest()[:32]}"
