"""Reads: the shift of a device, what a canvasser's phone needs, who has been heard, how long ago where."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from becontree.citizenship.outreach import heard, limits, planning, sealing
from becontree.citizenship.outreach.actions.shifts import LONDON, digest
from becontree.citizenship.outreach.models import CallBack, Device, NoKnock, Shift, Street, Visit
from becontree.citizenship.voices import queries as voices
from becontree.citizenship.voices.models import Response, Round
from becontree.foundations.measures import queries as measures
from becontree.foundations.measures.characteristics import ASKED, WARD, answers_of, name_of
from becontree.foundations.people.models import Person
from becontree.foundations.places import queries as places
from becontree.methods.suppression import few

ASKED_AT = (Visit.Outcome.SPOKE, Visit.Outcome.CALL, Visit.Outcome.REFUSED)  # somebody was at home and was asked


def device(token: str) -> Device | None:
    """The device that holds this token, whatever its state; None where nobody does. Two queries."""
    if not token or len(token) > 100:
        return None
    found = Device.objects.filter(token=digest(token)).select_related("shift__round", "shift__ward")
    return found.prefetch_related("shift__streets__ward").first()


def works(found: Device, now: datetime) -> bool:
    """Whether the device may show its shift's list now."""
    today = now.astimezone(LONDON).date()
    return found.ended_at is None and now < found.expires_at and found.shift.begins_on <= today <= found.shift.ends_on


def may_send(found: Device, now: datetime) -> bool:
    """Whether it may still send what it holds."""
    return not found.lost and now < found.expires_at


def for_device(found: Device, *, today: date, now: datetime, language: str) -> dict[str, Any]:
    """What a phone or tablet needs for its shift: questions, streets with their doors, a key to seal with. No names.

    Six queries.
    """
    shift, round = found.shift, found.shift.round
    minutes = limits.whole("idle_stall_minutes" if shift.kind == Shift.Kind.STALL else "idle_doorstep_minutes", today)
    streets = list(shift.streets.select_related("ward").defer("ward__geometry").order_by("name"))
    done = done_doors(shift)
    alone: dict[Any, list[str]] = {}
    for street_id, door in NoKnock.objects.filter(street__in=streets).values_list("street_id", "door"):
        alone.setdefault(street_id, []).append(door)
    return {
        "shift": shift.handle,
        "kind": shift.kind,
        "place": shift.place or ", ".join(street.name for street in streets),
        "public": base64.b64encode(sealing.public_key(shift.pk)).decode(),
        "idle_seconds": minutes * 60,
        "lasts_seconds": max(0, int((found.expires_at - now).total_seconds())),
        "languages": list(round.languages),
        "questions": [
            {"id": str(question.pk), "in": {code: _asked(question, code) for code in {language, *round.languages}}}
            for question in round.questions.all()
        ],
        "equality": bool(round.asks_equality),
        "contact": bool(round.asks_contact),
        "streets": [
            {
                "id": str(street.pk),
                "name": street.name,
                "ward": street.ward.name,
                "doors": [[door, door in done.get(street.pk, ())] for door in street.doors],
                "alone": sorted(alone.get(street.pk, ()), key=street.doors.index),
            }
            for street in streets
        ],
    }


def done_doors(shift: Shift) -> dict[UUID, set[str]]:
    """The doors of a shift at which something happened; a door where nobody was at home may be tried again."""
    found: dict[UUID, set[str]] = {}
    rows = Visit.objects.filter(shift=shift).exclude(door="").exclude(outcome=Visit.Outcome.NOT_HOME)
    for street_id, door in rows.values_list("street_id", "door"):
        if street_id is not None:
            found.setdefault(street_id, set()).add(door)
    return found


def _asked(question: Any, code: str) -> dict[str, str]:
    said = question.said_in(code)
    return {"text": said["text"], "hint": said["hint"], "by": said["by"]}


def shifts() -> QuerySet[Any]:
    """With the number of visits and of talks, and whether each is `in_use`."""
    rows = Shift.objects.select_related("round", "canvasser", "ward").defer("ward__geometry")
    return rows.annotate(
        knocked=Count("visits", distinct=True),
        talks=Count("visits", filter=Q(visits__outcome=Visit.Outcome.SPOKE), distinct=True),
        in_use=_in_use(),
    ).order_by("-begins_on", "handle")


def own_shifts(user: Any) -> QuerySet[Any]:
    """A canvasser's own, with their streets, and whether each is `in_use`."""
    rows = Shift.objects.visible_to(user, "own").select_related("round").prefetch_related("streets")
    return rows.annotate(in_use=_in_use())


def walked_by(person: Person) -> QuerySet[Any]:
    """Every shift that the person was given, oldest first, and whether each is `in_use`."""
    return Shift.objects.filter(canvasser=person).annotate(in_use=_in_use()).order_by("begins_on", "handle")


def _in_use() -> Q:
    """Whether a phone or tablet has opened a shift, or something came from one (which outlasts the device)."""
    return Q(Exists(Device.objects.filter(shift=OuterRef("pk"), joined_at__isnull=False))) | Q(
        Exists(Visit.objects.filter(shift=OuterRef("pk")))
    )


def outcomes(shift: Shift) -> list[tuple[str, int]]:
    """(label, number) of each outcome in a shift."""
    found = dict(shift.visits.order_by().values_list("outcome").annotate(n=Count("pk")))
    return [(str(label), found.get(code, 0)) for code, label in Visit.Outcome.choices]


def open_calls() -> QuerySet[CallBack]:
    return CallBack.objects.filter(done_on=None)


def streets(today: date, *, ward: str = "") -> QuerySet[Any]:
    """The streets, those that have waited longest first; `last` is the day when somebody there was last asked."""
    rows = Street.objects.filter(retired_at=None).select_related("ward").defer("ward__geometry")
    if ward:
        rows = rows.filter(ward_id=ward)
    rows = rows.annotate(last=Max("visits__on", filter=Q(visits__outcome__in=ASKED_AT, visits__on__lte=today)))
    return rows.order_by(F("last").asc(nulls_first=True), "name", "ward_id")


def ward_last() -> dict[str, date]:
    """The last day on which somebody of each ward said something that was published, whatever way. One query.

    What was not published has no part in it: a day without a published voice would tell that somebody spoke there.
    """
    said = voices.ever_published().exclude(response__ward=None).order_by()
    rows = said.values_list("response__ward_id").annotate(last=Max("response__said_on"))
    return {ward: last for ward, last in rows if ward is not None}


def weeks(last: date | None, today: date) -> int | None:
    return None if last is None else max(0, (today - last).days // 7)


def rounds(*, live: bool) -> QuerySet[Round]:
    """Rounds whose figures may be seen: by everybody once they are closed, at the desk while they run too."""
    states = [Round.State.CLOSED, Round.State.ANSWERED, *([Round.State.OPEN] if live else [])]
    return Round.objects.filter(state__in=states).order_by("-closes_on", "slug")


@dataclass(frozen=True, slots=True)
class Heard:
    """Who was heard in a round, beside who lives here."""

    round: Round
    source: Any
    people: int | None  # None: too few to say
    forms: int  # with equality answers, as of the last step of ten
    on: date | None
    tables: tuple[heard.Table, ...]


def who_was_heard(round: Round, *, on: date | None = None, live: bool = False) -> Heard:
    """Every characteristic of a round held against the census. Small counts are hidden. About ten queries.

    By ward, everybody reads how many there are of whom something was published; the desk (`live`) how many there are.
    Equality answers are left out while all but 1 to 4 people gave some: beside the number of people they would tell.
    """
    source = measures.population_source(on)
    here = measures.population(source) if source is not None else {}
    said = voices.heard(round)
    tables = []
    if WARD in here:
        counts: Mapping[str, int] = {ward: n for ward, n in (said.everybody if live else said.wards).items() if ward}
        tables.append(heard.table(WARD, name_of(WARD), labels=places.ward_names(), here=here[WARD], counts=counts))
    collection = round.ref
    safe = measures.equality(collection)
    told = safe.forms > 0 and not few(max(0, said.people - safe.forms))
    kept = measures.equality_counts([collection]).get(collection, {}) if told else {}
    for code in ASKED:
        if code in here:
            labels = answers_of(code)
            given = kept.get(code, {})
            tables.append(
                heard.table(
                    code,
                    name_of(code),
                    labels=labels,
                    here=here[code],
                    counts=given,
                    forms=safe.forms if told else None,
                )
            )
    people = None if few(said.people) and not live else said.people
    return Heard(round, source, people, safe.forms if told else 0, safe.on if told else None, tuple(tables))


def next_plan(*, today: date, minutes: int, door_minutes: int, answer_percent: int, ward: str = "") -> planning.Plan:
    """The next doorstep round for so many person-minutes, over all that was heard in the last two years."""
    since = today.replace(year=today.year - 2) if (today.month, today.day) != (2, 29) else date(today.year - 2, 2, 28)
    rows = Response.objects.filter(said_on__gt=since).exclude(ward=None).order_by()
    by_ward = {code: n for code, n in rows.values_list("ward_id").annotate(n=Count("pk")) if code is not None}
    source = measures.population_source(today)
    people = measures.population(source).get(WARD, {}) if source is not None else {}
    found = [
        planning.Place(str(street.pk), street.name, street.ward_id, street.door_count, street.last)
        for street in streets(today, ward=ward)
    ]
    return planning.plan(
        found,
        heard=by_ward,
        people=people or dict.fromkeys((place.ward for place in found), 1),
        minutes=minutes,
        door_minutes=door_minutes,
        answer_percent=answer_percent,
    )
