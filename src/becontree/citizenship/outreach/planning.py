"""Where to go next: which streets to knock at with the hours there are. Pure, and the same each time.

Each step gives the next street to the ward that is furthest below its share, counting what was heard and what the plan
adds so far; within the ward to the street that has waited longest (never knocked first), then by name. A street that no
longer fits into the hours is passed over and the ward's next one tried. What the plan expects to add is doors times the
share of doors that talk with us.

A rule that anyone can follow with a pencil was preferred to an optimum (a knapsack, a tour of least walking): the plan
is read and changed by people who know the streets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

WALK: Final = 10  # minutes from one street to the next


@dataclass(frozen=True, slots=True)
class Place:
    """A street as the plan sees it. `last`: when somebody there was last asked; None: never."""

    key: str
    name: str
    ward: str
    doors: int
    last: date | None


@dataclass(frozen=True, slots=True)
class Stop:
    """One street of the plan: how long it takes, how many talks it should bring, and what its ward had before it.

    `heard` of `due` is where the ward stood when this street was chosen, in talks.
    """

    place: Place
    minutes: int
    talks: Fraction
    heard: Fraction
    due: Fraction


@dataclass(frozen=True, slots=True)
class Plan:
    """The streets in their order, with the minutes of one canvasser; and those that did not fit."""

    stops: tuple[Stop, ...]
    minutes: int
    left_out: int

    @property
    def talks(self) -> Fraction:
        return sum((stop.talks for stop in self.stops), Fraction(0))


def plan(
    places: Sequence[Place],
    *,
    heard: Mapping[str, int],
    people: Mapping[str, int],
    minutes: int,
    door_minutes: int,
    answer_percent: int,
) -> Plan:
    """The next round for `minutes` of canvassers' time (person-minutes; a pair counts twice).

    `heard` and `people` are by ward. A ward without people has no share, and comes last.
    """
    whole = sum(people.values())
    waiting: dict[str, list[Place]] = {}
    for place in sorted(places, key=lambda p: (p.last is not None, p.last or date.min, p.name, p.key)):
        waiting.setdefault(place.ward, []).append(place)
    now = {ward: Fraction(heard.get(ward, 0)) for ward in waiting}
    total = Fraction(sum(heard.values()))
    left, stops = minutes, list[Stop]()
    while waiting:
        ward = min(waiting, key=lambda w: (_standing(now[w], people.get(w, 0), whole, total), w))
        fits = next((p for p in waiting[ward] if _takes(p, door_minutes) <= left), None)
        if fits is None:
            del waiting[ward]
            continue
        waiting[ward].remove(fits)
        talks = Fraction(fits.doors * answer_percent, 100)
        due = Fraction(people.get(ward, 0), whole) * total if whole else Fraction(0)
        stops.append(Stop(fits, _takes(fits, door_minutes), talks, now[ward], due))
        now[ward] += talks
        total += talks
        left -= _takes(fits, door_minutes)
        if not waiting[ward]:
            del waiting[ward]
    return Plan(tuple(stops), minutes - left, len(places) - len(stops))


def _takes(place: Place, door_minutes: int) -> int:
    return place.doors * door_minutes + WALK


def _standing(now: Fraction, people: int, whole: int, total: Fraction) -> Fraction:
    """Heard of due: 0 is not heard at all, 1 is its share. A ward without people stands behind all others."""
    if not people or not whole:
        return Fraction(10**9)
    due = Fraction(people, whole) * max(total, Fraction(1))
    return now / due
