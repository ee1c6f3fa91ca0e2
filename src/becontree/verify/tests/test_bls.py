"""The signature check against RFC 9380's own vectors and two real rounds of drand."""

import json

import pytest

from becontree.verify import bls

QUICKNET = (
    657413,
    "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b",
)


def test_hashing_to_g1_gives_the_vector_of_rfc_9380():
    x, y = bls.hash_to_g1(b"", b"QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_")  # appendix J.9.1, msg = ""

    assert f"{x[0]:096x}" == (
        "052926add2207b76ca4fa57a8734416c8dc95e24501772c814278700eed6d1e4e8cf62d9c09db0fac349612b759e79a1"
    )
    assert f"{y[0]:096x}" == (
        "08ba738453bfed09cb546dbb0783dbb3a5f1f566ed67bb6be0e8c67e2e81a4cc68ee29813bb7994998f3eae0c9c6a265"
    )


def test_hashing_to_g2_gives_the_vector_of_rfc_9380():
    x, _ = bls.hash_to_g2(b"", b"QUUX-V01-CS02-with-BLS12381G2_XMD:SHA-256_SSWU_RO_")  # appendix J.10.1, msg = ""

    assert f"{x[0]:096x}" == (
        "0141ebfbdca40eb85b87142e130ab689c673cf60f1a3e98d69335266f30d9b8d4ac44c1038e9dcdd5393faf5c41fb78a"
    )
    assert f"{x[1]:096x}" == (
        "05cb8437535e20ecffaef7752baddf98034139c38452458baeefab379ba13dff5bf5dd71b72418717047f5b0f37da03d"
    )


def test_expanding_gives_the_vector_of_rfc_9380():
    # appendix K.1: expand_message_xmd, SHA-256, msg = "abc", 32 bytes
    found = bls.expand(b"abc", b"QUUX-V01-CS02-with-expander-SHA256-128", 32)

    assert found.hex() == "d8ccab23b5985ccea865c6c97b6e5b8350e794e603b4b97902f53a8a0d605615"


@pytest.mark.shared
def test_the_shared_rounds_are_signed_and_their_neighbours_are_not(shared):
    facts = json.loads((shared / "sortition" / "drand-test-beacons.json").read_text())
    quick, old = facts["quicknet"], facts["default"]

    assert bls.round_is_signed("quicknet", quick["round"], quick["signature"])
    assert not bls.round_is_signed("quicknet", quick["round"] + 1, quick["signature"])
    assert bls.round_is_signed("default", old["round"], old["signature"], old["previous_signature"])
    assert not bls.round_is_signed("default", old["round"], old["signature"], old["signature"])


@pytest.mark.parametrize(
    ("chain", "number", "signature"),
    [
        ("moon", *QUICKNET),
        ("quicknet", QUICKNET[0], ""),
        ("quicknet", QUICKNET[0], "zz"),
        ("quicknet", QUICKNET[0], "00" * 48),
        ("quicknet", QUICKNET[0], "c0" + "00" * 47),  # infinity
        ("quicknet", QUICKNET[0], "80" + "00" * 46 + "01"),  # not on the curve, or not in the group
        ("quicknet", QUICKNET[0], "bf" + "ff" * 47),  # beyond the field
        ("quicknet", -1, QUICKNET[1]),
        ("quicknet", QUICKNET[0], "97" + QUICKNET[1][2:]),  # the mirrored point
        ("default", 1, "80" * 96),
    ],
)
def test_what_is_not_a_signature_is_refused_without_a_fall(chain, number, signature):
    assert bls.round_is_signed(chain, number, signature) is False


def test_the_public_keys_are_points_of_their_groups():
    assert bls.read_g2(bytes.fromhex(bls.QUICKNET_KEY)) is not None
    assert bls.read_g1(bytes.fromhex(bls.DEFAULT_KEY)) is not None
