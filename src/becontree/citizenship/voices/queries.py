"""What pages and exports read of voices, and what other rooms read of them: `texts`, `mix`, `REASONS`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from becontree.citizenship.voices.models import Appeal, Response, Round, Voice
from becontree.citizenship.voices.policy import BY_CODE, REASONS

__all__ = ["BY_CODE", "MIXES", "REASONS", "Mix", "Text", "counts", "found", "mix", "published", "texts"]

MIXES: Final = ("channel", "source", "ward", "language", "month", "kind")


@dataclass(frozen=True, slots=True)
class Text:
    """One published voice as other rooms read it. `words` are as a moderator let them through.

    Show them to the public only where `may_quote`; `handle` is the voice's, `response_id` joins what one person said.
    """

    handle: str
    response_id: UUID
    words: str
    language: str
    kind: str
    ward_id: str | None
    channel: str
    said_on: date
    may_quote: bool
    state: str


@dataclass(frozen=True, slots=True)
class Mix:
    """Who spoke how, where and when. `people` is the number of forms, `voices` the number of things said in them.

    `by[name]` is {value: number} for each of MIXES, largest first; every one counts forms but "kind", which counts
    voices. Each sums to its whole. A form counts whether or not its words were published, and after they were taken
    back: the count of who was heard never shrinks.
    """

    people: int
    voices: int
    by: dict[str, dict[str, int]]

    def share(self, name: str, value: str) -> Fraction:
        """The exact share of `value`; 0 of nothing."""
        whole = self.voices if name == "kind" else self.people
        return Fraction(self.by[name].get(value, 0), whole) if whole else Fraction(0)


def texts(round: Round | None = None) -> Iterator[Text]:
    """Everything that a moderator let through, oldest first: of one round, or all that was ever said. One query."""
    rows = Voice.objects.filter(state=Voice.State.PUBLISHED)
    if round is not None:
        rows = rows.filter(response__round=round)
    names = (
        "handle", "response_id", "words", "masked", "kind", "state", "response__language", "response__ward_id",
        "response__channel", "response__said_on", "response__may_quote",
    )  # fmt: skip
    rows = rows.order_by("response__said_on", "response__entered_at", "response__number", "position", "id")
    for row in rows.values_list(*names).iterator(chunk_size=1_000):
        handle, response_id, words, masked, kind, state, language, ward_id, channel, said_on, may_quote = row
        yield Text(
            handle, response_id, masked or words, language, kind, ward_id, channel, said_on, may_quote, state
        )  # fmt: skip


def mix(round: Round | None = None) -> Mix:
    """Every public figure about who was heard comes from here: of one round, or of all. Six short queries.

    Nothing here looks at the channel but the mix by channel and by source: each way of speaking counts alike.
    """
    forms = Response.objects.all() if round is None else Response.objects.filter(round=round)
    said = Voice.objects.all() if round is None else Voice.objects.filter(response__round=round)
    by = {
        "channel": _counted(forms, "channel"),
        "source": _sources(forms),
        "ward": _counted(forms, "ward_id"),
        "language": _counted(forms, "language"),
        "month": dict(sorted(_months(forms).items())),
        "kind": _counted(said, "kind"),
    }
    return Mix(sum(by["channel"].values()), sum(by["kind"].values()), by)


def _counted(rows: QuerySet[Response] | QuerySet[Voice], name: str) -> dict[str, int]:
    found = rows.order_by().values_list(name).annotate(n=Count("pk"))
    return dict(sorted(((value or "", n) for value, n in found), key=lambda each: (-each[1], each[0])))


def _sources(rows: QuerySet[Response]) -> dict[str, int]:
    """As the round's own books call them; where they say nothing, the channel."""
    found: dict[str, int] = {}
    for source, channel, n in rows.order_by().values_list("source", "channel").annotate(n=Count("pk")):
        found[source or channel] = found.get(source or channel, 0) + n
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def _months(rows: QuerySet[Response]) -> dict[str, int]:
    found = rows.order_by().annotate(month=TruncMonth("said_on")).values_list("month").annotate(n=Count("pk"))
    return {f"{month:%Y-%m}": n for month, n in found}


def published() -> QuerySet[Voice]:
    """Everything that was heard and published, newest first. Words only through `Voice.shown`."""
    return (
        Voice.objects.filter(state=Voice.State.PUBLISHED)
        .select_related("response__ward")
        .defer("response__ward__geometry")
    )


def found(*, words: str = "", kind: str = "", ward: str = "", channel: str = "", round: str = "") -> QuerySet[Voice]:
    """Published voices by kind, ward, channel, round and by words that may be quoted."""
    rows = published()
    for word in words.split()[:8]:
        # Of a voice with a part left out, only what is shown is searched.
        rows = rows.filter(response__may_quote=True).filter(_public_words_hold(word))
    if kind:
        rows = rows.filter(kind=kind)
    if ward:
        rows = rows.filter(response__ward_id=ward)
    if channel:
        rows = rows.filter(response__channel=channel)
    if round:
        rows = rows.filter(response__round__slug=round)
    return rows


def _public_words_hold(word: str) -> Q:
    return Q(masked__icontains=word) | Q(masked="", words__icontains=word)


def waiting() -> QuerySet[Voice]:
    """What waits to be read, oldest first."""
    rows = Voice.objects.filter(state=Voice.State.WAITING).select_related("response__ward", "response__round")
    return rows.order_by("response__entered_at", "response__number", "position", "id")


def open_appeals() -> QuerySet[Appeal]:
    """Appeals that wait, nearest date first."""
    return Appeal.objects.filter(decided_at=None).select_related("voice__response__ward").order_by("due_on")


def counts(since: date | None = None) -> dict[str, dict[str, int]]:
    """How many were heard, by kind and by channel: {"kind": {...}, "channel": {...}, "all": {"n": ...}}."""
    rows = published()
    if since is not None:
        rows = rows.filter(response__said_on__gte=since)
    kinds = dict(rows.order_by().values_list("kind").annotate(n=Count("pk")))
    channels = dict(rows.order_by().values_list("response__channel").annotate(n=Count("pk")))
    return {"kind": kinds, "channel": channels, "all": {"n": sum(kinds.values())}}


def by_ward() -> dict[str, int]:
    """Ward code -> number of published voices."""
    rows = published().exclude(response__ward=None).order_by()
    return dict(rows.values_list("response__ward_id").annotate(n=Count("pk")))


def late(now: datetime, on: date) -> int:
    """Appeals past their date."""
    return Appeal.objects.filter(decided_at=None, due_on__lt=on).count()
