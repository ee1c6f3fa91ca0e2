"""Write a backup of this installation to one file, while it goes on working.

The file holds everything in the database, personal data too: only its owner can read it, and it belongs somewhere
safe. It does not hold the keys and secrets of the environment; keep those elsewhere. Both engines write the same
format, so a backup of SQLite can be restored into PostgreSQL. Prints the file's SHA-256, which `becontree restore`
can check.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the backup to write, such as becontree-2026-11-22.zip")
    parser.add_argument("--force", action="store_true", help="write over a file that is there already")
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")


def run(args: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "becontree.web.settings")
    import django

    from becontree.cli import Refused

    file: Path = args.file
    if file.exists() and not args.force:
        raise Refused(f"{file} is there already. Choose another name, or say --force.")
    django.setup()
    from django.db import DatabaseError
    from django.utils import timezone

    from becontree.cli.console import Progress, print_json
    from becontree.web.operations import archive, backup, checks

    if problem := checks.nothing_set_up():
        raise Refused(problem, 2)
    try:
        if pending := checks.pending_migrations():
            raise Refused(f"The database lacks {len(pending)} changes of this version. Back up with the old version.")
        progress = Progress()
        manifest = backup.write(file, now=timezone.now(), progress=progress)
        progress.end()
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror or error}.") from error
    except DatabaseError as error:
        raise Refused(f"The database does not answer: {(str(error).splitlines() or [''])[0]}") from error
    digest = archive.file_digest(file)
    count = sum(table.rows for table in manifest.tables)
    if args.json:
        print_json({"file": str(file), "rows": count, "bytes": file.stat().st_size, "sha256": digest})
    else:
        print(f"{file}: {count:,} rows of {len(manifest.tables)} tables, {file.stat().st_size:,} bytes")  # noqa: T201
        print(f"sha256 {digest}")  # noqa: T201
    return 0
