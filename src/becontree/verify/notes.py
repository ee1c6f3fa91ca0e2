"""Reads a signed note (C2SP): the text that is signed, its signature lines, the public keys they are held against."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Any

from .files import Broken

DASH = "\u2014"


@dataclass(frozen=True)
class Signed:
    """A checkpoint, read: `text` is what the signatures are over."""

    file: str
    text: str
    origin: str
    size: int
    root: bytes
    previous: str
    lines: tuple[str, ...]


def checkpoint(text: str, name: str) -> Signed:
    body, gap, rest = text.rpartition("\n\n")
    lines = body.split("\n")
    if not gap or not rest.endswith("\n") or len(lines) < 3 or not re.fullmatch(r"0|[1-9][0-9]{0,15}", lines[1]):
        raise Broken(f"{name}: this is not a signed checkpoint.")
    root = _base64(lines[2], name)
    if len(root) != 32:
        raise Broken(f"{name}: its root is not a hash of 32 bytes.")
    extra = dict(line.split(" ", 1) for line in lines[3:] if " " in line)
    signatures = tuple(rest.rstrip("\n").split("\n"))
    return Signed(name, body + "\n", lines[0], int(lines[1]), root, extra.get("previous", ""), signatures)


def signature(line: str, name: str) -> tuple[str, bytes, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != DASH:
        raise Broken(f"{name}: {line[:40]!r} is not a signature line.")
    data = _base64(parts[2], name)
    return parts[1], data[:4], data[4:]


def key_of(text: Any, what: str) -> tuple[str, int, bytes]:
    parts = str(text).strip().split("+", 2)
    data = _base64(parts[2], what) if len(parts) == 3 else b""
    if len(data) != 33 or data[0] not in (1, 4) or key_id(parts[0], data[0], data[1:]).hex() != parts[1]:
        raise Broken(f"{text!r} is not a public key ({what}).")
    return parts[0], data[0], data[1:]


def key_id(name: str, kind: int, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def _base64(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Broken(f"{what}: holds broken base64.") from error
