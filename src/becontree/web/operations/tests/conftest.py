"""A production installation with everything right, as environment variables, and a way to run commands in it."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from becontree.foundations.record import keys
from becontree.foundations.record.notes import WITNESS, Signer

Run = Callable[..., "subprocess.CompletedProcess[str]"]
ORIGIN = "example.org/record"


def bare() -> dict[str, str]:
    """This environment without anything of Becontree's."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("BECONTREE_", "DJANGO_"))}


def becontree(environment: dict[str, str], *arguments: str, wanted: int | None = 0) -> subprocess.CompletedProcess[str]:
    """Run `becontree` in exactly this environment; `wanted` is the exit status that it must have, None for any."""
    done = subprocess.run(
        [sys.executable, "-m", "becontree", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert wanted is None or done.returncode == wanted, f"{done.returncode}: {done.stdout}{done.stderr}"
    return done


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Production with everything right, on an SQLite file that is up to date."""
    home = tmp_path_factory.mktemp("installation")
    keys.write(home / "record.key", Signer.new(ORIGIN))
    witness = Signer.new("example.net/witness", WITNESS).verifier
    environment = bare() | {
        "BECONTREE_HOME": str(home),
        "BECONTREE_SECRET_KEY": secrets.token_urlsafe(60),
        "BECONTREE_HOSTS": "ideas.example.org",
        "BECONTREE_SITE_URL": "https://ideas.example.org",
        "BECONTREE_COUNCIL_NAME": "The Borough of Fairlop",
        "BECONTREE_RECORD_KEY": str(home / "record.key"),
        "BECONTREE_RECORD_ORIGIN": ORIGIN,
        "BECONTREE_RECORD_WITNESSES": str(witness),
    }
    becontree(environment, "manage", "migrate", "-v0")
    return environment


@pytest.fixture
def empty_home(tmp_path: Path) -> dict[str, str]:
    """Production with nothing set at all."""
    return bare() | {"BECONTREE_HOME": str(tmp_path)}
