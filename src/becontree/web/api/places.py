"""Wards and the places where people meet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Router, Schema
from pydantic import Field

from becontree.foundations.places import queries
from becontree.foundations.places.models import Venue, Ward
from becontree.web.api.listing import Listed, PageOf, WardCode, paged, read

router = Router(tags=["places"])


class WardOut(Schema):
    code: str = Field(description="The ward's code")
    name: str = Field(description="The ward's name")
    lon: float | None = Field(description="Longitude of its middle in degrees (WGS 84)")
    lat: float | None = Field(description="Latitude of its middle in degrees (WGS 84)")


class WardWhole(WardOut):
    geometry: dict[str, Any] | None = Field(description="A GeoJSON MultiPolygon, where the shape is known")


class VenueOut(Schema):
    name: str = Field(description="The place's name")
    address: str = Field(description="Its address without the postcode")
    postcode: str = Field(description="Its postcode")
    ward: str | None = Field(description="A ward's code")
    kind: str = Field(description="What kind of place it is")
    capacity: int | None = Field(description="How many people it holds; null where that is not known")
    step_free: bool = Field(description="Whether one can get in without a step")
    access: str = Field(description="What else somebody needs to know to get in, in words")
    lon: float | None = Field(description="Longitude in degrees (WGS 84)")
    lat: float | None = Field(description="Latitude in degrees (WGS 84)")


class VenuesFound(Listed):
    ward: WardCode | None = Field(None, description="A ward's code")


def _ward(ward: Ward) -> dict[str, Any]:
    return {"code": ward.code, "name": ward.name, "lon": ward.lon, "lat": ward.lat}


def _venues(rows: Sequence[Venue]) -> list[dict[str, Any]]:
    fields = ("name", "address", "postcode", "kind", "capacity", "step_free", "access", "lon", "lat")
    return [{name: getattr(venue, name) for name in fields} | {"ward": venue.ward_id} for venue in rows]


@read(router, "/wards", PageOf[WardOut], summary="The wards of today, by name")
def wards(request: HttpRequest, asked: Query[Listed]) -> Any:
    return paged(request, asked, queries.wards().defer("geometry"), lambda rows: [_ward(ward) for ward in rows])


@read(router, "/wards/{code}", WardWhole, summary="One ward with its shape")
def ward(
    request: HttpRequest, code: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,12}$", description="A ward's code")]
) -> Any:
    found = get_object_or_404(Ward, pk=code)
    return _ward(found) | {"geometry": found.geometry}


@read(router, "/venues", PageOf[VenueOut], summary="Places where people meet, by name")
def venues(request: HttpRequest, asked: Query[VenuesFound]) -> Any:
    return paged(request, asked, queries.venues(asked.ward), _venues)
