"""What every test shares."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
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


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's database, whose last guests are shown out before it is dropped.

    A test that kills processes may leave PostgreSQL a moment's work for a client that is gone.
    """
    yield
    if connection.vendor != "postgresql":
        return
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


ROOT = Path(__file__).resolve().parent

# What these build (a whole borough, every page of it) serves all of their tests, so one process runs each of them; they
# are the longest, so they begin first. xdist's own groups do nothing under pytest 9.2, without a word.
TOGETHER = frozenset(
    f"tests/{name}.py"
    for name in ("spec/test_access_table", "spec/test_cells", "spec/test_hostile", "journeys/test_pages")
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from xdist.scheduler import LoadScopeScheduling

    assert all((ROOT / path).is_file() for path in TOGETHER), "a file of TOGETHER was moved"

    class ByBorough(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0]
            return path if path in TOGETHER else nodeid

    return ByBorough(config, log)


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
