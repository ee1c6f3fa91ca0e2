"""Writing a backup of one moment while people go on writing.

PostgreSQL: one read-only transaction at REPEATABLE READ, which sees one moment and stands in nobody's way. SQLite: its
own online backup makes a copy of one moment beside the file, and the copy is read; no writer waits for the reading.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from becontree import __version__
from becontree.web.operations import archive, tables

SNAPSHOT: Final = "becontree_snapshot"
Progress = Callable[[int, int, str], None]


def write(file: Path, *, now: datetime, progress: Progress | None = None) -> archive.Manifest:
    """Write a backup to `file`, whole or not at all, readable by its owner only. Returns what it holds.

    Raises OSError where the file cannot be written, DatabaseError where the database does not answer.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "wb") as handle:
            with zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out:
                manifest = _fill(out, file.parent, now, progress)
            handle.flush()
            os.fsync(handle.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return manifest


def _fill(out: zipfile.ZipFile, folder: Path, now: datetime, progress: Progress | None) -> archive.Manifest:
    with one_moment(folder) as using:
        kept = tables.kept()
        done: list[archive.Table] = []
        for number, model in enumerate(kept):
            if progress:
                progress(number, len(kept), model._meta.db_table)
            done.append(
                archive.write_table(out, model._meta.db_table, tables.columns(model), tables.rows(model, using))
            )
        manifest = archive.Manifest(
            archive.FORMAT, __version__, connection.vendor, now.isoformat(), applied(using), tuple(done)
        )
    archive.write_manifest(out, manifest)
    return manifest


@contextmanager
def one_moment(folder: Path) -> Iterator[str]:
    """The alias of a connection that sees the database at one moment, whatever is written meanwhile.

    SQLite's copy is made in `folder`, which needs as much room as the database.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic():
            if len(connection.savepoint_ids) == 0:  # not inside somebody else's transaction, as a test is
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield "default"
        return
    import sqlite3

    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".becontree-snapshot-")
    os.close(descriptor)
    try:
        connection.ensure_connection()
        copy = sqlite3.connect(name)
        try:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        finally:
            copy.close()
        options = {"init_command": "PRAGMA query_only=ON;"}
        connections.settings[SNAPSHOT] = connections.settings["default"] | {"NAME": name, "OPTIONS": options}
        yield SNAPSHOT
    finally:
        if SNAPSHOT in connections.settings:
            connections[SNAPSHOT].close()
            del connections[SNAPSHOT]
            del connections.settings[SNAPSHOT]
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(name + suffix).unlink(missing_ok=True)


def applied(using: str) -> tuple[str, ...]:
    """The migrations in the database, as app.name, in order."""
    return tuple(sorted(f"{app}.{name}" for app, name in MigrationRecorder(connections[using]).applied_migrations()))
