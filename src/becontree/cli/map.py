"""Draw the opinion map of a conversation: groups, common ground, divides.

Give the folder of a Polis export (votes.csv, comments.csv, participants-votes.csv), or one file of votes.

  becontree map CONVERSATION                 a readable summary
  becontree map CONVERSATION --json          everything, for machines
  becontree map CONVERSATION --html MAP.html one page with the picture and its tables
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from becontree.cli import Refused, refusal, status
from becontree.cli.console import Progress, found_lines, print_json, write_whole

if TYPE_CHECKING:
    from becontree.formats.polis import Conversation
    from becontree.methods.opinion import OpinionMap, Stability
    from becontree.methods.opinion.statistics import Representative


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("conversation", type=Path, help="folder of the export, or a CSV file of votes")
    parser.add_argument("--json", action="store_true", help="machine output on standard output")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write one self-contained page")
    parser.add_argument("--groups", type=int, choices=range(1, 6), metavar="1-5", help="force this many groups")
    parser.add_argument("--given", type=Path, metavar="FILE", help="CSV of participant,group: use these groups instead")
    parser.add_argument("--exported", action="store_true", help="use the groups named in the export itself")
    parser.add_argument(
        "--placement", choices=("polis", "live"), default="polis",
        help="how far out people with few votes stand: as in Polis (default), or damped (live)",
    )  # fmt: skip
    parser.add_argument(
        "--least-votes", type=int, default=7, metavar="N", help="votes needed to be in a group (default 7)"
    )
    parser.add_argument(
        "--stability", type=int, metavar="DRAWS",
        help="redraw this often without a tenth of the people (default 20; 0 with --json or above 2 million votes)",
    )  # fmt: skip
    parser.add_argument("--agree", type=int, choices=(1, -1), default=1, help="the sign that means agree (default 1)")


def run(args: argparse.Namespace) -> int:
    # One thread: the sums come out the same on every machine, and no second core spins in vain.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from becontree.formats import polis
    from becontree.methods import opinion
    from becontree.methods.findings import Unusable

    if (args.given is not None) + args.exported + (args.groups is not None) > 1:
        raise Refused("use only one of --groups, --given and --exported.", 2)
    if args.least_votes < 1 or (args.stability or 0) < 0:
        raise Refused("--least-votes must be at least 1 and --stability at least 0.", 2)
    progress = Progress()
    try:
        progress(0, 1, "reading")
        conversation = polis.read(args.conversation, agree=args.agree)
        _refuse_few(conversation)
        given = conversation.groups if args.exported else _given(args.given) if args.given else None
        found = opinion.draw_map(
            conversation.votes,
            k=args.groups,
            groups=given,
            placement=args.placement,
            least_votes=args.least_votes,
            progress=progress,
        )
    except Unusable as unusable:
        progress.end()
        raise refusal(unusable) from unusable
    draws = args.stability
    if draws is None:
        draws = 0 if (args.json and not args.html) or len(found.votes) > 2_000_000 or given is not None else 20
        draws = draws if found.sizes else 0  # without groups there is nothing to hold firm
    firm = opinion.stability(found, draws=draws, placement=args.placement, progress=progress) if draws else None
    if firm is not None and not firm.draws:  # none of the tries left anything to map
        firm = None
    progress.end()
    if args.html:
        from becontree.cli import map_page

        page = map_page.page(conversation, found, firm)
        write_whole(args.html, lambda handle: handle.write(page))
    if args.json:
        print_json(as_json(conversation, found, firm))
    else:
        sys.stdout.write(summary(conversation, found, firm))
        if args.html:
            sys.stdout.write(f"\nThe page is in {args.html}.\n")
    return status((*conversation.findings, *found.findings))


def _refuse_few(conversation: Conversation) -> None:
    """A map of fewer people than the site ever shows would be those people's votes, with their names left off."""
    from becontree.methods.findings import Finding, Unusable
    from becontree.methods.suppression import LEAST

    if (people := len(conversation.votes.participants)) < LEAST:
        what = (
            f"{people} {'person has' if people == 1 else 'people have'} voted: a map of so few would tell how each did."
        )
        raise Unusable(Finding("map.few", what, fix=f"Come back when at least {LEAST} have."))


def _given(path: Path) -> dict[str, str]:
    from becontree.formats.tables import read_table
    from becontree.methods.findings import Finding, Unusable

    table = read_table(path, required=("participant", "group"))
    groups: dict[str, str] = {}
    for row in table.rows:
        person, group = row["participant"].strip(), row["group"].strip()
        if not person or not group:
            what = "The row needs a participant and a group."
            raise Unusable(Finding("map.groups.row", what, file=row.file, line=row.line, fix="Fill it in."))
        groups[person] = group
    return groups


def as_json(conversation: Conversation, found: OpinionMap, firm: Stability | None) -> dict[str, Any]:
    from dataclasses import asdict

    result = found.as_dict()
    texts = {one.id: one.text for one in conversation.statements}
    for entry in (*result["common_ground"], *result["divisive"], *result["majority"]):
        entry["text"] = texts.get(entry["statement"], "")
    for group in result["groups"]:
        for entry in group["representative"]:
            entry["text"] = texts.get(entry["statement"], "")
    result["findings"] = [finding.as_dict() for finding in conversation.findings] + result["findings"]
    if firm is not None:
        result["stability"] = {**asdict(firm), "words": firm.words}
    return result


def summary(conversation: Conversation, found: OpinionMap, firm: Stability | None) -> str:
    """The map in words and columns, for a terminal."""
    names, votes = found.names, found.votes
    texts = {one.id: " ".join(one.text.split()) for one in conversation.statements}

    def says(statement: int, width: int = 88) -> str:
        name = votes.statements[statement]
        text = texts.get(name, "")
        return f"{name:>5}  {text if len(text) <= width else text[: width - 1] + '…'}"

    first, second = found.axes.shares
    lines = [
        f"{len(votes.participants):,} people, {len(votes.statements):,} statements, {len(votes):,} votes",
        f"The map's two directions hold {first:.1%} and {second:.1%} of all differences.",
        "",
    ]
    for tried in found.grouping.tried:
        why = f"not taken: {tried.why_not}" if tried.why_not else "taken"
        lines.append(f"  {tried.k} groups: silhouette {tried.silhouette:.3f}, smallest {tried.smallest:,}; {why}")
    if firm is not None:
        lines += ["", firm.words]
    for group, (name, size, chosen) in enumerate(zip(names, found.sizes, found.representative, strict=True)):
        lines += ["", f"GROUP {name}: {size:,} people. What sets it apart:"]
        for entry in chosen:
            # The statement a group agrees with most is shown by its agreement, whichever side sets it apart.
            side, hits = shown_side(found, group, entry)
            share = hits / entry.seen if entry.seen else 0
            lines.append(f"  {share:4.0%} {side:<8} ({hits} of {entry.seen})  {says(entry.statement)}")
    lines += ["", "COMMON GROUND (surely more than half of every group):"]
    lines += [
        f"  {entry.side:<8} {_shares(found, entry.statement, entry.side)}  {says(entry.statement)}"
        for entry in found.common_ground
    ]
    lines += [] if found.common_ground else ["  none yet"]
    lines += ["", "DIVISIVE (agreement by group):"]
    lines += [f"  {_shares(found, entry.statement, 'agree')}  {says(entry.statement)}" for entry in found.divisive]
    lines += [] if found.divisive else ["  none"]
    notes = found_lines((*conversation.findings, *found.findings))
    if notes:
        lines += ["", *notes]
    return "\n".join(lines) + "\n"


def shown_side(found: OpinionMap, group: int, entry: Representative) -> tuple[str, int]:
    """The side and count to show people for a representative statement."""
    if entry.best_agree:
        return "agree", int(found.counts.agree[group, entry.statement])
    return entry.side, entry.votes


def _shares(found: OpinionMap, statement: int, side: str) -> str:
    hits, seen = getattr(found.counts, side), found.counts.seen
    return " ".join(
        f"{name} {hits[g, statement] / seen[g, statement] if seen[g, statement] else 0:4.0%}"
        for g, name in enumerate(found.names)
    )
