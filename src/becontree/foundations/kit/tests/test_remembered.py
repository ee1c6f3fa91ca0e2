"""A remembered figure is made once, made anew when its time is over, and never kept without end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from becontree.foundations.kit import remembered as kept
from becontree.foundations.kit.remembered import forget, remembered


@pytest.fixture(autouse=True)
def nothing_kept(settings: Any) -> Iterator[None]:
    settings.REMEMBERED_SECONDS = 10
    forget()
    yield
    forget()


def test_it_is_made_once_within_its_seconds_and_anew_after_them() -> None:
    made = iter(range(5))

    def make() -> int:
        return next(made)

    assert [remembered("a", make, now=at) for at in (100.0, 109.9, 110.0, 119.9, 125.0)] == [0, 0, 1, 1, 2]


def test_another_key_is_another_figure() -> None:
    assert remembered(("a", 1), lambda: 1, now=0.0) == 1
    assert remembered(("a", 2), lambda: 2, now=0.0) == 2
    assert remembered(("a", 1), lambda: 3, now=1.0) == 1


def test_what_its_key_says_whole_is_kept_for_good() -> None:
    assert remembered(("a", 1), lambda: 1, for_good=True, now=0.0) == 1
    assert remembered(("a", 1), lambda: 2, for_good=True, now=10_000.0) == 1
    assert remembered(("a", 2), lambda: 2, for_good=True, now=10_000.0) == 2


def test_what_fails_is_not_remembered() -> None:
    with pytest.raises(ZeroDivisionError):
        remembered("a", lambda: 1 // 0, now=0.0)

    assert remembered("a", lambda: 7, now=1.0) == 7


def test_none_and_nought_are_figures_too() -> None:
    assert remembered("a", lambda: None, now=0.0) is None
    assert remembered("a", lambda: 1, now=1.0) is None


def test_it_keeps_no_more_than_its_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 3)
    for key in range(3):
        remembered(key, lambda key=key: key, now=0.0)  # type: ignore[misc]
    remembered(0, lambda: "asked again", now=1.0)
    remembered(3, lambda: 3, now=1.0)

    assert remembered(0, lambda: "anew", now=2.0) == 0
    assert remembered(1, lambda: "anew", now=2.0) == "anew"


def test_with_no_seconds_nothing_is_remembered(settings: Any) -> None:
    settings.REMEMBERED_SECONDS = 0

    assert [remembered("a", lambda at=at: at, now=0.0) for at in (1, 2)] == [1, 2]  # type: ignore[misc]
