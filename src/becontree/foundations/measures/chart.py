"""A measure's line as SVG, drawn on the server: points in, a picture out. The table beside it says the same.

The scale begins at nought where that does not flatten the line to nothing, so that a small change does not look like a
great one; where it does not begin there, the axis says so by its own figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDE: Final = 640
HIGH: Final = 280
LEFT: Final = 64
RIGHT: Final = 20
TOP: Final = 16
FOOT: Final = 36


def line(points: Sequence[tuple[date, Decimal]], *, title: str, description: str, unit: str) -> SafeString:
    """The points, oldest first, joined by a line; nothing for fewer than two of them."""
    if len(points) < 2:
        return SafeString("")
    values = [float(value) for _, value in points]
    low, high = min(values), max(values)
    if low >= 0 and low < 0.7 * high:
        low = 0.0
    marks = ticks(low, high)
    low, high = min(low, marks[0]), max(high, marks[-1])
    first, last = points[0][0].toordinal(), points[-1][0].toordinal()

    def x(on: date) -> float:
        return round(LEFT + (WIDE - LEFT - RIGHT) * (on.toordinal() - first) / max(last - first, 1), 1)

    def y(value: float) -> float:
        return round(TOP + (HIGH - TOP - FOOT) * (high - value) / ((high - low) or 1), 1)

    ident = "chart-" + sha256(f"{title}|{points}".encode()).hexdigest()[:8]
    grid = format_html_join(
        "",
        '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="tick" x="{}" y="{}">{}</text>',
        ((LEFT, WIDE - RIGHT, y(mark), y(mark), LEFT - 8, y(mark) + 5, _figure(mark)) for mark in marks),
    )
    path = " ".join(f"{x(on):g},{y(float(value)):g}" for on, value in points)
    dots = format_html_join(
        "",
        '<circle class="dot" cx="{}" cy="{}" r="5"><title>{}: {} {}</title></circle>',
        ((x(on), y(float(value)), f"{on.day} {on:%B %Y}", _figure(float(value)), unit) for on, value in points),
    )
    return format_html(
        '<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" '
        'aria-labelledby="{}-t {}-d">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}<polyline class="line" points="{}"/>{}'
        '<text class="tick start" x="{}" y="{}">{}</text><text class="tick" x="{}" y="{}">{}</text></svg>',
        *(WIDE, HIGH, ident, ident, ident, title, ident, description, grid, path, dots),
        *(LEFT, HIGH - 8, f"{points[0][0]:%b %Y}", WIDE - RIGHT, HIGH - 8, f"{points[-1][0]:%b %Y}"),
    )


def ticks(low: float, high: float) -> list[float]:
    """Three to six round figures that span the values.

    >>> ticks(0, 61.3)
    [0.0, 20.0, 40.0, 60.0, 80.0]
    """
    span = (high - low) or abs(high) or 1.0
    step = 10.0 ** (len(str(int(span))) - 1) if span >= 1 else 10.0 ** -len(f"{1 / span:.0f}")
    for times in (10, 5, 2, 1, 0.5, 0.2, 0.1):
        if span / (step * times) >= 2:
            step *= times
            break
    begin = step * (low // step)
    marks = [begin]
    while marks[-1] < high and len(marks) < 12:
        marks.append(round(marks[-1] + step, 9))
    return [round(mark, 9) for mark in marks]


def _figure(value: float) -> str:
    return f"{value:,.6f}".rstrip("0").rstrip(".") or "0"
