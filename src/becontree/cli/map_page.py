"""The page of an opinion map: one HTML file with a picture and, under it, everything the picture says as
tables.

The page is made to be handed on, so no count of 1 to 4 people stands in it (docs/decisions/0018-what-a-cell-is.md). Who
has the votes themselves reads every number in the terminal and in --json.
"""

from __future__ import annotations

from html import escape
from typing import Final

import numpy as np

from becontree.cli import pages
from becontree.cli.map import shown_side
from becontree.formats.polis import Conversation
from becontree.methods.opinion import OpinionMap, Stability
from becontree.methods.suppression import LEAST, few, one_way

SIDE: Final = 24
FEW: Final = f"fewer than {LEAST}"
LEAST_FOR_CELLS: Final = 50
COLOURS: Final = ("#0b6e69", "#8a3b12", "#5b3b8c", "#1f4e9c", "#6b6b00")


def page(conversation: Conversation, found: OpinionMap, firm: Stability | None) -> str:
    topic = dict(conversation.summary).get("topic", "") or "A conversation"
    votes = found.votes
    parts = [
        pages.text(
            f"{len(votes.participants):,} people cast {len(votes):,} votes on {len(votes.statements):,} statements. "
            f"Method: {found.method}."
        )
    ]
    if firm is not None:
        parts.append(pages.text(firm.words))
    return pages.page(f"{topic}: opinion map", [*parts, _picture(found), *_tables(conversation, found)])


def _picture(found: OpinionMap) -> str:
    """Circles for places where at least five people of a group stand; with few people, only the groups."""
    placed = found.label >= 0
    points, label = found.position[placed], found.label[placed]
    if not len(points):
        return "<p>Nobody has voted often enough to be placed yet.</p>"
    low, high = points.min(axis=0), points.max(axis=0)
    span = np.where(high > low, high - low, 1.0)
    circles, hidden = [], 0
    if len(points) >= LEAST_FOR_CELLS:
        at = np.minimum(((points - low) / span * SIDE).astype(int), SIDE - 1)
        key = (label * SIDE + at[:, 0]) * SIDE + at[:, 1]
        cells, counts = np.unique(key, return_counts=True)
        largest = int(counts.max())
        for cell, people in zip(cells.tolist(), counts.tolist(), strict=True):
            if people < LEAST:
                hidden += people
                continue
            group, column, row = cell // (SIDE * SIDE), cell // SIDE % SIDE, cell % SIDE
            radius = 3 + 11 * (people / largest) ** 0.5
            x, y = 30 + (column + 0.5) * 540 / SIDE, 430 - (row + 0.5) * 400 / SIDE
            circles.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{COLOURS[group % 5]}" fill-opacity=".65"/>'
            )
    else:
        hidden = len(points)
    for group, name in enumerate(found.names):
        x, y = 30 + (points[label == group].mean(axis=0) - low) / span * (540, 400)
        circles.append(
            f'<g><circle cx="{x:.1f}" cy="{460 - y:.1f}" r="17" fill="#fff" stroke="{COLOURS[group % 5]}" '
            f'stroke-width="4"/><text x="{x:.1f}" y="{466 - y:.1f}" text-anchor="middle" font-size="18" '
            'font-weight="700" fill="#1a1a1a">'
            f"{escape(name)}</text></g>"
        )
    said = "; ".join(f"group {name}: {size} people" for name, size in _sizes(found).items())
    many = FEW if few(hidden) else f"{hidden:,}"
    note = f" {many[0].upper()}{many[1:]} people stand where {FEW} do, and are not drawn." if hidden else ""
    return (
        f'<figure><svg class=map viewBox="0 0 600 460" role="img" aria-label="Opinion map. {escape(said)}">'
        f"{''.join(circles)}</svg>"
        "<figcaption>Where people stand</figcaption></figure>"
        f"<p>People who vote alike stand close together. A larger circle is more people.{note} "
        "Everything the picture says is in the tables below.</p>"
    )


def _sizes(found: OpinionMap) -> dict[str, str]:
    """How many are in each group, as words; who is in none of them follows from the whole, and is kept from it."""
    rows = dict(zip(found.names, found.sizes, strict=True))
    left = len(found.votes.participants) - sum(rows.values())
    if not few(*rows.values(), left):
        return {name: f"{size:,}" for name, size in rows.items()}
    safe = one_way({**rows, "\0": left}, total=len(found.votes.participants))  # a name that no group has
    shown = {name: None if safe.exposed else safe.shown[name] for name in rows}
    return {name: "some" if size is None else f"{size:,}" for name, size in shown.items()}


def _told(found: OpinionMap, statement: int) -> bool:
    """Whether votes on a statement are shown by group: all of them, or none where any answer of a group is of a few."""
    agree, disagree, seen = (getattr(found.counts, side)[:, statement] for side in ("agree", "disagree", "seen"))
    return not few(*(int(n) for each in (agree, disagree, seen - agree - disagree) for n in each))


def _tables(conversation: Conversation, found: OpinionMap) -> list[str]:
    texts = {one.id: one.text for one in conversation.statements}
    names = found.votes.statements

    def text(statement: int) -> str:
        return texts.get(names[statement], "") or f"Statement {names[statement]}"

    def by_group(statement: int, side: str) -> list[str]:
        if not _told(found, statement):
            return ["–"] * len(found.names)
        hits, seen = getattr(found.counts, side)[:, statement], found.counts.seen[:, statement]
        return [
            f"{(100 * h / s if s else 0):.0f} % of {s:,}" for h, s in zip(hits.tolist(), seen.tolist(), strict=True)
        ]

    groups = [f"Group {name}" for name in found.names]
    tables = []
    for group, (name, size) in enumerate(_sizes(found).items()):
        rows = []
        for entry in found.representative[group]:
            side, hits = shown_side(found, group, entry)
            told = _told(found, entry.statement)
            ratio = f"{entry.ratio:.2f} ×" if told and side == entry.side else ""
            rows.append((text(entry.statement), side, f"{hits:,} of {entry.seen:,}" if told else "–", ratio))
        caption = f"Group {name}, {size} people: what sets it apart"
        tables.append(pages.table(caption, ("Statement", "They", "Votes", "Against the others"), rows, numbers=(2, 3)))
    ground: list[tuple[str, ...]] = [
        (text(entry.statement), entry.side, *by_group(entry.statement, entry.side)) for entry in found.common_ground
    ]
    tables.append(
        pages.table(
            "Common ground: surely more than half of every group",
            ("Statement", "Everybody", *groups),
            ground or [("None yet.",)],
            numbers=range(2, 2 + len(groups)),
        )
    )
    apart: list[tuple[str, ...]] = [
        (text(entry.statement), *by_group(entry.statement, "agree")) for entry in found.divisive
    ]
    tables.append(
        pages.table(
            "Divisive statements: who agrees",
            ("Statement", *groups),
            apart or [("None.",)],
            numbers=range(1, 1 + len(groups)),
        )
    )
    tables = [pages.long(table) for table in tables]
    tables.append(f"<p>– : an answer of {FEW} people would follow from this row, so none of it is shown.</p>")
    tried = [
        (one.k, f"{one.silhouette:.3f}", FEW if few(one.smallest) else f"{one.smallest:,}", one.why_not or "taken")
        for one in found.grouping.tried
    ]
    if tried:
        columns = ("Groups", "Silhouette", "Smallest group", "Taken?")
        tables.append(pages.table("How the number of groups was chosen", columns, tried, numbers=(0, 1, 2)))
    return tables
