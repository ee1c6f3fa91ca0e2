"""Venues, and which postcode is in which ward, from CSV."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from becontree.foundations.places.geometry import Point
from becontree.foundations.places.reading.files import Findings, at_least_one, rows_of, text_of

MOST_VENUES: Final = 5_000
MOST_POSTCODES: Final = 50_000
_POSTCODE: Final = re.compile(r"^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$")  # the shape only, without its space
_TRUE: Final = frozenset({"yes", "y", "true", "1"})
_FALSE: Final = frozenset({"no", "n", "false", "0", ""})


@dataclass(frozen=True, slots=True)
class VenueRead:
    """One place where people meet."""

    name: str
    address: str
    postcode: str
    ward_code: str
    kind: str
    capacity: int | None
    step_free: bool
    access: str
    centre: Point | None


def read_venues(content: bytes, *, wards: Iterable[str], file: str = "") -> tuple[VenueRead, ...]:
    """The venues of a CSV file: name, address, postcode, ward (its code), kind, capacity, step_free,
    access (words), lon, lat."""
    known = frozenset(wards)
    found = Findings(file)
    venues: list[VenueRead] = []
    seen: dict[tuple[str, str], int] = {}
    for line, row in rows_of(text_of(content, file), file, needed=("name", "address"), most=MOST_VENUES):
        name, address = row.get("name", ""), row.get("address", "")
        if not name or len(name) > 200:
            found.add(
                "places.name", "The name is missing or over 200 letters.", line=line, field="name", fix="Write a name."
            )
        if len(address) > 400:
            found.add(
                "places.address",
                "The address is over 400 letters.",
                line=line,
                field="address",
                fix="Write it shorter.",
            )
        postcode = tidy_postcode(row.get("postcode", ""))
        if postcode and not is_postcode(postcode):
            found.add(
                "places.postcode",
                f"{postcode} is not a postcode.",
                line=line,
                field="postcode",
                fix="Write it like RM10 7BN, or leave it empty.",
            )
        ward = row.get("ward") or row.get("ward_code") or ""
        if ward and ward not in known:
            found.add(
                "places.ward.unknown",
                f"No ward has the code {ward}.",
                line=line,
                field="ward",
                fix="Import the wards first, or correct the code.",
            )
        key = (name.casefold(), postcode)
        if key in seen:
            found.add(
                "places.venue.twice",
                f"{name} is already on line {seen[key]}.",
                line=line,
                field="name",
                fix="Keep one of the two.",
            )
        seen.setdefault(key, line)
        venues.append(
            VenueRead(
                name=name,
                address=address,
                postcode=postcode,
                ward_code=ward,
                kind=row.get("kind", "")[:60],
                capacity=_whole(row.get("capacity", ""), line, found),
                step_free=_yes(row.get("step_free", ""), line, found),
                access=row.get("access", "")[:400],
                centre=_place(row.get("lon", ""), row.get("lat", ""), line, found),
            )
        )
    found.stop()
    at_least_one(venues, file, "venue")
    return tuple(venues)


def read_postcodes(content: bytes, *, wards: Iterable[str], file: str = "") -> tuple[tuple[str, str], ...]:
    """(postcode without its space, ward code) from a CSV with the columns postcode and ward."""
    known = frozenset(wards)
    found = Findings(file)
    pairs: dict[str, str] = {}
    for line, row in rows_of(text_of(content, file), file, needed=("postcode", "ward"), most=MOST_POSTCODES):
        postcode, ward = tidy_postcode(row["postcode"]), row["ward"]
        if not is_postcode(postcode):
            found.add(
                "places.postcode",
                f"{row['postcode']!r} is not a postcode.",
                line=line,
                field="postcode",
                fix="Write it like RM10 7BN.",
            )
        if ward not in known:
            found.add(
                "places.ward.unknown",
                f"No ward has the code {ward}.",
                line=line,
                field="ward",
                fix="Import the wards first, or correct the code.",
            )
        if pairs.setdefault(postcode.replace(" ", ""), ward) != ward:
            found.add(
                "places.postcode.twice",
                f"{postcode} is given two wards.",
                line=line,
                field="ward",
                fix="Keep the right one.",
            )
    found.stop()
    at_least_one(list(pairs), file, "postcode")
    return tuple(pairs.items())


def tidy_postcode(text: str) -> str:
    """A postcode as it is printed: capitals, one space before the last three."""
    bare = re.sub(r"\s+", "", text).upper()
    return f"{bare[:-3]} {bare[-3:]}" if len(bare) > 3 else bare


def is_postcode(text: str) -> bool:
    return bool(_POSTCODE.match(text.replace(" ", "")))


def _whole(text: str, line: int, found: Findings) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        found.add(
            "places.capacity",
            f"{text[:20]!r} is not a number of people.",
            line=line,
            field="capacity",
            fix="Write a whole number, or leave it empty.",
        )
        return None
    return int(text)


def _yes(text: str, line: int, found: Findings) -> bool:
    word = text.lower()
    if word not in _TRUE | _FALSE:
        found.add(
            "places.step-free",
            f"{text[:20]!r} cannot be read.",
            line=line,
            field="step_free",
            fix="Write yes or no, or leave it empty.",
        )
    return word in _TRUE


def _place(lon: str, lat: str, line: int, found: Findings) -> Point | None:
    if not lon and not lat:
        return None
    try:
        x, y = float(lon), float(lat)
    except ValueError:
        x = y = math.nan
    if not (abs(x) <= 180 and abs(y) <= 90):  # false for NaN, too
        found.add(
            "places.point.range",
            f"{lon[:20]!r}, {lat[:20]!r} is not a longitude and latitude.",
            line=line,
            field="lon",
            fix="Use degrees (WGS 84), or leave both empty.",
        )
        return None
    return (x, y)
