"""The map: drawn from shapes alone, said again in its table."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from becontree.foundations.places.picture import LARGEST, SMALLEST, Area, Spot, _labels, _overlap, draw

LEFT = ((((0.0, 51.0), (0.1, 51.0), (0.1, 51.1), (0.0, 51.1), (0.0, 51.0)),),)
RIGHT = ((((0.1, 51.0), (0.2, 51.0), (0.2, 51.1), (0.15, 51.1), (0.1, 51.1), (0.1, 51.0)),),)


def areas(**more: object) -> list[Area]:
    return [
        Area("A", "Ash <& Elm>", LEFT, (0.05, 51.05), "/places/A", 3),
        Area("B", "Birch", RIGHT, (0.15, 51.05), "/places/B", 0),
    ]


def test_the_picture_is_well_formed_and_titled_and_links_each_ward() -> None:
    tree = ET.fromstring(draw(areas(), title="Voices & more", value_name="voices").svg)
    names = [element.tag.rpartition("}")[2] for element in tree.iter()]

    assert tree[0].text == "Voices & more"
    assert tree[1].tag.endswith("desc")
    assert names.count("a") == 2
    assert tree.get("role") == "group"


def test_words_in_names_cannot_become_markup() -> None:
    html = str(draw(areas(), title="<script>"))

    assert "<script>" not in html
    assert "Ash &lt;&amp; Elm&gt;" in html


def test_the_table_says_what_the_picture_says() -> None:
    picture = draw(areas(), title="Voices", value_name="voices")

    assert [(row.name, row.value) for row in picture.rows] == [("Ash <& Elm>", 3), ("Birch", 0)]
    assert "<caption>Voices</caption>" in picture.table


def test_points_on_a_straight_line_are_dropped() -> None:
    svg = draw([Area("B", "Birch", RIGHT)], title="One").svg

    assert svg.split(' d="')[1].split('"')[0].count(" ") == 1 + 3 + 2


def test_neighbours_meet_without_a_gap() -> None:
    tree = ET.fromstring(draw(areas(), title="Two").svg)
    paths = [element.get("d") for element in tree.iter() if element.tag.endswith("path")]
    edges = [float(path[1:].split()[0]) for path in paths]

    assert edges[1] - edges[0] == pytest.approx(float(paths[0].split("l")[1].split()[0]), abs=0.051)


def test_a_borough_without_shapes_has_a_table_and_no_picture() -> None:
    picture = draw([Area("A", "Ash", ())], title="None")

    assert picture.svg == ""
    assert "Ash" in picture.table


def test_there_is_no_inline_style_and_no_outside_address() -> None:
    svg = draw(areas(), title="Two", points=[Spot("Hall", (0.1, 51.05), "/hall")]).svg

    assert "style=" not in svg
    assert svg.count("http") == 1  # the SVG namespace


NAMES = st.text(st.sampled_from("Wim 界"), min_size=1, max_size=40).filter(str.strip)
PLACES = st.tuples(NAMES, st.floats(0, 400), st.floats(0, 400))


@given(named=st.lists(PLACES, max_size=25), first=st.one_of(st.none(), st.integers(0, 24)))
def test_no_name_touches_another_at_any_size_or_leaves_the_picture(
    named: list[tuple[str, float, float]], first: int | None
) -> None:
    found = _labels(named, wide=400, first=first)
    for size, shown in ((LARGEST, [each for each in found if not each.roomy]), (SMALLEST, found)):
        boxes = [each.box(size) for each in shown]

        assert not [1 for n, one in enumerate(boxes) for other in boxes[:n] if _overlap(one, other)]
        assert all(left >= -0.1 and right <= 400.1 for left, _top, right, _bottom in boxes)


def test_the_outlined_ward_is_named_before_its_neighbours_and_a_long_name_breaks() -> None:
    crowd = [("Lambourn Fields and the Old Forge", 200.0, 200.0 + n) for n in range(9)]
    found = _labels(crowd, wide=400, first=8)

    assert [len(each.lines) for each in found if each.y == 208.0] == [2]
    assert _labels([("Lambourn Fields and the Old Forge", 60.0, 60.0)], wide=200, first=None)[0].lines == (
        "Lambourn Fields",
        "and the Old Forge",
    )


def test_a_long_name_stays_in_its_own_ward_in_two_lines_and_a_short_one_keeps_to_one() -> None:
    (long,) = _labels([("Lambourn Fields", 200.0, 200.0)], wide=400, first=None)
    (short,) = _labels([("Brook End", 200.0, 200.0)], wide=400, first=None)

    assert long.lines == ("Lambourn", "Fields")
    assert short.lines == ("Brook End",)
