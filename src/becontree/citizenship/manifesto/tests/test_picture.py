"""The chart of a target says its first, its latest and its promised figure, where they can be told apart."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest

from becontree.citizenship.manifesto import picture


@pytest.mark.parametrize(
    ("begun", "now", "due", "by"),
    [("61", "79", "95", 2030), ("43", "50", "35", 2037), ("41", "67", "65", 2025), ("58", "93", "95", 2027),
     ("120", "362", "500", 2030), ("74", "49", "0", 2037)],
)  # fmt: skip
def test_its_three_figures_stand_apart(begun: str, now: str, due: str, by: int) -> None:
    drawn = picture.chart(
        [(date(2022, 12, 31), Decimal(begun)), (date(2025, 12, 31), Decimal(now))],
        baseline=(date(2019, 12, 31), Decimal(begun)), goal=(date(by, 12, 31), Decimal(due)), title="x",
    )  # fmt: skip
    texts = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)" font-size="16"[^>]*>([^<]+)<', drawn)
    shown = [words for *_, words in texts]
    boxes = []
    for x, y, anchor, words in texts:
        wide = 10 * len(words)
        left = float(x) - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        boxes.append((left, left + wide, float(y) - 13, float(y)))
        assert left >= 0
        assert left + wide <= picture.WIDTH
        assert 13 <= float(y) <= picture.HEIGHT

    assert {begun, now, due, "2019", str(by)} <= set(shown)
    for one, other in combinations(boxes, 2):
        assert one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]


@pytest.mark.parametrize(
    ("start", "now", "goal", "at"),
    [("61", "79", "95", 36 + 168 * 18 / 34), ("43", "50", "35", 36 - 168 * 0.14), ("41", "90", "65", 36 + 168 * 1.14),
     ("74", "49", "0", 36 + 168 * 25 / 74)],
)  # fmt: skip
def test_the_small_one_goes_as_far_as_things_went_and_not_off_the_edge(
    start: str, now: str, goal: str, at: float
) -> None:
    drawn = picture.reach(Decimal(start), Decimal(now), Decimal(goal))
    centres = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', drawn)]

    assert centres == [204.0, pytest.approx(at, abs=0.06)]
    assert ("--bad" in drawn) == (at < 36)


def test_a_target_that_was_met_before_it_began_has_no_small_picture() -> None:
    assert picture.reach(Decimal(5), Decimal(7), Decimal(5)) == ""
