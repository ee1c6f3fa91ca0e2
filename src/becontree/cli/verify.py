"""Recompute a published decision, or check a published record, offline and trusting nobody.

  becontree verify RECORD.json                            one decision, or a panel's receipt
  becontree verify proof.json --key KEY                   an entry's proof
  becontree verify FOLDER --key KEY --seen CHECKPOINT     a whole record, or a whole export

Exit status 0 means that all of it agrees; what a receipt that agrees does not prove is said as well. `--json` is for
machines, `--html FILE` writes one page for people.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from becontree.cli import pages, refusal
from becontree.cli.console import print_json, waiting, write_whole
from becontree.methods.findings import Finding, Unusable
from becontree.verify import command
from becontree.verify.command import Checked


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=Path,
        help="a decision record or an entry's proof (JSON), a folder of the record, or a whole export",
    )
    parser.add_argument("--key", default="", help=command.KEY)
    parser.add_argument("--seen", type=Path, help=command.SEEN)
    parser.add_argument("--json", action="store_true", help="machine output")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write one page for people to this file")


def run(args: argparse.Namespace) -> int:
    path: Path = args.file
    try:
        with waiting("working it out again"):
            checked = command.check(path, key=args.key, seen=args.seen)
    except command.NotChecked as no:
        raise refusal(Unusable(Finding(no.code, no.message, file=str(no.path), field=no.field, fix=no.fix))) from no
    if args.html:
        write_whole(args.html, lambda out: out.write(as_page(path, checked)))
    if args.json:
        print_json(command.as_data(checked))
    else:
        print(command.as_text(path, checked))  # noqa: T201
    return 1 if checked.problems else 0


def as_page(path: Path, checked: Checked) -> str:
    if checked.problems:
        parts = [pages.text("It does NOT agree:"), *map(pages.text, checked.problems)]
    elif checked.unproved:
        parts = [pages.text(f"It adds up, but does not prove that the draw was fair: {checked.what}.")]
        parts += map(pages.text, checked.unproved)
    else:
        said = "the record and all in it" if checked.counts else checked.what
        parts = [pages.text(f"It agrees: {said}.")]
    if checked.counts:
        rows = [(what, f"{count:,}") for what, count in checked.counts.items()]
        parts.append(pages.table("What was checked", ("What", "How many"), rows, numbers=(1,)))
    return pages.page(f"Checked: {path.name}", [*parts, *map(pages.text, checked.notes)])
