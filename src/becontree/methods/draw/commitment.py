"""One hash that fixes a list before the draw, and a receipt that shows one entry is in it.

Computes: leaf = SHA-256(0x00 salt row), row = the canonical JSON of the entry; the commitment is the Merkle root of the
leaves in order of the entries' ids, as in RFC 6962 (`becontree.methods.merkle`).
Why salts: without one, anybody could guess a person's row and check the guess. With salts deleted, a commitment says
nothing about anyone. Ids are random, never made from a name or an e-mail address.
Cost: two hashes an entry. Rejected: hashing the file (a changed line end would change it, and it gives no receipts).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from becontree.methods import merkle
from becontree.methods.canonical import canonical
from becontree.methods.findings import Finding, Unusable


@dataclass(frozen=True, slots=True)
class Commitment:
    """`root` fixes `count` entries; `ids` is their order. `root` and `count` are published before the draw."""

    root: bytes
    count: int
    ids: tuple[str, ...]
    leaves: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one person gets, to check alone: their own row and salt, and the path to the published root."""

    row: dict[str, Any]
    salt: bytes
    index: int
    count: int
    path: tuple[bytes, ...]


def commit(entries: Sequence[Mapping[str, Any]], salts: Mapping[str, bytes] | None = None) -> Commitment:
    """Fix `entries`, each with a text "id" of its own. salts: {id: random bytes}, none for a list of public facts."""
    rows: dict[str, Mapping[str, Any]] = {}
    for number, entry in enumerate(entries, 1):
        name = entry.get("id")
        if not isinstance(name, str) or not name:
            raise Unusable(Finding("draw.entry.id", f"Entry {number} has no id.", field="id"))
        if name in rows:
            raise Unusable(Finding("draw.entry.twice", f"The id {name!r} is used twice.", field="id"))
        rows[name] = entry
    ids = tuple(sorted(rows))
    leaves = tuple(merkle.leaf_hash((salts or {}).get(name, b"") + canonical(dict(rows[name]))) for name in ids)
    return Commitment(merkle.root(leaves), len(ids), ids, leaves)


def receipt(commitment: Commitment, entry: Mapping[str, Any], salt: bytes = b"") -> Receipt:
    """The receipt of one entry of the commitment. Raises ValueError if it is not in it."""
    index = commitment.ids.index(entry["id"])
    path = merkle.inclusion_proof(commitment.leaves, index)
    return Receipt(dict(entry), salt, index, commitment.count, path)


def check_receipt(paper: Receipt, root: bytes) -> bool:
    """Is the receipt's row in the list that `root` fixed?"""
    leaf = merkle.leaf_hash(paper.salt + canonical(paper.row))
    return merkle.check_inclusion(leaf, paper.index, paper.count, paper.path, root)
