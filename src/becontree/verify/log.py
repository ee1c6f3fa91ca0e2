"""Checks a published record from its files alone: nothing changed, taken out, put in, or moved; every signature holds.

The files and their form: docs/decisions/0003-public-record-format.md. What it finds: an entry changed by as little as
a byte, removed, swapped or inserted; a checkpoint replaced or taken away; a signature that does not hold; a decision
whose file is not the one that was frozen; a file that is no part of the record; and, where this package knows the
method, a decision that does not come out again. What it cannot find alone: a record rewritten whole by whoever holds
its key. For that, compare with a checkpoint that you or a witness kept (`seen`), and take the key from somewhere else
(`key`).
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import ed25519, files, notes
from .files import Broken
from .notes import Signed

FORMAT = "becontree-record/1"
FAMILIES = ("count", "select", "panel", "match", "draw", "adoption")  # of decisions that are computed again
SAFE_NAME = re.compile(r"^(entries|decisions|checkpoints)/[A-Za-z0-9-]+(\.jsonl|\.json)?$")
PARTS = {"entries": "pages", "decisions": "decisions", "checkpoints": "checkpoints"}  # folder: its list in index.json
ROOT = ("index.json", "checkpoint")  # beside the three folders, and nothing else
MANY = 25  # problems of one kind are not repeated beyond this


@dataclass
class Report:
    """What was checked, and what does not agree."""

    entries: int = 0
    checkpoints: int = 0
    witnessed: int = 0
    decisions: int = 0
    recomputed: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def check_folder(path: Path, *, key: str = "", seen: Path | None = None) -> list[str]:
    """One plain sentence for each thing that does not agree in the published record in the folder `path`.

    key: the log's public key ("name+hash+key") if you know it from elsewhere; else the folder's own is believed.
    seen: a checkpoint file kept from earlier.
    """
    return report(path, key=key, seen=seen).problems


def report(path: Path, *, key: str = "", seen: Path | None = None) -> Report:
    """As `check_folder`, with what was checked."""
    found = Report()
    try:
        index = _index(path)
    except Broken as error:
        found.problems.append(str(error))
        return found
    leaves = _entries(path, index, found)
    _strangers(path, index, found)
    _checkpoints(path, index, leaves, found, key=key, seen=seen)
    return found


# The index


def _index(path: Path) -> dict[str, Any]:
    index = files.read_json(path, "index.json")
    if not isinstance(index, dict) or index.get("format") != FORMAT:
        raise Broken(f"index.json: this is not a published record ({FORMAT}).")
    for name, kind in (("key", str), ("origin", str), ("size", int), ("page_size", int)):
        if not isinstance(index.get(name), kind) or isinstance(index.get(name), bool):
            raise Broken(f"index.json: '{name}' is missing or is not {'text' if kind is str else 'a whole number'}.")
    if index["size"] < 0 or index["page_size"] < 1:
        raise Broken("index.json: sizes cannot be below one.")
    if not isinstance(index.setdefault("witnesses", []), list):
        raise Broken("index.json: 'witnesses' is not a list.")
    for name in ("pages", "decisions", "checkpoints"):
        rows = index.get(name)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Broken(f"index.json: '{name}' is not a list of files.")
        for row in rows:
            if not isinstance(row.get("file"), str) or not SAFE_NAME.match(row["file"]):
                raise Broken(f"index.json: {row.get('file')!r} is not the name of a file of a record.")
            if not isinstance(row.get("sha256"), str):
                raise Broken(f"index.json: {row['file']} has no sha256.")
    return index


# The entries: each line as published, its place, its hash, its decision


def _entries(path: Path, index: dict[str, Any], found: Report) -> list[bytes]:
    """Check every line; returns the leaf hashes in the order of the files."""
    leaves: list[bytes] = []
    ids: set[str] = set()
    frozen = {row["file"]: row for row in index["decisions"]}
    met: set[str] = set()
    wrong_places = 0
    for name, number, line in _lines(path, index, found):
        place = len(leaves)
        leaves.append(hashlib.sha256(b"\x00" + line).digest())
        where = f"{name}, line {number}"
        try:
            entry = files.strict(line, where)
            if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
                raise Broken(f"{where}: this is not an entry.")
        except Broken as error:
            _say(found, str(error))
            continue
        if entry.get("index") != place:
            wrong_places += 1
            if wrong_places <= MANY:
                _say(found, f"{where}: says it is entry {entry.get('index')}, but stands at place {place}.")
        if entry["id"] in ids:
            _say(found, f"{where}: the entry {entry['id']} is there twice.")
        ids.add(entry["id"])
        if "decision" in entry:
            met.add(_decision(path, entry, frozen, where, found))
    if wrong_places > MANY:
        _say(found, f"{wrong_places - MANY} more entries stand at a wrong place.")
    found.entries = len(leaves)
    if len(leaves) != index["size"]:
        _say(found, f"There are {len(leaves)} entries, but index.json says {index['size']}.")
    for name in sorted(frozen.keys() - met):
        _say(found, f"{name}: no entry names this decision.")
    return leaves


def _lines(path: Path, index: dict[str, Any], found: Report) -> Iterator[tuple[str, int, bytes]]:
    for number, row in enumerate(index["pages"]):
        name = row["file"]
        if name != f"entries/{number:06}.jsonl":
            _say(found, f"index.json: page {number} is called {name}.")
        try:
            body = files.read_bytes(path, name)
        except Broken as error:
            _say(found, str(error))
            continue
        if hashlib.sha256(body).hexdigest() != row["sha256"]:
            _say(found, f"{name}: differs from what index.json says it is.")
        lines = body.split(b"\n")
        if lines.pop() != b"":
            _say(found, f"{name}: the last line does not end; the file was cut off.")
        expected = min(index["page_size"], max(0, index["size"] - number * index["page_size"]))
        if len(lines) != expected:
            _say(found, f"{name}: has {len(lines)} entries where {expected} belong.")
        for at, line in enumerate(lines, start=1):
            yield name, at, line


def _strangers(path: Path, index: dict[str, Any], found: Report) -> None:
    """Whatever lies in the folder and is no part of the record: nobody signed it, and it looks as if somebody had."""
    for part, rows in PARTS.items():
        folder = path / part
        present = {f"{part}/{file.name}" for file in folder.iterdir()} if folder.is_dir() else set()
        for name in sorted(present - {row["file"] for row in index[rows]}):
            _say(found, f"{name}: is there, but index.json does not name it.")
    for name in sorted(file.name for file in path.iterdir() if file.name not in {*PARTS, *ROOT}):
        _say(found, f"{name}: a file that the record does not name. Nobody signed it: take it out of the folder.")


def _decision(path: Path, entry: dict[str, Any], frozen: dict[str, Any], where: str, found: Report) -> str:
    """Check the frozen record of a decision, and compute it again; returns its file's name."""
    name = f"decisions/{entry['id']}.json"
    found.decisions += 1
    said = entry["decision"]
    try:
        if not isinstance(said, dict) or name not in frozen or not SAFE_NAME.match(name):
            raise Broken(f"{where}: the record of its decision is not in index.json.")
        body = files.read_bytes(path, name)
        if hashlib.sha256(body).hexdigest() != said.get("sha256"):
            raise Broken(f"{name}: is not the record that was frozen with the decision (entry {entry.get('index')}).")
        record = files.strict(body, name)
        if not isinstance(record, dict) or any(record.get(part) != said.get(part) for part in ("family", "method")):
            raise Broken(f"{name}: names another method than its entry.")
    except Broken as error:
        _say(found, str(error))
        return name
    problems = _recompute(record, name, found)
    found.problems += [f"{name}: {problem}" for problem in problems]
    return name


def _recompute(record: dict[str, Any], name: str, found: Report) -> list[str]:
    family = str(record.get("family"))
    known = family in FAMILIES and importlib.util.find_spec(f".{family}", __package__)
    check = getattr(importlib.import_module(f".{family}", __package__), "check", None) if known else None
    if check is None:
        found.notes.append(f"{name}: this package cannot compute a decision of the family {family!r} again.")
        return []
    try:
        problems = check(record)
    except Exception as error:  # the record is somebody else's: whatever it does, say so and go on
        return [f"could not be computed again. {files.unreadable(error)}"]
    found.recomputed += 1
    return list(problems)


# The checkpoints: each signed tree must be the beginning of these entries


def _checkpoints(
    path: Path, index: dict[str, Any], leaves: list[bytes], found: Report, *, key: str, seen: Path | None
) -> None:
    try:
        name, kind, public = notes.key_of(key or index["key"], "the log's key")
        if kind != 1:
            raise Broken("The log's key is not the key of a log.")
        if key and key.strip() != index["key"]:
            _say(found, "index.json names another key than the one you gave.")
        witnesses = [notes.key_of(text, "a witness's key") for text in index["witnesses"]]
    except Broken as error:
        _say(found, str(error))
        return
    if not key:
        found.notes.append(f"The key came with the folder; compare it with the one in print: {index['key']}")
    read: list[Signed] = []
    for row in sorted(index["checkpoints"], key=lambda row: str(row["file"])):
        try:
            signed = notes.checkpoint(files.read_text(path, row["file"]), row["file"])
            if row["file"] != f"checkpoints/{signed.size:012}" or row.get("size") != signed.size:
                raise Broken(f"{row['file']}: is the checkpoint of another size ({signed.size}).")
            if hashlib.sha256((path / row["file"]).read_bytes()).hexdigest() != row["sha256"]:
                _say(found, f"{row['file']}: differs from what index.json says it is.")
            read.append(signed)
        except Broken as error:
            _say(found, str(error))
    found.checkpoints = len(read)
    roots = _roots(leaves, {signed.size for signed in read})
    agreed, previous = 0, "none"
    for signed in read:
        _signatures(signed, (name, public), witnesses, found)
        if signed.origin != index["origin"]:
            _say(found, f"{signed.file}: is a checkpoint of {signed.origin}, not of {index['origin']}.")
        if signed.previous != previous:
            _say(found, f"{signed.file}: does not follow the checkpoint before it; one was replaced or taken away.")
        previous = hashlib.sha256(signed.text.encode()).hexdigest()
        if signed.size > len(leaves):
            _say(found, f"{signed.file}: was signed over {signed.size} entries; only {len(leaves)} are here.")
        elif roots[signed.size] != signed.root:
            _say(
                found,
                f"{signed.file}: the first {signed.size} entries are not those that were signed. "
                f"One after entry {agreed} and before this checkpoint was changed, taken out, put in or moved.",
            )
        else:
            agreed = signed.size
    _latest(path, index, read, found)
    if seen is not None:
        _seen(seen, leaves, (name, public), found)


def _latest(path: Path, index: dict[str, Any], read: list[Signed], found: Report) -> None:
    if not read:
        _say(found, "There is no checkpoint that can be read, so nothing here is signed.")
        return
    if read[-1].size != index["size"]:
        _say(found, f"The last checkpoint is over {read[-1].size} entries, but there are {index['size']}.")
    try:
        if notes.checkpoint(files.read_text(path, "checkpoint"), "checkpoint").text != read[-1].text:
            _say(found, "checkpoint: is not the last of the checkpoints.")
    except Broken as error:
        _say(found, str(error))


def _seen(file: Path, leaves: list[bytes], log: tuple[str, bytes], found: Report) -> None:
    try:
        signed = notes.checkpoint(files.read_text(file.parent, file.name), str(file))
    except Broken as error:
        _say(found, str(error))
        return
    _signatures(signed, log, [], found)
    if signed.size > len(leaves) or _roots(leaves, {signed.size})[signed.size] != signed.root:
        _say(found, f"{file}: the record is not the one you saw when it had {signed.size} entries. It was rewritten.")


def _signatures(signed: Signed, log: tuple[str, bytes], witnesses: list[tuple[str, int, bytes]], found: Report) -> None:
    """The log's own line must be there and hold; a witness's line, where there is one, must hold."""
    name, public = log
    own = False
    for line in signed.lines:
        try:
            who, key_id, blob = notes.signature(line, signed.file)
        except Broken as error:
            _say(found, str(error))
            continue
        if (who, key_id) == (name, notes.key_id(name, 1, public)):
            own = True
            if not ed25519.holds(public, signed.text.encode(), blob):
                _say(found, f"{signed.file}: the signature of {name} does not hold.")
        for witness, _, key in witnesses:
            if (who, key_id) == (witness, notes.key_id(witness, 4, key)):
                stamp = int.from_bytes(blob[:8], "big")
                message = f"cosignature/v1\ntime {stamp}\n{signed.text}".encode()
                if ed25519.holds(key, message, blob[8:]):
                    found.witnessed += 1
                else:
                    _say(found, f"{signed.file}: the signature of the witness {witness} does not hold.")
    if not own:
        _say(found, f"{signed.file}: is not signed by {name}.")


# The tree of RFC 6962, the obvious way: perfect subtrees on a stack, folded from the right


def _roots(leaves: list[bytes], sizes: set[int]) -> dict[int, bytes]:
    """The tree's root at each of the sizes that the leaves reach."""
    found = {0: hashlib.sha256(b"").digest()}
    stack: list[tuple[int, bytes]] = []
    for size, leaf in enumerate(leaves, start=1):
        stack.append((1, leaf))
        while len(stack) > 1 and stack[-2][0] == stack[-1][0]:
            (width, right), (_, left) = stack.pop(), stack.pop()
            stack.append((2 * width, hashlib.sha256(b"\x01" + left + right).digest()))
        if size in sizes:
            node = stack[-1][1]
            for _, left in reversed(stack[:-1]):
                node = hashlib.sha256(b"\x01" + left + node).digest()
            found[size] = node
    return found


def _say(found: Report, problem: str) -> None:
    found.problems.append(problem)
