"""The page of an opinion map: one HTML file with a picture and, under it, everything the picture says as
tables.
"""

from __future__ import annotations

from html import escape
from typing import Final

import numpy as np

from becontree.cli.map import shown_side
from becontree.formats.polis import Conversation
from becontree.methods.opinion import OpinionMap, Stability

SIDE: Final = 24
LEAST_IN_CELL: Final = 3  # fewer people in one place are not drawn: small groups identify people
LEAST_FOR_CELLS: Final = 50
COLOURS: Final = ("#0b6e69", "#8a3b12", "#5b3b8c", "#1f4e9c", "#6b6b00")
STYLE: Final = """
:root{color-scheme:light dark}
body{font:1.05rem/1.5 system-ui,sans-serif;max-width:60rem;margin:1.5rem auto;padding:0 1rem;background:#fffdf8;
color:#1a1a1a}
table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}
caption{text-align:start;font-weight:700;padding:.4rem 0}
th,td{border-bottom:1px solid #bbb;padding:.35rem .6rem;text-align:start;vertical-align:top}
.n{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}
svg{width:100%;height:auto;border:1px solid #bbb;background:#fffdf8}
figure{margin:1rem 0}
@media(prefers-color-scheme:dark){body{background:#15171a;color:#f2f2f2}}"""


def page(conversation: Conversation, found: OpinionMap, firm: Stability | None) -> str:
    topic = dict(conversation.summary).get("topic", "") or "Opinion map"
    votes = found.votes
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{escape(topic)}: opinion map</title><style>{STYLE}</style></head><body><main>",
        f"<h1>{escape(topic)}</h1>",
        f"<p>{len(votes.participants):,} people cast {len(votes):,} votes ",
        f"on {len(votes.statements):,} statements. ",
        f"Method: {escape(found.method)}.</p>",
    ]
    if firm is not None:
        parts.append(f"<p>{escape(firm.words)}</p>")
    parts += [_picture(found), *_tables(conversation, found), "</main></body></html>\n"]
    return "".join(parts)


def _picture(found: OpinionMap) -> str:
    """Circles for places where at least three people of a group stand; with few people, only the groups."""
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
            if people < LEAST_IN_CELL:
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
    said = "; ".join(f"group {name}: {size:,} people" for name, size in zip(found.names, found.sizes, strict=True))
    note = f" {hidden:,} people stand where fewer than three do, and are not drawn." if hidden else ""
    return (
        f'<figure><svg viewBox="0 0 600 460" role="img" aria-label="Opinion map. {escape(said)}">'
        f"{''.join(circles)}</svg>"
        f"<figcaption>People who vote alike stand close together. A larger circle is more people.{note} "
        "Everything the picture says is in the tables below.</figcaption></figure>"
    )


def _tables(conversation: Conversation, found: OpinionMap) -> list[str]:
    texts = {one.id: one.text for one in conversation.statements}
    names = found.votes.statements

    def text(statement: int) -> str:
        name = names[statement]
        return f"<td>{escape(texts.get(name, '') or 'Statement ' + name)}</td>"

    def by_group(statement: int, side: str) -> str:
        hits, seen = getattr(found.counts, side)[:, statement], found.counts.seen[:, statement]
        return "".join(
            f'<td class="n">{(100 * h / s if s else 0):.0f} % of {s:,}</td>'
            for h, s in zip(hits.tolist(), seen.tolist(), strict=True)
        )

    heads = "".join(f'<th scope="col" class="n">Group {escape(name)}</th>' for name in found.names)
    rows = "".join(
        f'<tr><td>{tried.k} groups</td><td class="n">{tried.silhouette:.3f}</td>'
        f'<td class="n">{tried.smallest:,}</td>'
        f"<td>{escape(tried.why_not) or 'taken'}</td></tr>"
        for tried in found.grouping.tried
    )
    tables = [
        "<table><caption>How the number of groups was chosen</caption><tr><th>Groups</th>"
        "<th class=n>Silhouette</th>"
        f"<th class=n>Smallest group</th><th>Taken?</th></tr>{rows}</table>"
    ] if rows else []  # fmt: skip
    for group, (name, size) in enumerate(zip(found.names, found.sizes, strict=True)):
        body = ""
        for entry in found.representative[group]:
            side, hits = shown_side(found, group, entry)
            ratio = "" if side != entry.side else f"{entry.ratio:.2f} ×"
            body += f'<tr>{text(entry.statement)}<td>{side}</td><td class="n">{hits:,} of {entry.seen:,}</td>'
            body += f'<td class="n">{ratio}</td></tr>'
        tables.append(
            f"<table><caption>Group {escape(name)}, {size:,} people: what sets it apart</caption>"
            "<tr><th>Statement</th><th>They</th><th class=n>Votes</th><th class=n>Against the others</th></tr>"
            f"{body}</table>"
        )
    ground = "".join(
        f"<tr>{text(entry.statement)}<td>{entry.side}</td>{by_group(entry.statement, entry.side)}</tr>"
        for entry in found.common_ground
    )
    tables.append(
        "<table><caption>Common ground: surely more than half of every group</caption>"
        f"<tr><th>Statement</th><th>Everybody</th>{heads}</tr>{ground or '<tr><td>None yet.</td></tr>'}</table>"
    )
    apart = "".join(f"<tr>{text(entry.statement)}{by_group(entry.statement, 'agree')}</tr>" for entry in found.divisive)
    tables.append(
        f"<table><caption>Divisive statements: who agrees</caption><tr><th>Statement</th>{heads}</tr>"
        f"{apart or '<tr><td>None.</td></tr>'}</table>"
    )
    return tables
