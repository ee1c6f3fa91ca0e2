"""What pages and exports read of voices, and what other rooms read of them: `texts`, `mix`, `REASONS`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, Count, Exists, F, Func, Max, OuterRef, Q, QuerySet, Sum, When
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from becontree.citizenship.voices import tokens
from becontree.citizenship.voices.counting import (
    MIXES,
    Heard,
    Mix,
    Row,
    Table,
    ever_published,
    heard,
    language_name,
    mix,
    moderation,
    moderation_rows,
    percent,
    tables,
    way_name,
)
from becontree.citizenship.voices.models import (
    Answer,
    Appeal,
    Batch,
    Channel,
    Keying,
    Response,
    Round,
    Ruling,
    ToldApart,
    Update,
    Voice,
)
from becontree.citizenship.voices.policy import BY_CODE, REASONS
from becontree.foundations.people.actors import party_id
from becontree.foundations.people.models import Person

__all__ = [
    "BY_CODE",
    "MIXES",
    "REASONS",
    "Heard",
    "Mix",
    "Row",
    "Table",
    "Text",
    "counts",
    "ever_published",
    "found",
    "heard",
    "language_name",
    "mix",
    "moderation",
    "moderation_rows",
    "percent",
    "published",
    "quotable",
    "tables",
    "texts",
    "way_name",
]


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
        rows = rows.filter(response__may_quote=True).filter(_public_words_hold(word))
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


def _public_words_hold(word: str) -> Q:
    return Q(masked__icontains=word) | Q(masked="", words__icontains=word)


def waiting(round: str = "") -> QuerySet[Voice]:
    """What waits to be read, oldest first; of one round by its slug."""
    rows = Voice.objects.filter(state=Voice.State.WAITING).select_related("response__ward", "response__round")
    if round:
        rows = rows.filter(response__round__slug=round)
    return rows.order_by(*_WAITING)


_WAITING: Final = ("response__entered_at", "response__number", "position", "id")


def next_waiting(voice: Voice, round: str = "") -> Voice | None:
    """What stands after this one in the queue; where nothing does, the first that waits; None where none does."""
    here = (voice.response.entered_at, voice.response.number, voice.position, voice.pk)
    later, same = Q(pk__in=[]), Q()
    for name, value in zip(_WAITING, here, strict=True):
        later |= same & Q(**{f"{name}__gt": value})
        same &= Q(**{name: value})
    rows = waiting(round).exclude(pk=voice.pk)
    return rows.filter(later).first() or rows.first()


def unanswered(
    *, words: str = "", reference: str = "", round: str = "", ward: str = "", kind: str = ""
) -> QuerySet[Voice]:
    """Published and not answered yet, oldest first. For officers: `words` are sought in what stays private too.

    A round's answer is the answer to all that was said in it, so its voices wait no longer; who names the round, or a
    reference, finds them all the same.
    """
    rows = published().filter(answers=None).order_by("published_at", "pk")
    if not (round or reference):
        rows = rows.filter(Q(response__round=None) | ~Q(response__round__state=Round.State.ANSWERED))
    for word in words.split()[:8]:
        rows = rows.filter(_public_words_hold(word))
    if reference:
        rows = rows.filter(pk__in=[voice.pk for voice in by_reference(reference)])
    if round:
        rows = rows.filter(response__round__slug=round)
    if ward:
        rows = rows.filter(response__ward_id=ward)
    return rows.filter(kind=kind) if kind else rows


def to_answer(user: Person, **chosen: str) -> QuerySet[Voice]:
    """Of `unanswered`, what this officer may answer: not their own words, nor their household's."""
    return unanswered(**chosen).filter(pk__in=Voice.objects.visible_to(user, "moderation").values("pk"))


def _code(reference: str) -> str:
    """A reference as we write it, however people write it: "Voice/BNR7 jrqhjv"."""
    return "".join(letter for letter in reference.lower().rpartition("/")[2] if letter.isalnum())[:16]


def by_reference(reference: str) -> list[Voice]:
    """The voices that a reference stands for, a form's or a voice's own; what people add to it does not matter."""
    code = _code(reference)
    rows = Voice.objects.filter(Q(handle=code) | Q(response__handle=code)).select_related("response__round")
    return list(rows.order_by("position")) if code else []


def rounds_waiting() -> list[tuple[str, str, int]]:
    """(slug, title, how many wait) of each round with something to read; no slug is what was said at any time."""
    rows = Voice.objects.filter(state=Voice.State.WAITING).order_by()
    found = rows.values_list("response__round__slug", "response__round__title").annotate(n=Count("pk"))
    return sorted((slug or "", title or "", n) for slug, title, n in found)


def open_appeals() -> QuerySet[Appeal]:
    """Appeals that wait, nearest date first."""
    return Appeal.objects.filter(decided_at=None).select_related("voice__response__ward").order_by("due_on")


def counts() -> dict[str, dict[str, int]]:
    """How many published voices there are, by kind: {"kind": {...}, "all": {"n": ...}}. One query, of an index."""
    rows = published().order_by()
    kinds = dict(rows.values_list("kind").annotate(n=Count("pk")))
    return {"kind": kinds, "all": {"n": sum(kinds.values())}}


def by_ward() -> dict[str, int]:
    """Ward code -> number of published voices; "" for those of no ward, so that all together are all. One query."""
    rows = published().order_by()
    return {ward or "": n for ward, n in rows.values_list("response__ward_id").annotate(n=Count("pk"))}


def late(now: datetime, on: date) -> int:
    """Appeals past their date."""
    return Appeal.objects.filter(decided_at=None, due_on__lt=on).count()


# Rounds


def rounds() -> QuerySet[Round]:
    """Rounds that everybody may see: open ones first, then by the day on which they closed."""
    order = Case(When(state=Round.State.OPEN, then=0), default=1)
    return Round.objects.exclude(state=Round.State.DRAFT).order_by(order, "-closes_on", "slug")


def rounds_to_answer() -> QuerySet[Round]:
    """Closed rounds that have not said yet what came of them, by the day on which an answer was promised."""
    return Round.objects.filter(state=Round.State.CLOSED).order_by("answer_by", "slug")


def people_in(rounds: Iterable[Round]) -> dict[UUID, int]:
    """How many people answered each round. One query."""
    rows = Response.objects.filter(round__in=[each.pk for each in rounds]).order_by()
    return dict(rows.values_list("round").annotate(n=Count("pk")))


def updates(round: Round) -> QuerySet[Update]:
    return round.updates.order_by("at")


def quotes(round: Round, most: int = 6) -> list[Voice]:
    """Some published words that may be quoted, the latest of each kind in turn; only those are read. Two queries."""
    # By its key, not by its slug: a third table in the join, and SQLite begins to sort at the wrong end.
    rows = published().filter(response__round_id=round.pk, response__may_quote=True).values_list("pk", "kind")[:60]
    by_kind: dict[str, list[UUID]] = {}
    for pk, kind in rows:
        by_kind.setdefault(kind, []).append(pk)
    turns = [pk for turn in zip_longest(*by_kind.values()) for pk in turn if pk is not None][:most]
    chosen = on_cards(Voice.objects.select_related("response__ward")).in_bulk(turns)
    return [chosen[pk] for pk in turns if pk in chosen]


# Piles


def kept_files(user: Person) -> QuerySet[Batch]:
    """Files that the person has brought without saying for which round."""
    return Batch.objects.filter(way=Batch.Way.FILE, state=Batch.State.DRAFT, round=None, made_by=party_id(user))


def batches() -> QuerySet[Batch]:
    """Every pile, class and file, newest first, with its number of forms; without the rows of files."""
    rows = Batch.objects.exclude(state=Batch.State.UNDONE).select_related("round").defer("content")
    unsettled = Q(keyings__response=None)
    return rows.annotate(
        forms=Count("responses", distinct=True),
        typed=Count("keyings", distinct=True),
        first=Count("keyings", filter=unsettled & Q(keyings__copy=1), distinct=True),
        differ=Count("keyings", filter=unsettled & Q(keyings__copy=2), distinct=True),
        once=F("first") - F("differ"),
    ).order_by("-made_at")


@dataclass(frozen=True, slots=True)
class Counted:
    """How a pile stands: forms taken in, forms typed once and waiting for the second time, forms that differ."""

    forms: int
    once: int
    differ: int

    @property
    def next(self) -> int:
        return self.forms + self.once + self.differ + 1


def pile_counts(batch: Batch) -> Counted:
    forms = batch.responses.count()
    copies = dict(batch.keyings.filter(response=None).order_by().values_list("copy").annotate(n=Count("pk")))
    differ = copies.get(2, 0)
    return Counted(forms, copies.get(1, 0) - differ, differ)


def to_type_again(batch: Batch, by: Person) -> QuerySet[Keying]:
    """Forms that another clerk typed and nobody typed again yet, in the order of the paper."""
    again = batch.keyings.filter(copy=2).values("number")
    return batch.keyings.filter(copy=1, response=None).exclude(by=party_id(by)).exclude(number__in=again)


def typed_once(by: Person) -> QuerySet[Keying]:
    """Forms of all piles that somebody else typed and that wait to be typed again."""
    other = Keying.objects.filter(batch=OuterRef("batch"), number=OuterRef("number"), copy=2)
    rows = Keying.objects.filter(copy=1, response=None).exclude(batch__state=Batch.State.UNDONE)
    return rows.exclude(by=party_id(by)).exclude(Exists(other))


def typed_in_two_ways() -> QuerySet[Keying]:
    """The second typings, in all piles, that differ from the first and are not settled."""
    return Keying.objects.filter(copy=2, response=None).exclude(batch__state=Batch.State.UNDONE)


def differing(batch: Batch) -> list[tuple[Keying, Keying]]:
    """Pairs of typings that differ and are not settled, by number."""
    pairs: dict[int, dict[int, Keying]] = {}
    for keying in batch.keyings.filter(response=None).order_by("number", "copy"):
        pairs.setdefault(keying.number, {})[keying.copy] = keying
    return [(pair[1], pair[2]) for pair in pairs.values() if len(pair) == 2]


@dataclass(frozen=True, slots=True)
class Stands:
    """How one thing that was said stands: `state` in words, and whether it is answered. None of its words."""

    state: str
    answered: bool


def how_it_stands(reference: str) -> list[Stands]:
    """Of each thing said in the form with this reference, in its order; nothing where there is no such form."""
    code = _code(reference)
    if not code:
        return []
    rows = Voice.objects.filter(response__handle=code).annotate(n=Count("answers")).order_by("position")
    return [Stands(str(Voice.State(state).label), bool(n)) for state, n in rows.values_list("state", "n")]


def asks_about_you(response: Response, *, now: datetime) -> bool:
    """Whether the questions about oneself are still asked for a form: its round is open, it was written on the site by
    the speaker (a clerk or a tablet asks at once), not long ago, and they were not answered.
    """
    round = response.round
    return bool(
        round is not None
        and round.asks_equality
        and round.state == Round.State.OPEN
        and response.channel == Channel.WEB
        and not response.entered_by
        and now - response.entered_at < tokens.ASKED_FOR
        and not ToldApart.objects.filter(mark=tokens.mark(response)).exists()
    )
