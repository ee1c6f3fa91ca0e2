"""Production does not start while anything is unsafe, and says each thing in a sentence."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core import checks as django_checks
from django.db import connection
from django.test import override_settings

from becontree.foundations.kit import triggers
from becontree.foundations.record import keys
from becontree.foundations.record.notes import WITNESS, Signer
from becontree.web.operations import checks
from becontree.web.operations.tests.conftest import ORIGIN, becontree

SECRET = "kX2v9QmL7pRt4WzB8nYc3HdF6jGs1AeU5oIiTlKq0VwMxNbPrZyJfDhC-_"


@pytest.fixture
def production(tmp_path: Path) -> Iterator[None]:
    """Settings of a production installation in which nothing is wrong, in this process."""
    keys.write(tmp_path / "record.key", Signer.new(ORIGIN))
    good = {
        "MODE": "production", "DEBUG": False, "SECRET_KEY": SECRET, "ALLOWED_HOSTS": ["ideas.example.org"],
        "SITE_URL": "https://ideas.example.org", "SECURE_SSL_REDIRECT": True, "COUNCIL_NAME": "Fairlop",
        "PAYMENT_PROVIDER": "bankfile", "SQLITE_WAL_SAFE": True, "RECORD_KEY": str(tmp_path / "record.key"),
        "RECORD_ORIGIN": ORIGIN, "RECORD_WITNESSES": [str(Signer.new("example.net/w", WITNESS).verifier)],
    }  # fmt: skip
    with override_settings(**good):
        yield


@pytest.mark.usefixtures("production")
def test_nothing_is_said_where_nothing_is_wrong() -> None:
    assert checks.settings_problems() == []


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize(
    ("changed", "code", "sentence", "fix"),
    [
        ({"SECRET_KEY": ""}, "web.E002", "The secret key is not set.", "BECONTREE_SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "web.E002", "The secret key is too short or too simple.", "BECONTREE_SECRET_KEY"),
        ({"SECRET_KEY": "a" * 80}, "web.E002", "The secret key is too short or too simple.", "BECONTREE_SECRET_KEY"),
        (
            {"SECRET_KEY": "only-for-demo-" + SECRET},
            "web.E002",
            "The secret key is too short or too simple.",
            "secrets",
        ),
        ({"DEBUG": True}, "web.E003", "BECONTREE_DEBUG is on", "Take it out"),
        ({"ALLOWED_HOSTS": []}, "web.E004", "It is not said under which names", "BECONTREE_HOSTS"),
        ({"ALLOWED_HOSTS": ["*"]}, "web.E004", "It is not said under which names", "without a star"),
        ({"SITE_URL": "http://ideas.example.org"}, "web.E005", "is not https", "BECONTREE_PLAIN_HTTP=1"),
        ({"PAYMENT_PROVIDER": "practice"}, "web.E006", "Payments are practice payments", "bankfile"),
        ({"COUNCIL_NAME": ""}, "web.E007", "The council has no name.", "BECONTREE_COUNCIL_NAME"),
        ({"RECORD_KEY": ""}, "record.E001", "No key signs the public record.", "BECONTREE_RECORD_KEY"),
        ({"RECORD_KEY": "/nowhere/record.key"}, "record.E002", "cannot be used", ""),
        ({"RECORD_WITNESSES": []}, "record.E006", "Nobody outside the council witnesses", "BECONTREE_RECORD_WITNESSES"),
        ({"MODE": "staging"}, "web.E001", "BECONTREE_MODE is 'staging'.", "production or demo"),
    ],
)
def test_each_thing_that_is_wrong_is_a_sentence(changed: dict[str, object], code: str, sentence: str, fix: str) -> None:
    with override_settings(**changed):
        found = checks.settings_problems()

    assert [line.code for line in found] == [code]
    assert found[0].level == "stop"
    assert sentence in found[0].sentence
    assert fix in found[0].fix


@pytest.mark.usefixtures("production")
def test_plain_http_is_allowed_only_where_it_is_asked_for() -> None:
    with override_settings(SITE_URL="http://ideas.example.org", SECURE_SSL_REDIRECT=False):
        assert checks.settings_problems() == []


@pytest.mark.usefixtures("production")
def test_wal_on_an_affected_sqlite_is_refused() -> None:
    if connection.vendor != "sqlite":
        with override_settings(SQLITE_WAL_SAFE=False):
            assert checks.settings_problems() == []
        return
    with override_settings(SQLITE_WAL_SAFE=False), pytest.MonkeyPatch.context() as patch:
        patch.setitem(connection.settings_dict, "OPTIONS", {"init_command": "PRAGMA journal_mode=WAL;"})
        wal = checks.settings_problems()
        patch.setitem(connection.settings_dict, "OPTIONS", {"init_command": "PRAGMA journal_mode=DELETE;"})
        rollback = checks.settings_problems()

    assert [line.code for line in wal] == ["web.E008"]
    assert rollback == []


@pytest.mark.django_db
def test_a_missing_guard_stops_the_start() -> None:
    triggers.install(triggers.registered())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "pending_migrations", list)  # the suite makes its tables without migrations
        before = checks.database_problems()
        with connection.cursor() as cursor:
            on = ' ON "record_entry"' if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER "guard_record_entry_delete"{on}')
        after = checks.database_problems()

    assert before == []
    assert [line.code for line in after] == ["kit.E001"]
    assert "record_entry" in after[0].sentence


@pytest.mark.django_db
def test_missing_migrations_stop_the_start_even_in_a_demo() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "pending_migrations", lambda: ["voices.0002_more"])
        with override_settings(MODE="demo"), pytest.raises(checks.NotSafe, match="lacks 1 change of this version"):
            checks.refuse_unless_safe()


def test_our_checks_are_checks_of_django() -> None:
    registered = django_checks.registry.registry.get_checks()

    assert {checks.settings_are_safe, checks.colours_can_be_read} <= set(registered)


@pytest.mark.slow
class TestProcesses:
    def test_production_with_nothing_set_says_everything_at_once(self, empty_home: dict[str, str]) -> None:
        done = becontree(empty_home, "serve", "--port", "1", wanted=1)

        assert done.stderr.startswith("becontree serve: Becontree does not start, because:\n- ")
        for said in (
            "secret key",
            "names this site",
            "https",
            "no name",
            "No key",
            "witnesses",
            "no database at",
            "migrate",
        ):
            assert said in done.stderr
        assert "Traceback" not in done.stderr

    def test_the_same_goes_for_the_worker_and_any_wsgi_server(self, empty_home: dict[str, str]) -> None:
        worker = becontree(empty_home, "worker", "--once", wanted=1)

        assert "The secret key is not set." in worker.stderr
        assert "Traceback" not in worker.stderr

    def test_good_settings_pass_our_checks_and_djangos(self, good: dict[str, str]) -> None:
        ours = json.loads(becontree(good, "check", "--json").stdout)
        django = becontree(good, "manage", "check", "--deploy", "--fail-level", "WARNING", "--database", "default")

        assert {line["level"] for line in ours} == {"fine"}
        assert "no issues" in django.stdout

    def test_a_guard_taken_away_from_the_file_is_found(self, good: dict[str, str], tmp_path: Path) -> None:
        shutil.copyfile(Path(good["BECONTREE_HOME"]) / "becontree.sqlite3", tmp_path / "copy.sqlite3")
        with sqlite3.connect(tmp_path / "copy.sqlite3") as file:
            file.execute("DROP TRIGGER guard_ledger_transfer_update")
        file.close()
        copy = good | {"BECONTREE_DATABASE_URL": f"sqlite:///{tmp_path / 'copy.sqlite3'}"}

        assert "The guard ledger_transfer_update" in becontree(copy, "check", wanted=1).stdout
