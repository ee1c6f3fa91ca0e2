"""Plane geometry of ward shapes: area, centre, whether a ring crosses itself, whether a point lies inside.

Coordinates are (longitude, latitude) in degrees, WGS 84, as GeoJSON has them (RFC 7946). A borough is small enough to
be treated as flat; what is drawn is scaled by the cosine of its latitude. Formulas: the shoelace sum for area and
centroid, even-odd crossing for a point in a polygon, orientation signs for crossing segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import cos, radians

Point = tuple[float, float]
Ring = tuple[Point, ...]  # closed: the last point repeats the first
Polygon = tuple[Ring, ...]  # the outer ring, then its holes
Shape = tuple[Polygon, ...]  # one ward may be in several pieces


def signed_area(ring: Ring) -> float:
    """Twice-halved shoelace sum, in square degrees; positive where the ring runs anticlockwise."""
    x0, y0 = ring[0]  # measured from the first point, so that small rings far from zero keep their digits
    return sum((ax - x0) * (by - y0) - (bx - x0) * (ay - y0) for (ax, ay), (bx, by) in _edges(ring)) / 2


def centroid(shape: Shape) -> Point:
    """The centre of mass of the largest piece, moved to a point inside it where that falls outside (a crescent)."""
    outer = max((polygon[0] for polygon in shape), key=lambda ring: abs(signed_area(ring)))
    x0, y0 = outer[0]
    area = signed_area(outer)
    x = y = 0.0
    for (ax, ay), (bx, by) in _edges(outer):
        cross = (ax - x0) * (by - y0) - (bx - x0) * (ay - y0)
        x += (ax + bx - 2 * x0) * cross
        y += (ay + by - 2 * y0) * cross
    centre = (x0 + x / (6 * area), y0 + y / (6 * area))
    if inside(centre, shape):
        return centre
    crossings = sorted(_crossings(centre[1], outer))  # the middle of the widest stretch at the same latitude
    pairs = [(right - left, (left + right) / 2) for left, right in zip(crossings[::2], crossings[1::2])]
    return (max(pairs)[1], centre[1]) if pairs else outer[0]


def inside(point: Point, shape: Shape) -> bool:
    """Whether the point lies in the shape (even-odd rule: holes are outside)."""
    x, y = point
    return any(sum(crossing > x for ring in polygon for crossing in _crossings(y, ring)) % 2 for polygon in shape)


def crosses_itself(ring: Ring) -> Point | None:
    """A point where the ring touches or crosses itself away from its neighbours, or None.

    Edges are swept from west to east, so that only edges whose spans overlap are compared.
    """
    edges = [(min(a[0], b[0]), max(a[0], b[0]), n, a, b) for n, (a, b) in enumerate(_edges(ring))]
    count = len(edges)
    edges.sort()
    active: list[tuple[float, float, int, Point, Point]] = []
    for edge in edges:
        west, _, n, a, b = edge
        active = [other for other in active if other[1] >= west]
        low, high = min(a[1], b[1]), max(a[1], b[1])
        for _, _, m, c, d in active:
            if abs(n - m) in (1, count - 1):
                if _folds_back(a, b, c, d):
                    return a
            elif max(c[1], d[1]) >= low and min(c[1], d[1]) <= high and _meet(a, b, c, d):
                return a
        active.append(edge)
    return None


def bounds(shapes: Sequence[Shape]) -> tuple[float, float, float, float]:
    """West, south, east, north of all shapes together."""
    points = [point for shape in shapes for polygon in shape for point in polygon[0]]
    return (
        min(x for x, _ in points),
        min(y for _, y in points),
        max(x for x, _ in points),
        max(y for _, y in points),
    )


def flat(latitude: float) -> float:
    """How much shorter a degree of longitude is than one of latitude, there."""
    return cos(radians(latitude))


def _edges(ring: Ring) -> Iterator[tuple[Point, Point]]:
    return pairwise(ring)


def _crossings(y: float, ring: Ring) -> Iterator[float]:
    for (ax, ay), (bx, by) in _edges(ring):
        if (ay > y) != (by > y):
            yield ax + (y - ay) * (bx - ax) / (by - ay)


def _turn(a: Point, b: Point, c: Point) -> int:
    value = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (value > 0) - (value < 0)


def _within(a: Point, b: Point, c: Point) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    one, two, three, four = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if one != two and three != four:
        return True
    return (
        (one == 0 and _within(a, b, c))
        or (two == 0 and _within(a, b, d))
        or (three == 0 and _within(c, d, a))
        or (four == 0 and _within(c, d, b))
    )


def _folds_back(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two neighbouring edges lie on one another (a spike) rather than only sharing their corner."""
    shared, one, two = (b, a, d) if b == c else (a, b, c)
    if shared not in (c, d) or _turn(shared, one, two) != 0:
        return False
    return (one[0] - shared[0]) * (two[0] - shared[0]) + (one[1] - shared[1]) * (two[1] - shared[1]) > 0
