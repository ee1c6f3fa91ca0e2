"""A target's chart: what was measured, over time, and where it should go. Pure; its table stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from html import escape

from becontree.formats.svg import MARK, line, number, svg

# Drawn as wide as a phone, so that its words are as large there as the page's.
WIDTH, HEIGHT = 340.0, 230.0
LEFT, RIGHT, TOP, BOTTOM = 24.0, 316.0, 34.0, 178.0
SIZE = 16
NEAR = 56.0  # closer than this, two labels would run into each other


def chart(
    points: Sequence[tuple[date, Decimal]], *, baseline: tuple[date, Decimal], goal: tuple[date, Decimal], title: str
) -> str:
    """An SVG: the way from the baseline to the goal as a dashed line, what was measured as a line with dots."""
    measured = [baseline, *points]
    days = [day.toordinal() for day, _ in [*measured, goal]]
    values = [float(value) for _, value in [*measured, goal]]
    first, last, low, high = min(days), max(days), min(values), max(values)
    wide, tall = max(1, last - first), (high - low) or 1.0

    def at(point: tuple[date, Decimal]) -> tuple[float, float]:
        x = LEFT + (RIGHT - LEFT) * (point[0].toordinal() - first) / wide
        return x, BOTTOM - (BOTTOM - TOP) * (float(point[1]) - low) / tall

    spots = [at(point) for point in measured]
    end = at(goal)
    path = "M" + " L".join(f"{number(x)} {number(y)}" for x, y in spots)
    parts = [
        line(LEFT, BOTTOM + 6, RIGHT, BOTTOM + 6, "var(--edge-firm)"),
        line(*spots[0], *end, MARK, dash="6 6"),
        f'<path d="{path}" fill="none" stroke="var(--citizenship)" stroke-width="3"/>',
        *(f'<circle cx="{number(x)}" cy="{number(y)}" r="5" fill="var(--citizenship)"/>' for x, y in spots),
        f'<circle cx="{number(end[0])}" cy="{number(end[1])}" r="6" fill="var(--page)" stroke="{MARK}" '
        'stroke-width="3"/>',
        *_years([(spots[0][0], baseline[0]), (spots[-1][0], measured[-1][0]), (end[0], goal[0])]),
        *_values([(spots[0], baseline[1]), (spots[-1], measured[-1][1]), (end, goal[1])]),
    ]
    return svg(WIDTH, HEIGHT, title, parts, css="picture way")


START, GOAL = 36.0, 204.0
BEYOND = 0.14  # how far past either end the dot may go, as a part of the way between them


def reach(start: Decimal, now: Decimal, goal: Decimal) -> str:
    """A small SVG for a list: how much of the way from the start to the goal is gone, or that it went the wrong way.

    It says nothing that the sentence before it does not, so it is hidden from those who listen. "" where the start is
    the goal.
    """
    if start == goal:
        return ""
    share = float((now - start) / (goal - start))
    at = START + (GOAL - START) * max(-BEYOND, min(1 + BEYOND, share))
    colour = "var(--bad)" if share < 0 else "var(--citizenship)"
    parts = [
        line(START, 12, GOAL, 12, "var(--edge-firm)", dash="3 5"),
        f'<path d="M{number(START)} 12 L{number(at)} 12" stroke="{colour}" stroke-width="5"/>',
        line(START, 4, START, 20, "var(--text-soft)"),
        f'<circle cx="{number(GOAL)}" cy="12" r="7" fill="var(--page)" stroke="{MARK}" stroke-width="3"/>',
        f'<circle cx="{number(at)}" cy="12" r="6" fill="{colour}" stroke="var(--page)" stroke-width="2"/>',
    ]
    return f'<svg class="reach" viewBox="0 0 240 24" width="240" height="24" aria-hidden="true">{"".join(parts)}</svg>'


def _years(marks: Sequence[tuple[float, date]]) -> list[str]:
    """The years of the start, the latest and the target under the axis; the latest only where there is room."""
    (first, begun), (now, read), (last, due) = marks
    shown = [(first, begun), (last, due)]
    if min(abs(now - first), abs(last - now)) >= NEAR:
        shown.insert(1, (now, read))
    return [_label(x, BOTTOM + 30, str(day.year)) for x, day in shown]


def _values(marks: Sequence[tuple[tuple[float, float], Decimal]]) -> list[str]:
    """The figures of the start, the latest and the target above their dots; where two dots are near each other, the
    lower one's figure stands below."""
    (start, begun), (latest, now), (goal, due) = marks
    close = abs(goal[0] - latest[0]) < NEAR
    below = close and latest[1] >= goal[1]
    parts = [_label(start[0], start[1] - 13, _plain(begun))]
    if latest[0] != start[0]:
        parts.append(_label(latest[0], latest[1] + (26 if below else -13), _plain(now), bold=True))
    parts.append(_label(goal[0], goal[1] + (26 if close and not below else -13), _plain(due)))
    return parts


def _plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _label(x: float, y: float, words: str, *, bold: bool = False) -> str:
    anchor = "start" if x <= LEFT + 1 else "end" if x >= RIGHT - 1 else "middle"
    x = x - 10 if anchor == "start" else x + 10 if anchor == "end" else x
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{number(x)}" y="{number(y)}" text-anchor="{anchor}" font-size="{SIZE}"{weight} '
        f'fill="currentColor">{escape(words)}</text>'
    )
