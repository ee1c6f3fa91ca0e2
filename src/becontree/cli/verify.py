"""Recompute a published decision, or check a published record, offline and trusting nobody."""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path

from becontree.cli import Refused
from becontree.cli.console import print_json

FAMILIES = ("count", "select", "match", "draw", "adoption")
LARGEST = 500_000_000  # bytes; the record of a hundred thousand ballots has 20 million


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=Path,
        help="a decision record or an entry's proof (JSON), a folder of the record, or a whole export",
    )
    parser.add_argument("--key", default="", help="of a folder: the record's public key, if you know it from elsewhere")
    parser.add_argument("--seen", type=Path, help="of a folder: a checkpoint file that you kept from an earlier day")
    parser.add_argument("--json", action="store_true", help="machine output")


def run(args: argparse.Namespace) -> int:
    path: Path = args.file
    if not path.exists():
        raise Refused(f"{path}: there is no such file or folder.", 2)
    if path.is_dir():
        if (path / "manifest.json").is_file():
            return _export(path, args)
        return _folder(path, args)
    try:
        with path.open("rb") as handle:  # never more than the limit, also of a device that never ends
            data = handle.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise ValueError(f"it has more than {LARGEST:,} bytes")
        record = json.loads(data.decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise Refused(f"{path}: this is not a JSON file ({error}). Give the decision record as downloaded.") from error
    if isinstance(record, dict) and record.get("format") == "becontree-inclusion/1":
        from becontree.verify import proof

        return _answer(path, proof.check(record, key=args.key), "that the entry is in the signed record", args)
    if not isinstance(record, dict) or record.get("format") != "becontree-decision/1":
        raise Refused(f"{path}: this is not a decision record: its format is not 'becontree-decision/1'.")
    family = record.get("family")
    if family not in FAMILIES:
        raise Refused(f"{path}: this version of becontree cannot recompute a decision of the family {family!r}.")
    verifier = importlib.import_module(f"becontree.verify.{family}")
    try:
        problems = verifier.check(record)
    except (MemoryError, RecursionError, OverflowError) as error:
        raise Refused(f"{path}: this record cannot be recomputed: it is too large or too deep.") from error
    # Asked last: a record that cannot be read has been refused by then, and the note is only for one that can.
    note = verifier.left_out(record) if not problems and hasattr(verifier, "left_out") else ""
    return _answer(path, problems, f"recomputed {record.get('method')} from the published file alone", args, note)


def _answer(path: Path, problems: list[str], what: str, args: argparse.Namespace, note: str = "") -> int:
    if args.json:
        print_json({"checked": what, "agrees": not problems, "problems": problems, "notes": [note] if note else []})
    elif problems:
        print(f"{path} does NOT agree:")  # noqa: T201
        for problem in problems:
            print(f"  - {problem}")  # noqa: T201
    else:
        print(f"{path} agrees: {what}.")  # noqa: T201
        if note:
            print(f"  - Not repeated: {note}.")  # noqa: T201
    return 1 if problems else 0


def _export(path: Path, args: argparse.Namespace) -> int:
    """A whole export: every file against the manifest, and the signed record in it."""
    from becontree.verify import manifest

    found = manifest.check(path)
    problems, notes, counts = list(found.problems), [manifest.UNSIGNED], {"files": found.files}
    if (path / "record").is_dir():
        record_counts, record_problems, record_notes = _record(path / "record", args)
        counts |= record_counts
        problems += record_problems
        notes += record_notes
    else:
        notes.append("There is no record in this export: only its files were compared.")
    return _say(path, counts, problems, notes, args)


def _folder(path: Path, args: argparse.Namespace) -> int:
    """A whole published record: entries, checkpoints, signatures, decisions."""
    return _say(path, *_record(path, args), args)


def _record(path: Path, args: argparse.Namespace) -> tuple[dict[str, int], list[str], list[str]]:
    from becontree.verify import log

    found = log.report(path, key=args.key, seen=args.seen)
    counts = {
        "entries": found.entries,
        "checkpoints": found.checkpoints,
        "witnessed": found.witnessed,
        "decisions": found.decisions,
        "recomputed": found.recomputed,
    }
    return counts, list(found.problems), list(found.notes)


def _say(path: Path, counts: dict[str, int], problems: list[str], notes: list[str], args: argparse.Namespace) -> int:
    if args.json:
        print_json({"checked": str(path), "agrees": not problems, **counts, "problems": problems, "notes": notes})
        return 1 if problems else 0
    print(f"{path} {'does NOT agree' if problems else 'agrees'}:")  # noqa: T201
    print("  " + ", ".join(f"{count:,} {what}" for what, count in counts.items()))  # noqa: T201
    for line in problems + notes:
        print(f"  - {line}")  # noqa: T201
    return 1 if problems else 0
