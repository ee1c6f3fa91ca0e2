"""Load wards, venues or postcodes from a file, or a conversation held with Polis from a folder: whole, or not at all.

Wards: GeoJSON (WGS 84) or CSV with code, name and wkt. Venues: CSV with name, address, postcode, ward, kind, capacity,
step_free, lon, lat. Postcodes: CSV with postcode and ward. Conversation: the folder that Polis exports.
"""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from becontree.cli import Refused
from becontree.cli.console import print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["wards", "venues", "postcodes", "conversation"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--check", action="store_true", help="only say whether the file can be used")
    parser.add_argument("--json", action="store_true", help="machine output")


def run(args: argparse.Namespace) -> int:
    content = b""
    try:
        if args.what == "conversation":
            list(args.file.iterdir())
        else:
            content = args.file.read_bytes()
    except OSError as error:
        raise Refused(f"{args.file}: this cannot be read ({error.strerror}).", 2) from error
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "becontree.web.settings")
    import django

    django.setup()
    from django.db import transaction

    from becontree.citizenship.conversations import polis
    from becontree.foundations.people.actors import System
    from becontree.foundations.places import actions
    from becontree.methods.findings import Unusable

    try:
        with transaction.atomic():
            by, now = System("import"), datetime.now(UTC)
            found: Any
            if args.what == "conversation":
                found = polis.load(args.file, by=by, now=now).votes.count()
            else:
                found = actions.IMPORTS[args.what](content, by=by, now=now, file_name=args.file.name)
            if args.check:
                transaction.set_rollback(True)
    except Unusable as error:
        if args.json:
            print_json({"imported": 0, "findings": [finding.as_dict() for finding in error.findings]})
            return 1
        lines = "\n".join(f"  - {finding}" for finding in error.findings)
        raise Refused(f"{args.file} was not used, and nothing has changed:\n{lines}") from error
    count = found if isinstance(found, int) else len(found)
    if args.json:
        print_json({"imported": 0 if args.check else count, "usable": count, "findings": []})
    else:
        things = "votes" if args.what == "conversation" else args.what
        print(f"{count:,} {things} {'can be' if args.check else 'were'} imported from {args.file}.")  # noqa: T201
    return 0
