"""Reads a published file as what it should be, strictly: its bytes, its text, its JSON, its one canonical form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

LARGEST = 2**53 - 1


class Broken(Exception):
    """A file that cannot be read as what it should be."""


def unreadable(problem: Exception) -> str:
    """Why a record cannot be recomputed, for a reader: a part that is missing is named.

    >>> unreadable(KeyError("randomness"))
    "The record is not complete: it has no 'randomness'."
    """
    if isinstance(problem, KeyError):
        return f"The record is not complete: it has no {problem}."
    return f"The record is not well formed: a part of it is not of its kind ({problem})."


def read_bytes(path: Path, name: str) -> bytes:
    try:
        return (path / name).read_bytes()
    except OSError as error:
        raise Broken(f"{name}: cannot be read ({error.strerror or 'it is not there'}).") from error


def read_text(path: Path, name: str) -> str:
    try:
        return read_bytes(path, name).decode()
    except UnicodeDecodeError as error:
        raise Broken(f"{name}: is not text.") from error


def read_json(path: Path, name: str) -> Any:
    try:
        return json.loads(read_text(path, name))
    except (ValueError, RecursionError) as error:
        raise Broken(f"{name}: is not JSON ({error}).") from error


def strict(body: bytes, where: str) -> Any:
    """The value of canonical JSON (RFC 8785); Broken if the bytes are not in that one form."""
    try:
        value = json.loads(body.decode())
        same = canonical(value).encode() == body
    except (ValueError, TypeError, RecursionError) as error:
        raise Broken(f"{where}: is not JSON that a record may hold ({str(error)[:80]}).") from error
    if not same:
        raise Broken(f"{where}: is not written in the one form that is hashed (canonical JSON).")
    return value


def canonical(value: Any) -> str:
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise ValueError("a whole number is too large")
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical(each) for each in value) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    raise TypeError("a number with a fraction")
