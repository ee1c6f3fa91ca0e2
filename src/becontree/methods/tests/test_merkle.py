"""RFC 6962 trees against the Certificate Transparency reference leaves and a tree written straight from the RFC."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from becontree.methods import merkle

# The reference test data of the Certificate Transparency code (google/certificate-transparency, merkletree tests).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def rfc_root(entries):
    """RFC 6962 section 2.1, word for word."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return hashlib.sha256(b"\x01" + rfc_root(entries[:k]) + rfc_root(entries[k:])).digest()


def rfc_path(m, entries):
    """RFC 6962 section 2.1.1, word for word."""
    if len(entries) <= 1:
        return []
    k = 1
    while k * 2 < len(entries):
        k *= 2
    if m < k:
        return [*rfc_path(m, entries[:k]), rfc_root(entries[k:])]
    return [*rfc_path(m - k, entries[k:]), rfc_root(entries[:k])]


def rfc_subproof(m, entries, whole):
    """RFC 6962 section 2.1.2, word for word."""
    if m == len(entries):
        return [] if whole else [rfc_root(entries)]
    k = 1
    while k * 2 < len(entries):
        k *= 2
    if m <= k:
        return [*rfc_subproof(m, entries[:k], whole), rfc_root(entries[k:])]
    return [*rfc_subproof(m - k, entries[k:], False), rfc_root(entries[:k])]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size):
    leaves = [merkle.leaf_hash(leaf) for leaf in LEAVES[:size]]

    assert merkle.root(leaves).hex() == ROOTS[size - 1]
    assert merkle.frontier(leaves).root().hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing():
    assert merkle.root([]) == merkle.Frontier().root() == merkle.EMPTY_ROOT
    assert merkle.EMPTY_ROOT.hex().startswith("e3b0c44298fc1c14")


def entries(size):
    return [b"entry %d" % i for i in range(size)]


@pytest.mark.parametrize("size", [*range(1, 35), 63, 64, 65, 100])
def test_inclusion_proofs_are_the_rfcs_and_check(size):
    data = entries(size)
    leaves = [merkle.leaf_hash(entry) for entry in data]
    top = merkle.root(leaves)

    for index in range(size):
        proof = merkle.inclusion_proof(leaves, index)
        assert list(proof) == rfc_path(index, data)
        assert merkle.check_inclusion(leaves[index], index, size, proof, top)
        assert not merkle.check_inclusion(leaves[index], index, size + 1, proof, merkle.leaf_hash(top))
        assert not merkle.check_inclusion(merkle.leaf_hash(b"other"), index, size, proof, top)
        assert not merkle.check_inclusion(leaves[index], index, size, [*proof, top], top)


@pytest.mark.parametrize("size", [*range(1, 20), 31, 32, 33])
def test_consistency_proofs_are_the_rfcs_and_check(size):
    data = entries(size)
    leaves = [merkle.leaf_hash(entry) for entry in data]
    new = merkle.root(leaves)

    for old_size in range(1, size + 1):
        old = merkle.root(leaves[:old_size])
        proof = merkle.consistency_proof(leaves, old_size)
        assert list(proof) == rfc_subproof(old_size, data, True)
        assert merkle.check_consistency(old_size, size, old, new, proof)
        if old_size < size:
            assert not merkle.check_consistency(old_size, size, merkle.leaf_hash(old), new, proof)
            assert not merkle.check_consistency(old_size, size, old, merkle.leaf_hash(new), proof)
            assert not merkle.check_consistency(old_size, size, old, new, proof[:-1])


def test_the_empty_tree_is_the_beginning_of_every_tree():
    leaves = [merkle.leaf_hash(leaf) for leaf in LEAVES]

    assert merkle.consistency_proof(leaves, 0) == ()
    assert merkle.check_consistency(0, 8, merkle.EMPTY_ROOT, merkle.root(leaves), ())
    assert not merkle.check_consistency(0, 8, merkle.leaf_hash(b""), merkle.root(leaves), ())


@given(st.lists(st.binary(max_size=8), min_size=2, max_size=40), st.data())
def test_a_changed_swapped_dropped_or_inserted_entry_changes_the_root(data, draw):
    leaves = [merkle.leaf_hash(entry) for entry in data]
    i = draw.draw(st.integers(0, len(data) - 1))
    j = draw.draw(st.integers(0, len(data) - 1))
    swapped = list(leaves)
    swapped[i], swapped[j] = swapped[j], swapped[i]
    others = [
        [*leaves[:i], merkle.leaf_hash(data[i] + b"!"), *leaves[i + 1 :]],
        leaves[:i] + leaves[i + 1 :],
        [*leaves[:i], merkle.leaf_hash(b"new"), *leaves[i:]],
        *([swapped] if swapped != leaves else []),
    ]

    assert merkle.root(leaves) not in {merkle.root(other) for other in others}


@given(st.integers(0, 130), st.integers(0, 130))
def test_stored_nodes_of_a_growing_tree_serve_every_proof(first, second):
    old_size, size = sorted((first, second))
    edge, kept = merkle.Frontier(), {}
    for i in range(size):
        edge, made = edge.append_nodes(merkle.leaf_hash(b"%d" % i))
        kept.update({(level, index): node for level, index, node in made})
    leaves = [merkle.leaf_hash(b"%d" % i) for i in range(size)]

    def read(level, index):
        return kept[level, index]

    assert merkle.consistency_proof(read, old_size, size) == merkle.consistency_proof(leaves, old_size)
    if old_size < size:
        assert merkle.inclusion_proof(read, old_size, size) == merkle.inclusion_proof(leaves, old_size)


def test_impossible_questions_are_refused():
    leaves = [merkle.leaf_hash(leaf) for leaf in LEAVES]

    with pytest.raises(IndexError):
        merkle.inclusion_proof(leaves, 8)
    with pytest.raises(IndexError):
        merkle.consistency_proof(leaves, 9)
    with pytest.raises(ValueError, match="peaks"):
        merkle.Frontier(3, (leaves[0],))
    assert not merkle.check_inclusion(leaves[0], 8, 8, (), leaves[0])
    assert not merkle.check_consistency(9, 8, leaves[0], leaves[0], ())
