"""Two people's agreement, against worked examples in print and against the plain definitions."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from becontree.methods.themes import cohens_kappa, krippendorffs_alpha, masi_distance

# Krippendorff 2011, section C: four observers, twelve units, nominal data with gaps. The source gives alpha = 0.743.
PRINTED = {
    "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    "C": [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
}
SETS = st.frozensets(st.sampled_from("abc"), max_size=3)


def test_alpha_is_the_one_in_print() -> None:
    units = [
        {coder: values[at] for coder, values in PRINTED.items() if values[at] is not None} for at in range(12)
    ]  # fmt: skip

    alpha = krippendorffs_alpha(units)
    assert alpha is not None
    assert round(float(alpha), 3) == 0.743


def test_kappa_is_the_one_in_print() -> None:
    # Cohen 1960, table 1: proportions of 200 cases, 88 20 14 / 10 40 6 / 2 0 20; the source gives kappa = 0.49.
    table = [[88, 10, 2], [14, 40, 6], [18, 10, 12]]
    pairs = [(one, other) for one in range(3) for other in range(3) for _ in range(table[one][other])]

    kappa = cohens_kappa([one for one, _ in pairs], [other for _, other in pairs])
    assert (kappa.observed, kappa.expected) == (Fraction(7, 10), Fraction(41, 100))
    assert kappa.value == Fraction(29, 59)


def test_nothing_can_be_said_of_two_who_always_give_one_label() -> None:
    assert cohens_kappa("aaa", "aaa").value is None
    assert krippendorffs_alpha([{"first": "a", "second": "a"}] * 3) is None


def test_the_two_must_have_sorted_the_same_texts() -> None:
    with pytest.raises(ValueError, match="same texts"):
        cohens_kappa("ab", "a")


@given(SETS, SETS)
def test_masi_is_a_distance_between_nought_and_one(one: frozenset[str], other: frozenset[str]) -> None:
    assert masi_distance(one, other) == masi_distance(other, one)
    assert 0 <= masi_distance(one, other) <= 1
    assert (masi_distance(one, other) == 0) == (one == other)


@given(st.lists(st.tuples(SETS, SETS), min_size=2, max_size=12))
def test_alpha_follows_the_definition_pair_by_pair(pairs: list[tuple[frozenset[str], frozenset[str]]]) -> None:
    units = [{"first": one, "second": other} for one, other in pairs]
    values = [value for pair in pairs for value in pair]
    observed = sum((masi_distance(*pair) for pair in pairs), Fraction(0)) / len(pairs)
    every = list(permutations(range(len(values)), 2))
    expected = sum((masi_distance(values[one], values[other]) for one, other in every), Fraction(0)) / len(every)

    assert krippendorffs_alpha(units, masi_distance) == (None if expected == 0 else 1 - observed / expected)
