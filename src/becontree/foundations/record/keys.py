"""Where the record's private key lives, and whose witnesses count."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from django.conf import settings

from becontree.foundations.kit.errors import Refused
from becontree.foundations.record.notes import WITNESS, BadNote, Signer, Verifier


class NoKey(Refused):
    """The record cannot be signed; the message says what to do."""


def path() -> Path | None:
    """The key file: BECONTREE_RECORD_KEY; outside production, a file of this installation's own."""
    if settings.RECORD_KEY:
        return Path(settings.RECORD_KEY)
    return None if settings.MODE == "production" else Path(settings.HOME) / "record.key"


def signer() -> Signer:
    """The key that signs checkpoints. Outside production a missing one is made. Raises NoKey."""
    file = path()
    if file is None:
        raise NoKey("record.key.none", "No key signs the record. Run `becontree manage record_key FILE`, keep the file "
                    "safe, and set BECONTREE_RECORD_KEY to it.")  # fmt: skip
    if not file.exists() and settings.MODE != "production" and not settings.RECORD_KEY:
        write(file, Signer.new(settings.RECORD_ORIGIN))
    try:
        return Signer.parse(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise NoKey("record.key.missing", f"The record's key {file} cannot be read ({error.strerror}).") from error
    except (BadNote, UnicodeDecodeError) as error:
        raise NoKey("record.key.bad", f"The record's key {file} cannot be used: {error}") from error


def write(file: Path, key: Signer) -> bool:
    """Write a key file that only its owner can read, whole or not at all; False if there is one already."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=".record-key-")  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write(key.secret() + "\n")
        os.link(name, file)  # refuses where there is a file, unlike a rename
    except FileExistsError:
        return False
    finally:
        Path(name).unlink()
    return True


def others_can_read(file: Path) -> bool:
    return bool(file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def witnesses() -> list[Verifier]:
    """The public keys of RECORD_WITNESSES. Raises BadNote for one that cannot be read."""
    found = [Verifier.parse(text) for text in settings.RECORD_WITNESSES]
    for verifier in found:
        if verifier.kind != WITNESS:
            raise BadNote(f"{verifier.name} is the key of a log, not of a witness.")
    return found
