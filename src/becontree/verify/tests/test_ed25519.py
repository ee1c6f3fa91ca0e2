"""Signatures against the test vectors of RFC 8032 section 7.1, and against `cryptography`."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from becontree.verify import ed25519

# public key, message, signature
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
        "655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
        "b00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
        "c027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_vectors_of_the_rfc_hold(key, message, signature):
    key, message, signature = map(bytes.fromhex, (key, message, signature))

    assert ed25519.holds(key, message, signature)
    assert not ed25519.holds(key, message + b"\0", signature)
    assert not ed25519.holds(key, message, signature[:-1] + bytes([signature[-1] ^ 1]))
    assert not ed25519.holds(key, message, bytes([signature[0] ^ 1]) + signature[1:])
    assert not ed25519.holds(key[:-1] + bytes([key[-1] ^ 1]), message, signature)


def test_a_second_form_of_a_signature_is_refused():
    key, message, signature = map(bytes.fromhex, VECTORS[1])
    scalar = int.from_bytes(signature[32:], "little") + ed25519.ORDER

    assert not ed25519.holds(key, message, signature[:32] + scalar.to_bytes(32, "little"))


@pytest.mark.parametrize("length", [0, 31, 33, 63, 65])
def test_keys_and_signatures_of_a_wrong_length_are_refused(length):
    key, message, signature = map(bytes.fromhex, VECTORS[0])

    assert not ed25519.holds(bytes(length), message, signature)
    assert not ed25519.holds(key, message, bytes(length))


def test_a_number_that_is_no_point_is_refused():
    _, message, signature = map(bytes.fromhex, VECTORS[0])

    assert not ed25519.holds((ed25519.PRIME + 1).to_bytes(32, "little"), message, signature)
    assert not ed25519.holds((2).to_bytes(32, "little"), message, signature)


@settings(max_examples=15, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_agrees_with_cryptography(seed, message):
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()

    assert ed25519.holds(public, message, private.sign(message))
    assert not ed25519.holds(public, message + b"x", private.sign(message))
