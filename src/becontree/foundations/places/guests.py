"""Who meets in a place: rooms above say it, so that the list of places needs to know none of them.

    guests.register("hubs", queries.guests_at)      # in apps.ready

Each function takes the places' ids and returns {id: [Guest, ...]}, in one query for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from becontree.foundations.places.models import Venue


@dataclass(frozen=True, slots=True)
class Guest:
    """Something that meets there, with its page."""

    name: str
    url: str


Source = Callable[[Collection[UUID]], Mapping[UUID, Sequence[Guest]]]
_SOURCES: Final[dict[str, Source]] = {}


def register(label: str, source: Source) -> None:
    _SOURCES[label] = source


def welcome(venues: Iterable[Venue]) -> None:
    """Give each place its `guests`, in the order of the rooms that registered."""
    rows = list(venues)
    ids = [venue.pk for venue in rows]
    told = [source(ids) for source in _SOURCES.values()] if ids else []
    for venue in rows:
        venue.guests = [guest for each in told for guest in each.get(venue.pk, ())]  # type: ignore[attr-defined]
