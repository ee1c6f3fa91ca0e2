"""Who was heard, as everybody may read it: how many, how it reached us, and what was published from where.

Two kinds of number are told apart (docs/decisions/0018-what-a-cell-is.md). What was *published* is a public document:
anyone can count it from the list and the record, so its numbers hold no secret. How many *people* answered also counts
forms of which nothing was ever published; by channel that is shown only where no channel would give away 1 to 4 such.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from django.db.models import Case, CharField, Count, Exists, Func, Max, Min, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from becontree.citizenship.voices.models import Appeal, Channel, Kind, Response, Round, Ruling, Voice
from becontree.citizenship.voices.policy import BY_CODE
from becontree.foundations.places import queries as places
from becontree.methods.suppression import Sum, few, protect

MIXES: Final = ("channel", "source", "ward", "language", "month", "kind")
PLACED: Final = ("ward", "language", "month", "kind")  # what is counted in published things
UNSEEN: Final = "not-published"  # the row of the people of whom nothing was ever published


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What everybody may read of who spoke how, where and when. `people` is the number of forms.

    A form counts whether or not its words were published, and after they were taken back: the count of who was heard
    never shrinks. Not for everybody as it stands: `tables` is.

    `ways` is {(channel, source): (forms, forms of which something was ever published)}; `wards` the latter by ward, and
    `everybody` all forms by ward, which is for the desk. `things[name]` is {value: published things} for each of
    PLACED: what was published once stays counted, but by language only things whose words everybody could read. `open`
    says that in no round any way has 1 to 4 forms of which nothing was published.
    """

    people: int
    ways: dict[tuple[str, str], tuple[int, int]]
    wards: dict[str, int]
    everybody: dict[str, int]
    things: dict[str, dict[str, int]]
    open: bool

    @property
    def heard(self) -> int:
        """People of whom something was published, ever."""
        return sum(seen for _all, seen in self.ways.values())

    def way(self, name: str) -> dict[str, int]:
        """People by "channel" or "source", for everybody.

        All people, unless in some round some way (or way and source together) has 1 to 4 of whom nothing was
        published: then those of whom something was, and the others in one row, UNSEEN, if they are no few.
        """
        whole = self.open and not few(self.people)
        found: Counter[str] = Counter()
        for (channel, source), (forms, seen) in self.ways.items():
            found[channel if name == "channel" else source or channel] += forms if whole else seen
        found = +found  # a way without a number is not named either: that it was used would tell
        if not whole and not few(self.people, self.people - self.heard):
            found[UNSEEN] = self.people - self.heard
        return _in_order(name, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix(Heard):
    """Every number that the council's own books hold: `voices` is how many things were said in the forms.

    `by[name]` is {value: number} for each of MIXES, largest first; every one counts forms but "kind", which counts
    voices. Each sums to its whole. Not for everybody.
    """

    voices: int
    by: dict[str, dict[str, int]]

    def share(self, name: str, value: str) -> Fraction:
        """The exact share of `value`; 0 of nothing."""
        whole = self.voices if name == "kind" else self.people
        return Fraction(self.by[name].get(value, 0), whole) if whole else Fraction(0)


class _Month(Func):
    """The month of a day as "2026-11", told by the database.

    Not TruncMonth: SQLite has no months, and would call back into Python for every row. Nor by day: two years of days
    cost more to fetch and to write out than everything else that a round's page counts.
    """

    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="SUBSTR(%(expressions)s, 1, 7)", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="TO_CHAR(%(expressions)s, 'YYYY-MM')", **more)


def ever_published(said: QuerySet[Voice] | None = None) -> QuerySet[Voice]:
    """Voices that were published once, whatever became of them: each has its entry in the public record."""
    return (Voice.objects.all() if said is None else said).filter(published_at__isnull=False)


def heard(round: Round | None = None) -> Heard:
    """What a round's page shows once it is closed; or of all rounds. Two queries."""
    return Heard(**_heard(round))


def mix(round: Round | None = None, *, until: date | None = None) -> Mix:
    """Every figure about who was heard: of one round, or of all; `until`: of what was said by that day. Five queries.

    Nothing here looks at the channel but the mix by channel and by source: each way of speaking counts alike.
    """
    forms, said = _said(round, until)
    known = _heard(round, until)
    by: dict[str, Counter[str]] = {name: Counter() for name in MIXES}
    for (channel, source), (n, _seen) in known["ways"].items():
        by["channel"][channel] += n
        by["source"][source or channel] += n  # as the round's own books call it; where they say nothing, the channel
    by["ward"].update(known["everybody"])
    by["language"].update(dict(forms.values_list("language").annotate(n=Count("pk"))))
    by["month"].update(dict(forms.annotate(month=_Month("said_on")).values_list("month").annotate(n=Count("pk"))))
    by["kind"].update(dict(said.values_list("kind").annotate(n=Count("pk"))))
    counted = {name: _in_order(name, counts) for name, counts in by.items()}
    return Mix(voices=by["kind"].total(), by=counted, **known)


def _said(round: Round | None, until: date | None = None) -> tuple[QuerySet[Response], QuerySet[Voice]]:
    forms = Response.objects.all() if round is None else Response.objects.filter(round=round)
    said = Voice.objects.all() if round is None else Voice.objects.filter(response__round=round)
    if until is not None:
        forms, said = forms.filter(said_on__lte=until), said.filter(response__said_on__lte=until)
    return forms.order_by(), said.order_by()


def _heard(round: Round | None, until: date | None = None) -> dict[str, Any]:
    forms, said = _said(round, until)
    every: Counter[tuple[Any, str, str]] = Counter()
    seen: Counter[tuple[Any, str, str]] = Counter()
    everybody: Counter[str] = Counter()
    wards: Counter[str] = Counter()
    out = Exists(ever_published(Voice.objects.filter(response=OuterRef("pk"))))
    groups = forms.annotate(out=out).values_list("round", "channel", "source", "ward_id", "out")
    for within, channel, source, ward, published, n in groups.annotate(n=Count("pk")):
        every[within, channel, source] += n
        everybody[ward or ""] += n
        if published:
            seen[within, channel, source] += n
            wards[ward or ""] += n
    return {
        "people": every.total(),
        "ways": _ways(every, seen),
        "wards": _in_order("ward", wards),
        "everybody": _in_order("ward", everybody),
        "things": _things(ever_published(said)),
        "open": not few(*(n - seen[way] for way, n in every.items())),
    }


def _ways(
    every: Counter[tuple[Any, str, str]], seen: Counter[tuple[Any, str, str]]
) -> dict[tuple[str, str], tuple[int, int]]:
    """By channel and source, over all rounds."""
    forms: Counter[tuple[str, str]] = Counter()
    out: Counter[tuple[str, str]] = Counter()
    for (within, channel, source), n in every.items():
        forms[channel, source] += n
        out[channel, source] += seen[within, channel, source]
    return {way: (forms[way], out[way]) for way in sorted(forms)}


def _things(out: QuerySet[Voice]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {name: Counter() for name in PLACED}
    placed = out.annotate(month=_Month("response__said_on"))
    rows = placed.values_list("kind", "response__ward_id", "response__language", "month")
    read = Count("pk", filter=Q(response__may_quote=True))  # in public, once: as `Voice.shown`
    for kind, ward, language, month, n, in_words in rows.annotate(n=Count("pk"), in_words=read):
        found["kind"][kind] += n
        found["ward"][ward or ""] += n
        found["month"][month] += n
        if in_words:
            found["language"][language] += in_words
    return {name: _in_order(name, counts) for name, counts in found.items()}


def _in_order(name: str, counts: Counter[str]) -> dict[str, int]:
    """Largest first, months by the calendar; those of whom nothing was published at the end."""
    if name == "month":
        return dict(sorted(counts.items()))
    return dict(sorted(counts.items(), key=lambda each: (each[0] == UNSEEN, -each[1], each[0])))


@dataclass(frozen=True, slots=True)
class Row:
    """`count` of the table's whole; `share` in per cent to one place, as "38.8"."""

    value: str
    name: str
    count: int
    share: str


@dataclass(frozen=True, slots=True)
class Table:
    """One public figure: who was heard by one thing, with its n (`whole`) and what is counted ("people", "published
    things", or "published things whose words are shown")."""

    name: str
    title: str
    whole: int
    counts: str
    rows: list[Row]


def tables(found: Heard) -> list[Table]:
    """Who was heard as tables, for a round's page and its downloads. One query."""
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
        "channel": way_name,
        "source": way_name,
        "ward": lambda value: wards.get(value, str(_("All of it, or not said"))),
        "language": language_name,
        "month": lambda value: value,
        "kind": lambda value: str(dict(Kind.choices).get(value, value)),
    }
    made = []
    for name in MIXES:
        if name == "source" and all(source in {"", channel} for channel, source in found.ways):
            continue  # it would say the same as the table by channel
        if name not in PLACED and few(found.people):
            continue
        if name in PLACED:
            shown, all_ = _("published things whose words are shown"), _("published things")
            numbers, counts = found.things[name], shown if name == "language" else all_
        else:
            numbers, counts = found.way(name), _("people")
        whole = sum(numbers.values())
        rows = [Row(value, names[name](value), n, percent(n, whole)) for value, n in numbers.items()]
        made.append(Table(name, str(titles[name]), whole, str(counts), rows))
    return made


def way_name(value: str) -> str:
    """A channel, a source as the round's books call it, or UNSEEN, in the reader's language."""
    return str(_("Not published, however it came") if value == UNSEEN else dict(Channel.choices).get(value, value))


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


@dataclass(frozen=True, slots=True)
class Month:
    """One month of moderation. `published` and `masked` count public documents. None: hidden, as it is about a few, or
    would give such a number away."""

    month: str
    published: int
    masked: int
    held: int | None
    reasons: list[tuple[str, int | None]]  # by the code of the reason, as often as not hidden
    appeals: int | None
    upheld: int | None

    @property
    def named(self) -> list[tuple[str, int | None]]:
        return [(str(BY_CODE[code].name) if code in BY_CODE else code, n) for code, n in self.reasons]


def moderation() -> list[Month]:
    """Every month in which anything was decided, newest first. Four queries.

    How many were held, for which reason, and what came of appeals tells of words that nobody may read: each month's
    numbers are protected together, by the sum of its reasons and that of its appeals.
    """
    outcomes: dict[str, Counter[str]] = {}
    reasons: dict[str, Counter[str]] = {}
    for month, outcome, reason, n in _by_month(Ruling.objects.all(), "at", "outcome", "reason"):
        outcomes.setdefault(month, Counter())[outcome] += n
        if outcome == "held":
            reasons.setdefault(month, Counter())[reason] += n
    answers: dict[str, Counter[bool]] = {}
    for month, upheld, n in _by_month(Appeal.objects.exclude(decided_at=None), "decided_at", "upheld"):
        outcomes.setdefault(month, Counter())
        answers.setdefault(month, Counter())[bool(upheld)] += n
    return [
        _month(month, found, reasons.get(month, Counter()), answers.get(month, Counter()))
        for month, found in sorted(outcomes.items(), reverse=True)
    ]


def _by_month(rows: QuerySet[Any], moment: str, *by: str) -> Iterator[tuple[Any, ...]]:
    """(month as "2026-11", value of each of `by`, how many), by the months of the borough's clock. Two queries.

    Each month's end is told to the database: cutting a moment to its month calls back into Python for every row on
    SQLite (7,000 rows: 45 ms).
    """
    ends = rows.aggregate(first=Min(moment), last=Max(moment))
    if ends["first"] is None:
        return
    months = []
    month = timezone.localtime(ends["first"]).replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
    while month <= ends["last"]:
        following = (month + timedelta(days=32)).replace(day=1)
        months.append(When(**{f"{moment}__lt": following}, then=Value(f"{month:%Y-%m}")))
        month = following
    until_then = rows.filter(
        **{f"{moment}__lte": ends["last"]}
    )  # what comes in between the two queries has no month yet
    named = until_then.order_by().annotate(month=Case(*months, output_field=CharField()))
    yield from named.values_list("month", *by).annotate(n=Count("pk"))


def _month(month: str, outcomes: Counter[str], reasons: Counter[str], answers: Counter[bool]) -> Month:
    cells = {f"held/{code}": n for code, n in reasons.items()} | {"held": reasons.total()}
    cells |= {"upheld": answers[True], "refused": answers[False], "appeals": answers.total()}
    sums = [
        Sum("held", tuple(f"held/{code}" for code in reasons)),
        Sum("appeals", ("upheld", "refused")),
    ]
    safe = protect(cells, [each for each in sums if each.parts])
    shown = {key: None if key in safe.exposed else n for key, n in safe.shown.items()}
    return Month(
        month,
        outcomes["published"],
        outcomes["masked"],
        shown["held"],
        [(code, shown[f"held/{code}"]) for code, _n in reasons.most_common()],
        shown["appeals"],
        shown["upheld"],
    )


def moderation_rows() -> list[tuple[str, str, str, int | None]]:
    """(month, what, reason, how many), the latest month first; None: hidden. Nobody is in it."""
    found: list[tuple[str, str, str, int | None]] = []
    for month in moderation():
        found += [(month.month, "published", "", month.published)] if month.published else []
        found += [(month.month, "masked", "personal", month.masked)] if month.masked else []
        found += [(month.month, "held", code, n) for code, n in sorted(month.reasons)]
        if month.appeals != 0:
            found += [(month.month, "appeals", "", month.appeals), (month.month, "upheld", "", month.upheld)]
    return found
