"""What `becontree verify` does with a file or a folder. `python -m becontree.verify` needs nothing but this folder.

A decision record, an entry's proof, a panel's receipt: one JSON file. A record: a folder with `index.json`. An export:
a folder with `manifest.json` and, in it, a record. What cannot be checked at all is a `NotChecked`, with what to do.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import files, log, manifest, notes, proof

FAMILIES = log.FAMILIES
LARGEST = 500_000_000  # bytes; the record of a hundred thousand ballots has 20 million
AS_DOWNLOADED = "Give the decision record as downloaded."
KEY = "of a folder, an export or an entry's proof: the record's public key, from elsewhere than the file itself"
ONE = {"entries": "entry", "checkpoints": "checkpoint", "decisions": "decision", "files": "file"}
SEEN = "of a folder or an export: a checkpoint file that you kept from an earlier day"


@dataclass(frozen=True)
class Checked:
    """What was checked and what came of it: `counts` of a folder, `problems` that do not agree, `notes` on the way.

    `unproved`: what agrees and yet shows nobody that it was fair, such as words that may have been chosen.
    """

    what: str
    problems: list[str]
    notes: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    unproved: list[str] = field(default_factory=list)


@dataclass
class NotChecked(Exception):
    """Nothing could be checked. `misuse`: the command was wrong, not the file; `field` is the part that it is about."""

    code: str
    path: Path
    message: str
    fix: str
    field: str = ""
    misuse: bool = False

    def __str__(self) -> str:
        where = f"{self.path}, {self.field}" if self.field else str(self.path)
        return f"{where}: {self.message} {self.fix}"


def check(path: Path, *, key: str = "", seen: Path | None = None) -> Checked:
    """Check whatever lies at `path`. Raises NotChecked.

    key: the record's public key ("name+hash+key"), known from elsewhere. seen: a checkpoint kept from an earlier day.
    """
    for given in (path, seen):
        if given is not None and not given.exists():
            raise NotChecked("table.missing", given, "There is no such file or folder.", "Check the name.", misuse=True)
    if path.is_dir():
        return _export(path, key, seen) if (path / manifest.NAME).is_file() else _folder(path, key, seen)
    record = _read(path)
    if record.get("format") == proof.FORMAT:
        _refuse_option(path, "--seen", seen, "An entry's proof holds the one checkpoint that it needs")
        said = [] if key else [f"The key came with the proof; compare it with the one in print: {record.get('key')}"]
        return Checked("that the entry is in the signed record", proof.check(record, key=key), said)
    if record.get("format") == log.FORMAT:
        raise NotChecked("verify.form", path, "This is the index of a record.", f"Give its folder: {path.parent}.")
    for option, value in (("--key", key), ("--seen", seen)):
        _refuse_option(path, option, value, "One decision is not signed: it is computed again")
    return _decision(path, record)


def _refuse_option(path: Path, option: str, value: object, why: str) -> None:
    """An option that would change nothing is not passed over: its giver would believe that it was used."""
    if value:
        fix = f"Leave out {option}, or give the folder of the whole record."
        raise NotChecked("verify.option", path, f"{why}, so {option} has nothing to do here.", fix, misuse=True)


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as handle:  # never more than the limit, also of a device that never ends
            data = handle.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise ValueError(f"it has more than {LARGEST:,} bytes")
        record = json.loads(data.decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, ValueError):
            _refuse_other_files(path, data)
        raise NotChecked("verify.json", path, f"This is not a JSON file ({error}).", AS_DOWNLOADED) from error
    if not isinstance(record, dict):
        raise NotChecked("verify.form", path, "This is not a decision record.", AS_DOWNLOADED)
    return record


def _refuse_other_files(path: Path, data: bytes) -> None:
    """Say what to do with the other files that a record's pages hand out."""
    if data.startswith(b"PK\x03\x04"):
        raise NotChecked("verify.zip", path, "This is a zip.", "Unpack it, and give the folder that comes out.")
    try:
        signed = notes.checkpoint(data[:100_000].decode(), path.name)
    except (files.Broken, ValueError):
        return
    what = f"This is a signed checkpoint, of {signed.size} entries. It is held against a whole record."
    raise NotChecked("verify.checkpoint", path, what, f"Say: becontree verify FOLDER --seen {path}")


def _decision(path: Path, record: dict[str, Any]) -> Checked:
    if record.get("format") != "becontree-decision/1":
        what = "This is not a decision record: its format is not 'becontree-decision/1'."
        raise NotChecked("verify.form", path, what, AS_DOWNLOADED, "format")
    family = record.get("family")
    if family not in FAMILIES:
        what = f"This version of becontree cannot recompute a decision of the family {family!r}."
        raise NotChecked("verify.family", path, what, "Use a newer version.", "family")
    verifier = importlib.import_module(f".{family}", __package__)
    try:
        problems = verifier.check(record)
    except (MemoryError, RecursionError, OverflowError) as error:
        what = "This record cannot be recomputed: it is too large or too deep."
        raise NotChecked("verify.size", path, what, "Use a machine with more memory.") from error
    # Asked last: a record that cannot be read has been refused by then, and the note is only for one that can.
    note = verifier.left_out(record) if not problems and hasattr(verifier, "left_out") else ""
    what = f"recomputed {record.get('method')} from the published file alone"
    said = [f"Not repeated: {note}."] if note else []
    if problems or family != "panel":
        return Checked(what, problems, said)
    compare = verifier.compare(record)
    return Checked(what, problems, [compare] if compare else [], unproved=verifier.unproved(record))


def _export(path: Path, key: str, seen: Path | None) -> Checked:
    """A whole export: every file against the manifest, and the signed record in it."""
    found = manifest.check(path)
    problems, said, counts = list(found.problems), [manifest.UNSIGNED], {"files": found.files}
    if (path / "record").is_dir():
        record = _folder(path / "record", key, seen)
        counts |= record.counts
        problems += record.problems
        said += record.notes
    else:
        said.append("There is no record in this export: only its files were compared.")
    return Checked(str(path), problems, said, counts)


def _folder(path: Path, key: str, seen: Path | None) -> Checked:
    """A whole published record: entries, checkpoints, signatures, decisions."""
    inner = path / "record"  # the download of the record holds it beside the program that checks it
    if not (path / "index.json").exists() and (inner / "index.json").is_file():
        path = inner
    found = log.report(path, key=key, seen=seen)
    counts = {
        "entries": found.entries,
        "checkpoints": found.checkpoints,
        "witnessed": found.witnessed,
        "decisions": found.decisions,
        "recomputed": found.recomputed,
    }
    return Checked(str(path), list(found.problems), list(found.notes), counts)


def as_data(checked: Checked) -> dict[str, Any]:
    """The answer as `--json` gives it."""
    shown = {"agrees": not checked.problems, **checked.counts, "problems": checked.problems, "notes": checked.notes}
    return {"checked": checked.what, **shown, "unproved": checked.unproved}


def as_text(path: Path, checked: Checked) -> str:
    if checked.problems:
        head = [f"{path} does NOT agree:"]
    elif checked.unproved:
        head = [f"{path} adds up, but does not prove that the draw was fair: {checked.what}."]
    else:
        head = [f"{path} agrees:" if checked.counts else f"{path} agrees: {checked.what}."]
    if checked.counts:
        head.append(
            "  " + ", ".join(f"{n:,} {ONE.get(what, what) if n == 1 else what}" for what, n in checked.counts.items())
        )
    return "\n".join([*head, *(f"  - {line}" for line in (*checked.problems, *checked.unproved, *checked.notes))])


def main(argv: Sequence[str] | None = None) -> int:
    """`python -m becontree.verify`: 0 all agrees, 1 it does not or cannot be checked, 2 a wrong option or name."""
    parser = argparse.ArgumentParser(
        prog="python -m becontree.verify", description="Check a decision or a public record, offline, trusting nobody."
    )
    parser.add_argument("file", type=Path, help="a decision record, an entry's proof, a record's folder, or an export")
    parser.add_argument("--key", default="", help=KEY)
    parser.add_argument("--seen", type=Path, help=SEEN)
    parser.add_argument("--json", action="store_true", help="machine output")
    args = parser.parse_args(argv)
    try:
        checked = check(args.file, key=args.key, seen=args.seen)
    except NotChecked as refused:
        print(f"{parser.prog}: {refused}", file=sys.stderr)  # noqa: T201
        return 2 if refused.misuse else 1
    said = json.dumps(as_data(checked), ensure_ascii=False, indent=1) if args.json else as_text(args.file, checked)
    print(said)  # noqa: T201
    return 1 if checked.problems else 0
