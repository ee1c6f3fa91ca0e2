"""What was let through, as everybody may read it, and as other rooms read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, Func, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from becontree.citizenship.voices.models import (
    Answer,
    Round,
    Ruling,
    Voice,
)


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


class _Unindexed(Func):
    """A column as it is, which SQLite does not look up in an index (its manual, "The Next-Generation Query Planner",
    section 4.1: a unary plus). Nearly every voice is published, so that index narrows nothing; with it SQLite reads and
    sorts all of them to show the newest 24, without it it walks the forms from the newest on and stops there.
    PostgreSQL sees that by itself."""

    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="+%(expressions)s", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="%(expressions)s", **more)


def published() -> QuerySet[Voice]:
    """Everything that was heard and published, newest first. Words only through `Voice.shown`."""
    return (
        Voice.objects.filter(Exact(_Unindexed("state"), Voice.State.PUBLISHED))
        .select_related("response__ward")
        .defer("response__ward__geometry")
    )


# What a card or a quote says of a voice. A form has twenty columns more, which are no reader's business.
_ON_A_CARD: Final = (
    "handle", "kind", "words", "masked", "state", "response__channel", "response__language", "response__may_quote",
    "response__said_on", "response__ward__name",
)  # fmt: skip


def on_cards(rows: QuerySet[Voice]) -> QuerySet[Voice]:
    """Voices with only what their cards say; every other column would be asked for row by row."""
    return rows.defer(None).only(*_ON_A_CARD)


def quotable() -> QuerySet[Voice]:
    """Cards of what may be quoted and has no part left out, newest first."""
    return on_cards(published()).filter(Exact(_Unindexed("masked"), ""), response__may_quote=True)


def newest_answers(voices: Iterable[Any]) -> dict[Any, str]:
    """The status of the newest answer of each of these voices (by id) that has one. One query."""
    rows = Answer.objects.filter(voice_id__in=list(voices)).order_by("at").values_list("voice_id", "status")
    return dict(rows)  # of two the later one stays


def version(now: datetime) -> tuple[object, ...]:
    """What changes whenever `published` does: counts, lengths, newest moments; and ten minutes of time. Three queries.

    Words taken back change the count or the lengths at once. The ten minutes bound what a count cannot see, such as a
    street that is given another name.
    """
    shown = Voice.objects.filter(state=Voice.State.PUBLISHED).aggregate(
        Count("pk"),
        Max("published_at"),
        Max("handle"),  # handles are random: another database is another version
        said_letters=Sum(Length("words")),
        masked_letters=Sum(Length("masked")),
        quoted_letters=Sum(Length("words"), filter=Q(response__may_quote=True)),
    )
    answers = Answer.objects.aggregate(Count("pk"), Max("at"))
    rulings = Ruling.objects.aggregate(Count("pk"), Max("at"))
    return (*shown.values(), *answers.values(), *rulings.values(), int(now.timestamp()) // 600)


def found(
    *, words: str = "", kind: str = "", ward: str = "", channel: str = "", round: str = "", answered: str = ""
) -> QuerySet[Voice]:
    """Published voices by kind, ward, channel, round, by words that may be quoted, and by whether somebody answered.

    answered: "yes" (by a team; what a round says to all is not counted), "no", or "" for both.
    """
    rows = published()
    for word in words.split()[:8]:
        # Of a voice with a part left out, only what is shown is searched.
        rows = rows.filter(response__may_quote=True).filter(public_words_hold(word))
    if kind:
        rows = rows.filter(kind=kind)
    if ward:
        rows = rows.filter(response__ward_id=ward)
    if channel:
        rows = rows.filter(response__channel=channel)
    if round:
        rows = rows.filter(response__round__slug=round)
    if answered:
        has_answer = Exists(Answer.objects.filter(voice=OuterRef("pk")))
        rows = rows.filter(has_answer if answered == "yes" else ~has_answer)
    return rows


def public_words_hold(word: str) -> Q:
    return Q(masked__icontains=word) | Q(masked="", words__icontains=word)


def counts() -> dict[str, dict[str, int]]:
    """How many published voices there are, by kind: {"kind": {...}, "all": {"n": ...}}. One query, of an index."""
    rows = published().order_by()
    kinds = dict(rows.values_list("kind").annotate(n=Count("pk")))
    return {"kind": kinds, "all": {"n": sum(kinds.values())}}


def by_ward() -> dict[str, int]:
    """Ward code -> number of published voices; "" for those of no ward, so that all together are all. One query."""
    rows = published().order_by()
    return {ward or "": n for ward, n in rows.values_list("response__ward_id").annotate(n=Count("pk"))}
