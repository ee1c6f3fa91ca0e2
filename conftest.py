"""What every test shares."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings

from becontree.foundations.kit import triggers

# A busy machine is no fault: properties are judged by what they say, never by the clock.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(autouse=True, scope="session")
def guards_step_aside_when_tables_are_emptied() -> Iterator[None]:
    """A test with real commits ends by emptying all tables, which the guards rightly refuse.

    Emptying sends post_migrate, which puts them back.
    """
    with pytest.MonkeyPatch.context() as patch:
        teardown = TransactionTestCase._fixture_teardown

        def without_guards(self: TransactionTestCase) -> None:
            for using in self._databases_names(include_mirrors=False):
                triggers.remove(using)
            teardown(self)

        patch.setattr(TransactionTestCase, "_fixture_teardown", without_guards)
        yield


ROOT = Path(__file__).resolve().parent


def not_run(what: str) -> None:
    """Fail in CI, where nothing may be skipped; elsewhere skip and say plainly what was not run."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"NOT RUN: {what}. CI allows no skip.")
    pytest.skip(f"NOT RUN: {what}")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real inputs beside the project; its README files say what is in it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        not_run("the shared data (../shared/data) is not on this machine")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Debian's Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        not_run("browser journeys need Chromium: apt-get install chromium")
    return str(found)


@pytest.fixture
def shared_database(tmp_path: Path) -> Callable[[], str]:
    """The address of this test's database for other processes: itself on PostgreSQL, a copy of it on SQLite."""
    if connection.vendor == "sqlite":
        path = tmp_path / "copy.sqlite3"

        def address() -> str:
            if not path.exists():
                with connection.cursor() as cursor:
                    cursor.execute("VACUUM INTO %s", [str(path)])
            return f"sqlite:///{path}"

        return address
    given = connection.settings_dict
    user = quote(given["USER"]) + (f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else "")
    where = f"{given['HOST']}:{given['PORT'] or 5432}" if given["HOST"] and not given["HOST"].startswith("/") else ""
    socket = f"&host={given['HOST']}" if given["HOST"].startswith("/") else ""
    return lambda: f"postgres://{user}@{where}/{given['NAME']}?pool=0{socket}"
