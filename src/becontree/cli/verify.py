"""Recompute a published decision, or check a published record, offline and trusting nobody."""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path

from becontree.cli import Refused
from becontree.cli.console import print_json

FAMILIES = ("count", "select", "match", "draw", "adoption")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, help="a decision record or an entry's proof (JSON), or a folder of the record"
    )
    parser.add_argument("--key", default="", help="of a folder: the record's public key, if you know it from elsewhere")
    parser.add_argument("--seen", type=Path, help="of a folder: a checkpoint file that you kept from an earlier day")
    parser.add_argument("--json", action="store_true", help="machine output")


def run(args: argparse.Namespace) -> int:
    path: Path = args.file
    if not path.exists():
        raise Refused(f"{path}: there is no such file or folder.", 2)
    if path.is_dir():
        path = path / "record" if (path / "record" / "index.json").is_file() else path  # a whole export was given
        return _folder(path, args)
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
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
    problems = verifier.check(record)
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


def _folder(path: Path, args: argparse.Namespace) -> int:
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
    if args.json:
        print_json({"checked": str(path), "agrees": not found.problems, **counts, "problems": found.problems,
                    "notes": found.notes})  # fmt: skip
        return 1 if found.problems else 0
    print(f"{path} {'does NOT agree' if found.problems else 'agrees'}:")  # noqa: T201
    print("  " + ", ".join(f"{count:,} {what}" for what, count in counts.items()))  # noqa: T201
    for line in found.problems + found.notes:
        print(f"  - {line}")  # noqa: T201
    return 1 if found.problems else 0
