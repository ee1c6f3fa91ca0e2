"""Guards in the database itself: rows that may never change, on PostgreSQL and on SQLite alike.

A `Guard` is one trigger that refuses one kind of change. An app names its guards once, in `AppConfig.ready`:

    triggers.guard(self, triggers.append_only("ledger_transfer", keys=("id", "key")))

They are put in place after every `migrate` (SQLite remakes a table when a column changes and drops its triggers
without a word), and `becontree check` fails while one is missing. A refused change raises Django's IntegrityError on
both engines. The owner of an SQLite file can always drop a trigger: what is published elsewhere is the real defence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.apps import AppConfig
from django.core import checks
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate

PREFIX: Final = "guard_"
Event = Literal["INSERT", "UPDATE", "DELETE", "TRUNCATE"]

_registered: dict[str, tuple[Guard, ...]] = {}
_asked = True


@dataclass(frozen=True, slots=True)
class Guard:
    """One refused change. `when` is SQL that both engines read, over OLD and NEW; empty means always.

    `engine` limits a guard to one engine ("sqlite", "postgresql"). Names are at most 50 characters. `columns` limits
    an UPDATE guard to statements that set one of them; `only` is a condition without a subquery, asked before `when`.
    Both spare a busy table the call.
    """

    name: str
    table: str
    event: Event
    message: str
    when: str = ""
    engine: str = ""
    columns: tuple[str, ...] = ()
    only: str = ""

    @property
    def trigger(self) -> str:
        return PREFIX + self.name


def append_only(table: str, *, keys: Sequence[str] = ("id",)) -> tuple[Guard, ...]:
    """Rows of `table` are only ever added. `keys` are its unique columns: REPLACE on SQLite goes by them."""
    taken = " OR ".join(
        f'EXISTS (SELECT 1 FROM "{table}" AS old_row WHERE old_row."{key}" = NEW."{key}")'  # noqa: S608 - our own names
        for key in keys
    )
    return (
        Guard(f"{table}_update", table, "UPDATE", f"{table}: a row here never changes."),
        Guard(f"{table}_delete", table, "DELETE", f"{table}: a row here is never deleted."),
        Guard(f"{table}_truncate", table, "TRUNCATE", f"{table}: rows here are never deleted.", engine="postgresql"),
        Guard(f"{table}_replace", table, "INSERT", f"{table}: a row here is never replaced.", taken, engine="sqlite"),
    )


def guard(app: AppConfig, guards: Iterable[Guard]) -> None:
    """Register an app's guards: in place after each migrate, and asked for by the system check."""
    _registered[app.label] = tuple(guards)
    post_migrate.connect(_after_migrate, sender=app, dispatch_uid=f"becontree.guards.{app.label}")


def registered() -> tuple[Guard, ...]:
    return tuple(each for guards in _registered.values() for each in guards)


def install(guards: Iterable[Guard], using: str = "default") -> None:
    """Put the guards in place, anew where they are there already; a table that is not there yet is passed over."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for each in _for_engine(guards, connection):
            if each.table in tables:
                for statement in _create(each, connection.vendor):
                    cursor.execute(statement)


def remove(using: str = "default") -> None:
    """Take every guard away. Only for a test that must empty its tables; `install` puts them back."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for name, table in _present(connection):
            cursor.execute(_drop(name, table, connection.vendor))


def missing(using: str = "default") -> list[Guard]:
    """The registered guards that this database lacks, of the tables that it has."""
    connection = connections[using]
    present = {name for name, _ in _present(connection)}
    lacking = [each for each in _for_engine(registered(), connection) if each.trigger not in present]
    if not lacking:
        return []
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    return [each for each in lacking if each.table in tables]


def check_guards(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """System check kit.E001: every guard is in place. Not asked by `migrate`, which is what puts them there."""
    return [
        checks.Error(
            f"The guard {each.name} of the table {each.table} is missing: rows that must never change could be.",
            hint="Run `becontree manage migrate`, which puts the guards back; then ask who took it away.",
            id="kit.E001",
        )
        for using in ((databases or ()) if _asked else ())
        for each in missing(using)
    ]


@contextmanager
def not_asked_for() -> Iterator[None]:
    """Let the system check pass over missing guards, in a command that is about to put them back."""
    global _asked  # noqa: PLW0603 - one process runs one management command
    _asked = False
    try:
        yield
    finally:
        _asked = True


def _after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    install(_registered.get(sender.label, ()), using)


def _for_engine(guards: Iterable[Guard], connection: BaseDatabaseWrapper) -> list[Guard]:
    return [each for each in guards if each.engine in ("", connection.vendor)]


def _present(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relnamespace = current_schema()::regnamespace "
                "AND left(t.tgname, %s) = %s",
                [len(PREFIX), PREFIX],
            )
        else:
            cursor.execute(
                "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, %s) = %s",
                [len(PREFIX), PREFIX],
            )
        return [(name, table) for name, table in cursor.fetchall()]


def _drop(name: str, table: str, vendor: str) -> str:
    return (
        f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"'
        if vendor == "postgresql"
        else f'DROP TRIGGER IF EXISTS "{name}"'
    )


def _create(each: Guard, vendor: str) -> list[str]:
    message = each.message.replace("'", "''")
    drop = _drop(each.trigger, each.table, vendor)
    of = " OF " + ", ".join(f'"{column}"' for column in each.columns) if each.columns else ""
    if vendor == "sqlite":
        asked = " AND ".join(f"({part})" for part in (each.only, each.when) if part)
        when = f"WHEN {asked} " if asked else ""
        return [
            drop,
            f'CREATE TRIGGER "{each.trigger}" BEFORE {each.event}{of} ON "{each.table}" FOR EACH ROW {when}'
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
        ]
    scope = "STATEMENT" if each.event == "TRUNCATE" else "ROW"
    kept = {"DELETE": "OLD", "TRUNCATE": "NULL"}.get(each.event, "NEW")
    # A condition may look into other tables, which WHEN on PostgreSQL may not: so it stands in the function.
    return [
        f'CREATE OR REPLACE FUNCTION "{each.trigger}"() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN '
        f"IF {each.when or 'TRUE'} THEN RAISE EXCEPTION '{message.replace('%', '%%')}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {kept}; END $guard$",
        drop,
        f'CREATE TRIGGER "{each.trigger}" BEFORE {each.event}{of} ON "{each.table}" FOR EACH {scope} '
        f"{f'WHEN ({each.only}) ' if each.only else ''}"
        f'EXECUTE FUNCTION "{each.trigger}"()',
    ]
