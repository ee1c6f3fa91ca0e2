"""No count of 1 to 4 can be worked out from what is shown: asked of solvers that know nothing of the method."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from becontree.methods import suppression
from becontree.methods.findings import Unusable
from becontree.methods.suppression import Sum, one_way, protect, two_way, wilson

Count = st.one_of(st.just(0), st.integers(1, 4), st.integers(5, 60))


def attack(result: Any, sums: list[Sum[Any]], counts: dict[Any, int]) -> dict[Any, tuple[float, float]]:
    """Another attacker than the method's own: linear programming over all cells, the shown ones pinned."""
    keys = list(counts)
    at = {key: number for number, key in enumerate(keys)}
    matrix = np.zeros((len(sums), len(keys)))
    for row, each in enumerate(sums):
        matrix[row, at[each.total]] -= 1
        for part in each.parts:
            matrix[row, at[part]] += 1
    limits = [(shown, shown) if (shown := result.shown[key]) is not None else (result.floor[key], None) for key in keys]
    found = {}
    for key in result.hidden:
        wish = np.zeros(len(keys))
        wish[at[key]] = 1
        low, high = (
            linprog(
                sign * wish, A_eq=matrix if sums else None, b_eq=np.zeros(len(sums)) if sums else None, bounds=limits
            )
            for sign in (1, -1)
        )
        assert low.status == 0
        found[key] = (low.fun, math.inf if high.status == 3 else -high.fun)
    return found


def holds(result: Any, sums: list[Sum[Any]], counts: dict[Any, int]) -> None:
    for key, (low, high) in attack(result, sums, counts).items():
        assert low <= counts[key] <= high
        if key in result.primary and key not in result.exposed:
            assert high - low > counts[key]
            assert high >= 5
    assert not {n for n in result.shown.values() if n is not None} & {1, 2, 3, 4} - {
        counts[key] for key in counts if key not in result.primary
    }


def test_a_small_count_takes_the_next_smallest_with_it() -> None:
    result = one_way({"16-24": 3, "25-34": 12, "35-49": 35, "75-plus": 0})

    assert result.shown == {"16-24": None, "25-34": None, "35-49": 35, "75-plus": 0, "": 50}
    assert [(step.cell, step.why, step.sake) for step in result.steps] == [
        ("16-24", "small", None),
        ("25-34", "beside", "16-24"),
    ]


def test_two_ones_do_not_protect_each_other() -> None:
    """1 + 1 leaves 2 for both, and each is at least one person: a third must go."""
    assert one_way({"a": 1, "b": 1, "c": 48, "d": 60}).hidden == {"a", "b", "c"}


def test_counts_that_tell_about_nobody_stay() -> None:
    assert one_way({"a": 0, "b": 5, "c": 40}).hidden == frozenset()


def test_so_few_people_that_nothing_helps_are_said_to_be_exposed() -> None:
    result = one_way({"a": 1, "b": 1, "c": 0})

    assert result.exposed == {"a", "b"}
    assert result.shown["c"] is None


def test_a_table_with_margins_hides_a_rectangle() -> None:
    """The textbook pattern: a hidden cell, one in its row, one in its column, and the one across."""
    counts = {("x", "1"): 2, ("x", "2"): 20, ("x", "3"): 30, ("y", "1"): 15, ("y", "2"): 25, ("y", "3"): 35}
    result = two_way(counts)

    assert len(result.hidden) == 4
    assert len({row for row, _ in result.hidden}) == len({column for _, column in result.hidden}) == 2


def test_a_margin_shared_by_two_tables_gives_nothing_away() -> None:
    """Each table alone would be safe; together the shared row total would tell."""
    counts = {"total": 30, "a": 3, "b": 27, "c": 10, "d": 20, "e": 27, "f": 3}
    sums = [Sum("total", ("a", "b")), Sum("total", ("c", "d")), Sum("total", ("e", "f"))]
    holds(protect(counts, sums, fixed=["total"]), sums, counts)


@pytest.mark.parametrize(
    ("counts", "sums", "code"),
    [
        ({"a": -1}, [], "suppression.negative"),
        ({"a": True}, [], "suppression.negative"),
        ({"a": 1, "t": 2}, [Sum("t", ("a",))], "suppression.sum"),
        ({"a": 1}, [Sum("t", ("a",))], "suppression.missing"),
        ({"a": 1, "t": 2}, [Sum("t", ("a", "a"))], "suppression.twice"),
    ],
)
def test_tables_that_cannot_be_are_refused(counts: dict[str, Any], sums: list[Sum[str]], code: str) -> None:
    with pytest.raises(Unusable) as refused:
        protect(counts, sums)

    assert code in {finding.code for finding in refused.value.findings}


@settings(max_examples=120)
@given(st.lists(Count, min_size=1, max_size=9))
def test_one_row_withstands_linear_programming(values: list[int]) -> None:
    counts = {str(at): value for at, value in enumerate(values)}
    holds(one_way(counts), [Sum("", tuple(counts))], {**counts, "": sum(values)})


@settings(max_examples=60)
@given(st.integers(2, 5), st.integers(2, 5), st.data())
def test_a_table_with_margins_withstands_linear_programming(rows: int, columns: int, data: st.DataObject) -> None:
    counts = {(f"r{r}", f"c{c}"): data.draw(Count) for r in range(rows) for c in range(columns)}
    result = two_way(counts)
    names = [f"r{r}" for r in range(rows)], [f"c{c}" for c in range(columns)]
    cells = dict(counts)
    cells |= {(r, ""): sum(counts[r, c] for c in names[1]) for r in names[0]}
    cells |= {("", c): sum(counts[r, c] for r in names[0]) for c in names[1]}
    cells["", ""] = sum(counts.values())
    sums = [Sum((r, ""), tuple((r, c) for c in names[1])) for r in names[0]]
    sums += [Sum(("", c), tuple((r, c) for r in names[0])) for c in names[1]]
    sums += [Sum(("", ""), tuple((r, "") for r in names[0])), Sum(("", ""), tuple(("", c) for c in names[1]))]
    holds(result, sums, cells)


@settings(max_examples=40)
@given(
    st.lists(st.lists(Count, min_size=3, max_size=4), min_size=2, max_size=4).filter(
        lambda x: len({len(y) for y in x}) == 1
    )
)
def test_several_rounds_and_their_sum_withstand_linear_programming(rounds: list[list[int]]) -> None:
    """The same question in several rounds, each shown, and all rounds together shown too."""
    width = len(rounds[0])
    cells: dict[Any, int] = {(r, c): rounds[r][c] for r in range(len(rounds)) for c in range(width)}
    cells |= {(r, "n"): sum(rounds[r]) for r in range(len(rounds))}
    cells |= {("all", c): sum(each[c] for each in rounds) for c in range(width)}
    cells["all", "n"] = sum(map(sum, rounds))
    sums: list[Sum[Any]] = [Sum((r, "n"), tuple((r, c) for c in range(width))) for r in range(len(rounds))]
    sums += [Sum(("all", c), tuple((r, c) for r in range(len(rounds)))) for c in [*range(width), "n"]]
    sums += [Sum(("all", "n"), tuple(("all", c) for c in range(width)))]
    fixed = [*((r, "n") for r in range(len(rounds))), ("all", "n")]
    holds(protect(cells, sums, fixed=fixed), sums, cells)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 7), min_size=2, max_size=4))
def test_every_way_to_fill_the_gaps_was_tried_by_hand(values: list[int]) -> None:
    """By trying everything: among all whole fillings that agree with what is shown, each small cell varies."""
    counts = {str(at): value for at, value in enumerate(values)}
    result = one_way(counts)
    hidden = sorted(result.hidden)
    left = sum(counts[key] for key in hidden)
    fillings = [
        filling
        for filling in itertools.product(*(range(result.floor[key], left + 1) for key in hidden))
        if sum(filling) == left
    ]
    for at, key in enumerate(hidden):
        if key in result.primary - result.exposed:
            possible = {filling[at] for filling in fillings}
            assert max(possible) >= 5
            assert len(possible) > counts[key]


def test_the_same_counts_are_hidden_alike_each_time() -> None:
    counts = {(f"r{r}", f"c{c}"): (r * 7 + c * 5) % 13 for r in range(6) for c in range(5)}

    assert two_way(counts) == two_way(counts)


@pytest.mark.parametrize(
    ("n", "of", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3 (Wilson)
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(n: int, of: int, low: float, high: float) -> None:
    found = wilson(n, of)

    assert found == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_wilson_of_nobody_says_nothing_and_an_impossible_share_is_refused() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="no share"):
        wilson(5, 4)


def test_the_public_names_are_what_the_module_says() -> None:
    assert all(hasattr(suppression, name) for name in suppression.__all__)
