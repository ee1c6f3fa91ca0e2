"""Load wards, venues or postcodes from a file, answers of a published survey, or a conversation held with Polis.

A file is used whole or not at all; stopped with Ctrl-C, nothing has changed. It goes into the installation that
BECONTREE_HOME or BECONTREE_DATABASE_URL names, or into an example borough with --home.

Wards: GeoJSON (WGS 84) or CSV with code, name and wkt. Venues: CSV with name, address, postcode, ward, kind, capacity,
step_free, lon, lat. Postcodes: CSV with postcode and ward. Conversation: the folder that Polis exports.
Voices: CSV or .xlsx, one answer a row, as a closed round of its own, named as public data from elsewhere:

  becontree import voices ANSWERS.csv --column ANSWER --owner OFFICER@EXAMPLE.ORG --source "..." --licence "..."

All of them wait for a moderator. With --publish-clear, those in which the screen for personal data finds nothing are
published at once, unread; that can no longer be undone as one.
"""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from becontree.cli import Refused, demo, import_voices
from becontree.cli.console import print_json
from becontree.methods.findings import Unusable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["wards", "venues", "postcodes", "conversation", "voices"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--check", action="store_true", help="only say whether the file can be used")
    parser.add_argument("--json", action="store_true", help="machine output")
    parser.add_argument("--home", type=Path, metavar="FOLDER", help="an example borough made by becontree demo")
    import_voices.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    import_voices.check_arguments(args)
    content = b""
    try:
        if args.what == "conversation":
            list(args.file.iterdir())
        else:
            content = args.file.read_bytes()
    except OSError as error:
        raise Refused(f"{args.file}: this cannot be read ({error.strerror}).", 2) from error
    if args.home:
        demo.use(args.home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "becontree.web.settings")
    import django

    django.setup()
    if args.what == "voices":
        return import_voices.run(args, content)
    from django.db import transaction

    from becontree.citizenship.conversations import polis
    from becontree.foundations.people.actors import System
    from becontree.foundations.places import actions

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
        return not_used(args, error)
    count = found if isinstance(found, int) else len(found)
    if args.json:
        print_json({"imported": 0 if args.check else count, "usable": count, "findings": []})
    else:
        things = "votes" if args.what == "conversation" else args.what
        print(f"{count:,} {things} {'can be' if args.check else 'were'} imported from {args.file}.")  # noqa: T201
    return 0


def not_used(args: argparse.Namespace, error: Unusable) -> int:
    """Say what is wrong with the file, where, and what to do: as JSON, or by raising Refused."""
    if args.json:
        print_json({"imported": 0, "findings": [finding.as_dict() for finding in error.findings]})
        return 1
    lines = "\n".join(f"  - {finding}" for finding in error.findings)
    raise Refused(f"{args.file} was not used, and nothing has changed:\n{lines}") from error
