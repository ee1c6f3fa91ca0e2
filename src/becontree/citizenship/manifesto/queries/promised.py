"""Reads of aspirations and promises; what came of them, through the public record alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet

from becontree.citizenship.manifesto import sources
from becontree.citizenship.manifesto.models import Aspiration, Promise, Standing, Target
from becontree.foundations.measures import queries as measures
from becontree.foundations.record.models import Because, Decision, Entry, Thing


def promises() -> QuerySet[Promise]:
    """Every promise in the order of the Manifesto, with aspiration, targets and their measures. Three queries."""
    return Promise.objects.select_related("aspiration").prefetch_related(
        Prefetch("targets", queryset=Target.objects.select_related("measure").order_by("by_on", "id"))
    )


def open_promises() -> list[tuple[str, str]]:
    """(reference, sentence) of every promise that is not closed: what organisers and decisions can name. One query."""
    rows = Promise.objects.exclude(standing__in=Promise.OVER).only("slug", "sentence")
    return [(row.ref, row.sentence) for row in rows]


def promises_to_name(named: Iterable[str] = ()) -> list[tuple[str, str]]:
    """What can be named: promises that are not closed, and those of `named` whatever became of them. One query."""
    slugs = [ref.partition("/")[2] for ref in named if ref.startswith("promise/")]
    rows = Promise.objects.filter(~Q(standing__in=Promise.OVER) | Q(slug__in=slugs)).only("slug", "sentence")
    return [(row.ref, row.sentence) for row in rows]


def aspirations() -> QuerySet[Aspiration]:
    return Aspiration.objects.prefetch_related("themes", "agreements").order_by("-written_at", "slug")


def aspirations_to_agree() -> list[Aspiration]:
    """Aspirations that are before the people, oldest first: what a conversation can put to the vote. Two queries."""
    rows = Aspiration.objects.filter(state=Aspiration.State.OPEN).prefetch_related("themes")
    return list(rows.order_by("opened_at", "slug"))


@dataclass(frozen=True, slots=True)
class Quoted:
    """A voice that something rests on, as it may be shown now."""

    handle: str
    words: str
    language: str
    minority: bool


def quotes_of(aspiration: Aspiration) -> list[Quoted]:
    """The quotes that may still be shown: consent stands, a moderator let them through, nobody took them back."""
    rows = list(aspiration.quotes.all())
    said = sources.words(row.handle for row in rows)
    return [
        Quoted(row.handle, said[row.handle].words, said[row.handle].language, row.minority)
        for row in rows
        if row.handle in said and said[row.handle].may_quote
    ]


@dataclass(frozen=True, slots=True)
class Value:
    on: date
    value: Decimal
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A target with what was measured. `worse`: the latest value lies on the wrong side of the baseline, or of the
    value before it. `reached`: the latest value is as good as the target or better."""

    target: Target
    values: tuple[Value, ...]
    hidden: int

    @property
    def latest(self) -> Value | None:
        return self.values[-1] if self.values else None

    @property
    def worse(self) -> bool:
        return self.latest is not None and self.target.worse(self.target.baseline, self.latest.value)

    @property
    def slipping(self) -> bool:
        return len(self.values) > 1 and self.target.worse(self.values[-2].value, self.values[-1].value)

    @property
    def before(self) -> Decimal:
        """What the latest value got worse than: the start where it fell behind that, else the value before."""
        return self.target.baseline if self.worse or len(self.values) < 2 else self.values[-2].value

    @property
    def reached(self) -> bool:
        return self.latest is not None and not self.target.worse(self.target.value, self.latest.value)

    @property
    def moved(self) -> Decimal | None:
        """What share of the way has been gone, in whole per cent; below nought where it got worse."""
        if self.latest is None:
            return None
        way = self.target.value - self.target.baseline
        return (100 * (self.latest.value - self.target.baseline) / way).quantize(Decimal(1))


def series_of(target: Target, until: date | None = None) -> Progress:
    """The borough's readings from the baseline on, as they may be shown. One query."""
    return _progress(target, measures.series(target.measure), until)


def progress_of(rows: Iterable[Promise], until: date | None = None) -> dict[Any, tuple[Progress, ...]]:
    """{promise's key: how each of its targets goes}, of many promises together. One query."""
    targets = {promise.pk: list(promise.targets.all()) for promise in rows}
    series = measures.series_of_many(target.measure for some in targets.values() for target in some)
    return {
        key: tuple(_progress(target, series[target.measure_id], until) for target in some)
        for key, some in targets.items()
    }


def _progress(target: Target, points: Iterable[measures.Point], until: date | None) -> Progress:
    values, hidden = [], 0
    for point in points:
        if point.ward_code or point.on <= target.baseline_on or (until is not None and point.on > until):
            continue
        if point.value is None:
            hidden += 1
            continue
        values.append(Value(point.on, point.value, point.source, point.note))
    return Progress(target, tuple(values), hidden)


def worse(rows: Iterable[Promise], until: date | None = None) -> list[Progress]:
    """Every target that got worse: against its baseline, or against the value before. One query."""
    found = [one for some in progress_of(rows, until).values() for one in some]
    return [one for one in found if one.worse or one.slipping]


# The kind of entry by which a promise names what was there before it.
CONTINUES: Final = "promise.continues"


@dataclass(frozen=True, slots=True)
class Continued:
    """Something that was there before the promise, which names it: since when, and why."""

    promise: str
    thing: Thing
    on: date
    reasons: str
    entry: Entry


def continued(refs: Iterable[str] | None = None) -> list[Continued]:
    """What promises go on with; of some promises, or of all. One query."""
    rows = Because.objects.filter(entry__kind=CONTINUES).select_related("entry", "cause")
    if refs is not None:
        rows = rows.filter(entry__thing_id__in=list(refs))
    return [
        Continued(
            one.entry.thing_id, one.cause, one.entry.happened_on, str(one.entry.facts.get("reasons", "")), one.entry
        )
        for one in rows.order_by("entry__happened_on", "entry_id", "id")
    ]


# Everything that came of a thing, or of what came of it. UNION ends circles; twelve steps are plenty.
_FORWARD: Final = """
WITH RECURSIVE came(ref, depth) AS (
    SELECT b.thing_id, 1 FROM record_because b WHERE b.cause_id {where}
    UNION
    SELECT b.thing_id, c.depth + 1 FROM came c JOIN record_because b ON b.cause_id = c.ref WHERE c.depth < 12
)
SELECT DISTINCT ref FROM came
"""


# The same from several things at once, each with what came of it.
_FROM_EACH: Final = """
WITH RECURSIVE came(root, ref, depth) AS (
    SELECT b.cause_id, b.thing_id, 1 FROM record_because b WHERE b.cause_id IN ({roots})
    UNION
    SELECT c.root, b.thing_id, c.depth + 1 FROM came c JOIN record_because b ON b.cause_id = c.ref WHERE c.depth < 12
)
SELECT DISTINCT c.root, t.ref, t.kind, t.title, t.url, t.step
FROM came c JOIN record_thing t ON t.ref = c.ref WHERE t.ref <> c.root ORDER BY t.kind, t.title, t.ref LIMIT 20000
"""


def what_came(ref: str) -> list[Thing]:
    """Things that came of this one, by kind and title. One query."""
    return what_came_of([ref])[ref]


def what_came_of(refs: Iterable[str]) -> dict[str, list[Thing]]:
    """{reference: the things that came of it, by kind and title}, for each asked for. One query."""
    found: dict[str, list[Thing]] = {ref: [] for ref in refs}
    if found:
        with connection.cursor() as cursor:
            cursor.execute(_FROM_EACH.format(roots=", ".join(["%s"] * len(found))), list(found))
            for root, ref, kind, title, url, step in cursor.fetchall():
                found[root].append(Thing(ref=ref, kind=kind, title=title, url=url, step=step))
    return found


def money_of(came: Iterable[Thing], until: date | None = None) -> dict[str, int]:
    """Money that the record says was raised by what came of a promise: {reference: pence}. One query.

    Of each campaign its latest word counts ("raised_pence"). That sum holds the grants and gifts that went into it, so
    those are not counted again.
    """
    refs = [thing.ref for thing in came]
    rows = Entry.objects.filter(thing_id__in=refs, step__in=["funded", "decided"]).order_by(
        "happened_on", "recorded_at"
    )
    if until is not None:
        rows = rows.filter(happened_on__lte=until)
    raised: dict[str, int] = {}
    for entry in rows.only("thing_id", "facts", "kind"):
        pence = entry.facts.get("raised_pence")
        if isinstance(pence, int) and not isinstance(pence, bool):
            raised[entry.thing_id] = pence
    return {ref: pence for ref, pence in raised.items() if pence > 0}


def nameless_decisions() -> QuerySet[Entry]:
    """Decisions on the record that name no promise: neither they nor what they are about came of one. Two queries.

    A decision to adopt a promise is left out: it is where promises begin. A decision from before the promise that goes
    on with its project still names none: `named_later` says which promise does name the project since.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FORWARD.format(where="LIKE 'promise/%%'"), [])
        reached = [row[0] for row in cursor.fetchall()]
    decided = Entry.objects.filter(pk__in=Decision.objects.values("entry_id")).exclude(thing__kind="promise")
    named = [*reached, *Thing.objects.filter(kind="promise").values_list("ref", flat=True)]
    return (
        decided.exclude(thing_id__in=named)
        .exclude(because__cause_id__in=named)
        .select_related("thing", "decision")
        .defer("decision__record")
        .order_by("-happened_on", "-recorded_at", "id")
    )


def projects_named(words: str, most: int = 12) -> list[tuple[str, str]]:
    """(reference, title) of projects on the record whose titles hold every word, by title. One query."""
    rows = Thing.objects.filter(kind="project").exclude(url="")
    for word in words.split()[:8]:
        rows = rows.filter(Q(title__icontains=word) | Q(ref__icontains=word))
    return list(rows.order_by("title", "ref").values_list("ref", "title")[:most])


def named_later(rows: Iterable[Entry]) -> dict[Any, Continued]:
    """{decision's key: the promise that has since named what it was about}, of some decisions. A few queries."""
    found: dict[Any, Continued] = {}
    rows = list(rows)
    before = continued()
    came = what_came_of({one.thing.ref for one in before})
    for one in before:
        reached = {one.thing.ref, *(thing.ref for thing in came[one.thing.ref])}
        for entry in rows:
            causes = {because.cause_id for because in entry.because.all()}
            if entry.thing_id in reached or causes & reached:
                found.setdefault(entry.pk, one)
    return found


def standings(promise: Promise) -> QuerySet[Standing]:
    return promise.standings.order_by("-on", "-at", "-pk")


def agreement_rows(aspiration: Aspiration) -> list[dict[str, Any]]:
    """What each group of each conversation said. None: hidden, as somewhere in it are 1 to 4 people."""
    found = []
    for agreement in aspiration.agreements.all():
        for label, n, agrees, passes, disagrees in agreement.groups:
            answered = None if agrees is None else n if passes is None else agrees + passes + disagrees
            found.append(
                {
                    "conversation": agreement.conversation,
                    "label": label,
                    "n": n,
                    "agrees": agrees,
                    "passes": passes,
                    "disagrees": disagrees,
                    "answered": answered,
                }
            )
    return found
