"""Load wards, venues or postcodes from a file: the whole file, or nothing of it.

Wards: GeoJSON (WGS 84) or CSV with code, name and wkt. Venues: CSV with name, address, postcode, ward, kind, capacity,
step_free, lon, lat. Postcodes: CSV with postcode and ward.
"""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path

from becontree.cli import Refused
from becontree.cli.console import print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["wards", "venues", "postcodes"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--check", action="store_true", help="only say whether the file can be used")
    parser.add_argument("--json", action="store_true", help="machine output")


def run(args: argparse.Namespace) -> int:
    try:
        content = args.file.read_bytes()
    except OSError as error:
        raise Refused(f"{args.file}: this file cannot be read ({error.strerror}).", 2) from error
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "becontree.web.settings")
    import django

    django.setup()
    from django.db import transaction

    from becontree.foundations.people.actors import System
    from becontree.foundations.places import actions
    from becontree.methods.findings import Unusable

    try:
        with transaction.atomic():
            found = actions.IMPORTS[args.what](
                content, by=System("import"), now=datetime.now(UTC), file_name=args.file.name
            )
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
        print(f"{count} {args.what} {'can be' if args.check else 'were'} imported from {args.file}.")  # noqa: T201
    return 0
