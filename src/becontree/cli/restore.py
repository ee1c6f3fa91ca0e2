"""Restore a backup into an empty installation: all of it, or nothing.

Make the new installation first (`becontree manage migrate`, same version as the backup). Every row's hash, the books
and the record's signed checkpoints are checked before anything is kept. Everybody signs in anew afterwards.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the backup")
    parser.add_argument("--sha256", default="", help="refuse any other file than the one with this SHA-256")
    parser.add_argument("--json", action="store_true", help="print what was restored as JSON")


def run(args: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "becontree.web.settings")
    import django

    django.setup()
    from becontree.cli import Refused
    from becontree.cli.console import Progress, print_json
    from becontree.foundations.kit import errors
    from becontree.web.operations import restore

    progress = Progress()
    try:
        report = restore.read(args.file, sha256=args.sha256, progress=progress)
    except errors.Refused as refused:
        raise Refused(refused.message) from refused
    finally:
        progress.end()
    if args.json:
        print_json(asdict(report))
    else:
        print(f"{args.file}: {report.rows:,} rows of {report.tables} tables are back.")  # noqa: T201
        print("The books balance to 0.00, and every account says what its transfers make.")  # noqa: T201
        print(f"The record: {report.entries:,} entries agree with {report.checkpoints:,} signed checkpoints.")  # noqa: T201
    return 0
