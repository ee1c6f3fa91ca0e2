"""The backup file: one format that both engines write and restore.

A ZIP of `tables/<table>.jsonl` (a JSON array a row, in the order of `columns`) and last `manifest.json`: format,
versions, migrations applied, and for each table its columns, its number of rows and the SHA-256 of its bytes. Values
are what Django makes of them, so that they mean the same on either engine: UUIDs and dates as ISO text, moments in
UTC, bytes in base64, JSON as it is. Everything is streamed: memory does not grow with the installation.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final
from uuid import UUID

from django.db import models

FORMAT: Final = "becontree-backup/1"
MANIFEST: Final = "manifest.json"
LONGEST_LINE: Final = 200_000_000  # bytes of one row: an attachment with its base64
Row = list[Any]


class BadArchive(ValueError):
    """The file is not a whole, unchanged backup; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table in the file."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the file says of itself. `migrations` are those applied when it was written, as app.name."""

    format: str
    version: str
    engine: str
    made_at: str
    migrations: tuple[str, ...]
    tables: tuple[Table, ...]


def plain(value: Any) -> Any:
    """A value of a model's field as JSON can hold it.

    >>> plain(b"hello"), plain(date(2026, 3, 1))
    ('aGVsbG8=', '2026-03-01')
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(bytes(value)).decode("ascii")
    return value


def back(field: models.Field[Any, Any], value: Any) -> Any:
    """The value of `field` again, as Python has it. Raises ValueError or Django's ValidationError."""
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    if value is None or isinstance(target, models.JSONField):
        return value
    if isinstance(target, models.BinaryField):
        return base64.b64decode(value, validate=True)
    return target.to_python(value)


def write_table(archive: zipfile.ZipFile, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Table:
    """Add a table to the file, row by row."""
    digest, count = hashlib.sha256(), 0
    with archive.open(_member(name), "w", force_zip64=True) as out:
        for row in rows:
            values = [plain(value) for value in row]
            line = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            digest.update(line)
            out.write(line)
            count += 1
    return Table(name, tuple(columns), count, digest.hexdigest())


def write_manifest(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n")


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """What the file says of itself. Raises BadArchive."""
    try:
        body = json.loads(archive.read(MANIFEST))
        if body["format"] != FORMAT:
            raise BadArchive(f"It is {body['format']!r}; this version reads {FORMAT}.")
        tables = tuple(
            Table(str(each["name"]), tuple(each["columns"]), int(each["rows"]), str(each["sha256"]))
            for each in body["tables"]
        )
        return Manifest(
            FORMAT, str(body["version"]), str(body["engine"]), str(body["made_at"]), tuple(body["migrations"]), tables
        )
    except KeyError as error:
        raise BadArchive(f"It has no {error.args[0] if error.args else MANIFEST}: not a backup of Becontree.") from None
    except (TypeError, ValueError, zipfile.BadZipFile) as error:
        if isinstance(error, BadArchive):
            raise
        raise BadArchive(f"Its {MANIFEST} cannot be read: {error}") from None


def read_table(archive: zipfile.ZipFile, table: Table) -> Iterator[Row]:
    """The rows of a table. Raises BadArchive at the end if they are not those that were written."""
    digest, count = hashlib.sha256(), 0
    try:
        with archive.open(_member(table.name)) as lines:
            for line in _lines(lines):
                digest.update(line)
                row = json.loads(line)
                if not isinstance(row, list) or len(row) != len(table.columns):
                    raise BadArchive(f"Row {count + 1} of {table.name} has not {len(table.columns)} values.")
                count += 1
                yield row
    except KeyError:
        raise BadArchive(f"The table {table.name} is not in the file.") from None
    except (zipfile.BadZipFile, ValueError, EOFError) as error:
        if isinstance(error, BadArchive):
            raise
        raise BadArchive(f"Row {count + 1} of {table.name} cannot be read: {error}") from None
    if count != table.rows or digest.hexdigest() != table.sha256:
        raise BadArchive(f"The table {table.name} is not what was written: {count} rows of {table.rows}, other bytes.")


def check(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Read everything once and hold it against the manifest. Raises BadArchive."""
    strangers = set(archive.namelist()) - {_member(table.name) for table in manifest.tables} - {MANIFEST}
    if strangers:
        raise BadArchive(f"It holds {min(strangers)}, which its manifest does not name.")
    for table in manifest.tables:
        for _ in read_table(archive, table):
            pass


def file_digest(path: Path) -> str:
    """SHA-256 of a whole file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _member(name: str) -> str:
    return f"tables/{name}.jsonl"


def _lines(handle: IO[bytes]) -> Iterator[bytes]:
    while line := handle.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise BadArchive(f"A row is longer than {LONGEST_LINE:,} bytes.")
        yield line
