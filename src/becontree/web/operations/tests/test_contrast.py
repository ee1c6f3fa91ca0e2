"""Colours that can be read."""

from pathlib import Path

import pytest

import becontree.web
from becontree.web.operations import contrast

THEME = (Path(becontree.web.__file__).parent / "static/becontree/theme.css").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21.0), ("#fff", "#fff", 1.0), ("#777777", "#ffffff", 4.48), ("#0000ff", "#ffffff", 8.59)],
)
def test_ratio_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    assert contrast.ratio(one, other) == pytest.approx(expected, abs=0.005)
    assert contrast.ratio(one, other) == contrast.ratio(other, one)


def test_our_own_colours_can_be_read() -> None:
    assert contrast.faint(THEME) == []


def test_both_schemes_are_read_through_variables() -> None:
    found = contrast.themes(THEME)

    assert found["light"]["paper"] != found["dark"]["paper"]
    assert found["dark"]["page"] == "var(--paper)"


@pytest.mark.parametrize(
    ("old", "new", "scheme", "pair"),
    [
        ("--ink-soft: #4a433a", "--ink-soft: #8a837a", "light", ("text-soft", "page")),
        ("--ink-soft: #cdc3b2", "--ink-soft: #6d6352", "dark", ("text-soft", "page")),
        ("--line-firm: #857a68", "--line-firm: #c5baa8", "light", ("edge-firm", "page")),
    ],
)
def test_a_faint_pair_is_named(old: str, new: str, scheme: str, pair: tuple[str, str]) -> None:
    changed = THEME.replace(old, new)
    found = contrast.faint(changed)

    assert changed != THEME
    assert (scheme, *pair) in [(each.scheme, each.top, each.under) for each in found]
    assert all(each.scheme == scheme for each in found)
    assert f"--{pair[0]} on --{pair[1]}" in next(each.sentence for each in found if each.top == pair[0])


def test_a_colour_that_is_missing_is_said() -> None:
    found = contrast.faint(THEME.replace("--sun: #ffcf33", "--sun: gold"))

    assert {each.sentence for each in found} >= {
        "The light theme needs --focus-ink and --focus as colours like #0a4f53."
    }
