"""Shapes from GeoJSON geometries and from WKT, each ring judged.

GeoJSON: RFC 7946, longitude and latitude in degrees. WKT: POLYGON or MULTIPOLYGON (OGC Simple Features).
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

from becontree.foundations.places import geometry
from becontree.foundations.places.geometry import Point, Polygon, Ring, Shape
from becontree.foundations.places.reading.files import Findings

MOST_POINTS: Final = 400_000


def shape_from_geometry(value: Any, where: str, found: Findings, *, line: int | None = None) -> Shape:
    """A GeoJSON Polygon or MultiPolygon as rings, each judged; problems go to `found` and give an empty shape."""
    kind = value.get("type") if isinstance(value, dict) else None
    coordinates = value.get("coordinates") if isinstance(value, dict) else None
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list) or not coordinates:
        found.add(
            "places.geometry.kind",
            f"{where} has no polygon (found {kind or 'nothing'}).",
            line=line,
            field="geometry",
            fix="Export wards as Polygon or MultiPolygon.",
        )
        return ()
    polygons: list[Polygon] = []
    for part in [coordinates] if kind == "Polygon" else coordinates:
        if not isinstance(part, list) or not part:
            found.add("places.ring.empty", f"{where} has a piece without a ring.", line=line, field="geometry")
            return ()
        rings = [_ring(ring, where, found, line) for ring in part]
        if any(ring is None for ring in rings):
            return ()
        polygons.append(tuple(ring for ring in rings if ring is not None))
    return tuple(polygons)


def _ring(value: Any, where: str, found: Findings, line: int | None) -> Ring | None:
    def refuse(code: str, message: str, fix: str) -> Ring | None:
        found.add(code, f"{where}: {message}", line=line, field="geometry", fix=fix)
        return None

    if not isinstance(value, list) or len(value) < 4:
        size = len(value) if isinstance(value, list) else 0
        return refuse(
            "places.ring.empty", f"a ring has {size} points.", "A ring needs four points, the last the first."
        )
    points: list[Point] = []
    for pair in value:
        if (
            not isinstance(pair, (list, tuple))
            or len(pair) < 2
            or not all(isinstance(c, (int, float)) and not isinstance(c, bool) and math.isfinite(c) for c in pair[:2])
        ):
            return refuse(
                "places.point", f"{str(pair)[:40]} is not a point.", "Points are [longitude, latitude] in degrees."
            )
        x, y = float(pair[0]), float(pair[1])
        if abs(x) > 180 or abs(y) > 90:
            return refuse(
                "places.point.range",
                f"{x:g}, {y:g} is not a longitude and latitude.",
                "Export the file as WGS 84 (EPSG:4326), not as eastings and northings.",
            )
        if not points or points[-1] != (x, y):
            points.append((x, y))
    if points[0] != points[-1]:
        return refuse("places.ring.open", "a ring does not end where it began.", "Repeat the first point at the end.")
    ring = tuple(points)
    no_area = ("places.ring.empty", "a ring has no area.", "Remove it, or draw it again.")
    if len(ring) < 4:
        return refuse(*no_area)
    if (crossing := geometry.crosses_itself(ring)) is not None:
        return refuse(
            "places.ring.crosses",
            f"a ring crosses itself near {crossing[0]:.5f}, {crossing[1]:.5f}.",
            "Mend it in your mapping program (in QGIS: Fix geometries).",
        )
    if abs(geometry.signed_area(ring)) < 1e-14:  # after the crossing: a bow tie's two halves cancel out
        return refuse(*no_area)
    return ring


def geometry_from_wkt(text: str) -> dict[str, Any] | None:
    head = re.match(r"^\s*(MULTIPOLYGON|POLYGON)\s*(?=\()", text, re.IGNORECASE)
    if not head:
        return None
    body = text[head.end() :]
    if not re.fullmatch(r"[\d\s.,()eE+-]*", body):
        return None
    # "(1 2, 3 4)" becomes "[[1,2],[3,4]]": the brackets of WKT are those of GeoJSON, with pairs written by a space.
    number = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
    pairs = re.sub(rf"({number})\s+({number})(?:\s+{number})*", r"[\1,\2]", body)
    try:
        coordinates = json.loads(re.sub(r"(?<=[\[,])\+", "", pairs.replace("(", "[").replace(")", "]")))
    except (ValueError, RecursionError):
        return None
    kind = "MultiPolygon" if head[1].upper().startswith("MULTI") else "Polygon"
    return {"type": kind, "coordinates": coordinates}


def points_of(value: Any) -> int:
    """How many points a geometry claims, counted without trusting its depth."""
    stack: list[Any] = [value.get("coordinates") if isinstance(value, dict) else None]
    count = 0
    while stack:
        top = stack.pop()
        if isinstance(top, list):
            count += 1
            stack.extend(item for item in top if isinstance(item, list))
            if count > MOST_POINTS * 2:
                return count
    return count
