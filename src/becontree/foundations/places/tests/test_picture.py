"""The map: drawn from shapes alone, said again in its table."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from becontree.foundations.places.picture import Area, Spot, draw

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
