"""Colours that can be read."""

from pathlib import Path

import pytest

import becontree.web
from becontree.foundations.places.picture import SHADES
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_lines_of_a_shaded_map_stand_out_from_every_shade_and_the_shades_from_each_other(scheme: str) -> None:
    """A shade is the pillar's colour over the page; the line between two wards touches both of theirs."""
    colours = contrast.themes(THEME)[scheme]
    text, page, pillar = (_hex(contrast._colour(name, colours)) for name in ("text", "page", "citizenship"))
    shades = [
        tuple(round(opacity * top + (1 - opacity) * under) for top, under in zip(pillar, page, strict=True))
        for opacity in (0.0, *SHADES)
    ]

    assert all(contrast.ratio(_written(text), _written(shade)) >= contrast.EDGE for shade in shades)
    assert contrast.ratio(_written(shades[1]), _written(shades[-1])) >= contrast.EDGE


def _hex(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _written(colour: tuple[int, ...]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
