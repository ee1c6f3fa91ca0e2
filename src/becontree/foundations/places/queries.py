"""Reads: the wards, which ward a postcode or a point is in, the venues, the map."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from becontree.foundations.places import geometry, reading
from becontree.foundations.places.models import Borough, Load, Postcode, Venue, Ward
from becontree.foundations.places.picture import Area, Picture, Spot, draw


def borough() -> Borough | None:
    return Borough.objects.first()


def wards() -> QuerySet[Ward]:
    """The wards of today, by name."""
    return Ward.objects.filter(retired_at=None)


def ward_names() -> dict[str, str]:
    """{code: name} of every ward there is or was: old things still name retired ones."""
    return dict(Ward.objects.values_list("code", "name"))


def names() -> list[str]:
    """The name of every place to meet and of every ward there is or was. One query."""
    wards = Ward.objects.order_by().values_list("name", flat=True)
    return list(Venue.objects.order_by().values_list("name", flat=True).union(wards).order_by("name"))


def wards_with_venues() -> QuerySet[Any]:
    return wards().defer("geometry").annotate(venue_count=Count("venues", filter=Q(venues__retired_at=None)))


def example_postcode() -> str:
    """A postcode that this borough knows, as it is printed: the first of all, so nobody's in particular. "" of none."""
    code = Postcode.objects.order_by("code").values_list("code", flat=True).first()
    return reading.tidy_postcode(code) if code else ""


def ward_for(place: str | tuple[float, float]) -> Ward | None:
    """The ward of a postcode (as typed), or of a (longitude, latitude); None where it is not known to be in any."""
    if isinstance(place, str):
        row = Postcode.objects.select_related("ward").filter(code=reading.tidy_postcode(place).replace(" ", "")).first()
        return row.ward if row else None
    for ward in wards().exclude(geometry=None).order_by("code"):
        if geometry.inside(place, ward.shape):
            return ward
    return None


def venues(ward: str | None = None) -> QuerySet[Venue]:
    """The places to meet of today, by name."""
    found = Venue.objects.filter(retired_at=None).select_related("ward").defer("ward__geometry")
    return found.filter(ward_id=ward) if ward is not None else found


def svg_map(
    *,
    title: str,
    description: str = "",
    links: Mapping[str, str] | None = None,
    values: Mapping[str, int] | None = None,
    value_name: str = "",
    value_said: Callable[[int], str] | None = None,
    points: Sequence[Spot] = (),
    highlight: str = "",
) -> Picture:
    """The map of today's wards, with the table that goes under it. One query. `links` and `values` are by ward code."""
    areas = [
        Area(
            code=ward.code,
            name=ward.name,
            shape=ward.shape,
            centre=ward.centre,
            link=(links or {}).get(ward.code, ""),
            value=None if values is None else values.get(ward.code, 0),
        )
        for ward in wards()
    ]
    return draw(
        areas, title=title, description=description, value_name=value_name, value_said=value_said, points=points,
        highlight=highlight,
    )  # fmt: skip


def held_load(load_id: UUID) -> Load | None:
    """A file brought and not yet used."""
    return Load.objects.filter(pk=load_id, used_at=None).first()


def loads() -> QuerySet[Load]:
    return Load.objects.defer("content")
