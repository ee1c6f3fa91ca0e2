"""Everything that may be quoted, by theme, ward, channel, time and words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from becontree.citizenship.manifesto import search
from becontree.citizenship.manifesto.models import Answer, Theme
from becontree.citizenship.voices import queries as voices
from becontree.citizenship.voices.models import Voice


@dataclass(frozen=True, slots=True)
class Explored:
    """How the explorer was narrowed; empty means not."""

    words: str = ""
    theme: str = ""
    ward: str = ""
    channel: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None


def explore(asked: Explored = Explored()) -> QuerySet[Voice]:
    """Voices that a moderator let through and whose speaker agreed to be quoted, newest first."""
    rows = voices.published().filter(response__may_quote=True)
    rows = search.matching(rows, asked.words)
    if asked.theme:
        study, _, code = asked.theme.rpartition("-")
        inside = Answer.objects.filter(
            clauses__placements__theme__in=_public().filter(study__slug=study, code=code), handle__gt=""
        )
        rows = rows.filter(handle__in=inside.values("handle"))
    if asked.ward:
        rows = rows.filter(response__ward_id=asked.ward)
    if asked.channel:
        rows = rows.filter(response__channel=asked.channel)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.since:
        rows = rows.filter(response__said_on__gte=asked.since)
    if asked.until:
        rows = rows.filter(response__said_on__lte=asked.until)
    return rows


def _public() -> QuerySet[Theme]:
    return Theme.objects.filter(
        live=True, named=True, hidden=False, people__gt=0, study__published_at__isnull=False
    )  # fmt: skip


def public_themes() -> list[Theme]:
    """Every theme that everybody may see, largest first within its study. One query."""
    return list(_public().select_related("study").order_by("-study__published_at", "-people", "id"))


def months(rows: QuerySet[Voice]) -> list[tuple[str, int]]:
    """(month, how many) of the voices found, oldest first. One query."""
    found: dict[str, int] = {}
    for said_on in rows.order_by("response__said_on").values_list("response__said_on", flat=True):
        month = f"{said_on:%Y-%m}"
        found[month] = found.get(month, 0) + 1
    return list(found.items())
