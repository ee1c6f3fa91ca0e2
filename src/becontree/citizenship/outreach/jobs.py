"""What outreach forgets by itself: door numbers, calls that were made, tokens that ran out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from becontree.citizenship.outreach import limits
from becontree.citizenship.outreach.models import CallBack, Device, Visit


def forget(now: datetime) -> int:
    """Empty what has been kept long enough; the counts stay."""
    today = now.astimezone(ZoneInfo("Europe/London")).date()
    before = today - timedelta(days=limits.whole("door_days", today))
    done = Visit.objects.exclude(door="").filter(shift__ends_on__lt=before).update(door="")
    done += (
        CallBack.objects.filter(done_on__lt=before).exclude(name="", telephone="", about="")
        .update(name="", telephone="", about="")
    )  # fmt: skip
    return done + Device.objects.filter(expires_at__lt=now).exclude(token=None, code=None).update(token=None, code=None)


JOBS: list[tuple[str, timedelta, Callable[[datetime], int]]] = [("outreach.forget", timedelta(hours=1), forget)]
