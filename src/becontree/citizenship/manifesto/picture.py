"""A target's chart: what was measured, over time, and where it should go. Pure; its table stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from html import escape

from becontree.formats.svg import MARK, line, number, svg

WIDTH, HEIGHT = 640.0, 220.0
LEFT, RIGHT, TOP, BOTTOM = 10.0, 630.0, 24.0, 190.0


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
        _label(LEFT, HEIGHT - 6, str(baseline[0].year), "start"),
        _label(RIGHT, HEIGHT - 6, str(max(goal[0], measured[-1][0]).year), "end"),
    ]
    return svg(WIDTH, HEIGHT, title, parts, css="picture way")


def _label(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{number(x)}" y="{number(y)}" text-anchor="{anchor}" fill="currentColor">{escape(words)}</text>'
