"""A number or a name is the same, whichever way it is written."""

from __future__ import annotations

import re

import pytest

from becontree.foundations.forgetting import reach


@pytest.mark.parametrize(
    "given",
    ["020 7946 0012", "02079460012", "(020) 7946-0012", "+44 20 7946 0012", "+44 (0)20 7946 0012", "0044 2079460012"],
)
def test_a_number_is_found_however_it_is_written(given: str) -> None:
    pattern = reach.telephone(given)
    for kept in ("020 7946 0012", "02079460012", "+44 20 7946 0012", "+44 (0)20 7946 0012", "0044 20 7946 0012"):
        assert re.search(pattern, kept), kept
    for other in ("020 7946 0013", "020 7946 001", "1020 7946 0012", "020 7946 00120", ""):
        assert not re.search(pattern, other), other


@pytest.mark.parametrize("given", ["", "0", "1234", "ada@example.org", "Ada Lovegood", "bcd4567", "+44", "0044 0"])
def test_what_is_no_number_finds_none(given: str) -> None:
    assert reach.telephone(given) == ""


def test_a_number_that_begins_with_the_countrys_figures_is_not_cut() -> None:
    pattern = reach.telephone("0441 234567")
    assert re.search(pattern, "0441 234567")
    assert not re.search(pattern, "01 234567")


def test_names_are_the_same_with_or_without_capitals_and_accents() -> None:
    assert reach.name(" ADA  O’Łovegoöd ") == reach.name("ada o’łovegood")
    assert reach.name("Ștefan Pop") == ("stefan", "pop")
    assert reach.name("ada@example.org") == reach.name("Flat 3") == reach.name("A") == reach.name("") == ()
    assert reach.whole_name("Lovegood") == reach.whole_name("A B") == ()


def test_a_name_stands_in_other_words_in_any_order_as_whole_words() -> None:
    wanted = reach.whole_name("Ada Lovegood")
    assert reach.within(wanted, "FPI LOVEGOOD ADA REF 12")
    assert not reach.within(wanted, "FPI LOVEGOODS ADA")
    assert not reach.within((), "anything")
