"""Recompute a published decision, or check a published record, offline and trusting nobody."""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path

from becontree.cli import Refused
from becontree.cli.console import print_json

FAMILIES = ("count", "select", "match", "draw")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a decision record (JSON), or a folder of the published record")
    parser.add_argument("--json", action="store_true", help="machine output")


def run(args: argparse.Namespace) -> int:
    path: Path = args.file
    if not path.exists():
        raise Refused(f"{path}: there is no such file or folder.", 2)
    if path.is_dir():
        from becontree.verify import log  # type: ignore[attr-defined,unused-ignore]

        problems = log.check_folder(path)
        what = str(path)
    else:
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise Refused(
                f"{path}: this is not a JSON file ({error}). Give the decision record as downloaded."
            ) from error
        if not isinstance(record, dict) or record.get("format") != "becontree-decision/1":
            raise Refused(f"{path}: this is not a decision record: its format is not 'becontree-decision/1'.")
        family = record.get("family")
        if family not in FAMILIES:
            raise Refused(f"{path}: this version of becontree cannot recompute a decision of the family {family!r}.")
        problems = importlib.import_module(f"becontree.verify.{family}").check(record)
        what = str(record.get("method"))
    if args.json:
        print_json({"checked": what, "agrees": not problems, "problems": problems})
    elif problems:
        print(f"{path} does NOT agree:")  # noqa: T201
        for problem in problems:
            print(f"  - {problem}")  # noqa: T201
    else:
        print(f"{path} agrees: recomputed {what} from the published file alone, with the same result.")  # noqa: T201
    return 1 if problems else 0
