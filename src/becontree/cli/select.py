"""Draw a citizens' panel fairly from the people who said yes.

  becontree select PEOPLE.csv --quotas QUOTAS.csv --seats 40 --seed BEACON [--json | --html FILE]

Works out everybody's fair chance, proves it, and builds 1,000 panels that each meet every quota. If no panel can meet
the quotas it says which conflict and what the least change would be, and stops. Column names of the Sortition
Foundation's files are understood.

One of the 1,000 panels is then drawn in public: that is a step of its own, `becontree panel`. So that nobody need trust
the organiser, go in this order (worked example: docs/rooms/sortition.md):

  becontree select PEOPLE.csv --quotas Q.csv --seats 40 --secret SECRET --commit         publish the commitment
  becontree select PEOPLE.csv --quotas Q.csv --seats 40 --secret SECRET --commitment HASH --beacon A.json --round A
            --record LOTTERY.json --seal SEALED.json --next-round B                      publish SEALED.json
  becontree panel LOTTERY.json --secret SECRET --sealed SEALED.json --beacon B.json --record PANEL.json

The seed decides all that fairness leaves open. It comes from the commitment and the beacon, or is given with --seed.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy comes in: threads cost more than they save here

from becontree.cli import Refused, pages, refusal, sealing, status
from becontree.cli.console import Progress, found_lines, print_json, write_whole
from becontree.formats import sortition_csv
from becontree.methods.canonical import canonical
from becontree.methods.findings import Unusable

METHODS = ("leximin", "maximin", "nash", "goldilocks")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("people", type=Path, help="table of the people who said yes: id, one column a category")
    parser.add_argument("--quotas", type=Path, required=True, help="table of quotas: feature, value, min, max")
    parser.add_argument("--seats", type=int, required=True, help="seats on the panel")
    parser.add_argument("--method", choices=METHODS, default="leximin", help="what fair means (leximin)")
    parser.add_argument("--cap", type=float, default=1.0, help="nobody's chance may be above this (1)")
    parser.add_argument("--panels", type=int, default=1000, help="panels in the lottery (1000)")
    parser.add_argument("--address", action="append", default=[], metavar="COLUMN",
                        help="at most one person an address; repeat for addresses in several columns")  # fmt: skip
    parser.add_argument("--id", default="", metavar="COLUMN", help="the column of ids, if it is not called id")
    parser.add_argument("--seed", default="", help="public randomness as text, from after the pool was fixed")
    parser.add_argument("--probabilities-only", action="store_true", help="stop after the fair chances")
    parser.add_argument("--exact", action=argparse.BooleanOptionalAction, default=None,
                        help="also prove the chances by weighted panels (on up to 2,500 kinds)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="machine output")
    parser.add_argument("--html", type=Path, help="write one page for people to this file (no names in it)")
    parser.add_argument("--record", type=Path,
                        help="write the record for the auditor and `becontree verify`; do not publish it")  # fmt: skip
    sealing.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    if args.panels < 1 or args.panels > 100_000:
        raise Refused(f"--panels {args.panels}: ask for 1 to 100000 panels.", 2)
    if args.seats < 1:
        raise Refused(f"--seats {args.seats}: a panel has at least one seat.", 2)
    if not 0 < args.cap <= 1:
        raise Refused(f"--cap {args.cap:g}: give a chance above 0 and at most 1, for example 0.8.", 2)
    sealing.hold_together(args)
    from becontree.methods import sortition

    progress = Progress()
    try:
        pool = sortition_csv.read_pool(
            args.people, args.quotas, args.seats, address=args.address, id_column=args.id,
            file=args.people.name, quotas_file=args.quotas.name,
        )  # fmt: skip
        begun = sealing.begin(args, pool)
        if args.commit:
            return sealing.say_commitment(args, begun)
        selection = sortition.select(
            pool, args.method, panels=0 if args.probabilities_only else args.panels, seed=begun.seed,
            cap=args.cap, exact=args.exact, progress=progress,
        )  # fmt: skip
    except Unusable as refused:
        raise refusal(refused) from refused
    finally:
        progress.end()
    selection = replace(selection, findings=(*begun.findings, *selection.findings))
    if args.record:
        from becontree.methods.sortition.record import decision

        written = canonical(decision(selection, begun.record)).decode()
        write_whole(args.record, lambda handle: handle.write(written + "\n"))
    if args.seal and selection.status == "ok":
        sealing.seal(args, selection, begun)
    if args.html:
        html = _page(selection)
        write_whole(args.html, lambda handle: handle.write(html))
    if args.json:
        print_json(sortition.as_json(selection))
    else:
        print("\n".join(_lines(selection)))  # noqa: T201
    return status(selection.findings) if selection.status == "ok" else 1


def _lines(selection: sortition.Selection) -> list[str]:  # type: ignore[name-defined] # noqa: F821
    pool = selection.pool
    lines = [f"{len(pool.people)} people, {pool.seats} seats, {len(pool.quotas)} quotas. Method: {selection.name}."]
    if selection.status != "ok":
        lines.append("No panel can meet these quotas.")
        lines += [f"  - {conflict.message}" for conflict in selection.impossible.conflicts]
        lines += ["", *_relaxation(selection)]
        return lines
    width = max(len(name) for name, _ in _figures(selection))
    lines += [f"  {name:<{width}}  {value}" for name, value in _figures(selection)]
    lines += found_lines(selection.findings)
    if selection.unselectable:
        more = len(selection.unselectable) - 20
        told = ", ".join(selection.unselectable[:20]) + (f" and {more} more" if more > 0 else "")
        lines.append(f"Can never serve: {told}")
    return lines


def _relaxation(selection: sortition.Selection) -> list[str]:  # type: ignore[name-defined] # noqa: F821
    impossible = selection.impossible
    if not impossible.relaxation:
        return ["No change of quotas alone would help."]
    inside = " (inside the limits given)" if impossible.within_limits else ""
    head = f"The least change that would let a panel exist{inside}; nothing was changed, a person must decide:"
    return [head] + [
        f"  - {change.quota}: at {change.side} {change.new} instead of {change.old}" for change in impossible.relaxation
    ]


def _figures(selection: sortition.Selection) -> list[tuple[str, str]]:  # type: ignore[name-defined] # noqa: F821
    rows = [
        ("smallest chance of anyone who can serve", f"{selection.minimum:.4%}"),
        ("no lottery can give everyone more than", f"{selection.bound:.4%}"),
        ("largest chance", f"{selection.maximum:.4%}"),
        ("inequality (Gini; 0 is all alike)", f"{selection.gini:.4f}"),
        ("geometric mean", f"{selection.geometric_mean:.4%}"),
        ("people who can never serve", str(len(selection.unselectable))),
    ]
    if selection.panels:
        rows.append((f"smallest chance in the lottery of {len(selection.panels)}", f"{selection.lottery_minimum:.4%}"))
        if selection.weights is not None:
            rows.append(("smallest chance, exact weights", f"{selection.attained:.6%}"))
    return rows


def _page(selection: sortition.Selection) -> str:  # type: ignore[name-defined] # noqa: F821
    """One page without a name or an id in it: chances by size, seats by quota, and what was found."""
    pool = selection.pool
    parts = [pages.text(f"{len(pool.people)} people said yes. The panel has {pool.seats} seats.")]
    if selection.status != "ok":
        parts.append(pages.heading("No panel can meet these quotas"))
        parts += [pages.text(conflict.message) for conflict in selection.impossible.conflicts]
        parts += [pages.text(line) for line in _relaxation(selection)]
        return pages.page("Choosing the panel", parts)
    parts.append(pages.text(
        "Everyone who said yes has a chance. The chances below are as equal as the quotas allow, and that is proved: "
        "anyone can check it with the record and no special software."
    ))  # fmt: skip
    parts.append(pages.table("In figures", ["What", "How much"], _figures(selection), numbers=[1]))
    parts += [pages.text(str(finding)) for finding in selection.findings]
    chances = selection.selectable()
    steps = [0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0]
    groups = [
        (f"{low:.0%} to {high:.0%}", sum(1 for chance in chances if low <= chance < high or (high == chance == 1.0)))
        for low, high in pairwise(steps)
    ]
    groups = [group for group in groups if group[1]]
    parts.append(pages.heading("How many people have which chance"))
    parts.append(pages.bars("People by chance", [(name, 0, people) for name, people in groups]))
    parts.append(pages.table("People by chance", ["Chance", "People"], groups, numbers=[1]))
    there: dict[tuple[str, str], int] = {}
    mean: dict[tuple[str, str], float] = {}
    for person in pool.people:
        for feature, value in zip(pool.features, person.answers, strict=True):
            there[feature, value] = there.get((feature, value), 0) + 1
            mean[feature, value] = mean.get((feature, value), 0.0) + (selection.chance or {}).get(person.id, 0.0)
    rows = [
        (quota.feature, quota.value, quota.least, quota.most, _few(there.get((quota.feature, quota.value), 0)),
         f"{mean.get((quota.feature, quota.value), 0.0):.2f}")
        for quota in pool.quotas
    ]  # fmt: skip
    parts.append(pages.heading("Seats by quota"))
    parts.append(pages.table(
        "Seats by quota", ["Category", "Answer", "Least", "Most", "Said yes", "Seats on average"], rows,
        numbers=[2, 3, 4, 5],
    ))  # fmt: skip
    return pages.page("Choosing the panel", parts)


def _few(count: int) -> str:
    return "fewer than 5" if 0 < count < 5 else str(count)
