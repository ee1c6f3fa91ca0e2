"""What pages and exports read of voices."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Count, QuerySet

from becontree.citizenship.voices.models import Appeal, Voice


def published() -> QuerySet[Voice]:
    """Everything that was heard and published, newest first. Words only through `Voice.shown`."""
    return Voice.objects.filter(state=Voice.State.PUBLISHED).select_related("ward")


def found(*, words: str = "", kind: str = "", ward: str = "", channel: str = "") -> QuerySet[Voice]:
    """Published voices by kind, ward, channel and by words that may be quoted."""
    rows = published()
    for word in words.split()[:8]:
        rows = rows.filter(may_quote=True, words__icontains=word)
    if kind:
        rows = rows.filter(kind=kind)
    if ward:
        rows = rows.filter(ward_id=ward)
    if channel:
        rows = rows.filter(channel=channel)
    return rows


def waiting() -> QuerySet[Voice]:
    """What waits to be read, oldest first."""
    return Voice.objects.filter(state=Voice.State.WAITING).select_related("ward").order_by("entered_at")


def open_appeals() -> QuerySet[Appeal]:
    """Appeals that wait, nearest date first."""
    return Appeal.objects.filter(decided_at=None).select_related("voice", "voice__ward").order_by("due_on")


def counts(since: date | None = None) -> dict[str, dict[str, int]]:
    """How many were heard, by kind and by channel: {"kind": {...}, "channel": {...}, "all": {"n": ...}}."""
    rows = published()
    if since is not None:
        rows = rows.filter(said_on__gte=since)
    kinds = dict(rows.order_by().values_list("kind").annotate(n=Count("pk")))
    channels = dict(rows.order_by().values_list("channel").annotate(n=Count("pk")))
    return {"kind": kinds, "channel": channels, "all": {"n": sum(kinds.values())}}


def by_ward() -> dict[str, int]:
    """Ward code -> number of published voices."""
    return dict(published().exclude(ward=None).order_by().values_list("ward_id").annotate(n=Count("pk")))


def late(now: datetime, on: date) -> int:
    """Appeals past their date."""
    return Appeal.objects.filter(decided_at=None, due_on__lt=on).count()
