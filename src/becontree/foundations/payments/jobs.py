"""Payments' work on the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from becontree.foundations.kit.schedule import Job
from becontree.foundations.payments import actions


def deliver(now: datetime) -> int:
    return actions.deliver(now=now)


def process(now: datetime) -> int:
    return actions.process_inbox(now=now)


def sweep(now: datetime) -> int:
    return actions.sweep(now=now)


def compare(now: datetime) -> int:
    return actions.compare(now=now)


def practice(now: datetime) -> int:
    """The pretend provider's postman; there is none where payments are real."""
    if settings.MODE == "production":
        return 0
    from becontree.foundations.payments.practice import post

    return post.send_due(now=now)


JOBS = [
    Job("payments.deliver", timedelta(seconds=5), deliver),
    Job("payments.practice", timedelta(seconds=5), practice),
    Job("payments.inbox", timedelta(seconds=5), process),
    Job("payments.sweep", timedelta(minutes=5), sweep),
    Job("payments.compare", timedelta(hours=1), compare),
]
