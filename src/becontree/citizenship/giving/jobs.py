"""What giving does by itself: close campaigns whose time is up, collect, try again, decide, and check its own sums."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from becontree.citizenship.giving.actions import campaigns, collecting
from becontree.citizenship.giving.models import Campaign, Pledge

BATCH: Final = 200  # gifts asked for in one round: their campaign is locked meanwhile


def close_due(now: datetime) -> int:
    """Campaigns whose time is up."""
    due = list(Campaign.objects.filter(state=Campaign.State.LIVE, closes_at__lte=now))
    for campaign in due:
        campaigns.close(campaign=campaign, now=now)
    return len(due)


def collect_due(now: datetime) -> int:
    """Promised gifts that are to be tried now, campaign by campaign."""
    due = Pledge.objects.filter(
        state=Pledge.State.FIRM, next_try_at__lte=now, campaign__state=Campaign.State.COLLECTING
    )
    by_campaign: dict[Any, list[Pledge]] = {}
    for pledge in due.order_by("next_try_at", "pk")[:BATCH]:
        by_campaign.setdefault(pledge.campaign_id, []).append(pledge)
    return sum(
        collecting.take_all(campaign=Campaign(pk=campaign), pledges=pledges, now=now)
        for campaign, pledges in by_campaign.items()
    )


def finish_due(now: datetime) -> int:
    """Campaigns in which everything is in, or whose window is over."""
    done = 0
    for campaign in Campaign.objects.filter(state=Campaign.State.COLLECTING):
        done += collecting.finish(campaign=campaign, now=now).state != Campaign.State.COLLECTING
    return done


JOBS: list[tuple[str, timedelta, Callable[[datetime], int]]] = [
    ("giving.close", timedelta(minutes=1), close_due),
    ("giving.collect", timedelta(seconds=30), collect_due),
    ("giving.finish", timedelta(minutes=1), finish_due),
]
