"""Write the open data, the public record and the accounts to a folder that anyone may have.

Everything in it is public: voices whose speakers agreed, projects, grants (also as 360Giving), the ledger (CSV and
beancount), the signed record, the rules, the wards; and a manifest with rows and SHA-256 of each file. An export that
is there already is replaced. Check it with `becontree verify FOLDER`.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="a new or empty folder, or an earlier export")
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")
    parser.add_argument(
        "--conversation", metavar="NAME", help="only this conversation, as Polis exports it: holds each person's votes"
    )


def run(args: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "becontree.web.settings")
    import django

    django.setup()
    from dataclasses import asdict

    from django.utils import timezone

    from becontree.cli import Refused
    from becontree.cli.console import Progress, print_json
    from becontree.foundations.kit import errors
    from becontree.web.operations import checks, export

    if problem := checks.nothing_set_up():
        raise Refused(problem, 2)
    if args.conversation:
        return _conversation(args.conversation, args.folder)
    progress = Progress()
    try:
        written = export.write(args.folder, now=timezone.now(), progress=progress)
    except errors.Refused as refused:
        raise Refused(refused.message) from refused
    except OSError as error:
        raise Refused(f"{args.folder} cannot be written: {error.strerror or error}.") from error
    finally:
        progress.end()
    if args.json:
        print_json([asdict(each) for each in written])
    else:
        total = sum(each.bytes for each in written)
        print(f"{args.folder}: {len(written)} files, {total:,} bytes, and {export.MANIFEST}")  # noqa: T201
    return 0


def _conversation(name: str, folder: Path) -> int:
    """Not public: each person's votes stand there under a number."""
    from becontree.citizenship.conversations import polis
    from becontree.citizenship.conversations.models import Conversation
    from becontree.cli import Refused

    found = Conversation.objects.filter(slug=name).first()
    if found is None:
        raise Refused(f"There is no conversation called {name}.", 2)
    try:
        polis.dump(found, folder)
    except OSError as error:
        raise Refused(f"{folder} cannot be written: {error.strerror or error}.") from error
    print(f"{folder}: {found.votes.count():,} votes. Each person's votes stand there: not for publishing as it is.")  # noqa: T201
    return 0
