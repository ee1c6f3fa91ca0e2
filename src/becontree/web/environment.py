"""Reading the environment, and choosing an SQLite that does not lose data."""

from __future__ import annotations

import importlib
import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

# SQLite before these can corrupt a WAL database under several writers ("WAL-reset"; sqlite.org/wal.html).
WAL_FIXED: Final = ((3, 51, 3), (3, 50, 7), (3, 44, 6))


KEY_FILE: Final = "secret.key"


def kept_secret(home: Path) -> str:
    """The random key of an example borough: made once for its folder, readable by its owner alone.

    A key that stands in the source lets anybody sign themselves in to a demo that others can reach. Two processes that
    begin together end with one key: it is written beside and put in place whole, and only where there is none.
    """
    path = home / KEY_FILE
    if not path.is_file():
        beside = home / f".{KEY_FILE}-{secrets.token_hex(8)}"
        beside.touch(mode=0o600, exist_ok=False)
        with beside.open("w") as out:
            out.write(secrets.token_urlsafe(60))
        with suppress(FileExistsError):
            os.link(beside, path)
        beside.unlink()
    return path.read_text().strip()


def flag(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str) -> list[str]:
    return os.environ.get(name, default).replace(",", " ").split()


def swap_in_newer_sqlite() -> None:
    """Let Django find the SQLite that pysqlite3 carries, where it is installed; call before Django is imported."""
    if "sqlite3" in sys.modules and sys.modules["sqlite3"].__name__ == "pysqlite3":
        return
    try:
        newer = importlib.import_module("pysqlite3")
    except ImportError:
        return
    sys.modules["sqlite3"] = newer
    sys.modules["sqlite3.dbapi2"] = newer.dbapi2


def sqlite_is_safe_for_wal() -> bool:
    """Whether the SQLite in use has the WAL-reset fix."""
    import sqlite3

    version = sqlite3.sqlite_version_info
    return version >= WAL_FIXED[0] or any(version[:2] == fixed[:2] and version >= fixed for fixed in WAL_FIXED[1:])


def database(url: str) -> dict[str, Any]:
    """Django's settings for `sqlite:////path/file` or `postgres://user:password@host:port/name?option=value`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        # Money and votes: FULL. WAL only where it is safe; the rollback journal is slower and sound.
        journal = "WAL" if sqlite_is_safe_for_wal() else "DELETE"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path)[1:],  # four slashes: from the root; three: from here
            # Opening the file and its log anew costs a page 3 ms. A thread keeps its own; nothing opens one and forks.
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": (f"PRAGMA journal_mode={journal}; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"),
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        options: dict[str, Any] = dict(parse_qsl(parts.query))
        pooled = options.pop("pool", "1") != "0"
        if pooled:
            # The ledger's one statement is parsed and planned once a connection. Behind pgbouncer a connection may be
            # another one each time, so there nothing is prepared.
            options = {"prepare_threshold": 3} | options
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "DISABLE_SERVER_SIDE_CURSORS": True,  # so that pgbouncer can stand in front
            "OPTIONS": options | ({"pool": {"min_size": 1, "max_size": 8, "timeout": 20}} if pooled else {}),
        }
    raise ValueError(
        f"BECONTREE_DATABASE_URL begins with {parts.scheme!r}. Use sqlite:////folder/file.sqlite3 or "
        "postgres://user:password@host:5432/name."
    )


def email(url: str) -> dict[str, Any]:
    """Django's settings for `smtp://user:password@host:port?tls=1` (`smtps://` for TLS from the first byte).

    Empty: letters are written to the log, so that somebody trying Becontree out can read their sign-in code there.
    """
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("BECONTREE_EMAIL_URL has to look like smtp://user:password@mail.example.org:587?tls=1.")
    options = dict(parse_qsl(parts.query))
    encrypted = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if encrypted else 587 if options.get("tls") == "1" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": encrypted,
        "EMAIL_USE_TLS": not encrypted and options.get("tls") == "1",
        "EMAIL_TIMEOUT": int(options.get("timeout", "20")),
    }
