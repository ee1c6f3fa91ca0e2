"""The example borough as it is being filled: who and what is there already, and the day it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from becontree.citizenship.giving.models import Fund
from becontree.citizenship.voices.models import Voice
from becontree.foundations.people import actions as people
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person
from becontree.web.demo import story

DEMO: Final = System("demo")
ADDRESS: Final = "{}@fairlop.example"
BEGAN: Final = 540  # days ago: the round that 2,814 people answered


@dataclass
class Borough:
    """The borough as it is being filled: its people, groups, funds and voices, and the day it is."""

    today: datetime
    people: dict[str, Person] = field(default_factory=dict)
    groups: list[Any] = field(default_factory=list)
    bodies: dict[str, Any] = field(default_factory=dict)
    funds: dict[str, Fund] = field(default_factory=dict)
    voices: list[Voice] = field(default_factory=list)
    givers: list[Person] = field(default_factory=list)
    heard: Any = None  # the listening round that is over
    promises: dict[str, Any] = field(default_factory=dict)  # title of a project -> the promise that it keeps

    def ago(self, days: float) -> datetime:
        return self.today - timedelta(days=days)


def _names() -> Iterator[str]:
    for last in story.LAST:
        for first in story.FIRST:
            yield f"{first} {last}"


def giver(town: Borough, number: int) -> Person:
    """The n-th giver of the borough; the first is Amina."""
    if not town.givers:
        town.givers.append(town.people["amina"])
    names = _names()
    while len(town.givers) <= number:
        position = len(town.givers)
        name = next(name for place, name in enumerate(names) if place >= position)
        ward = f"F{position % 12 + 1:02d}"
        town.givers.append(
            people.register(
                email=ADDRESS.format(f"giver{position}"),
                name=name,
                ward_code=ward,
                email_verified=True,
                by=DEMO,
                now=town.ago(580),
            )
        )
        names = _names()
    return town.givers[number]
