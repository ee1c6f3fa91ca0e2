"""A link stands for just what it was made for, for two weeks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from becontree.foundations.kit.invitations import LASTS, invitation, stands

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
TOKEN = invitation(["hub", 3], salt="a", now=NOW)


@pytest.mark.parametrize("days", [0, LASTS.days])
def test_it_stands_for_two_weeks(days: int) -> None:
    assert stands(TOKEN, ["hub", 3], salt="a", now=NOW + timedelta(days=days))


@pytest.mark.parametrize(
    ("token", "about", "salt", "days"),
    [
        (TOKEN, ["hub", 4], "a", 0),  # handed over since
        (TOKEN, ["hub", 2], "a", 0),
        (TOKEN, ["hat", 3], "a", 0),
        (TOKEN, ["hub"], "a", 0),
        (TOKEN, [], "a", 0),
        (TOKEN, ["hub", 3], "b", 0),  # another room's
        (TOKEN, ["hub", 3], "a", LASTS.days + 1),
        (TOKEN[:-1], ["hub", 3], "a", 0),
        ("", [], "a", 0),
        ("x" * 900, [], "a", 0),
    ],
    # A name of its own for each: a token holds the time at which it was made, and differs from process to process.
    ids=["handed over", "before", "another", "less", "nothing", "salt", "old", "cut", "empty", "long"],
)
def test_for_nothing_else(token: str, about: list[str | int], salt: str, days: int) -> None:
    assert not stands(token, about, salt=salt, now=NOW + timedelta(days=days))
