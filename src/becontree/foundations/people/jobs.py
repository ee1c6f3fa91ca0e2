"""Work of `people` that comes round by the clock; `tasks` collects it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from becontree.foundations.people.actions import expire_resets, expire_roles


def clear_sessions(now: datetime) -> int:
    """Delete sessions that have ended, and what was kept about where they were used. Returns how many."""
    gone, _ = Session.objects.filter(expire_date__lt=now).delete()
    live = Session.objects.values("session_key")
    forgotten, _ = UserSession.objects.exclude(session_key__in=live).delete()
    return gone + forgotten


JOBS: list[tuple[str, timedelta, Callable[[datetime], int]]] = [
    ("people.clear_sessions", timedelta(hours=6), clear_sessions),
    ("people.expire_resets", timedelta(hours=1), expire_resets),
    ("people.expire_roles", timedelta(hours=1), expire_roles),
]
