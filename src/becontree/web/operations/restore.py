"""Putting a backup into an empty installation: all of it, checked, or nothing.

Everything happens in one transaction. The database's guards step aside while rows are put back as they were, return
before the end, and then the whole is checked: every row's hash, the books, the record's tree and its signed
checkpoints. Whatever fails undoes all of it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction

from becontree.foundations.kit import triggers
from becontree.foundations.kit.errors import Refused
from becontree.foundations.ledger import audit
from becontree.foundations.ledger.queries import trial_balance
from becontree.foundations.record.models import Checkpoint, Entry
from becontree.foundations.record.projection import leaf_bytes
from becontree.methods import merkle
from becontree.web.operations import archive, tables
from becontree.web.operations.backup import applied

BATCH: Final = 500
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What was restored and what was checked: rows, tables, entries in the record's tree, journals' net (always 0)."""

    rows: int
    tables: int
    entries: int
    checkpoints: int
    net_pence: int


def read(file: Path, *, sha256: str = "", progress: Progress | None = None) -> Report:
    """Restore `file` into this empty, migrated installation. Raises Refused with a sentence; then nothing changed.

    sha256: what the whole file must hash to, as `becontree backup` printed it; "" leaves that out.
    """
    if not file.is_file():
        raise Refused("restore.file", f"There is no file {file}.")
    if sha256 and archive.file_digest(file) != sha256.strip().lower():
        raise Refused("restore.sha256", f"{file} is not the file with this SHA-256: it was changed or cut short.")
    try:
        with zipfile.ZipFile(file) as source:
            manifest = archive.read_manifest(source)
            _fits(manifest)
            archive.check(source, manifest)
            with transaction.atomic():
                return _load(source, manifest, progress)
    except (archive.BadArchive, zipfile.BadZipFile, ValidationError) as error:
        raise Refused("restore.damaged", f"{file} cannot be restored. {_said(error)}") from error
    except DatabaseError as error:
        first = (str(error).splitlines() or [""])[0]
        raise Refused(
            "restore.database", f"The database refused the backup, and nothing was changed: {first}"
        ) from error


def _fits(manifest: archive.Manifest) -> None:
    here, there = set(applied("default")), set(manifest.migrations)
    if here != there:
        newer = there - here
        what = f"lacks {min(newer)}" if newer else f"has {min(here - there)} on top"
        raise Refused(
            "restore.version",
            f"The backup was made by Becontree {manifest.version} and this database {what}. Install that version, run "
            "`becontree manage migrate`, restore, and upgrade afterwards.",
        )
    known = {model._meta.db_table: tables.columns(model) for model in tables.kept()}
    for table in manifest.tables:
        if set(known.get(table.name, ())) != set(table.columns):
            raise Refused("restore.columns", f"The table {table.name} has other columns here than in the backup.")
    if missing := known.keys() - {table.name for table in manifest.tables}:
        raise Refused("restore.tables", f"The backup has no table {min(missing)}.")
    if taken := tables.occupied():
        raise Refused(
            "restore.occupied",
            f"This installation is not empty: {', '.join(taken[:3])}{' and others have' if len(taken) > 3 else ' has'} "
            "rows. Restore into a new, empty one.",
        )


def _load(source: zipfile.ZipFile, manifest: archive.Manifest, progress: Progress | None) -> Report:
    here = {table.name: table for table in manifest.tables}
    kept = tables.kept()
    triggers.remove()
    tables.empty_own()
    for number, model in enumerate(kept):
        table = here[model._meta.db_table]
        if progress:
            progress(number, len(kept), table.name)
        _insert(model, table, archive.read_table(source, table))
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept):
            cursor.execute(statement)
    triggers.install(triggers.registered())
    entries, checkpoints = _record()
    _all_there(kept, here)
    return Report(sum(table.rows for table in manifest.tables), len(kept), entries, checkpoints, _books())


def _insert(model: tables.Model, table: archive.Table, rows: Iterator[archive.Row]) -> None:
    by_column = {field.column: field for field in tables.fields(model)}
    fields = [by_column[column] for column in table.columns]
    names = ", ".join(f'"{column}"' for column in table.columns)
    marks = ", ".join(["%s"] * len(fields))
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our own models
    with connection.cursor() as cursor:
        while batch := list(islice(rows, BATCH)):
            cursor.executemany(statement, [_prepared(fields, row) for row in batch])


def _prepared(fields: Iterable[Any], row: archive.Row) -> list[Any]:
    pairs = zip(fields, row, strict=True)
    return [field.get_db_prep_save(archive.back(field, value), connection) for field, value in pairs]


def _all_there(kept: Iterable[tables.Model], here: dict[str, archive.Table]) -> None:
    for model in kept:
        held, wanted = model._base_manager.count(), here[model._meta.db_table].rows
        if held != wanted:
            raise archive.BadArchive(f"{model._meta.db_table} has {held} rows after the restore, and {wanted} before.")
    if missing := triggers.missing():
        raise archive.BadArchive(f"The guard {missing[0].name} did not come back.")


def _books() -> int:
    """The net of the trial balance, which is 0. Raises BadArchive for any fault that the ledger's audit finds."""
    if faults := audit.find_faults(deep=True):
        raise archive.BadArchive(f"The books do not agree: {faults[0].message}")
    rows = trial_balance().rows
    net = sum(row.debit - row.credit for row in rows)
    if net:
        raise archive.BadArchive(f"The trial balance is {net} pence and not 0.")
    return net


def _record() -> tuple[int, int]:
    """How many entries and checkpoints were checked: each leaf from its entry, each signed root from the leaves."""
    signed = dict(Checkpoint.objects.order_by("size").values_list("size", "root"))
    edge = merkle.frontier([])
    found = Entry.objects.filter(sequence__isnull=False).select_related("decision").prefetch_related("because")
    for entry in found.order_by("sequence").iterator(chunk_size=500):
        leaf = merkle.leaf_hash(leaf_bytes(entry, edge.size))
        if entry.sequence != edge.size or leaf.hex() != entry.leaf:
            raise archive.BadArchive(f"Entry {edge.size} of the record is not what was published.")
        edge = edge.append(leaf)
        if edge.size in signed and edge.root().hex() != signed[edge.size]:
            raise archive.BadArchive(f"The record disagrees with its signed checkpoint at {edge.size} entries.")
    if signed and max(signed) > edge.size:
        raise archive.BadArchive(f"A checkpoint was signed at {max(signed)} entries; there are {edge.size}.")
    return edge.size, len(signed)


def _said(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
