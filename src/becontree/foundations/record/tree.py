"""The stored Merkle tree: roots and proofs from a handful of nodes, each in one query."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import Q

from becontree.foundations.record.models import Node
from becontree.methods import merkle

Made = TypeVar("Made")


def read(compute: Callable[[merkle.Nodes], Made]) -> Made:
    """What `compute` makes of the stored nodes. It runs twice: once to see which nodes it asks for, then in earnest.

    One query. Raises LookupError if the tree lacks a node, which only a damaged database does.
    """
    wanted: set[tuple[int, int]] = set()

    def note(level: int, index: int) -> bytes:
        wanted.add((level, index))
        return bytes(merkle.HASH_BYTES)

    empty = compute(note)
    if not wanted:
        return empty
    terms = reduce(or_, (Q(level=level, index=index) for level, index in sorted(wanted)))
    found = {(node.level, node.index): bytes.fromhex(node.hash) for node in Node.objects.filter(terms)}
    if missing := wanted - found.keys():
        raise LookupError(f"The tree lacks the nodes {sorted(missing)}.")
    return compute(lambda level, index: found[level, index])


def frontier(size: int) -> merkle.Frontier:
    """The edge of the tree of `size` leaves."""

    def peaks(nodes: merkle.Nodes) -> tuple[bytes, ...]:
        found, start = [], 0
        for level in range(size.bit_length() - 1, -1, -1):
            if size >> level & 1:
                found.append(nodes(level, start >> level))
                start += 1 << level
        return tuple(found)

    return merkle.Frontier(size, read(peaks))


def root(size: int) -> bytes:
    """The root of the first `size` leaves."""
    return read(lambda nodes: merkle.subtree_root(nodes, 0, size))


def inclusion(index: int, size: int) -> tuple[bytes, ...]:
    """The proof that leaf `index` is in the tree of `size`. Raises IndexError if it is not."""
    return read(lambda nodes: merkle.inclusion_proof(nodes, index, size))


def consistency(old: int, new: int) -> tuple[bytes, ...]:
    """The proof that the tree of `new` leaves only adds to that of `old`. Raises IndexError if old is the larger."""
    return read(lambda nodes: merkle.consistency_proof(nodes, old, new))
