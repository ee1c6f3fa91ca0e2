"""The thread on a page: a long one is folded, nothing of it is lost."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

import pytest
from django.template import Context, Template

from becontree.foundations.record.queries import Knot


def _thread(n: int, here: int | None = None) -> str:
    ways: list[Literal["here", "back"]] = ["here" if at == here else "back" for at in range(n)]
    knots = [Knot("heard", date(2026, 1, 1 + at), f"Step {at}.", f"/{at}/", str(at), 1, ways[at]) for at in range(n)]
    return Template("{% load face %}{% thread knots %}").render(Context({"knots": knots}))


@pytest.mark.parametrize(("n", "folded"), [(0, []), (6, []), (8, []), (9, ["3"]), (20, ["14"])])
def test_a_long_thread_shows_its_first_and_its_last_steps(n: int, folded: list[str]) -> None:
    page = _thread(n)

    assert re.findall(r"(\d+) more steps", page) == folded
    assert re.findall(r"Step (\d+)\.", page) == [str(at) for at in range(n)]
    open_ones = re.sub(r"<details>.*?</details>", "", page, flags=re.S)
    assert len(re.findall(r"Step \d+\.", open_ones)) == n - sum(int(one) for one in folded)


def test_what_is_here_is_never_folded_away() -> None:
    page = _thread(20, here=9)

    assert re.findall(r"(\d+) more steps", page) == ["7", "6"]
    assert "Step 9." in re.sub(r"<details>.*?</details>", "", page, flags=re.S)


def test_a_long_title_is_cut() -> None:
    knots = [Knot("heard", None, "word " * 60, "/x/", "x", 1, "back")]

    assert len(re.findall("word", Template("{% load face %}{% thread k %}").render(Context({"k": knots})))) < 16


def test_of_a_long_run_about_money_the_largest_is_open_and_all_the_others_can_be_reached() -> None:
    entry = "0190a0b0-0000-7000-8000-00000000000"
    knots = [
        Knot("funded", date(2026, 1, n), f"£{n} given.", "/p/", "project/p", 0, "here", f"{entry}{n}", n * 100)
        for n in (1, 2, 7, 3)
    ]
    page = Template("{% load face %}{% thread k %}").render(Context({"k": knots}))

    assert re.findall(r"(\d+) more steps", page) == ["3"]
    assert "£7 given." in re.sub(r"<details>.*?</details>", "", page, flags=re.S)
    for n in (1, 2, 7, 3):
        assert f'<a href="/record/entry/{entry}{n}/" dir="auto">£{n} given.</a>' in page
