"""What the settings read from the environment."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from becontree.web.environment import KEY_FILE, database, kept_secret


def test_a_connection_of_our_own_prepares_statements_and_one_behind_pgbouncer_never() -> None:
    ours = database("postgres://user@127.0.0.1/name")["OPTIONS"]
    assert ours["prepare_threshold"] == 3
    assert "pool" in ours
    behind = database("postgres://user@127.0.0.1/name?pool=0")["OPTIONS"]
    assert "pool" not in behind
    assert "prepare_threshold" not in behind


def test_each_example_borough_has_a_key_of_its_own_that_stays(tmp_path: Path) -> None:
    """The attack: with a key that stands in the source anybody signs a session of their own for a demo."""

    def key(home: str) -> str:
        code = "from becontree.web import settings as s; print(s.SECRET_KEY)"
        env = {name: value for name, value in os.environ.items() if not name.startswith(("BECONTREE_", "DJANGO_"))}
        env |= {"BECONTREE_MODE": "demo", "BECONTREE_HOME": str(tmp_path / home)}
        asked = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
        return asked.stdout.strip()

    one, again, other = key("one"), key("one"), key("other")

    assert one == again != other
    assert len(one) >= 50
    assert "only-for" not in one
    assert (tmp_path / "one" / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_processes_that_begin_together_end_with_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(kept_secret, [tmp_path] * 8))

    assert len(found) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]
