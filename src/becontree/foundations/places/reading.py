"""Reading wards (GeoJSON or CSV) and venues (CSV) as people export them.

Everything is read and judged before anything is kept: a file is used whole or refused with every problem found (at
most `MOST_FINDINGS`), each with its line or feature and what to do. No Django here.

GeoJSON: RFC 7946, a FeatureCollection of Polygon or MultiPolygon, longitude and latitude in degrees. The ward's code
and name are looked for under the usual property names (`code`, `name`, and the ONS names such as WD24CD, WD24NM).
CSV: columns `code`, `name`, and if there are shapes `wkt` (POLYGON or MULTIPOLYGON; OGC Simple Features).
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from becontree.foundations.places import geometry
from becontree.foundations.places.geometry import Point, Polygon, Ring, Shape
from becontree.methods.findings import Finding, Unusable

MOST_BYTES: Final = 20_000_000
MOST_WARDS: Final = 500
MOST_VENUES: Final = 5_000
MOST_POSTCODES: Final = 50_000
MOST_POINTS: Final = 400_000
MOST_FINDINGS: Final = 50
_WARD_CODE: Final = re.compile(r"^(code|ward_?code|wd\d{2}cd|gss_?code)$", re.IGNORECASE)
_WARD_NAME: Final = re.compile(r"^(name|ward_?name|wd\d{2}nm)$", re.IGNORECASE)
_CODE: Final = re.compile(r"^[A-Za-z0-9-]{1,12}$")
_POSTCODE: Final = re.compile(r"^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$")  # the shape only, without its space
_TRUE: Final = frozenset({"yes", "y", "true", "1"})
_FALSE: Final = frozenset({"no", "n", "false", "0", ""})


@dataclass(frozen=True, slots=True)
class WardRead:
    """One ward: its code and name, its shape (empty where the file has none)."""

    code: str
    name: str
    shape: Shape


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
    centre: Point | None


def read_wards(content: bytes, *, file: str = "") -> tuple[WardRead, ...]:
    """The wards of a GeoJSON or CSV file. Raises Unusable with every problem found."""
    text = _text(content, file)
    first = text.lstrip()[:1]
    wards = _wards_from_geojson(text, file) if first in "{[" and first else _wards_from_csv(text, file)
    _at_least_one(wards, file, "ward")
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


def read_venues(content: bytes, *, wards: Iterable[str], file: str = "") -> tuple[VenueRead, ...]:
    """The venues of a CSV file: name, address, postcode, ward (its code), kind, capacity, step_free, lon, lat."""
    known = frozenset(wards)
    found = Findings(file)
    venues: list[VenueRead] = []
    seen: dict[tuple[str, str], int] = {}
    for line, row in _rows(_text(content, file), file, needed=("name", "address"), most=MOST_VENUES):
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
                centre=_place(row.get("lon", ""), row.get("lat", ""), line, found),
            )
        )
    found.stop()
    _at_least_one(venues, file, "venue")
    return tuple(venues)


def read_postcodes(content: bytes, *, wards: Iterable[str], file: str = "") -> tuple[tuple[str, str], ...]:
    """(postcode without its space, ward code) from a CSV with the columns postcode and ward."""
    known = frozenset(wards)
    found = Findings(file)
    pairs: dict[str, str] = {}
    for line, row in _rows(_text(content, file), file, needed=("postcode", "ward"), most=MOST_POSTCODES):
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
    _at_least_one(list(pairs), file, "postcode")
    return tuple(pairs.items())


def tidy_postcode(text: str) -> str:
    """A postcode as it is printed: capitals, one space before the last three."""
    bare = re.sub(r"\s+", "", text).upper()
    return f"{bare[:-3]} {bare[-3:]}" if len(bare) > 3 else bare


def is_postcode(text: str) -> bool:
    return bool(_POSTCODE.match(text.replace(" ", "")))


class Findings:
    """Gathers what is wrong with a file, and stops the reading where there is anything."""

    def __init__(self, file: str) -> None:
        self.file, self.rows = file, list[Finding]()

    def add(self, code: str, message: str, *, line: int | None = None, field: str = "", fix: str = "") -> None:
        self.rows.append(Finding(code, message, file=self.file, line=line, field=field, fix=fix))
        if len(self.rows) >= MOST_FINDINGS:
            self.stop()

    def stop(self) -> None:
        if self.rows:
            raise Unusable(self.rows)


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
        points += _size(value)
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
    for line, row in _rows(text, file, needed=("code", "name"), most=MOST_WARDS):
        code, name, wkt = row["code"], row["name"], row.get("wkt", "")
        _check_words(code, name, "This row", found, line)
        points += wkt.count(",")
        if points > MOST_POINTS:
            found.add("places.too-large", f"The shapes have more than {MOST_POINTS:,} points.", fix="Simplify them.")
            found.stop()
        shape: Shape = ()
        if wkt:
            value = _geometry_from_wkt(wkt)
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


def _geometry_from_wkt(text: str) -> dict[str, Any] | None:
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


def _size(value: Any) -> int:
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


def _text(content: bytes, file: str) -> str:
    if len(content) > MOST_BYTES:
        raise Unusable(
            Finding(
                "places.too-large",
                f"The file is over {MOST_BYTES // 1_000_000} MB.",
                file=file,
                fix="Simplify the shapes, or cut it down to your own borough.",
            )
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unusable(
            Finding("places.encoding", "This is not UTF-8 text.", file=file, line=line, fix="Save it again as UTF-8.")
        ) from None
    if "\0" in text:
        raise Unusable(
            Finding("places.encoding", "The file holds null bytes.", file=file, fix="Save it as UTF-8 text.")
        )
    return text


def _rows(text: str, file: str, *, needed: Sequence[str], most: int) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, {column in lower case: trimmed text}) of a CSV file with a heading."""
    csv.field_size_limit(MOST_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        heading = [name.strip().lower().replace(" ", "_") for name in next(reader, [])]
        missing = [name for name in needed if name not in heading]
        if missing:
            raise Unusable(
                Finding(
                    "places.columns",
                    f"The heading lacks {' and '.join(missing)}.",
                    file=file,
                    line=1,
                    fix=f"The first line names the columns; it must have {', '.join(needed)}.",
                )
            )
        for n, row in enumerate(reader, 1):
            if n > most:
                raise Unusable(
                    Finding("places.too-many", f"There are more than {most:,} rows.", file=file, fix="Split the file.")
                )
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(heading):
                raise Unusable(
                    Finding(
                        "places.row",
                        f"This row has {len(row)} cells; the heading has {len(heading)}.",
                        file=file,
                        line=reader.line_num,
                        fix="Put text that holds a comma in double quotes.",
                    )
                )
            yield reader.line_num, {name: cell.strip() for name, cell in zip(heading, row)}
    except csv.Error as error:
        raise Unusable(
            Finding("places.csv", f"This is not CSV: {error}.", file=file, line=reader.line_num, fix="Save it as CSV.")
        ) from None


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
            "places.step-free", f"{text[:20]!r} is not yes or no.", line=line, field="step_free", fix="yes or no."
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


def _at_least_one(rows: Sequence[Any], file: str, what: str) -> None:
    if not rows:
        raise Unusable(
            Finding("places.empty", f"There is no {what} in this file.", file=file, fix="Choose another file.")
        )


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")
