"""Checks one entry's proof: that its words are in the tree that a checkpoint signed. One JSON file, no network."""

from __future__ import annotations

import hashlib
from typing import Any

from . import ed25519, files, notes

FORMAT = "becontree-inclusion/1"


def check(proof: dict[str, Any], *, key: str = "") -> list[str]:
    """One plain sentence for each thing that does not agree. key: the log's public key, if known from elsewhere."""
    line, index, size, path = (proof.get(name) for name in ("line", "index", "size", "path"))
    if not isinstance(line, str) or type(index) is not int or type(size) is not int or not isinstance(path, list):
        return ["This proof lacks its line, its index, its size or its path."]
    try:
        name, _, public = notes.key_of(key or proof.get("key"), "the log's key")
        signed = notes.checkpoint(str(proof.get("checkpoint")), "checkpoint")
        entry = files.strict(line.encode(), "line")
        nodes = [bytes.fromhex(node) for node in path]
        lines = [notes.signature(each, "checkpoint") for each in signed.lines]
    except (files.Broken, ValueError, TypeError) as error:
        return [f"This proof cannot be read: {error}"]
    problems = []
    if not any(who == name and ed25519.holds(public, signed.text.encode(), blob) for who, _, blob in lines):
        problems.append(f"The checkpoint is not signed by {name}.")
    if signed.size != size:
        problems.append(f"The checkpoint is over {signed.size} entries, the proof over {size}.")
    if not isinstance(entry, dict) or entry.get("index") != index:
        problems.append("The entry says that it has another place.")
    if not 0 <= index < size or _root(line.encode(), index, size, nodes) != signed.root:
        problems.append("The path does not lead from this entry to the root that was signed.")
    return problems


def _root(line: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root that the path leads to, straight from the definition of the tree (RFC 6962 section 2.1.1)."""
    if size == 1:
        return hashlib.sha256(b"\x00" + line).digest() if not path else None
    if not path:
        return None
    half = 1 << ((size - 1).bit_length() - 1)
    if index < half:
        below, above = _root(line, index, half, path[:-1]), path[-1]
        return below and hashlib.sha256(b"\x01" + below + above).digest()
    below, above = _root(line, index - half, size - half, path[:-1]), path[-1]
    return below and hashlib.sha256(b"\x01" + above + below).digest()
