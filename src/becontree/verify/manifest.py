"""Whether a published export is the one that its manifest describes: every file, byte for byte.

`manifest.json` (format `becontree-export/1`) names each file with its length and SHA-256 (FIPS 180-4). What is checked:
each named file is there and is the same; nothing lies in the folder that the manifest does not name. The manifest is
not signed: it finds what was damaged or altered on the way, not a publisher who rewrites both. The signed part is
`record/` (`becontree.verify.log`). No database, no network, nothing of Django.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

FORMAT: Final = "becontree-export/1"
NAME: Final = "manifest.json"
UNSIGNED: Final = (
    "manifest.json is not signed: it shows what was altered on the way, not what its publisher rewrote. "
    "The record is signed."
)


@dataclass(frozen=True, slots=True)
class Report:
    """`files` were named by the manifest, `problems` says in a sentence each what does not agree."""

    files: int
    problems: tuple[str, ...]


def check(folder: Path) -> Report:
    """Compare every file of an export with its manifest. A manifest that cannot be read is a problem, not an error."""
    try:
        body = json.loads((folder / NAME).read_text(encoding="utf-8"))
        named = [_entry(each) for each in body["files"]] if body["format"] == FORMAT else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        return Report(0, (f"{NAME} cannot be read: {error}.",))
    if named is None:
        return Report(0, (f"{NAME} is not of the format {FORMAT!r}.",))
    problems = [problem for name, length, digest in named for problem in _compare(folder, name, length, digest)]
    known = {name for name, _, _ in named} | {NAME}
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    problems += [f"{name} is in the folder and not in the manifest." for name in sorted(found - known)]
    return Report(len(named), tuple(problems))


def _entry(each: dict[str, Any]) -> tuple[str, int, str]:
    name, length, digest = each["file"], each["bytes"], each["sha256"]
    inside = PurePosixPath(name)
    if inside.is_absolute() or ".." in inside.parts:
        raise ValueError(f"{name!r} points outside the folder")
    return name, int(length), str(digest)


def _compare(folder: Path, name: str, length: int, digest: str) -> list[str]:
    path = folder / name
    if not path.is_file():
        return [f"{name} is missing."]
    if path.stat().st_size != length:
        return [f"{name} has {path.stat().st_size:,} bytes; the manifest says {length:,}."]
    with path.open("rb") as handle:
        if hashlib.file_digest(handle, "sha256").hexdigest() != digest:
            return [f"{name} is not the file that was published: its SHA-256 differs."]
    return []
