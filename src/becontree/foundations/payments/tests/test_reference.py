"""The code on a bank transfer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from becontree.foundations.payments import reference
from becontree.foundations.payments.reference import ALPHABET

sevens = st.text(ALPHABET, min_size=7, max_size=7)


@given(sevens, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_any_one_wrong_character_is_noticed(seven, place, letter):
    good = reference.with_check(seven)
    bad = good[:place] + letter + good[place + 1 :]

    assert reference.is_reference(bad) == (bad == good)


@given(sevens, st.integers(0, 7), st.integers(0, 7))
def test_any_two_characters_swapped_are_noticed(seven, one, other):
    letters = list(reference.with_check(seven))
    good = "".join(letters)
    letters[one], letters[other] = letters[other], letters[one]

    assert reference.is_reference("".join(letters)) == ("".join(letters) == good)


@given(sevens, st.sampled_from(["FROM {} THANKS", "{}", "faster payment {} 22/11", "MR A GIVER {}SWINGS"]))
def test_it_is_found_in_what_a_bank_prints(seven, line):
    good = reference.with_check(seven)

    assert good in reference.find(line.format(good))
    assert good in reference.find(line.format(reference.shown(good).lower()))


def test_no_two_references_in_a_row_are_alike():
    assert len({reference.new_reference() for _ in range(200)}) == 200
