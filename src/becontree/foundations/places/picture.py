"""The map of the wards as SVG, with the table it draws. A pure function: areas in, a picture out; no tiles, no script.

Paths are simplified by rounding to tenths of a unit (the picture is 400 wide) and dropping what that makes
repeated or straight. Neighbours share their corners, so they are rounded alike and no gap opens between them (a line
simplifier run on each ward alone would open gaps). Shades are opacities of the theme's colour, so a council's colours
and the dark scheme hold here too, and every value is in the table: nothing is told by shade alone.

Names are set where no name touches another on a phone, where the words are largest beside the wards (`LARGEST`, which
the stylesheet keeps to). A name that finds no such place is left out there, and wherever it finds none; the table has
all of them. How wide a name is can only be reckoned here, so it is reckoned for a wide face.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from becontree.foundations.places.geometry import Point, Ring, Shape, bounds, flat

WIDTH: Final = 400
EDGE: Final = 4
GRID: Final = 10  # steps to a unit
MOST_LABELS: Final = 40
SHADES: Final = (0.04, 0.17, 0.31, 0.46, 0.62)  # the darkest still has 3:1 with the lines between wards
LARGEST: Final = 13.5  # units of the picture: the size of names on a phone
SMALLEST: Final = 10.0  # and where there is room
LONG: Final = 11  # letters: such a name stands in two lines where it can


@dataclass(frozen=True, slots=True)
class Area:
    """One ward to draw. `value` None: nothing to say; `link` empty: no link."""

    code: str
    name: str
    shape: Shape
    centre: Point | None = None
    link: str = ""
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """One point to draw, at (longitude, latitude)."""

    name: str
    at: Point
    link: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table under the picture."""

    code: str
    name: str
    link: str
    value: int | None


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawing, and what it says as rows (by name). In a template, `{{ picture }}` writes both."""

    svg: SafeString
    title: str
    rows: tuple[Row, ...]
    value_name: str

    @property
    def table(self) -> SafeString:
        valued = any(row.value is not None for row in self.rows)
        head = (
            format_html("<th scope='col' class='number'>{}</th>", self.value_name or gettext("Number"))
            if valued
            else ""
        )
        lines = mark_safe(  # noqa: S308 - joined from parts that format_html made
            "".join(
                format_html(
                    "<tr><th scope='row'>{}</th>{}</tr>",
                    format_html("<a href='{}'>{}</a>", row.link, row.name) if row.link else row.name,
                    format_html("<td class='number'>{}</td>", f"{row.value or 0:,}") if valued else "",
                )
                for row in self.rows
            )
        )
        return format_html(
            "<table><caption>{}</caption><thead><tr><th scope='col'>{}</th>{}</tr></thead><tbody>{}</tbody></table>",
            self.title,
            gettext("Ward"),
            head,
            lines,
        )

    def __html__(self) -> str:
        return format_html("<figure class='map'>{}</figure>{}", self.svg, self.table)

    def __str__(self) -> str:
        return self.__html__()


def draw(
    areas: Sequence[Area],
    *,
    title: str,
    description: str = "",
    value_name: str = "",
    value_said: Callable[[int], str] | None = None,
    points: Sequence[Spot] = (),
    highlight: str = "",
) -> Picture:
    """Draw the areas; `highlight` is the code of one to outline. Areas without a shape stand in the table only.

    value_said: what is said of an area's value, "1 week"; without it, the number and `value_name`.
    """
    said_of = value_said or (lambda value: f"{value:,}{f' {value_name}' if value_name else ''}")
    rows = tuple(Row(a.code, a.name, a.link, a.value) for a in sorted(areas, key=lambda a: (a.name, a.code)))
    shown = [area for area in areas if area.shape]
    if not shown:
        return Picture(SafeString(""), title, rows, value_name)
    west, south, east, north = bounds([area.shape for area in shown])
    squeeze = flat((south + north) / 2)
    scale = (WIDTH - 2 * EDGE) / max((east - west) * squeeze, (north - south), 1e-9)
    high = round((north - south) * scale) + 2 * EDGE
    wide = round((east - west) * squeeze * scale) + 2 * EDGE

    def place(point: Point) -> tuple[int, int]:
        """In steps of the grid."""
        return (
            round(((point[0] - west) * squeeze * scale + EDGE) * GRID),
            round(((north - point[1]) * scale + EDGE) * GRID),
        )

    most = max((area.value or 0 for area in shown), default=0)
    ident = "map-" + sha256(f"{title}|{wide}|{high}".encode()).hexdigest()[:8]
    parts: list[str] = []
    for area in sorted(shown, key=lambda a: (a.code == highlight, a.code)):  # the outlined one last, so on top
        said = area.name if area.value is None else f"{area.name}: {said_of(area.value)}"
        path = "".join(_path(ring, place) for polygon in area.shape for ring in polygon)
        kind = "ward" + (" lit" if area.code == highlight else "") + (" shaded" if area.value is not None else "")
        shade = "" if area.value is None else f' fill-opacity="{_shade(area.value, most)}"'
        body = (
            f'<path class="{kind}" d="{path}"{shade} fill-rule="evenodd" stroke-linejoin="round">'
            f"<title>{escape(said)}</title></path>"
        )
        parts.append(f'<a href="{escape(area.link)}" aria-label="{escape(said)}">{body}</a>' if area.link else body)
    if len(shown) <= MOST_LABELS:
        named = [(area.code, area.name, place(area.centre)) for area in shown if area.centre]
        spots = [(name, x / GRID, y / GRID) for _code, name, (x, y) in named]
        lit = next((n for n, (code, _name, _at) in enumerate(named) if code == highlight), None)
        parts += [label.svg for label in _labels(spots, wide=wide, first=lit)]
    for spot in points:
        x, y = place(spot.at)
        dot = (
            f'<circle class="dot" cx="{x / GRID:g}" cy="{y / GRID:g}" r="4"><title>{escape(spot.name)}</title></circle>'
        )
        parts.append(f'<a href="{escape(spot.link)}" aria-label="{escape(spot.name)}">{dot}</a>' if spot.link else dot)
    linked = any(area.link for area in shown) or any(spot.link for spot in points)
    # A picture with links is a group: role="img" would hide them from a screen reader.
    described = description or gettext("The same is in the table below.")
    svg = (
        f'<svg class="map" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" '
        f'role="{"group" if linked else "img"}" aria-labelledby="{ident}-t {ident}-d">'
        f'<title id="{ident}-t">{escape(title)}</title>'
        f'<desc id="{ident}-d">{escape(described)}</desc>'
        f"{''.join(parts)}</svg>"
    )
    return Picture(mark_safe(svg), title, rows, value_name)  # noqa: S308 - every word in it was escaped above


@dataclass(frozen=True, slots=True)
class _Label:
    """A name in one or two lines about a point of the picture; `roomy`: only where there is room for it."""

    lines: tuple[str, ...]
    x: float
    y: float
    roomy: bool

    @property
    def svg(self) -> str:
        rise = -0.55 * (len(self.lines) - 1)
        kind = ' class="roomy"' if self.roomy else ""
        said = "".join(
            f'<tspan x="{self.x:g}" dy="{rise if n == 0 else 1.1:g}em">{escape(line)}</tspan>'
            for n, line in enumerate(self.lines)
        )
        inside = said if len(self.lines) > 1 else escape(self.lines[0])
        return (
            f'<text{kind} x="{self.x:g}" y="{self.y:g}" dominant-baseline="middle" pointer-events="none" '
            f'aria-hidden="true">{inside}</text>'
        )

    def box(self, size: float) -> tuple[float, float, float, float]:
        """Left, top, right, bottom at a size of letters, with the pale edge about them."""
        wide = max(map(_ems, self.lines)) * size / 2 + 2
        high = (1.1 * len(self.lines)) * size / 2 + 2
        return (self.x - wide, self.y - high, self.x + wide, self.y + high)


def _labels(named: Sequence[tuple[str, float, float]], *, wide: float, first: int | None) -> list[_Label]:
    """The names that fit: each at its point or a little above or below, in one line or two; `first` chooses first.

    What finds a place at the largest size has one at every smaller size too, as a name only shrinks about its point.
    """
    order = sorted(range(len(named)), key=lambda n: (n != first, n))
    set_: dict[int, _Label] = {}
    for size, roomy in ((LARGEST, False), (SMALLEST, True)):
        taken = [label.box(size) for label in set_.values()]
        for n in order:
            if n in set_:
                continue
            name, x, y = named[n]
            for label in _tries(name, x, y, size=size, wide=wide, roomy=roomy):
                box = label.box(size)
                if box[0] >= 0 and box[2] <= wide and not any(_overlap(box, other) for other in taken):
                    set_[n] = label
                    taken.append(box)
                    break
    return [set_[n] for n in sorted(set_)]


def _tries(name: str, x: float, y: float, *, size: float, wide: float, roomy: bool) -> Iterator[_Label]:
    for up in (0, -0.7, 0.7, -1.4, 1.4):
        for lines in _broken(name):
            half = max(map(_ems, lines)) * size / 2 + 2
            inward = min(max(x, half), max(wide - half, half))  # at the edge a name moves in
            yield _Label(lines, round(inward, 1), round(y + up * size, 1), roomy)


def _broken(name: str) -> Iterator[tuple[str, ...]]:
    """The name in one line and in two that are as alike as can be: a long one in two first, to stay in its own ward."""
    words = name.split()
    cuts = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    two = [min(cuts, key=lambda lines: max(map(_ems, lines)))] if cuts else []
    yield from (*two, (name,)) if len(name) >= LONG else ((name,), *two)


def _ems(text: str) -> float:
    """How wide a bold text is at most, in its size: reckoned, as nobody here has the reader's face."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.68 for letter in text)


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _shade(value: int, most: int) -> float:
    if value <= 0 or most <= 0:
        return 0.0
    return SHADES[min(len(SHADES) - 1, (value * len(SHADES) - 1) // most)]


def _path(ring: Ring, place: Callable[[Point], tuple[int, int]]) -> str:
    kept = list(_straightened([place(point) for point in ring[:-1]]))
    if len(kept) < 3:
        return ""
    (x, y), rest = kept[0], kept[1:]
    steps = []
    for next_x, next_y in rest:
        steps.append(f"{(next_x - x) / GRID:g} {(next_y - y) / GRID:g}")
        x, y = next_x, next_y
    return f"M{kept[0][0] / GRID:g} {kept[0][1] / GRID:g}l{' '.join(steps)}z"


def _straightened(points: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The corners that matter: not the same as the one before, not on the line between their neighbours."""
    unlike = [point for n, point in enumerate(points) if point != points[n - 1] or len(points) == 1]
    size = len(unlike)
    for n, (x, y) in enumerate(unlike):
        (ax, ay), (bx, by) = unlike[n - 1], unlike[(n + 1) % size]
        if (x - ax) * (by - y) != (y - ay) * (bx - x):
            yield x, y
