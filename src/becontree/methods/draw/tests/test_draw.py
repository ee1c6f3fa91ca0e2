"""The draw's published test vectors, its beacons, commitments and dice, and that no number is favoured."""

import hashlib
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from becontree.methods import draw
from becontree.methods.draw import beacon as beacons
from becontree.methods.draw.commitment import receipt
from becontree.methods.findings import Unusable

COMMITMENT = hashlib.sha256(b"test commitment").digest()
QUICKNET_657413 = {
    "round": 657413,
    "signature": "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b",
    "randomness": "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
}


@pytest.mark.parametrize(("purpose", "n", "number"), [("panel", 1000, 719), ("prize", 10**6, 438821)])
def test_the_published_vectors(purpose, n, number):
    randomness = bytes.fromhex(draw.pulse(QUICKNET_657413).randomness)

    assert draw.Stream(draw.seed(purpose, COMMITMENT, randomness)).uniform(n) == number


def by_the_book(start, n, count):
    """The stream written a second time, straight from its description."""
    found, block = [], 0
    while len(found) < count:
        digest = hashlib.sha256(start + block.to_bytes(8, "big")).digest()
        for at in range(0, 32, 8):
            value = int.from_bytes(digest[at : at + 8], "big")
            if value < 2**64 - 2**64 % n:
                found.append(value % n)
        block += 1
    return found[:count]


@given(st.binary(min_size=32, max_size=32), st.one_of(st.integers(1, 2000), st.integers(2**62, 2**64)))
def test_the_stream_is_what_its_description_says(start, n):
    stream = draw.Stream(start)

    assert [stream.uniform(n) for _ in range(9)] == by_the_book(start, n, 9)


def test_every_number_comes_up_about_as_often():
    stream = draw.Stream(COMMITMENT)
    counts = Counter(stream.uniform(6) for _ in range(60_000))
    chi2 = sum((counts[face] - 10_000) ** 2 / 10_000 for face in range(6))

    assert chi2 < 20.5  # 5 degrees of freedom, 0.1 per cent


def test_every_order_of_three_comes_up_about_as_often():
    stream = draw.Stream(COMMITMENT)
    counts = Counter("".join(draw.shuffled("abc", stream)) for _ in range(12_000))
    chi2 = sum((count - 2_000) ** 2 / 2_000 for count in counts.values())

    assert len(counts) == 6
    assert chi2 < 20.5


@given(st.lists(st.text(max_size=3), unique=True, max_size=20), st.binary(min_size=32, max_size=32))
def test_a_lot_is_an_order_of_the_same_ids_whatever_order_they_come_in(ids, start):
    order = draw.lot(ids, start)

    assert sorted(order) == sorted(ids)
    assert draw.lot(ids[::-1], start) == order


def test_chosen_draws_different_items():
    assert len(set(draw.chosen(range(50), 20, draw.Stream(COMMITMENT)))) == 20
    with pytest.raises(ValueError, match="cannot be drawn"):
        draw.chosen(range(3), 4, draw.Stream(COMMITMENT))


def test_seeds_refuse_what_would_blur_them():
    with pytest.raises(ValueError):
        draw.seed("a\0b", COMMITMENT, b"x")
    with pytest.raises(ValueError):
        draw.seed("a", b"short", b"x")
    with pytest.raises(ValueError):
        draw.Stream(COMMITMENT).uniform(0)


def test_a_round_is_a_function_of_the_date():
    assert draw.round_at(draw.QUICKNET, draw.time_of(draw.QUICKNET, 657413)) == 657413
    assert draw.round_at(draw.QUICKNET, draw.time_of(draw.QUICKNET, 657413) - 1) == 657412
    with pytest.raises(ValueError):
        draw.round_at(draw.QUICKNET, 0)


@pytest.mark.shared
def test_the_shared_beacons_are_taken_as_they_are(shared):
    facts = json.loads((shared / "sortition" / "drand-test-beacons.json").read_text())
    for name in ("quicknet", "default"):
        one, chain = facts[name], beacons.CHAINS[name]
        pulse = draw.pulse({"chain": name, **one})

        assert pulse.randomness == one["randomness"]
        assert (chain.hash, chain.public_key, chain.period, chain.genesis) == (
            one["chain_hash"], one["public_key"], one["period_s"], one["genesis_time"],
        )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"round": 0}, "draw.beacon.round"),
        ({"round": "657413"}, "draw.beacon.round"),
        ({"round": True}, "draw.beacon.round"),
        ({"signature": ""}, "draw.beacon.missing"),
        ({"signature": "xyz"}, "draw.beacon.hex"),
        ({"signature": "abc"}, "draw.beacon.hex"),
        ({"signature": 5}, "draw.beacon.hex"),
        ({"signature": "ab" * 600}, "draw.beacon.hex"),
        ({"randomness": "00" * 32}, "draw.beacon.randomness"),
        ({"chain": "moon"}, "draw.beacon.chain"),
        ({"chain": []}, "draw.beacon.chain"),
    ],
)
def test_a_broken_beacon_is_refused_by_name(change, code):
    with pytest.raises(Unusable) as refused:
        draw.pulse(QUICKNET_657413 | change)

    assert refused.value.findings[0].code == code


def test_dice_give_each_number_equally_and_ask_for_another_throw():
    throws = [draw.dice([a, b], 30, sides=6) for a in range(6) for b in range(6)]

    assert Counter(throws) == Counter([None] * 6 + list(range(30)))
    with pytest.raises(ValueError):
        draw.dice([10], 5)
    with pytest.raises(ValueError):
        draw.dice([1, 2], 101)


ENTRIES = [{"id": f"t{n}", "number": f"{n:06d}"} for n in range(9)]


def test_a_commitment_does_not_depend_on_the_order_of_the_file_and_gives_receipts():
    salts = {entry["id"]: bytes([n]) * 32 for n, entry in enumerate(ENTRIES)}
    made = draw.commit(ENTRIES, salts)
    papers = [receipt(made, entry, salts[entry["id"]]) for entry in ENTRIES]

    assert draw.commit(ENTRIES[::-1], salts) == made
    assert all(draw.check_receipt(paper, made.root) for paper in papers)
    assert not draw.check_receipt(papers[0], draw.commit(ENTRIES).root)


@pytest.mark.parametrize(
    ("entries", "code"), [([{"id": ""}], "draw.entry.id"), ([{}], "draw.entry.id"), (ENTRIES * 2, "draw.entry.twice")]
)
def test_entries_need_an_id_of_their_own(entries, code):
    with pytest.raises(Unusable) as refused:
        draw.commit(entries)

    assert refused.value.findings[0].code == code
