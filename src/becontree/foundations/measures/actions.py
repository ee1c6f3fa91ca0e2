"""Verbs: define a measure, read it, correct a reading, bring who lives here, keep equality answers apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.ids import slug_for
from becontree.foundations.measures.characteristics import ASKED, answers_of
from becontree.foundations.measures.models import (
    EqualityTally,
    Measure,
    PopulationShare,
    PopulationSource,
    Reading,
)
from becontree.foundations.measures.permissions import must_bring, must_measure
from becontree.foundations.measures.reading import read_population
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.places.models import Ward
from becontree.foundations.record import actions as record
from becontree.methods.suppression import LEAST

LONDON: Final = ZoneInfo("Europe/London")
MOST: Final = Decimal("9999999999999.999999")
FINEST: Final = Decimal("0.000001")
NEEDED: Final = {"title": 160, "unit": 40, "source": 400, "formula": 2_000, "owner": 120}  # with the most letters


@transaction.atomic
def define(
    *,
    title: str,
    unit: str,
    direction: str,
    source: str,
    formula: str,
    owner: str,
    by: Actor,
    now: datetime,
    slug: str = "",
    about: str = "",
    public: bool = True,
    counts_people: bool = False,
) -> Measure:
    """Say what is counted, in which unit, how, from which source, and who answers for it.

    `direction` is "up" (more is better), "down" or "none". `counts_people`: a value is a number of people, so values
    of 1 to 4 are never shown. Raises Invalid, and Clash where `slug` is taken.
    """
    must_measure(by)
    given = {"title": title, "unit": unit, "source": source, "formula": formula, "owner": owner}
    given = {name: " ".join(text.split()) if name != "formula" else text.strip() for name, text in given.items()}
    errors = {name: _("Please fill this in.") for name in NEEDED if not given[name]}
    for name, text in given.items():
        if len(text) > NEEDED[name]:
            errors[name] = _("Please keep to %(most)d letters.") % {"most": NEEDED[name]}
    if direction not in Measure.Direction.values:
        errors["direction"] = _("Choose which way is better.")
    if errors:
        raise Invalid("measure.incomplete", _("Some parts need another look."), errors=errors)
    taken = set(Measure.objects.values_list("slug", flat=True))
    if slug and slug in taken:
        raise Clash("measure.slug", _("There is a measure of this name already."))
    measure = Measure.objects.create(
        slug=slug or slug_for(given["title"], taken=taken),
        about=about.strip(),
        direction=direction,
        public=public,
        counts_people=counts_people,
        defined_by=party_id(by),
        defined_at=now,
        **given,
    )
    if public:
        record.thing(ref=measure.ref, kind="measure", title=measure.title, url=measure.get_absolute_url())
        record.enter(
            kind="measure.defined",
            step="promised",
            thing=measure.ref,
            title=f"We will measure: {measure.title}",
            facts={"unit": measure.unit, "direction": measure.direction, "formula": measure.formula}
            | {"source": measure.source, "owner": measure.owner},
            on=_day(now),
            by=by,
            now=now,
        )
    return measure


@transaction.atomic
def read(
    *,
    measure: Measure,
    on: date,
    value: Decimal | int | str,
    by: Actor,
    now: datetime,
    begins: date | None = None,
    n: int | None = None,
    note: str = "",
    source: str = "",
    ward: Ward | None = None,
    because: Iterable[str] = (),
) -> Reading:
    """Write down what the measure was on a day, or over a period that ends on it. Raises Invalid, and Clash for a day
    (and ward) that has a reading already: correct that one.
    """
    must_measure(by)
    exact = _checked(measure, on=on, begins=begins, value=value, n=n, now=now)
    same = Reading.objects.filter(measure=measure, on=on, ward=ward, corrects=None)
    if same.exists():
        raise Clash("reading.twice", _("There is a reading for this day already. Correct that one."))
    made = Reading.objects.create(
        measure=measure,
        begins=begins,
        on=on,
        value=exact,
        n=n,
        note=note.strip(),
        source=source.strip(),
        ward=ward,
        read_by=party_id(by),
        read_at=now,
    )
    _enter(made, by=by, now=now, because=because)
    return made


@transaction.atomic
def correct(
    *, reading: Reading, value: Decimal | int | str, why: str, by: Actor, now: datetime, n: int | None = None
) -> Reading:
    """Put another value in a reading's place, with the reason. The first one stays where anybody can see it."""
    must_measure(by)
    old = Reading.objects.select_for_update(of=("self",)).select_related("measure", "ward").get(pk=reading.pk)
    if Reading.objects.filter(corrects=old).exists():
        raise Clash("reading.corrected", _("Somebody has corrected this reading already. Look again."))
    if not why.strip():
        raise Invalid("reading.why", _("Say why it changes: everybody can read it."), "why")
    exact = _checked(old.measure, on=old.on, begins=old.begins, value=value, n=n, now=now)
    made = Reading.objects.create(
        measure=old.measure,
        begins=old.begins,
        on=old.on,
        value=exact,
        n=n,
        note=why.strip()[:400],
        source=old.source,
        ward=old.ward,
        corrects=old,
        read_by=party_id(by),
        read_at=now,
    )
    _enter(made, by=by, now=now, because=())
    return made


@transaction.atomic
def import_population(
    content: bytes,
    *,
    title: str,
    publisher: str,
    on: date,
    by: Actor,
    now: datetime,
    file_name: str = "",
    address: str = "",
    licence: str = "",
    invented: bool = False,
) -> PopulationSource:
    """Take who lives here from a CSV file: characteristic, category, people, and if known the ward it is within.

    The same title and day again replaces what was brought. The file is used whole or not at all. Raises Unusable (each
    line with what is wrong) and Invalid.
    """
    must_bring(by)
    errors = {
        name: _("Please fill this in.")
        for name, text in (("title", title), ("publisher", publisher))
        if not text.strip()
    }
    if on > _day(now):
        errors["on"] = _("The day is in the future.")
    if errors:
        raise Invalid("population.source", _("Say where the figures come from, and for which day."), errors=errors)
    wards = list(Ward.objects.filter(retired_at=None).values_list("code", flat=True))
    rows = read_population(content, wards=wards, file=file_name)
    PopulationSource.objects.filter(title=title.strip(), on=on).delete()
    made = PopulationSource.objects.create(
        title=title.strip(),
        publisher=publisher.strip(),
        on=on,
        address=address.strip(),
        licence=licence.strip(),
        invented=invented,
        digest=sha256(content).hexdigest(),
        brought_by=party_id(by),
        brought_at=now,
    )
    PopulationShare.objects.bulk_create(
        [
            PopulationShare(
                source=made,
                characteristic=row.characteristic,
                category=row.category,
                within=row.within,
                people=row.people,
            )
            for row in rows
        ],
        batch_size=500,
    )
    return made


def keep_equality(*, collection: str, answers: Mapping[str, str], now: datetime, show: bool = True) -> None:
    """Count one form's equality answers, apart from what it said. Call it in the transaction that keeps the form.

    `collection` is what the form belongs to ("round/summer-2026"); `answers` maps characteristics to answers
    (`characteristics.ASKED`), empty ones mean no answer. Raises Invalid for an answer that is not offered. Nothing of
    the form is kept: no row, no id, no time. docs/decisions/0010-equality-answers-apart.md says what this protects.
    """
    keep_many(collection=collection, sheets=[answers], now=now, show=show)


@transaction.atomic
def keep_many(*, collection: str, sheets: Iterable[Mapping[str, str]], now: datetime, show: bool = True) -> int:
    """Count the equality answers of many forms at once; returns how many forms gave at least one answer.

    `show=False` counts them and leaves what may be read as it is: for a collection whose figures are out already.
    `show_equality` moves it on.
    """
    if not collection or len(collection) > 120:
        raise Invalid("equality.collection", "A collection has a name of at most 120 letters.")
    added: dict[str, Counter[str]] = {}
    forms = 0
    for answers in sheets:
        given = {name: answer for name, answer in answers.items() if answer}
        check_equality(given)
        forms += bool(given)
        for name, answer in given.items():
            added.setdefault(name, Counter())[answer] += 1
    if not forms:
        return 0
    EqualityTally.objects.get_or_create(collection=collection)
    tally = EqualityTally.objects.select_for_update().get(pk=collection)
    counts = {name: Counter(each) for name, each in tally.counts.items()}
    for name, each in added.items():
        counts.setdefault(name, Counter()).update(each)
    tally.counts = {name: dict(sorted(each.items())) for name, each in sorted(counts.items())}
    tally.forms += forms
    if show:
        _step(tally, now=now)
    tally.save()
    return forms


@transaction.atomic
def show_equality(*, collection: str, now: datetime) -> bool:
    """Let what was counted with `show=False` be read, if it is a step of ten forms or more; whether it was."""
    tally = EqualityTally.objects.select_for_update().filter(pk=collection).first()
    if tally is None or not _step(tally, now=now):
        return False
    tally.save()
    return True


def _step(tally: EqualityTally, *, now: datetime) -> bool:
    """Move what may be read up to what is counted, where enough forms have come since."""
    if tally.forms - tally.shown_forms < EqualityTally.STEP:
        return False
    tally.shown, tally.shown_forms, tally.shown_on = tally.counts, tally.forms, _day(now)
    return True


def check_equality(answers: Mapping[str, Any]) -> None:
    """Raise Invalid where an answer is not one of those offered."""
    for name, answer in answers.items():
        if name not in ASKED or (answer and (not isinstance(answer, str) or answer not in answers_of(name))):
            raise Invalid("equality.answer", _("This is not one of the answers offered."), name)


def _checked(
    measure: Measure, *, on: date, begins: date | None, value: Decimal | int | str, n: int | None, now: datetime
) -> Decimal:
    errors = {}
    exact = Decimal(0)
    try:
        exact = Decimal(value)
        if not exact.is_finite() or abs(exact) > MOST:
            raise ValueError
        if exact != exact.quantize(FINEST):
            errors["value"] = _("Please keep to six places after the point.")
    except (ArithmeticError, ValueError, TypeError):
        errors["value"] = _("Write a number, like 12 or 3.5.")
    if on > _day(now):
        errors["on"] = _("The day is in the future.")
    if begins is not None and begins > on:
        errors["begins"] = _("The period ends before it begins.")
    if n is not None and n < 0:
        errors["n"] = _("Write a whole number from nothing up.")
    if measure.counts_people and "value" not in errors and (exact < 0 or exact != exact.to_integral_value()):
        errors["value"] = _("This measure counts people: write a whole number.")
    if errors:
        raise Invalid("reading.incomplete", _("Some parts need another look."), errors=errors)
    return exact


def _enter(reading: Reading, *, by: Actor, now: datetime, because: Iterable[str]) -> None:
    """The public record says that the measure was read; the value only where it can tell nobody's business."""
    measure = reading.measure
    if not measure.public:
        return
    facts: dict[str, Any] = {"unit": measure.unit, "to": reading.on.isoformat()}
    if reading.begins:
        facts["from"] = reading.begins.isoformat()
    if reading.ward_id:
        facts["ward"] = reading.ward_id
    elif not small(reading):
        facts["value"] = plain(reading.value)
        if reading.n is not None:
            facts["n"] = reading.n
    if reading.corrects_id:
        facts["corrected_because"] = reading.note
    where = f" ({reading.ward})" if reading.ward else ""
    verb = "Corrected" if reading.corrects_id else "Measured"
    record.enter(
        kind="measure.corrected" if reading.corrects_id else "measure.read",
        step="measured",
        thing=measure.ref,
        title=f"{verb}: {measure.title}{where}",
        because=because,
        facts=facts,
        on=reading.on,
        by=by,
        now=now,
    )


def small(reading: Reading) -> bool:
    """Whether a reading rests on, or is, so few people that it would tell about them."""
    few = reading.n is not None and 0 < reading.n < LEAST
    return few or (reading.measure.counts_people and 0 < reading.value < LEAST)


def plain(value: Decimal) -> str:
    """An exact number without needless noughts: "12", "3.5".

    >>> plain(Decimal("3.500000"))
    '3.5'
    """
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _day(now: datetime) -> date:
    return now.astimezone(LONDON).date()
