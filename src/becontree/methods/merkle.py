"""Merkle trees as in Certificate Transparency: one short hash that fixes a whole ordered list, and short proofs.

Computes: leaf and node hashes, the root of a list, a growing tree that keeps only its edge (`Frontier`), the proof
that one entry is in the list (inclusion) and the proof that today's list only adds to yesterday's (consistency),
with the checks of both.

Source: RFC 6962 section 2.1 (hashes, roots, proofs); RFC 9162 sections 2.1.3.2 and 2.1.4.2 (the checks).
Why: the format that monitors, witnesses and other people's tools already read; the 0x00 and 0x01 in front of leaf
and node mean that no entry can pass for a pair of others.
Cost: appending is O(log n) in the worst case and O(1) on average; a proof is at most about log2(n) hashes and, read
from stored nodes, takes O(log n) look-ups each.
Rejected: duplicating the last leaf of an odd level (two different lists then share a root: CVE-2012-2459).

All hashes are 32 bytes of SHA-256. Functions take *leaf hashes* (see `leaf_hash`), never the entries themselves.

>>> leaves = [leaf_hash(text) for text in (b"heard", b"promised", b"done")]
>>> proof = inclusion_proof(leaves, 1)
>>> check_inclusion(leaves[1], 1, 3, proof, root(leaves))
True
>>> check_inclusion(leaf_hash(b"forged"), 1, 3, proof, root(leaves))
False
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()  # RFC 6962 section 2.1: the hash of an empty list

# Reads a stored node: level 0 holds leaf hashes; node (level, i) covers leaves i * 2**level up to (i + 1) * 2**level.
Nodes = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 + entry): the hash of one entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 + left + right): the hash of two neighbours."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right-hand edge of a tree: all that is needed to append and to know the root.

    `peaks` are the roots of the full subtrees, largest first: one for each 1 in the binary form of `size`.

    >>> Frontier().append(leaf_hash(b"")).root().hex()[:16]
    '6e340b9cffb37a98'
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            raise ValueError(f"{len(self.peaks)} peaks do not make a tree of {self.size} leaves.")
        if any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise ValueError("Every peak is a hash of 32 bytes.")

    def append(self, leaf: bytes) -> Frontier:
        """The tree with one more leaf hash at the end."""
        return self.append_nodes(leaf)[0]

    def append_nodes(self, leaf: bytes) -> tuple[Frontier, tuple[tuple[int, int, bytes], ...]]:
        """As `append`, with each node that became complete, as (level, index, hash): store them to serve proofs."""
        if len(leaf) != HASH_BYTES:
            raise ValueError("A leaf hash has 32 bytes.")
        peaks, level, index = list(self.peaks), 0, self.size
        node, made = leaf, [(0, index, leaf)]
        while index & 1:
            node = node_hash(peaks.pop(), node)
            level, index = level + 1, index >> 1
            made.append((level, index, node))
        return Frontier(self.size + 1, (*peaks, node)), tuple(made)

    def root(self) -> bytes:
        """The root of the tree so far."""
        return _fold(self.peaks)


def frontier(leaves: Iterable[bytes]) -> Frontier:
    """The edge of the tree over `leaves`, in order."""
    edge = Frontier()
    for leaf in leaves:
        edge = edge.append(leaf)
    return edge


def root(leaves: Sequence[bytes]) -> bytes:
    """The Merkle tree hash of RFC 6962 section 2.1 over leaf hashes."""
    return subtree_root(stored(leaves), 0, len(leaves))


def stored(leaves: Sequence[bytes]) -> Nodes:
    """All full nodes over `leaves` kept in memory (two hashes a leaf), as a `Nodes` reader."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
    return lambda level, index: levels[level][index]


def subtree_root(nodes: Nodes, start: int, end: int) -> bytes:
    """The root over leaves `start` up to `end`, where `start` is a multiple of a power of two not below end - start."""
    peaks: list[bytes] = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append(nodes(level, start >> level))
        start += 1 << level
    return _fold(peaks)


def inclusion_proof(leaves: Sequence[bytes] | Nodes, index: int, size: int | None = None) -> tuple[bytes, ...]:
    """The audit path of leaf `index` in the tree of the first `size` leaves, lowest neighbour first (RFC 6962 2.1.1).

    `leaves` are the leaf hashes, or a reader of stored nodes together with `size`.
    Raises IndexError if the leaf is not in the tree.
    """
    nodes, size = _reader(leaves, size)
    if not 0 <= index < size:
        raise IndexError(f"There is no leaf {index} in a tree of {size}.")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return tuple(subtree_root(nodes, *span) for span in reversed(path))


def consistency_proof(leaves: Sequence[bytes] | Nodes, old_size: int, size: int | None = None) -> tuple[bytes, ...]:
    """The proof that the first `old_size` leaves are the beginning of the first `size` (RFC 6962 2.1.2).

    Empty if the two are equal or the old tree is empty: there is nothing to prove.
    """
    nodes, size = _reader(leaves, size)
    if not 0 <= old_size <= size:
        raise IndexError(f"A tree of {size} has no earlier tree of {old_size}.")
    if old_size in (0, size):
        return ()
    start, end, path, whole = 0, size, [], True
    while old_size != end - start:
        half = _split(end - start)
        if old_size <= half:
            path.append((start + half, end))
            end = start + half
        else:
            path.append((start, start + half))
            start, old_size, whole = start + half, old_size - half, False
    # The checker already holds the old root; it needs the last subtree only if that is not the whole old tree.
    if not whole:
        path.append((start, end))
    return tuple(subtree_root(nodes, *span) for span in reversed(path))


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Does `proof` show that `leaf` is number `index` in the tree of `size` with root `expected`? (RFC 9162 2.1.3.2)"""
    if not 0 <= index < size:
        return False
    position, last, node = index, size - 1, leaf
    for neighbour in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(neighbour, node)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, neighbour)
        position, last = position >> 1, last >> 1
    return last == 0 and node == expected


def check_consistency(old_size: int, size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Does `proof` show that the new tree only adds to the old one? (RFC 9162 section 2.1.4.2)"""
    if not 0 <= old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof)
    if not old_size & (old_size - 1):  # the old tree is one full subtree: its root starts the path
        path.insert(0, old_root)
    if not path:
        return False
    position, last = old_size - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for neighbour in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(neighbour, old), node_hash(neighbour, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, neighbour)
        position, last = position >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _split(size: int) -> int:
    """The largest power of two below `size` (RFC 6962: k < n <= 2k)."""
    return 1 << ((size - 1).bit_length() - 1)


def _fold(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return EMPTY_ROOT
    node = peaks[-1]
    for peak in reversed(peaks[:-1]):
        node = node_hash(peak, node)
    return node


def _reader(leaves: Sequence[bytes] | Nodes, size: int | None) -> tuple[Nodes, int]:
    if callable(leaves):
        if size is None:
            raise TypeError("A reader of stored nodes needs the size of the tree.")
        return leaves, size
    wanted = len(leaves) if size is None else size
    if wanted > len(leaves):
        raise IndexError(f"There are {len(leaves)} leaves, not {wanted}.")
    return stored(leaves[:wanted]), wanted
