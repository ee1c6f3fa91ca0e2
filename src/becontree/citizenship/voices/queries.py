"""What pages and exports read of voices, and what other rooms read of them: `texts`, `mix`, `REASONS`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import zip_longest
from typing import Final
from uuid import UUID

from babel import Locale, UnknownLocaleError
from django.db.models import Case, Count, Q, QuerySet, When
from django.db.models.functions import TruncMonth
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from becontree.citizenship.voices.models import (
    Appeal,
    Batch,
    Channel,
    Keying,
    Kind,
    Response,
    Round,
    Ruling,
    Update,
    Voice,
)
from becontree.citizenship.voices.policy import BY_CODE, REASONS
from becontree.foundations.people.actors import party_id
from becontree.foundations.people.models import Person
from becontree.foundations.places import queries as places

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
    """Every public figure about who was heard comes from here: of one round, or of all. Three queries.

    Nothing here looks at the channel but the mix by channel and by source: each way of speaking counts alike.
    """
    forms = Response.objects.all() if round is None else Response.objects.filter(round=round)
    said = Voice.objects.all() if round is None else Voice.objects.filter(response__round=round)
    by: dict[str, Counter[str]] = {name: Counter() for name in MIXES}
    groups = forms.order_by().values_list("channel", "source", "ward_id", "language")
    for channel, source, ward, language, n in groups.annotate(n=Count("pk")):
        by["channel"][channel] += n
        by["source"][source or channel] += n  # as the round's own books call it; where they say nothing, the channel
        by["ward"][ward or ""] += n
        by["language"][language] += n
    # By day, not by month: SQLite has no months, and would call back into Python for every row.
    for day, n in forms.order_by().values_list("said_on").annotate(n=Count("pk")):
        by["month"][f"{day:%Y-%m}"] += n
    for kind, n in said.order_by().values_list("kind").annotate(n=Count("pk")):
        by["kind"][kind] += n
    people, voices = sum(by["channel"].values()), sum(by["kind"].values())
    return Mix(people, voices, {name: _in_order(name, counts) for name, counts in by.items()})


def _in_order(name: str, counts: Counter[str]) -> dict[str, int]:
    """Largest first, months by the calendar."""
    if name == "month":
        return dict(sorted(counts.items()))
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


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


def rounds_waiting() -> list[tuple[str, str, int]]:
    """(slug, title, how many wait) of each round with something to read; no slug is what was said at any time."""
    rows = Voice.objects.filter(state=Voice.State.WAITING).order_by()
    found = rows.values_list("response__round__slug", "response__round__title").annotate(n=Count("pk"))
    return sorted((slug or "", title or "", n) for slug, title, n in found)


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


# Rounds


def rounds() -> QuerySet[Round]:
    """Rounds that everybody may see: open ones first, then by the day on which they closed."""
    order = Case(When(state=Round.State.OPEN, then=0), default=1)
    return Round.objects.exclude(state=Round.State.DRAFT).order_by(order, "-closes_on", "slug")


def people_in(rounds: Iterable[Round]) -> dict[UUID, int]:
    """How many people answered each round. One query."""
    rows = Response.objects.filter(round__in=[each.pk for each in rounds]).order_by()
    return dict(rows.values_list("round").annotate(n=Count("pk")))


def updates(round: Round) -> QuerySet[Update]:
    return round.updates.order_by("at")


def quotes(round: Round, most: int = 6) -> list[Voice]:
    """Some published words that may be quoted, the latest of each kind in turn."""
    rows = found(round=round.slug).filter(response__may_quote=True).defer("response__ward__geometry")[:60]
    by_kind: dict[str, list[Voice]] = {}
    for voice in rows:
        by_kind.setdefault(voice.kind, []).append(voice)
    turns = zip_longest(*by_kind.values())
    return [voice for turn in turns for voice in turn if voice is not None][:most]


@dataclass(frozen=True, slots=True)
class Row:
    """`count` of the table's whole; `share` in per cent to one place, as "38.8"."""

    value: str
    name: str
    count: int
    share: str


@dataclass(frozen=True, slots=True)
class Table:
    """One public figure: who was heard by one thing, with its n (`whole`) and what is counted ("people", "things")."""

    name: str
    title: str
    whole: int
    counts: str
    rows: list[Row]


def tables(found: Mix) -> list[Table]:
    """A mix as tables, for a round's page and its downloads. One query."""
    wards = places.ward_names()
    titles = {
        "channel": _("How it reached us"),
        "source": _("Where it came from"),
        "ward": _("Which part of the borough"),
        "language": _("In which language"),
        "month": _("When"),
        "kind": _("What was said"),
    }
    names: dict[str, Callable[[str], str]] = {
        "channel": lambda value: str(dict(Channel.choices).get(value, value)),
        "source": lambda value: str(dict(Channel.choices).get(value, value)),
        "ward": lambda value: wards.get(value, str(_("All of it, or not said"))),
        "language": language_name,
        "month": lambda value: value,
        "kind": lambda value: str(dict(Kind.choices).get(value, value)),
    }
    made = []
    for name in MIXES:
        if name == "source" and found.by["source"] == found.by["channel"]:
            continue
        whole = found.voices if name == "kind" else found.people
        rows = [Row(value, names[name](value), n, percent(n, whole)) for value, n in found.by[name].items()]
        counts = _("things said") if name == "kind" else _("people")
        made.append(Table(name, str(titles[name]), whole, str(counts), rows))
    return made


def percent(part: int, whole: int) -> str:
    """The share in per cent to one place, halves up, exactly: of 2,814, 1,091 are 38.8.

    >>> percent(1091, 2814), percent(1, 2814), percent(0, 0)
    ('38.8', '0.0', '0.0')
    """
    tenths = (2 * 1000 * part + whole) // (2 * whole) if whole else 0
    return f"{tenths // 10}.{tenths % 10}"


def language_name(code: str) -> str:
    """A language by its name in the reader's language."""
    try:
        named = Locale.parse(code, sep="-").get_display_name((get_language() or "en").partition("-")[0])
    except (UnknownLocaleError, ValueError):
        named = None
    return str(named or code)


# Moderation in public


def moderation_rows() -> list[tuple[str, str, str, str, int]]:
    """(month, decision, reason, on appeal, how many), the latest month first. Counts only: nobody is in it."""
    rows = Ruling.objects.order_by().annotate(month=TruncMonth("at"))
    found = rows.values_list("month", "outcome", "reason", "on_appeal").annotate(n=Count("pk"))
    return sorted(
        (
            (f"{month:%Y-%m}", outcome, reason, "yes" if on_appeal else "no", n)
            for month, outcome, reason, on_appeal, n in found
        ),
        key=lambda row: (row[0], row[4]),
        reverse=True,
    )


@dataclass(frozen=True, slots=True)
class Month:
    """One month of moderation: how many were published, published but for a part, held by reason, decided again."""

    month: str
    published: int
    masked: int
    held: int
    reasons: list[tuple[str, int]]
    appeals: int
    upheld: int


def moderation_log(*, months: int, today: date) -> list[Month]:
    """The latest months in which anything was decided, newest first. Two queries."""
    by_month: dict[str, Counter[str]] = {}
    reasons: dict[str, Counter[str]] = {}
    for month, outcome, reason, _appeal, n in moderation_rows():
        by_month.setdefault(month, Counter())[outcome] += n
        if outcome == "held":
            reasons.setdefault(month, Counter())[reason] += n
    decided = Appeal.objects.exclude(decided_at=None).order_by().annotate(month=TruncMonth("decided_at"))
    for month, upheld, n in decided.values_list("month", "upheld").annotate(n=Count("pk")):
        counted = by_month.setdefault(f"{month:%Y-%m}", Counter())
        counted["appeals"] += n
        counted["upheld"] += n if upheld else 0
    return [
        Month(
            month,
            found["published"],
            found["masked"],
            found["held"],
            [
                (str(BY_CODE[code].name) if code in BY_CODE else code, n)
                for code, n in reasons.get(month, Counter()).most_common()
            ],
            found["appeals"],
            found["upheld"],
        )
        for month, found in sorted(by_month.items(), reverse=True)[:months]
    ]


# Piles


def batches() -> QuerySet[Batch]:
    """Every pile, class and file, newest first, with its number of forms; without the rows of files."""
    rows = Batch.objects.exclude(state=Batch.State.UNDONE).select_related("round").defer("content")
    return rows.annotate(forms=Count("responses", distinct=True), typed=Count("keyings", distinct=True)).order_by(
        "-made_at"
    )


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


def differing(batch: Batch) -> list[tuple[Keying, Keying]]:
    """Pairs of typings that differ and are not settled, by number."""
    pairs: dict[int, dict[int, Keying]] = {}
    for keying in batch.keyings.filter(response=None).order_by("number", "copy"):
        pairs.setdefault(keying.number, {})[keying.copy] = keying
    return [(pair[1], pair[2]) for pair in pairs.values() if len(pair) == 2]
