"""Count a participatory-budgeting election (.pb) exactly, and say why it came out so.

Examples:
  becontree count election.pb
  becontree count election.pb --preset wieliczka-2023 --html result.html --record decision.json
  becontree count election.pb --rule equal-shares --utility cardinality --completion add1 --json
  becontree count election.pb --why 12            why project 12 was not funded
  becontree count election.pb --receipt V0042     what one ballot paid for
  becontree count election.pb --compare           several rules side by side
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from becontree.cli import Refused, refusal, status
from becontree.cli.console import Progress, found_lines, print_json, write_whole
from becontree.formats import pb
from becontree.methods.budgeting import COMPLETIONS, PRESETS, RULES, UTILITIES, Election, Outcome, Rule, count, preset
from becontree.methods.budgeting.outcome import votes_needed
from becontree.methods.budgeting.receipt import receipt
from becontree.methods.budgeting.record import record_of
from becontree.methods.budgeting.side_by_side import compare
from becontree.methods.budgeting.why_not import why_not
from becontree.methods.canonical import canonical
from becontree.methods.findings import Finding, Unusable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="an election in Pabulib's .pb form")
    rule = parser.add_argument_group("rule (what is not given comes from the preset)")
    rule.add_argument("--preset", choices=list(PRESETS), help="a complete, named rule")
    rule.add_argument("--rule", choices=RULES)
    rule.add_argument("--utility", choices=[*UTILITIES, "ranks"])
    rule.add_argument("--completion", choices=COMPLETIONS)
    rule.add_argument("--start", choices=["fraction", "integral"], help="first share per person: exact, or whole")
    rule.add_argument("--increment", type=_amount, metavar="AMOUNT", help="what add1 adds to each share (1)")
    rule.add_argument("--exhaustive", choices=["yes", "no"], help="add1 stops when no further project fits")
    rule.add_argument("--comparison", choices=["none", "satisfaction", "exclusion"])
    rule.add_argument("--order", choices=["per-cost", "score"], help="what greedy compares")
    rule.add_argument("--minimum-votes", type=_amount, metavar="N")
    rule.add_argument("--ties", metavar="LIST", help="criteria in order, with commas: id,min-cost,max-votes,lot")
    rule.add_argument("--seed", help="the public lot for ties: text nobody could know before voting ended")
    rule.add_argument("--zero-cost", choices=["fund", "compete"])
    rule.add_argument("--blank", choices=["count", "ignore"], help="whether blank ballots get a share")
    out = parser.add_argument_group("output")
    out.add_argument("--json", action="store_true", help="machine output")
    out.add_argument("--html", type=Path, metavar="FILE", help="one page with pictures and tables")
    out.add_argument("--record", type=Path, metavar="FILE", help="the decision record, for becontree verify")
    out.add_argument("--why", metavar="PROJECT", help="why a project was not funded")
    out.add_argument("--receipt", metavar="VOTER", help="what the ballot of one voter id paid for")
    out.add_argument("--compare", action="store_true", help="other rules beside this one")
    parser.add_argument("--lenient", action="store_true", help="leave out what cannot be used instead of refusing")


def run(args: argparse.Namespace) -> int:
    progress = Progress()
    if args.seed and args.ties is not None and "lot" not in _ties(args.ties):
        raise Refused("--seed is used only where --ties names a lot. Add lot to --ties, or leave out --seed.", 2)
    try:
        file = pb.read(args.file, lenient=args.lenient)
        election = file.election
        try:
            rule = chosen(args, election)
        except Unusable as wrong:
            raise Refused(f"--{wrong}", 2) from None
        _asked_about(args, file)
        outcome = count(election, rule, progress=progress)
        progress.end()
        made = outcome.as_dict()
        found = [*file.findings, *outcome.findings]
        made["findings"] = [finding.as_dict() for finding in found]
        made["file"] = {"name": args.file.name, "sha256": file.sha256}
        if args.why:
            made["why"] = why_not(election, outcome, args.why, progress=progress).as_dict()
        if args.receipt:
            made["receipt"] = receipt(election, outcome, _ballot(file, args.receipt)).as_dict()
        others = compare(election, rule, progress=progress) if args.compare or args.html else []
        progress.end()
        if args.compare:
            made["compare"] = [row.as_dict() for row in others]
    except Unusable as unusable:
        raise refusal(unusable) from None
    except ValueError as problem:
        raise Refused(str(problem)) from None
    if args.record:
        record = record_of(election, outcome, source={"name": args.file.name, "sha256": file.sha256})
        write_whole(args.record, lambda handle: handle.write(canonical(record).decode("utf-8")))
    if args.html:
        from becontree.formats.count_page import page

        text = page(election, outcome, others, made["findings"], title=args.file.name)
        write_whole(args.html, lambda handle: handle.write(text))
    if args.json:
        print_json(made)
    else:
        sys.stdout.write(table(election, outcome, made, found))
    return status(found)


def chosen(args: argparse.Namespace, election: Election) -> Rule:
    """The rule from a preset and the options. Without a preset: the default for these ballots."""
    rule = preset(args.preset, election.ballot_type) if args.preset else Rule()
    changes: dict[str, Any] = {
        name: value
        for name in (
            "rule",
            "utility",
            "completion",
            "start",
            "increment",
            "comparison",
            "order",
            "minimum_votes",
            "seed",
            "zero_cost",
            "blank",
        )
        if (value := getattr(args, name)) is not None
    }
    if args.exhaustive:
        changes["exhaustive"] = args.exhaustive == "yes"
    if args.ties is not None:
        changes["ties"] = _ties(args.ties)
    kind = changes.get("rule", rule.rule)
    if kind != "equal-shares" and "completion" not in changes and rule.completion not in ("none", "greedy"):
        changes["completion"] = "none"
    if "utility" not in changes and not args.preset:
        changes["utility"] = {"cumulative": "points", "scoring": "points", "ordinal": "ranks"}.get(
            election.ballot_type, "cost"
        )
    return rule.but(**changes)


def table(election: Election, outcome: Outcome, made: dict[str, Any], found: Sequence[Finding]) -> str:
    """The readable form: funded projects in order, what was not funded, ties, findings."""
    name = {project.id: project.name for project in election.projects}
    votes = dict(zip(name, election.votes))
    width = max(map(len, name))
    lines = [f"{election.name or 'Election'}: {outcome.method}", ""]
    lines.append(f"{'':>4}  {'project':<{width}}  {'cost':>13}  {'votes':>7}  {'each pays':>11}  how")
    for number, step in enumerate(outcome.steps, 1):
        pays = "" if step.payment is None else money(step.payment)
        lines.append(
            f"{number:>4}  {step.project:<{width}}  {money(step.cost):>13}  {votes[step.project]:>7}  {pays:>11}  "
            f"{_HOW.get(step.phase, step.phase)}  {name[step.project][:40]}".rstrip()
        )
    lines += [
        "",
        f"{len(outcome.steps)} of {len(election.projects)} projects funded for {money(outcome.cost)} of "
        f"{money(outcome.budget)} {election.currency}".rstrip()
        + f"; {outcome.voters} ballots.",
    ]
    if outcome.endowment is not None:
        lines.append(
            f"Share per person: {money(outcome.endowment)}"
            + (f", raised {outcome.raised} times ({outcome.stopped})." if outcome.raised else ".")
        )
    needed = votes_needed(outcome)
    if needed is not None:
        lines.append(
            f"With this share per person, {needed[1]} supporters who had spent nothing yet could pay "
            f"for a project of {money(needed[0])}."
        )
    if outcome.comparison:
        c = outcome.comparison
        lines.append(
            f"Compared with plain greedy: {c['prefer_this']} voters prefer this outcome, {c['prefer_greedy']} greedy"
            + ("." if c["kept"] else ": greedy was taken.")
        )
    for tie in outcome.ties:
        lines.append(
            f"Tie in {tie['phase']}, round {tie['round']}: {', '.join(tie['projects'])}; "
            f"{tie['chosen']} by {tie['decided_by']}."
        )
    for key, words in (("why", "Why not"), ("receipt", "Receipt")):
        if key in made:
            lines += ["", f"{words}:", *(f"  {line}" for line in made[key]["words"])]
    if "compare" in made:
        lines += ["", f"{'rule':<34} {'funded':>6} {'cost':>13} {'no winner':>9} {'winners each':>12} {'not here':>8}"]
        for row in made["compare"]:
            lines.append(
                f"{row['method']:<34} {row['projects']:>6} {money(Fraction(row['cost'])):>13} "
                f"{row['without_winner']:>9} "
                f"{float(Fraction(row['mean_winners'])):>12.2f} {len(row['not_here']):>8}"
            )
    if found:
        lines += ["", *found_lines(found)]
    return "\n".join(lines) + "\n"


_HOW = {
    "free": "costs nothing",
    "equal-shares": "shares",
    "bos": "shares",
    "greedy": "votes",
    "phragmen": "in turn",
    "completion": "left over",
}


def money(value: Fraction) -> str:
    """An amount to the hundredth; "~" if that is not exact.

    >>> money(Fraction(1234567, 100)), money(Fraction(1, 3)), money(Fraction(5))
    ('12,345.67', '~0.33', '5')
    """
    if value.denominator == 1:
        return f"{value.numerator:,}"
    cents = round(value * 100)
    return f"{'' if value * 100 == cents else '~'}{cents // 100:,}.{cents % 100:02d}"


def _ties(given: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in given.split(",") if part.strip())


def _asked_about(args: argparse.Namespace, file: pb.PbFile) -> None:
    """Refuse a question about a project or voter that is not in the file, before the count."""
    if args.why and args.why not in (ids := [project.id for project in file.election.projects]):
        some = ", ".join(ids[:5]) + (" ..." if len(ids) > 5 else "")
        raise Refused(f"--why: There is no project {args.why[:40]!r} in {args.file.name}. Its projects are {some}", 2)


def _amount(text: str) -> Fraction:
    value = pb.desk.number(text)
    if value is None or value < 0:
        fix = f" {pb.desk.how_to_write(text)}" if value is None and "," in text else ""
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 up, such as 10 or 0.5.{fix}")
    return value


def _ballot(file: pb.PbFile, voter: str) -> tuple[str, ...]:
    at, vote = file.vote_fields.index("voter_id"), file.vote_fields.index("vote")
    for row in file.vote_rows:
        if row[at].strip() == voter:
            points = row[file.vote_fields.index("points")].split(",") if "points" in file.vote_fields else []
            ids = tuple(part.strip() for part in row[vote].split(",") if part.strip())
            return tuple(f"{id_}={p.strip()}" for id_, p in zip(ids, points)) if points else ids
    raise ValueError(f"There is no ballot of voter {voter!r} in the file. Use an id from the column voter_id.")
