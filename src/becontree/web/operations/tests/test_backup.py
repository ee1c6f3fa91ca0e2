"""A backup is of one moment, comes back whole or not at all, and moves from one engine to the other."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.base.base import NO_DB_ALIAS

from becontree.citizenship.giving.tests.conftest import SETUP
from becontree.foundations.kit import triggers
from becontree.foundations.kit.errors import Refused
from becontree.foundations.ledger import actions as ledger
from becontree.foundations.ledger.models import Transfer
from becontree.foundations.ledger.records import Line
from becontree.foundations.record.models import Entry
from becontree.web.operations import archive, backup, restore, tables
from becontree.web.operations.tests import busy_borough
from becontree.web.operations.tests.conftest import becontree
from conftest import not_run

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def contents(file: Path) -> dict[str, list[str]]:
    """Every table's rows as sorted text: what must be the same wherever it was written."""
    with zipfile.ZipFile(file) as source:
        found = {}
        for table in archive.read_manifest(source).tables:
            order = sorted(range(len(table.columns)), key=table.columns.__getitem__)
            rows = archive.read_table(source, table)
            found[table.name] = sorted(json.dumps([row[at] for at in order], sort_keys=True) for row in rows)
        return found


def empty() -> None:
    """Make this database an empty installation."""
    triggers.remove()
    with transaction.atomic(), connection.cursor() as cursor:
        for model in reversed(tables.kept()):
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')
        connection.check_constraints()
    triggers.install(triggers.registered())


def changed(file: Path, member: str, change: Any) -> Path:
    """A copy of a backup in which one member's bytes are changed."""
    other = file.with_name("changed.zip")
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(other, "w") as out:
        for name in source.namelist():
            body = source.read(name)
            out.writestr(name, change(body) if name == member else body)
    return other


def repaired(file: Path, table: str, change: Any) -> Path:
    """A backup in which a table was changed by somebody who also mended the manifest."""
    other = changed(file, f"tables/{table}.jsonl", change)
    with zipfile.ZipFile(other) as source:
        body = source.read(f"tables/{table}.jsonl")
        manifest = json.loads(source.read("manifest.json"))
    for each in manifest["tables"]:
        if each["name"] == table:
            each |= {"rows": body.count(b"\n"), "sha256": hashlib.sha256(body).hexdigest()}
    other.rename(file.with_name("half.zip"))
    return changed(file.with_name("half.zip"), "manifest.json", lambda _: json.dumps(manifest).encode())


@pytest.fixture(autouse=True)
def the_snapshot_may_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django's tests forbid every connection that the settings do not name, but for this alias."""
    monkeypatch.setattr(backup, "SNAPSHOT", NO_DB_ALIAS)


@pytest.fixture
def saved(transactional_db: None, tmp_path: Path) -> Path:
    """The backup of a small town."""
    busy_borough.fill()
    backup.write(tmp_path / "town.zip", now=NOW)
    return tmp_path / "town.zip"


def test_it_comes_back_as_it_was(saved: Path) -> None:
    before = contents(saved)
    empty()

    report = restore.read(saved, sha256=archive.file_digest(saved))
    backup.write(saved.with_name("again.zip"), now=NOW)

    assert contents(saved.with_name("again.zip")) == before
    assert report.entries == Entry.objects.filter(sequence__isnull=False).count() > 5
    assert (report.checkpoints, report.net_pence) == (1, 0)
    assert len(before["ledger_transfer"]) == Transfer.objects.count() > 5
    assert triggers.missing() == []


def test_life_goes_on_after_a_restore(saved: Path) -> None:
    empty()
    restore.read(saved)

    last = Transfer.objects.order_by("-id").first()
    ledger.open_account(code="memo:busy:in", name="In", kind="memo")
    ledger.open_account(code="memo:busy:out", name="Out", kind="memo")
    ledger.post(
        key="after", kind="test.after", occurred_on=NOW.date(), lines=[Line("memo:busy:in", "memo:busy:out", 1)],
        subject="fund/council-pot", by=SETUP, now=NOW,
    )  # fmt: skip
    latest = Transfer.objects.order_by("-id").first()

    assert last is not None
    assert latest is not None
    assert latest.pk > last.pk


def test_only_its_owner_reads_it_and_no_session_is_in_it(saved: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert not {"django_session", "usersessions_usersession"} & contents(saved).keys()
    assert [path.name for path in saved.parent.iterdir()] == ["town.zip"]


def test_an_installation_with_rows_is_left_alone(saved: Path) -> None:
    with pytest.raises(Refused, match="is not empty"):
        restore.read(saved)

    assert Transfer.objects.exists()


@pytest.mark.parametrize(
    ("member", "change", "said"),
    [
        ("tables/voices_voice.jsonl", lambda body: body.replace(b"hope", b"like"), "voices_voice is not what was"),
        ("tables/ledger_transfer.jsonl", lambda body: body.split(b"\n", 1)[1], "ledger_transfer is not what was"),
        ("tables/ledger_transfer.jsonl", lambda _: b"[1]\n", "has not"),
        ("tables/ledger_transfer.jsonl", lambda _: b"not json\n", "cannot be read"),
        ("manifest.json", lambda _: b"{}", "not a backup of Becontree"),
        ("manifest.json", lambda body: body.replace(b"backup/1", b"backup/9"), "reads becontree-backup/1"),
        ("manifest.json", lambda body: body.replace(b'"voices_voice"', b'"voices_other"'), "has other columns"),
    ],
)
def test_a_damaged_file_is_refused_and_changes_nothing(saved: Path, member: str, change: Any, said: str) -> None:
    bad = changed(saved, member, change)
    empty()

    with pytest.raises(Refused, match=said):
        restore.read(bad)

    assert tables.occupied() == []
    assert triggers.missing() == []


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("ledger_transfer", lambda body: body.replace(b",20000,", b",20001,", 1), "The books do not agree"),
        ("ledger_transfer", lambda body: body.split(b"\n", 1)[1], "books do not agree|refused the backup"),
        ("record_entry", lambda body: body.replace(b"Heron", b"Haron", 1), "of the record is not"),
        ("record_checkpoint", lambda body: body.replace(b'","', b'0","', 1), "disagrees|refused"),
    ],
)
def test_a_false_backup_with_a_mended_manifest_is_found(saved: Path, table: str, change: Any, said: str) -> None:
    bad = repaired(saved, table, change)
    empty()

    with pytest.raises(Refused, match=said):
        restore.read(bad)

    assert tables.occupied() == []
    assert triggers.missing() == []


def test_another_file_than_was_meant_is_refused(saved: Path) -> None:
    with pytest.raises(Refused, match="SHA-256"):
        restore.read(saved, sha256="00" * 32)
    with pytest.raises(Refused, match="no file"):
        restore.read(saved.with_name("none.zip"))
    saved.write_bytes(b"PK")
    with pytest.raises(Refused, match="cannot be restored"):
        restore.read(saved)


def test_every_table_is_either_kept_or_left_out_on_purpose() -> None:
    kept = {model._meta.db_table for model in tables.kept()}

    assert not kept & tables.LEFT_OUT
    assert {"people_person", "ledger_transfer", "record_entry", "voices_voice", "giving_fund_wards"} <= kept
    seen: set[str] = set()
    for model in tables.kept():
        assert tables._points_to(model, must=True) - {model._meta.db_table} - tables.LEFT_OUT <= seen, model
        seen.add(model._meta.db_table)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The address of a new, empty PostgreSQL database, dropped at the end."""
    import psycopg

    server = os.environ.get("BECONTREE_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
    name = f"becontree_move_{os.getpid()}"
    try:
        opened = psycopg.connect(server.replace("postgres://", "postgresql://", 1), autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        not_run("moving to PostgreSQL needs one at BECONTREE_TEST_POSTGRES")
    with opened:
        opened.execute(f'CREATE DATABASE "{name}"')
        yield f"{server.rpartition('/')[0]}/{name}"
        opened.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.slow
def test_sqlite_moves_to_postgresql_and_back_while_two_processes_write(
    good: dict[str, str], postgres: str, tmp_path: Path
) -> None:
    source = Path(good["BECONTREE_HOME"]) / "becontree.sqlite3"
    for name in ("busy", "back"):
        shutil.copyfile(source, tmp_path / f"{name}.sqlite3")
    busy = good | {"BECONTREE_DATABASE_URL": f"sqlite:///{tmp_path / 'busy.sqlite3'}", "BECONTREE_MODE": "demo"}
    back = busy | {"BECONTREE_DATABASE_URL": f"sqlite:///{tmp_path / 'back.sqlite3'}"}
    moved = busy | {"BECONTREE_DATABASE_URL": postgres}
    script = [sys.executable, "-m", "becontree.web.operations.tests.busy_borough"]
    subprocess.run([*script, "fill"], env=busy, check=True, timeout=300)
    writers = [
        subprocess.Popen([*script, name], env=busy, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]
    try:
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "1\n"
        first = tmp_path / "first.zip"
        said = json.loads(becontree(busy, "backup", str(first), "--json").stdout)
        assert all(writer.poll() is None for writer in writers)
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()

    becontree(moved, "manage", "migrate", "-v0")
    there = json.loads(becontree(moved, "restore", str(first), "--sha256", said["sha256"], "--json").stdout)
    becontree(moved, "backup", str(tmp_path / "second.zip"))
    again = json.loads(becontree(back, "restore", str(tmp_path / "second.zip"), "--json").stdout)
    becontree(back, "backup", str(tmp_path / "third.zip"))

    assert contents(tmp_path / "second.zip") == contents(first) == contents(tmp_path / "third.zip")
    assert there == again
    assert there["rows"] == said["rows"]
    assert "is not empty" in becontree(moved, "restore", str(first), wanted=1).stderr
    assert "is there already" in becontree(moved, "backup", str(first), wanted=1).stderr
