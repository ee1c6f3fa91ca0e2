"""The whole record as one zip: what `publish` writes, the program that checks it, and how to. Nothing personal.

record/            the record as files (`actions.publish`)
becontree/verify/  the second implementation: Python's standard library alone
README.txt         how to use it
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from becontree import verify
from becontree.foundations.record import actions, keys
from becontree.foundations.record.models import Checkpoint, Cosignature

PIECE: Final = 1 << 20  # bytes
README: Final = """\
The public record, to check for yourself
========================================

record/            the record: every entry, every decision, every signed checkpoint
becontree/verify/  the program that checks it: Python 3.11 or newer, and nothing else

Open a terminal in this folder and run

    python3 -m becontree.verify record --key KEY

KEY is the record's public key. Take it from somewhere else than this zip: from the page "How to check the record",
and from wherever the council has printed it. Without --key the program believes the key that lies in the zip.

If you kept a checkpoint from an earlier day, add --seen FILE. Only so can you tell whether the record was written
anew from the beginning by whoever holds its key.

The program came in this zip as well, and whoever could forge the record could forge what checks it. So take the
program, too, from somewhere else: the same folder becontree/verify/ is in the package (wheel) of Becontree, in its
source repository, and in the record.zip of any other council that runs it. Run that copy on this record, or compare
the two folders. Where two copies do not say the same, believe neither, and ask.

It says "agrees" and ends with status 0, or names what does not agree and ends with status 1. It asks nobody anything:
no network, no database. It finds an entry that was changed by one byte, taken out, put in or moved; a checkpoint that
was replaced or taken away; a signature that does not hold; a decision that does not come out again; and a file in
record/ that the record does not name.

One decision, as downloaded from its page:    python3 -m becontree.verify decision-....json
One entry's proof, from its page:             python3 -m becontree.verify proof.json --key KEY
"""


def version(latest: Checkpoint) -> tuple[object, ...]:
    """What changes whenever the zip would: the checkpoint, who signed it since, our key, the program. One query."""
    witnesses = [str(each) for each in keys.witnesses()]
    return latest.size, Cosignature.objects.count(), str(keys.signer().verifier), *witnesses, _program_digest()


def parts(latest: Checkpoint) -> Iterator[bytes]:
    """The zip, a piece at a time. Made from the same checkpoint it is the same, byte for byte."""
    moment = latest.issued_at.timetuple()[:6]
    with tempfile.TemporaryDirectory(prefix="becontree-record-") as made:
        folder = Path(made)
        actions.publish(folder / "record", now=latest.issued_at)
        whole = folder / "record.zip"
        with zipfile.ZipFile(whole, "w", compression=zipfile.ZIP_DEFLATED) as out:

            def put(name: str, body: bytes) -> None:
                entry = zipfile.ZipInfo(name, moment)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                out.writestr(entry, body)

            put("README.txt", README.encode())
            for name, path in _program():
                put(name, path.read_bytes())
            for path in sorted((folder / "record").rglob("*")):
                if path.is_file():
                    put(path.relative_to(folder).as_posix(), path.read_bytes())
        with whole.open("rb") as handle:
            while piece := handle.read(PIECE):
                yield piece


def _program() -> list[tuple[str, Path]]:
    """(name in the zip, file) of the checker, without its tests."""
    home = Path(verify.__file__).parent
    found = [path for path in sorted(home.rglob("*.py")) if "tests" not in path.relative_to(home).parts]
    return [(f"becontree/verify/{path.relative_to(home).as_posix()}", path) for path in found]


@cache
def _program_digest() -> str:
    return sha256(b"".join(path.read_bytes() for _, path in _program()) + README.encode()).hexdigest()
