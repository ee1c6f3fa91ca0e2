"""What `becontree export`, `backup` and `demo` say before they do anything, each in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest


def becontree(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("BECONTREE_", "DJANGO_"))}
    env |= {"BECONTREE_HOME": str(home), "BECONTREE_MODE": "demo"}
    return subprocess.run(
        [sys.executable, "-m", "becontree", *arguments],
        check=False,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=home,
    )


@pytest.mark.parametrize("command", ["export", "backup"])
def test_where_nothing_is_set_up_it_says_so_and_makes_nothing(command: str, tmp_path: Path) -> None:
    asked = becontree(command, str(tmp_path / "out"), home=tmp_path)

    assert asked.returncode == 2
    assert "There is no database at" in asked.stderr
    assert "Traceback" not in asked.stderr
    assert not list(tmp_path.rglob("*.sqlite3*"))
    assert not (tmp_path / "out").exists()


def test_the_check_of_a_folder_without_an_installation_makes_no_database(tmp_path: Path) -> None:
    asked = becontree("check", home=tmp_path)

    assert asked.returncode == 1
    assert "There is no database at" in asked.stdout
    assert not list(tmp_path.rglob("*.sqlite3*"))


def test_an_empty_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "becontree.sqlite3").touch()
    asked = becontree("export", str(tmp_path / "out"), home=tmp_path)

    assert asked.returncode == 2
    assert f"The database {tmp_path / 'becontree.sqlite3'} is empty." in asked.stderr
    assert "BECONTREE_HOME" in asked.stderr


def test_links_of_the_example_lead_to_the_port_it_is_served_at(tmp_path: Path) -> None:
    code = "from pathlib import Path; from becontree.cli import demo; demo._settle(Path('.'), port=8123); "
    code += (
        "from django.conf import settings; import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'becontree.web.settings'; "
    )
    code += "print(settings.SITE_URL)"
    asked = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=tmp_path)

    assert asked.stdout == "http://127.0.0.1:8123\n"


def test_a_taken_port_is_told_before_the_example_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        asked = becontree("demo", "--port", str(port), "--home", str(tmp_path / "example"), home=tmp_path)

    assert asked.returncode == 2
    assert f"Port {port} cannot be used" in asked.stderr
    assert not (tmp_path / "example").exists()


MADE_BY_ANOTHER = """
from pathlib import Path
from becontree.cli import demo
demo._settle(Path("example"))
demo._django()
demo._migrate()
from django.db import connection
print(demo._of_another_version(keyless=False), demo._of_another_version(keyless=True))
with connection.cursor() as cursor:
    cursor.execute("DELETE FROM django_migrations WHERE app = 'hubs'")
print(demo._of_another_version(keyless=False))
"""


def test_an_example_of_another_version_is_known_by_the_changes_that_it_lacks(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("BECONTREE_", "DJANGO_"))}
    asked = subprocess.run(
        [sys.executable, "-c", MADE_BY_ANOTHER],
        check=False,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
    )

    assert asked.stdout.split() == ["False", "True", "True"], asked.stderr
    assert "made by another version, so it is made anew" in asked.stderr
