"""Recompute a published decision, or check a published record, offline and trusting nobody.

  becontree verify RECORD.json                            one decision, an entry's proof, or a panel's receipt
  becontree verify FOLDER --key KEY --seen CHECKPOINT     a whole record, or a whole export

Exit status 0 means that all of it agrees; what a receipt that agrees does not prove is said as well. `--json` is for
machines, `--html FILE` writes one page for people.
"""

from __future__ import annotations

import argparse
import importlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from becontree.cli import pages, refusal
from becontree.cli.console import print_json, waiting, write_whole
from becontree.methods.findings import Finding, Unusable

FAMILIES: Final = ("count", "select", "panel", "match", "draw", "adoption")
LARGEST: Final = 500_000_000  # bytes; the record of a hundred thousand ballots has 20 million


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked and what came of it: `counts` of a folder, `problems` that do not agree, `notes` on the way.

    `unproved`: what agrees and yet shows nobody that it was fair, such as words that may have been chosen.
    """

    what: str
    problems: list[str]
    notes: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    unproved: list[str] = field(default_factory=list)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=Path,
        help="a decision record or an entry's proof (JSON), a folder of the record, or a whole export",
    )
    parser.add_argument("--key", default="", help="of a folder: the record's public key, if you know it from elsewhere")
    parser.add_argument("--seen", type=Path, help="of a folder: a checkpoint file that you kept from an earlier day")
    parser.add_argument("--json", action="store_true", help="machine output")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write one page for people to this file")


def run(args: argparse.Namespace) -> int:
    path: Path = args.file
    try:
        with waiting("working it out again"):
            checked = _checked(path, args)
    except Unusable as unusable:
        raise refusal(unusable) from unusable
    if args.html:
        write_whole(args.html, lambda out: out.write(as_page(path, checked)))
    if args.json:
        shown = {"agrees": not checked.problems, **checked.counts, "problems": checked.problems, "notes": checked.notes}
        print_json({"checked": checked.what, **shown, "unproved": checked.unproved})
    else:
        print(as_text(path, checked))  # noqa: T201
    return 1 if checked.problems else 0


def _checked(path: Path, args: argparse.Namespace) -> Checked:
    if not path.exists():
        raise _unusable("table.missing", path, "There is no such file or folder.", "Check the name.")
    if path.is_dir():
        return _export(path, args) if (path / "manifest.json").is_file() else _folder(path, args)
    record = _read(path)
    if record.get("format") == "becontree-inclusion/1":
        from becontree.verify import proof

        return Checked("that the entry is in the signed record", proof.check(record, key=args.key))
    return _decision(path, record)


def _read(path: Path) -> dict[str, Any]:
    as_downloaded = "Give the decision record as downloaded."
    try:
        with path.open("rb") as handle:  # never more than the limit, also of a device that never ends
            data = handle.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise ValueError(f"it has more than {LARGEST:,} bytes")
        record = json.loads(data.decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise _unusable("verify.json", path, f"This is not a JSON file ({error}).", as_downloaded) from error
    if not isinstance(record, dict):
        raise _unusable("verify.form", path, "This is not a decision record.", as_downloaded)
    return record


def _decision(path: Path, record: dict[str, Any]) -> Checked:
    if record.get("format") != "becontree-decision/1":
        what = "This is not a decision record: its format is not 'becontree-decision/1'."
        raise _unusable("verify.form", path, what, "Give the decision record as downloaded.", "format")
    family = record.get("family")
    if family not in FAMILIES:
        what = f"This version of becontree cannot recompute a decision of the family {family!r}."
        raise _unusable("verify.family", path, what, "Use a newer version.", "family")
    verifier = importlib.import_module(f"becontree.verify.{family}")
    try:
        problems = verifier.check(record)
    except (MemoryError, RecursionError, OverflowError) as error:
        what = "This record cannot be recomputed: it is too large or too deep."
        raise _unusable("verify.size", path, what, "Use a machine with more memory.") from error
    # Asked last: a record that cannot be read has been refused by then, and the note is only for one that can.
    note = verifier.left_out(record) if not problems and hasattr(verifier, "left_out") else ""
    what = f"recomputed {record.get('method')} from the published file alone"
    notes = [f"Not repeated: {note}."] if note else []
    if problems or family != "panel":
        return Checked(what, problems, notes)
    compare = verifier.compare(record)
    return Checked(what, problems, [compare] if compare else [], unproved=verifier.unproved(record))


def _export(path: Path, args: argparse.Namespace) -> Checked:
    """A whole export: every file against the manifest, and the signed record in it."""
    from becontree.verify import manifest

    found = manifest.check(path)
    problems, notes, counts = list(found.problems), [manifest.UNSIGNED], {"files": found.files}
    if (path / "record").is_dir():
        record = _folder(path / "record", args)
        counts |= record.counts
        problems += record.problems
        notes += record.notes
    else:
        notes.append("There is no record in this export: only its files were compared.")
    return Checked(str(path), problems, notes, counts)


def _folder(path: Path, args: argparse.Namespace) -> Checked:
    """A whole published record: entries, checkpoints, signatures, decisions."""
    from becontree.verify import log

    found = log.report(path, key=args.key, seen=args.seen)
    counts = {
        "entries": found.entries,
        "checkpoints": found.checkpoints,
        "witnessed": found.witnessed,
        "decisions": found.decisions,
        "recomputed": found.recomputed,
    }
    return Checked(str(path), list(found.problems), list(found.notes), counts)


def _unusable(code: str, path: Path, message: str, fix: str, field_: str = "") -> Unusable:
    return Unusable(Finding(code, message, file=str(path), field=field_, fix=fix))


def as_text(path: Path, checked: Checked) -> str:
    if checked.problems:
        head = [f"{path} does NOT agree:"]
    elif checked.unproved:
        head = [f"{path} adds up, but does not prove that the draw was fair: {checked.what}."]
    else:
        head = [f"{path} agrees:" if checked.counts else f"{path} agrees: {checked.what}."]
    if checked.counts:
        head.append("  " + ", ".join(f"{count:,} {what}" for what, count in checked.counts.items()))
    return "\n".join([*head, *(f"  - {line}" for line in (*checked.problems, *checked.unproved, *checked.notes))])


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
