"""Wards from GeoJSON or CSV.

GeoJSON: a FeatureCollection of Polygon or MultiPolygon. The ward's code and name are looked for under the usual
property names (`code`, `name`, and the ONS names such as WD24CD, WD24NM). CSV: columns `code`, `name`, and if there are
shapes `wkt`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from becontree.foundations.places.geometry import Shape
from becontree.foundations.places.reading.files import Findings, at_least_one, rows_of, text_of
from becontree.foundations.places.reading.shapes import MOST_POINTS, geometry_from_wkt, points_of, shape_from_geometry
from becontree.methods.findings import Finding, Unusable

MOST_WARDS: Final = 500
_WARD_CODE: Final = re.compile(r"^(code|ward_?code|wd\d{2}cd|gss_?code)$", re.IGNORECASE)
_WARD_NAME: Final = re.compile(r"^(name|ward_?name|wd\d{2}nm)$", re.IGNORECASE)
_CODE: Final = re.compile(r"^[A-Za-z0-9-]{1,12}$")


@dataclass(frozen=True, slots=True)
class WardRead:
    """One ward: its code and name, its shape (empty where the file has none)."""

    code: str
    name: str
    shape: Shape


def read_wards(content: bytes, *, file: str = "") -> tuple[WardRead, ...]:
    """The wards of a GeoJSON or CSV file. Raises Unusable with every problem found."""
    text = text_of(content, file)
    first = text.lstrip()[:1]
    wards = _wards_from_geojson(text, file) if first in "{[" and first else _wards_from_csv(text, file)
    at_least_one(wards, file, "ward")
    if len(wards) > MOST_WARDS:
        raise Unusable(
            Finding(
                "places.too-many",
                f"There are {len(wards)} wards; the most is {MOST_WARDS}.",
                file=file,
                fix="Cut the file down to your own borough.",
            )
        )
    found = Findings(file)
    seen: dict[str, int] = {}
    for n, ward in enumerate(wards, 1):
        if ward.code in seen:
            found.add(
                "places.code.twice",
                f"Ward {n} has the code {ward.code}, as ward {seen[ward.code]} has.",
                field="code",
                fix="Give each ward its own code.",
            )
        seen.setdefault(ward.code, n)
    found.stop()
    return tuple(sorted(wards, key=lambda ward: ward.code))


def _wards_from_geojson(text: str, file: str) -> list[WardRead]:
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise Unusable(
            Finding(
                "places.json",
                f"This is not JSON: {getattr(error, 'msg', error)}.",
                file=file,
                line=line,
                fix="Export it again as GeoJSON.",
            )
        ) from None
    features = data.get("features") if isinstance(data, dict) and data.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        raise Unusable(
            Finding(
                "places.geojson",
                "This is not a GeoJSON FeatureCollection.",
                file=file,
                fix="Export the wards as one GeoJSON file.",
            )
        )
    if len(features) > MOST_WARDS:
        raise Unusable(
            Finding(
                "places.too-many",
                f"There are {len(features)} features; the most is {MOST_WARDS}.",
                file=file,
                fix="Cut the file down to your own borough.",
            )
        )
    found = Findings(file)
    wards: list[WardRead] = []
    points = 0
    for n, feature in enumerate(features, 1):
        given = feature.get("properties") if isinstance(feature, dict) else None
        properties: dict[str, Any] = given if isinstance(given, dict) else {}
        code, name = _property(properties, _WARD_CODE), _property(properties, _WARD_NAME)
        where = f"Feature {n}" + (f" ({name})" if name else "")
        _check_words(code, name, where, found)
        value = feature.get("geometry") if isinstance(feature, dict) else None
        points += points_of(value)
        if points > MOST_POINTS:
            found.add(
                "places.too-large",
                f"The shapes have more than {MOST_POINTS:,} points.",
                fix="Simplify them: a map of wards needs a point every ten metres or so.",
            )
            found.stop()
        wards.append(WardRead(code, name, shape_from_geometry(value, where, found)))
    found.stop()
    return wards


def _wards_from_csv(text: str, file: str) -> list[WardRead]:
    found = Findings(file)
    wards: list[WardRead] = []
    points = 0
    for line, row in rows_of(text, file, needed=("code", "name"), most=MOST_WARDS):
        code, name, wkt = row["code"], row["name"], row.get("wkt", "")
        _check_words(code, name, "This row", found, line)
        points += wkt.count(",")
        if points > MOST_POINTS:
            found.add("places.too-large", f"The shapes have more than {MOST_POINTS:,} points.", fix="Simplify them.")
            found.stop()
        shape: Shape = ()
        if wkt:
            value = geometry_from_wkt(wkt)
            if value is None:
                found.add(
                    "places.wkt",
                    "The shape cannot be read.",
                    line=line,
                    field="wkt",
                    fix="Write POLYGON ((lon lat, lon lat, ...)) or leave it empty.",
                )
            else:
                shape = shape_from_geometry(value, name or code, found, line=line)
        wards.append(WardRead(code, name, shape))
    found.stop()
    return wards


def _check_words(code: str, name: str, where: str, found: Findings, line: int | None = None) -> None:
    if not _CODE.match(code):
        found.add(
            "places.code",
            f"{where} has no usable code ({code[:20]!r}).",
            line=line,
            field="code",
            fix="Give each ward a code of up to 12 letters and figures, such as E05014053.",
        )
    if not name or len(name) > 100:
        found.add(
            "places.name",
            f"{where} has no name, or one of over 100 letters.",
            line=line,
            field="name",
            fix="Give each ward a name.",
        )


def _property(properties: dict[str, Any], pattern: re.Pattern[str]) -> str:
    for key in sorted(properties, key=str):
        if pattern.match(str(key)) and isinstance(properties[key], (str, int)):
            return str(properties[key]).strip()
    return ""


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")
