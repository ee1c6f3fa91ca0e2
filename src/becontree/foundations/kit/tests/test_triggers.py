"""Guards refuse on both engines, come back after a migrate, and are missed when gone."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import IntegrityError, connection, transaction
from django.db.models.signals import post_migrate

from becontree.foundations.kit import triggers

TABLE = "kit_guarded"


@pytest.fixture
def table(db):
    guards = triggers.append_only(TABLE, keys=("id", "word"))
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TABLE "{TABLE}" (id integer PRIMARY KEY, word text UNIQUE)')
        triggers.install(guards)
        cursor.execute(f"INSERT INTO \"{TABLE}\" VALUES (1, 'first')")
    return guards


def refused(statement):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kit_guarded SET word = 'other'",
        "DELETE FROM kit_guarded",
        "INSERT INTO kit_guarded VALUES (1, 'again')",
        "INSERT INTO kit_guarded VALUES (2, 'first')",
    ],
)
def test_a_guarded_row_stays(table, statement):
    refused(statement)

    with connection.cursor() as cursor:
        cursor.execute("SELECT id, word FROM kit_guarded")
        assert cursor.fetchall() == [(1, "first")]


def test_a_guarded_table_takes_new_rows(table):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kit_guarded VALUES (2, 'second')")
        cursor.execute("SELECT count(*) FROM kit_guarded")
        assert cursor.fetchone() == (2,)


def test_replace_and_truncate_are_refused_where_they_exist(table):
    if connection.vendor == "sqlite":
        refused("INSERT OR REPLACE INTO kit_guarded VALUES (1, 'again')")
        refused("INSERT OR REPLACE INTO kit_guarded VALUES (3, 'first')")
    else:
        refused("TRUNCATE kit_guarded")


def test_a_missing_guard_is_named_and_comes_back_with_migrate(table, monkeypatch):
    app = apps.get_app_config("kit")
    monkeypatch.setitem(triggers._registered, "kit", table)
    post_migrate.connect(triggers._after_migrate, sender=app, dispatch_uid="test")
    expected = {each.trigger for each in table if each.engine in ("", connection.vendor)}
    triggers.remove()
    found = triggers.check_guards(None, databases=["default"])

    assert expected <= {f"guard_{message.msg.split()[2]}" for message in found}
    assert {message.id for message in found} == {"kit.E001"}

    post_migrate.send(sender=app, app_config=app, using="default", verbosity=0, interactive=False, plan=[], apps=apps)
    post_migrate.disconnect(sender=app, dispatch_uid="test")

    assert not expected & {each.trigger for each in triggers.missing()}


@pytest.mark.django_db
def test_migrate_runs_while_a_guard_is_missing_and_puts_it_back():
    triggers.remove()
    with pytest.raises(SystemCheckError, match=r"kit\.E001"):
        call_command("check", databases=["default"])
    call_command("migrate", verbosity=0, skip_checks=False)

    assert triggers.registered()
    assert triggers.missing() == []


def test_a_table_that_is_not_there_yet_needs_no_guard(db, monkeypatch):
    monkeypatch.setitem(triggers._registered, "kit", triggers.append_only("kit_to_come"))

    assert triggers.missing() == []
