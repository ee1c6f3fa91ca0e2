"""The record as static files, which need neither this software nor its database to be checked.

index.json                 what is here, and the public keys
checkpoint                 the latest signed checkpoint, with witnesses' signatures
checkpoints/000000000042   every checkpoint there ever was, by its size
entries/000000.jsonl       256 entries a page, one canonical line each: exactly the bytes that the tree hashes
decisions/ENTRY.json       the frozen record of each decision
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from becontree.foundations.kit.errors import Invalid
from becontree.foundations.record import keys
from becontree.foundations.record.models import Checkpoint, Decision, Entry
from becontree.foundations.record.projection import leaf_bytes, moment
from becontree.methods.canonical import canonical

PAGE: Final = 256
FORMAT: Final = "becontree-record/1"


def publish(folder: Path, *, now: datetime) -> dict[str, Any]:
    """Write the record up to its latest checkpoint into a folder, and return the index.

    Files that are there already with the same bytes are left alone, so a copy made before stays as it was. The index
    is written last. Raises Invalid while there is no checkpoint, NoKey.
    """
    latest = Checkpoint.objects.order_by("size").last()
    if latest is None:
        raise Invalid("record.publish.none", "There is no checkpoint yet: sequence and sign the record first.")
    index: dict[str, Any] = {
        "format": FORMAT,
        "origin": settings.RECORD_ORIGIN,
        "key": str(keys.signer().verifier),
        "witnesses": [str(verifier) for verifier in keys.witnesses()],
        "published_at": moment(now),
        "size": latest.size,
        "page_size": PAGE,
        "pages": [],
        "decisions": [],
        "checkpoints": [],
    }
    for number, lines in _pages(latest.size):
        body = b"".join(line + b"\n" for line in lines)
        name = f"entries/{number:06}.jsonl"
        digest = _put(folder / name, body)
        index["pages"].append({"file": name, "first": number * PAGE, "count": len(lines), "sha256": digest})
    decisions = Decision.objects.filter(entry__sequence__lt=latest.size).order_by("entry__sequence")
    for decision in decisions.select_related("entry").iterator(chunk_size=100):
        name = f"decisions/{decision.entry_id}.json"
        digest = _put(folder / name, canonical(decision.record))
        index["decisions"].append({"file": name, "index": decision.entry.sequence, "sha256": digest})
    for checkpoint in Checkpoint.objects.order_by("size").prefetch_related("cosignatures"):
        name = f"checkpoints/{checkpoint.size:012}"
        digest = _put(folder / name, signed_note(checkpoint).encode())
        index["checkpoints"].append({"file": name, "size": checkpoint.size, "sha256": digest})
    _put(folder / "checkpoint", signed_note(latest).encode())
    _put(folder / "index.json", json.dumps(index, ensure_ascii=False, indent=1).encode() + b"\n")
    return index


def signed_note(checkpoint: Checkpoint) -> str:
    """The checkpoint as a signed note: body, our signature, the witnesses' signatures."""
    lines = [checkpoint.signature, *(each.line for each in checkpoint.cosignatures.all())]
    return checkpoint.body + "\n" + "".join(line + "\n" for line in lines)


def _pages(size: int) -> Iterator[tuple[int, list[bytes]]]:
    for number in range((size + PAGE - 1) // PAGE):
        first = number * PAGE
        rows = (
            Entry.objects.filter(sequence__gte=first, sequence__lt=min(first + PAGE, size))
            .select_related("decision")
            .prefetch_related("because")
            .order_by("sequence")
        )
        yield number, [leaf_bytes(entry, entry.sequence or 0) for entry in rows]


def _put(file: Path, body: bytes) -> str:
    """Write the bytes whole or not at all, unless they are there already; returns their SHA-256."""
    digest = hashlib.sha256(body).hexdigest()
    if file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == digest:
        return digest
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(body)
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return digest
