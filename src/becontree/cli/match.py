"""Work out match funding for a list of pledges.

becontree match PLEDGES.csv --fund FUND.toml [--json] [--html PAGE.html] [--record DECISION.json]

PLEDGES.csv has the columns giver, project and amount (pounds), in the order in which the pledges were made.
FUND.toml holds the rules of the fund: its pot, ratio, caps and gates. See docs/rooms/matching.md.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from becontree.cli import pages, refusal, status
from becontree.cli.console import found_lines, print_json, waiting, write_whole
from becontree.formats import fund as funds
from becontree.methods.findings import Unusable
from becontree.methods.matching import Shared

LIMITS = {
    "per_project": "the most the fund pays one project",
    "share_of_target": "the share of the target",
    "per_pledge": "how much of one pledge counts",
    "per_giver": "how much of one giver's gifts counts",
    "per_giver_in_fund": "how much of one giver's gifts in the fund counts",
    "pledges_per_giver": "how many pledges of one giver count",
    "min_backers": "too few backers yet",
    "crowd_first": "too little from the crowd yet",
    "pot": "the size of the pot",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pledges", type=Path, help="table of pledges: giver, project, amount")
    parser.add_argument("--fund", type=Path, required=True, help="the rules of the fund (TOML)")
    parser.add_argument("--json", action="store_true", help="machine output")
    parser.add_argument("--html", type=Path, help="write one page for people to this file")
    parser.add_argument("--record", type=Path, help="write a decision record that `becontree verify` recomputes")


def run(args: argparse.Namespace) -> int:
    try:
        fund = funds.read_fund(args.fund)
        with waiting("working out the match"):
            pledges, findings = funds.read_pledges(args.pledges)
            shared = funds.apply(fund, pledges)
    except Unusable as refused:
        raise refusal(refused) from refused
    found = [*findings, *shared.findings]
    if args.record:
        decision = funds.record(fund, pledges, shared)
        write_whole(args.record, lambda out: json.dump(decision, out, ensure_ascii=False, indent=1))
    if args.html:
        write_whole(args.html, lambda out: out.write(as_page(fund, shared)))
    if args.json:
        answer = {"method": shared.method, "fund": fund.name, "pot": shared.pot, **funds.result(shared)}
        print_json({**answer, "steps": list(shared.steps), "findings": [finding.as_dict() for finding in found]})
    else:
        print("\n".join([as_text(fund, shared), *found_lines(found)]))  # noqa: T201
    return status(found)


def as_text(fund: funds.Fund, shared: Shared) -> str:
    width = max([len(m.project) for m in shared.matches] + [7])
    lines = [
        f"{fund.name or 'Match fund'}: {shared.method}",
        f"Pot {pages.pounds(shared.pot)}, paid {pages.pounds(shared.paid)}, left {pages.pounds(shared.left)}",
        "",
        f"{'project':<{width}}  {'backers':>7}  {'crowd':>14}  {'match':>14}  held back by",
    ]
    for m in shared.matches:
        why = "; ".join(LIMITS[code] for code in m.limits)
        crowd, paid = pages.pounds(m.crowd), pages.pounds(m.paid)
        lines.append(f"{m.project:<{width}}  {m.backers:>7}  {crowd:>14}  {paid:>14}  {why}".rstrip())
    return "\n".join([*lines, *map(_tie, shared.ties)])


def as_page(fund: funds.Fund, shared: Shared) -> str:
    rows: list[tuple[Any, ...]] = []
    for m in shared.matches:
        why = "; ".join(LIMITS[code] for code in m.limits) or "nothing"
        rows.append((m.project, m.backers, *map(pages.pounds, (m.crowd, m.wanted, m.paid)), why))
    columns = ("Project", "Backers", "From the crowd", "Match before limits", "Match", "Held back by")
    return pages.page(
        fund.name or "Match fund",
        [
            pages.text(
                f"The pot holds {pages.pounds(shared.pot)}. {pages.pounds(shared.paid)} of it is due to projects and "
                f"{pages.pounds(shared.left)} is left."
            ),
            pages.bars(
                "From the crowd and the match it brings, by project",
                [(m.project, m.crowd, m.paid) for m in shared.matches[:60]],
            ),
            pages.text("Grey: from the crowd. Strong colour: the match. The figures:"),
            pages.table("Match by project", columns, rows, numbers=(1, 2, 3, 4)),
            *[pages.text(_tie(tie)) for tie in shared.ties],
            pages.code("How it was counted:", shared.method),
            pages.text("Anyone can recompute this: becontree verify, with the decision record."),
        ],
    )


def _tie(tie: dict[str, object]) -> str:
    names = ", ".join(str(name) for name in tie["between"])  # type: ignore[attr-defined]
    return f"A penny was tied between {names}; it went by {'the lot' if tie['broken_by'] == 'lot' else 'order of ids'}."
