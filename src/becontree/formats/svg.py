"""Small pictures as SVG text: pure functions, no dependency, every one with a title for those who cannot see it.

Colours come from the page (`currentColor` and custom properties with a fallback), so a council's own look applies.
A picture never stands alone: put `table` or your own table under it.

Source: SVG 1.1. Why text and not a plotting library: a page must stand alone, weigh little and be read aloud. Cost:
some hundred bytes a shape. Rejected: pictures drawn by a script in the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

INK = "currentColor"
FILL = "var(--picture-fill, #0b6e6e)"
SOFT = "var(--picture-soft, #b9d6d6)"
MARK = "var(--picture-mark, #a34700)"


def number(value: float) -> str:
    """Coordinates with at most two decimals: short, and the same on every machine.

    >>> number(3.0), number(1/3)
    ('3', '0.33')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def svg(width: float, height: float, title: str, parts: Iterable[str], *, css: str = "picture") -> str:
    """A whole picture. `parts` are SVG elements as text."""
    inside = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{escape(css, quote=True)}" role="img" '
        f'viewBox="0 0 {number(width)} {number(height)}" width="{number(width)}" height="{number(height)}" '
        f'font-family="inherit" font-size="13"><title>{escape(title)}</title>{inside}</svg>'
    )


def rect(x: float, y: float, width: float, height: float, fill: str = FILL, *, title: str = "") -> str:
    tip = f"<title>{escape(title)}</title>" if title else ""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(max(0, width))}" height="{number(max(0, height))}" '
        f'fill="{escape(fill, quote=True)}">{tip}</rect>'
    )


def line(x1: float, y1: float, x2: float, y2: float, stroke: str = INK, *, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{escape(dash, quote=True)}"' if dash else ""
    return (
        f'<line x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}" '
        f'stroke="{escape(stroke, quote=True)}"{dashed}/>'
    )


def steps(heights: Sequence[float], width: float, floor: float, fill: str = FILL) -> str:
    """A filled staircase standing on `floor`: equal columns over `width`, each as tall as its height. One element,
    however many columns."""
    wide = width / max(1, len(heights))
    path = [f"M0 {number(floor)}"]
    before: float | None = None
    for place, tall in enumerate(heights):
        if tall != before:
            path.append(f"H{number(place * wide)}V{number(floor - tall)}")
        before = tall
    path.append(f"H{number(width)}V{number(floor)}Z")
    return f'<path d="{"".join(path)}" fill="{escape(fill, quote=True)}"/>'


def text(x: float, y: float, words: str, *, anchor: str = "start", fill: str = INK) -> str:
    return (
        f'<text x="{number(x)}" y="{number(y)}" text-anchor="{escape(anchor, quote=True)}" '
        f'fill="{escape(fill, quote=True)}">{escape(words)}</text>'
    )


def bars(rows: Sequence[tuple[str, float, str]], title: str, *, full: float | None = None, width: float = 640) -> str:
    """Horizontal bars: (label, length, words at the end of the bar). `full` draws a dashed line at that length."""
    longest = max([length for _, length, _ in rows] + [full or 0.0, 1e-12])
    left, right, height = 150.0, 110.0, 22.0
    scale = (width - left - right) / longest
    parts: list[str] = []
    for place, (label, length, words) in enumerate(rows):
        y = place * height
        colour = FILL if full is None or length >= full else SOFT
        parts.append(text(left - 8, y + 15, label if len(label) <= 20 else label[:19] + "…", anchor="end"))
        parts.append(rect(left, y + 3, length * scale, height - 6, colour, title=f"{label}: {words}"))
        parts.append(text(left + length * scale + 6, y + 15, words))
    if full is not None:
        parts.append(line(left + full * scale, 0, left + full * scale, height * len(rows), MARK, dash="4 3"))
    return svg(width, max(height * len(rows), 1), title, parts)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str, *, figures: Sequence[int] = ()) -> str:
    """An HTML table; columns in `figures` hold numbers and are set flush right."""
    cells = "".join(f'<th scope="col"{_right(n, figures)}>{escape(name)}</th>' for n, name in enumerate(head))
    body = "".join(
        "<tr>" + "".join(f"<td{_right(n, figures)}>{escape(str(cell))}</td>" for n, cell in enumerate(row)) + "</tr>"
        for row in rows
    )
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


def _right(column: int, figures: Sequence[int]) -> str:
    return ' class="figure"' if column in figures else ""
