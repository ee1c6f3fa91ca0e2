"""The tables of an example borough are those that the migrations make, piece by piece, on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, connections

from becontree.web.demo import tables

POSTGRES = {
    "column": "SELECT table_name, column_name, data_type, is_nullable, character_maximum_length, is_identity "
    "FROM information_schema.columns WHERE table_schema = current_schema()",
    "constraint": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = current_schema()::regnamespace",
    "index": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()",
    "trigger": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}
ROWS = (
    "SELECT app, name FROM django_migrations",
    "SELECT codename FROM auth_permission",
    "SELECT app_label, model FROM django_content_type",
)


def _pieces(sql: str) -> frozenset[str]:
    """A CREATE TABLE without its order: its columns and constraints."""
    body, depth, piece, found = sql[sql.index("(") + 1 : sql.rindex(")")], 0, "", []
    for sign in body:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            found.append(piece)
            piece = ""
        else:
            piece += sign
    return frozenset(" ".join(one.split()) for one in [*found, piece])


def _schema() -> set[object]:
    """Everything that the database says of its tables, and what stands in Django's own."""
    found: set[object] = set()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
            for kind, name, sql in cursor.fetchall():
                plain = kind == "table" and not re.match("CREATE VIRTUAL", sql)
                found.add((kind, name, _pieces(sql) if plain else sql))
        else:
            for kind, query in POSTGRES.items():
                cursor.execute(query)
                found |= {(kind, *row) for row in cursor.fetchall()}
        for query in ROWS:
            cursor.execute(query)
            found |= {(query, *row) for row in cursor.fetchall()}
    return found


@pytest.fixture
def turn_to_empty(tmp_path: Path, db: None, settings: Any) -> Iterator[Callable[[], None]]:
    """Turn to a new, empty database at each call; afterwards back to the tests' own."""
    settings.MIGRATION_MODULES = {}  # the suite itself runs without migrations
    own: Any = connections["default"]
    made: list[Any] = []

    def turn() -> None:
        new = own.copy()
        name = f"tables_{uuid4().hex[:12]}"
        if own.vendor == "postgresql":
            _postgres(own, f'CREATE DATABASE "{name}"')
        new.settings_dict["NAME"] = name if own.vendor == "postgresql" else str(tmp_path / name)
        made.append(new)
        connections["default"] = new

    try:
        yield turn
    finally:
        connections["default"] = own
        for new in made:
            new.close()
            if own.vendor == "postgresql":
                _postgres(own, f'DROP DATABASE "{new.settings_dict["NAME"]}"')


def _postgres(own: Any, statement: str) -> None:
    keeper = own.copy()
    keeper.settings_dict["NAME"] = "postgres"
    with keeper.cursor() as cursor:
        cursor.execute(statement)
    keeper.close()


def test_made_at_once_they_are_what_the_migrations_make(turn_to_empty: Callable[[], None]) -> None:
    turn_to_empty()
    tables.make()
    at_once = _schema()
    turn_to_empty()
    call_command("migrate", verbosity=0, interactive=False)
    migrated = _schema()

    assert len(migrated) > 500
    assert at_once == migrated


def test_a_later_migrate_finds_nothing_left_to_do(turn_to_empty: Callable[[], None]) -> None:
    turn_to_empty()
    tables.make()
    before = _schema()
    tables.make()  # on a database with tables: an ordinary migrate
    call_command("migrate", check_unapplied=True, verbosity=0, interactive=False)

    assert _schema() == before
