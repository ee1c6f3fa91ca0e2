"""What is shown next: the distribution served, not only the formula."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from becontree.methods.opinion import next_statement, priorities

SEEN = np.array([100, 80, 60, 5, 0, 0])
PRIORITY = priorities([60, 20, 30, 3, 0, 0], [10, 40, 5, 0, 0, 0], SEEN, [0.5, 0.1, 2.0, 1.0, 0.0, 0.0])


def served(count: int, **options: object) -> Counter[int]:
    shown: Counter[int] = Counter()
    for draw in range(count):
        one = next_statement(PRIORITY, SEEN, answered=(), seed="hall", counter=draw, **options)  # type: ignore[arg-type]
        assert one is not None
        shown[one.statement] += 1
    return shown


def test_priority_is_the_published_formula() -> None:
    # [(1 - 6/22) * (1 + 0.5) * 11/22 * (1 + 8 * 2^-4)]^2
    assert priorities([10], [5], [20], [0.5])[0] == pytest.approx(((1 - 6 / 22) * 1.5 * 0.5 * 1.5) ** 2)


def test_priorities_are_not_all_alike() -> None:
    assert len(set(np.round(PRIORITY, 6))) > 3


def test_shares_served_follow_the_probability_that_is_logged() -> None:
    shown = served(3000)
    expected = dict.fromkeys(range(6), 0.0)
    floor = PRIORITY[3:].sum()
    for one in range(6):
        expected[one] = 0.5 * PRIORITY[one] / PRIORITY.sum() + (0.5 * PRIORITY[one] / floor if one >= 3 else 0)

    assert all(abs(shown[one] / 3000 - expected[one]) < 0.03 for one in range(6))


def test_late_statements_get_at_least_half_of_the_draws() -> None:
    shown = served(1000)

    assert shown[3] + shown[4] + shown[5] > 480


def test_the_same_seed_and_counter_serve_the_same_statement() -> None:
    assert next_statement(PRIORITY, SEEN, answered={1}, seed="x", counter=9) == next_statement(
        PRIORITY, SEEN, answered={1}, seed="x", counter=9
    )


def test_answered_and_withheld_statements_are_never_shown() -> None:
    shown = {
        next_statement(PRIORITY, SEEN, answered={0, 1}, withheld={2}, seed="x", counter=n).statement  # type: ignore[union-attr]
        for n in range(200)
    }

    assert shown == {3, 4, 5}


def test_nothing_is_left_when_all_is_answered() -> None:
    assert next_statement(PRIORITY, SEEN, answered=range(6), seed="x", counter=1) is None


def test_questions_about_you_wait_for_the_seventh_vote() -> None:
    assert 5 not in served(300, about_you={5})


def test_questions_about_you_come_at_most_once_in_three() -> None:
    priority, seen = np.ones(40), np.zeros(40, dtype=np.int64)
    shown: list[int] = []
    for draw in range(30):
        one = next_statement(
            priority, seen, answered=shown, about_you=range(30, 40), last_shown=shown, seed="x", counter=draw
        )
        assert one is not None
        shown.append(one.statement)
    personal = [
        at for at, one in enumerate(shown) if one >= 30 and any(left < 30 for left in set(range(40)) - set(shown[:at]))
    ]

    assert personal
    assert all(later - earlier >= 3 for earlier, later in pairwise(personal) if later < 28)
    assert min(personal) >= 7


def test_the_chance_that_is_logged_is_exact() -> None:
    one = next_statement(np.ones(4), np.array([9, 9, 9, 9]), answered=(), seed="x", counter=3)

    assert one is not None
    assert Fraction(one.probability) == Fraction(1, 4)


def test_a_pause_is_offered_at_every_tenth_answer() -> None:
    one = next_statement(np.ones(40), np.zeros(40, dtype=np.int64), answered=range(10), seed="x", counter=3)

    assert one is not None
    assert one.offer_to_stop
