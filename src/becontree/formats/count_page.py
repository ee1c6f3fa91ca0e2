"""A count as one self-contained web page: what was funded, the money, each round, who lost by how much, other rules.

Source: `methods.budgeting` alone. Why one file: it is sent, printed and kept. Cost: one replay for the purses.
Rejected: a page that fetches its styles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from html import escape
from typing import Any

import numpy as np

from becontree.formats import svg
from becontree.methods.budgeting.effective_support import effective_support
from becontree.methods.budgeting.election import Election
from becontree.methods.budgeting.outcome import Outcome
from becontree.methods.budgeting.replay import Round, rounds
from becontree.methods.budgeting.side_by_side import Row

_STYLE = """
:root{color-scheme:light dark;--picture-fill:#0b6e6e;--picture-soft:#b9d6d6;--picture-mark:#a34700}
body{font:1.05rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;
background:#fbf9f4;color:#1a1a1a}
svg{max-width:100%;height:auto;display:block;margin:.5rem 0}table{border-collapse:collapse;width:100%;font-size:.92rem}
table{display:block;overflow-x:auto}
caption{text-align:left;font-weight:600;padding:.4rem 0}th,td{border-bottom:1px solid #8886;
padding:.25rem .5rem;text-align:left}
.figure{text-align:right;font-variant-numeric:tabular-nums}summary{cursor:pointer;padding:.3rem 0}
@media(prefers-color-scheme:dark){body{background:#151515;color:#eee}
:root{--picture-fill:#6cc4c4;--picture-soft:#34585a;--picture-mark:#ffb37a}}
"""


def page(
    election: Election,
    outcome: Outcome,
    others: Sequence[Row],
    findings: Sequence[Mapping[str, Any]],
    *,
    title: str = "",
    most_rounds: int = 60,
) -> str:
    """The page as HTML text. Everything is escaped; nothing is fetched from anywhere."""
    name = {project.id: project.name or project.id for project in election.projects}
    parts = [f"<h1>{escape(election.name or title or 'A count')}</h1>", _summary(election, outcome)]
    parts.append("<h2>What was funded</h2>" + _money_picture(outcome, name) + _funded(election, outcome, name))
    if outcome.endowment is not None:
        support = effective_support(election, outcome)
        parts.append(
            "<h2>How near the others came</h2><p>The line is what it took to win. A project at 80 % would have won "
            "at 80 % of its cost.</p>" + _lost(election, support, name)
        )
        parts.append(
            "<h2>Round by round</h2><p>Each project is paid for by the people who voted for it. The dashed line is "
            "what each pays; who has less pays what is left.</p>"
        )
        parts += [_round(item, name) for item, _ in zip(rounds(election, outcome), range(most_rounds))]
    if others:
        parts.append(
            "<h2>Other rules on the same ballots</h2>"
            + svg.table(
                ["Rule", "Projects", "Cost", "Voters without a winner", "Winners per voter", "Funded only there"],
                [
                    [
                        row.rule.method,
                        str(len(row.funded)),
                        _money(row.cost),
                        f"{row.without_winner:,}",
                        f"{float(row.mean_winners):.2f}",
                        ", ".join(row.not_here) or "–",
                    ]
                    for row in others
                ],
                "The same ballots counted in other ways",
                figures=(1, 2, 3, 4),
            )
        )
    if outcome.ties:
        parts.append(
            "<h2>Ties</h2>"
            + svg.table(
                ["Round", "Projects", "Chosen", "Decided by"],
                [
                    [f"{tie['phase']} {tie['round']}", ", ".join(tie["projects"]), tie["chosen"], tie["decided_by"]]
                    for tie in outcome.ties
                ],
                "Ties met and how they were decided",
            )
        )
    if findings:
        parts.append(
            "<h2>Found on the way</h2><ul>"
            + "".join(
                f"<li>{'line ' + str(int(f['line'])) + ': ' if 'line' in f else ''}{escape(str(f['message']))}</li>"
                for f in findings[:200]
            )
            + "</ul>"
        )
    parts.append(
        "<h2>The rule, complete</h2>"
        + svg.table(
            ["Option", "Value"],
            [
                [key, ", ".join(value) if isinstance(value, list) else str(value)]
                for key, value in outcome.rule.as_dict().items()
            ],
            f"{outcome.method}: everything that can change the winners",
        )
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title or election.name)}</title><style>{_STYLE}</style></head>"
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _summary(election: Election, outcome: Outcome) -> str:
    words = (
        f"{len(outcome.steps)} of {len(election.projects)} projects are funded for {_money(outcome.cost)} of "
        f"{_money(outcome.budget)} {election.currency}. {outcome.voters:,} people voted."
    )
    if outcome.endowment is not None:
        words += f" Each person's share in the end was {_money(outcome.endowment)}."
        if outcome.raised:
            words += (
                f" It was raised {outcome.raised:,} times, because much of the money was left over at first. "
                f"The more it is "
                "raised, the more those count whose projects are dear."
            )
    return f"<p>{escape(words)}</p>"


def _money_picture(outcome: Outcome, name: Mapping[str, str]) -> str:
    width, x, parts = 640.0, 0.0, []
    budget = float(outcome.budget)
    for number, step in enumerate(outcome.steps):
        wide = float(step.cost) / budget * width
        parts.append(
            svg.rect(
                x,
                0,
                wide - 0.6,
                34,
                svg.FILL if number % 2 == 0 else svg.SOFT,
                title=f"{step.project} {name[step.project]}: {_money(step.cost)}",
            )
        )
        x += wide
    parts += [
        svg.line(width, 0, width, 44, svg.MARK, dash="4 3"),
        svg.text(width, 58, f"budget {_money(outcome.budget)}", anchor="end"),
        svg.text(0, 58, f"spent {_money(outcome.cost)}"),
    ]
    return svg.svg(max(width, x), 64, "How the budget is spent, one block for each funded project", parts)


def _funded(election: Election, outcome: Outcome, name: Mapping[str, str]) -> str:
    votes = dict(zip((project.id for project in election.projects), election.votes))
    rows = [
        [
            str(n),
            step.project,
            name[step.project],
            _money(step.cost),
            f"{votes[step.project]:,}",
            "" if step.payment is None else _money(step.payment),
            "" if step.payment is None or not step.payment else f"{float(step.cost / step.payment):,.1f}",
            f"{step.full:,}",
            f"{step.short:,}",
        ]
        for n, step in enumerate(outcome.steps, 1)
    ]
    return svg.table(
        ["", "Id", "Project", "Cost", "Votes", "Each pays", "Effective votes", "Pay in full", "Pay the rest"],
        rows,
        "Funded projects in the order of choice",
        figures=(0, 3, 4, 5, 6, 7, 8),
    )


def _lost(election: Election, support: Mapping[str, float], name: Mapping[str, str]) -> str:
    cost = {project.id: project.cost for project in election.projects}
    votes = dict(zip(cost, election.votes))
    ranked = sorted(support, key=lambda id_: (-support[id_], id_))
    picture = svg.bars(
        [(f"{id_} {name[id_]}", support[id_], f"{_percent(support[id_])}") for id_ in ranked[:30]],
        "Effective support of the projects that were not funded",
        full=1.0,
    )
    return picture + svg.table(
        ["Id", "Project", "Cost", "Votes", "Effective support"],
        [[id_, name[id_], _money(cost[id_]), f"{votes[id_]:,}", _percent(support[id_])] for id_ in ranked],
        "Projects not funded",
        figures=(2, 3, 4),
    )


def _round(item: Round, name: Mapping[str, str]) -> str:
    """Balances of the supporters as steps, lowest on the left, and the level each pays."""
    width, height, columns = 640.0, 120.0, 80
    ends = np.cumsum(item.people)
    total, top = float(ends[-1]), float(max(item.balances.max(), item.level)) or 1.0
    places = np.searchsorted(ends, (np.arange(columns) + 0.5) / columns * total)
    held = item.balances[np.minimum(places, len(item.balances) - 1)]
    scale = height / top
    parts = [
        svg.steps((held * scale).tolist(), width, height, svg.SOFT),
        svg.steps((np.minimum(held, item.level) * scale).tolist(), width, height),
    ]
    y = height - item.level / top * height
    parts += [svg.line(0, y, width, y, svg.MARK, dash="4 3"), svg.line(0, height, width, height)]
    step = item.step
    title = f"Round {item.number}: project {step.project}"
    rows = [
        ["Supporters", f"{int(total):,}"],
        ["Money behind it", f"{item.behind:,.2f}"],
        ["Cost", _money(step.cost)],
        ["Each pays at most", _money(Fraction(step.payment or 0))],
        ["Pay in full", f"{step.full:,}"],
        ["Pay what is left", f"{step.short:,}"],
    ]
    if step.covered is not None:
        rows.append(["Part of the cost covered", _percent(float(step.covered))])
    return (
        f"<details><summary>Round {item.number}: {escape(step.project)} "
        f"{escape(name[step.project])}, {_money(step.cost)}</summary>"
        + svg.svg(width, height + 4, f"{title}: what its supporters have, poorest first, and what each pays", parts)
        + svg.table(["", ""], rows, title, figures=(1,))
        + "</details>"
    )


def _money(value: Fraction) -> str:
    return f"{value.numerator:,}" if value.denominator == 1 else f"{float(value):,.2f}"


def _percent(value: float) -> str:
    return f"{int(value * 1000) / 10:.1f} %"
