"""Wards, venues and postcodes come in whole or not at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from becontree.foundations.kit.errors import NotAllowed
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person
from becontree.foundations.places import actions, queries
from becontree.foundations.places.models import Load, Venue, Ward
from becontree.methods.findings import Unusable

US = System("test")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EXAMPLE = Path(actions.__file__).parent / "example"
SQUARE = [[0.0, 51.0], [0.1, 51.0], [0.1, 51.1], [0.0, 51.1], [0.0, 51.0]]
pytestmark = pytest.mark.django_db


def geojson(*rings: list[list[Any]], kind: str = "Polygon", code: str = "W") -> bytes:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"WD24CD": f"{code}{n}", "WD24NM": f"Ward {n}"},
                    "geometry": {"type": kind, "coordinates": [ring]},
                }
                for n, ring in enumerate(rings, 1)
            ],
        }
    ).encode()


@pytest.fixture
def fairlop() -> None:
    for name in ("wards", "venues", "postcodes"):
        path = next(EXAMPLE.glob(f"{name}.*"))
        actions.IMPORTS[name](path.read_bytes(), by=US, now=NOW, file_name=path.name)


@pytest.mark.usefixtures("fairlop")
def test_the_example_borough_has_twelve_wards_and_their_venues() -> None:
    assert queries.wards().count() == 12
    assert Venue.objects.count() == 6


@pytest.mark.usefixtures("fairlop")
def test_each_example_venue_stands_in_the_ward_it_names() -> None:
    for venue in Venue.objects.all():
        assert queries.ward_for((venue.lon, venue.lat)) == venue.ward


@pytest.mark.usefixtures("fairlop")
def test_a_ward_is_found_by_postcode_however_it_is_typed() -> None:
    assert queries.ward_for("zz11aa").name == "Market Cross"
    assert queries.ward_for(" ZZ1 1AA ").code == "F06"
    assert queries.ward_for("XX1 1XX") is None
    assert queries.ward_for((0.0, 0.0)) is None


@pytest.mark.usefixtures("fairlop")
def test_every_centre_lies_in_its_own_ward() -> None:
    for ward in queries.wards():
        assert queries.ward_for(ward.centre) == ward


def test_a_ward_that_a_new_file_lacks_is_retired_not_deleted() -> None:
    actions.import_wards(geojson(SQUARE, [[x + 1, y] for x, y in SQUARE]), by=US, now=NOW)
    actions.import_wards(geojson(SQUARE), by=US, now=NOW)

    assert [ward.code for ward in queries.wards()] == ["W1"]
    assert Ward.objects.get(code="W2").retired_at == NOW


def test_a_csv_with_shapes_gives_the_same_wards_as_geojson() -> None:
    text = 'code,name,wkt\nW1,Ward 1,"POLYGON ((0 51, 0.1 51, 0.1 51.1, 0 51.1, 0 51))"\n'
    actions.import_wards(text.encode(), by=US, now=NOW)

    assert queries.ward_for((0.05, 51.05)).code == "W1"


def test_a_csv_without_shapes_keeps_the_shapes_there_are() -> None:
    actions.import_wards(geojson(SQUARE), by=US, now=NOW)
    actions.import_wards(b"code,name\nW1,New name\n", by=US, now=NOW)

    ward = Ward.objects.get()
    assert ward.name == "New name"
    assert ward.shape


def test_a_resident_may_not_import() -> None:
    person = Person.objects.create_user("a@example.org")

    with pytest.raises(NotAllowed):
        actions.import_wards(geojson(SQUARE), by=person, now=NOW)


BOW_TIE = [[0, 51], [0.1, 51.1], [0.1, 51], [0, 51.1], [0, 51]]
SPIKE = [[0, 51], [0.1, 51], [0.1, 51.1], [0.1, 51.0], [0, 51.1], [0, 51]]
BAD_WARDS = {
    "not_text": (b"\xff\xfe\x00", "places.encoding"),
    "not_json": (b'{"type": "FeatureCollection", "features": [', "places.json"),
    "nan": (b'{"type": "FeatureCollection", "features": [NaN]}', "places.json"),
    "deep": (b"[" * 200_000, "places.json"),
    "not_a_collection": (b'{"type": "Feature"}', "places.geojson"),
    "a_list": (b"[1, 2]", "places.geojson"),
    "no_features": (b'{"type": "FeatureCollection", "features": []}', "places.empty"),
    "features_are_numbers": (b'{"type": "FeatureCollection", "features": [1, null]}', "places.code"),
    "too_many": (b'{"type": "FeatureCollection", "features": [' + b"1," * 600 + b"1]}", "places.too-many"),
    "same_code": (geojson(SQUARE, SQUARE).replace(b"W2", b"W1"), "places.code.twice"),
    "line": (geojson(SQUARE, kind="LineString"), "places.geometry.kind"),
    "empty_ring": (geojson([]), "places.ring.empty"),
    "three_points": (geojson(SQUARE[:3]), "places.ring.empty"),
    "no_area": (geojson([[0, 51], [0.1, 51], [0, 51], [0, 51]]), "places.ring.empty"),
    "open": (geojson(SQUARE[:4]), "places.ring.open"),
    "bow_tie": (geojson(BOW_TIE), "places.ring.crosses"),
    "spike": (geojson(SPIKE), "places.ring.crosses"),
    "eastings": (
        geojson([[545000, 185000], [546000, 185000], [546000, 186000], [545000, 185000]]),
        "places.point.range",
    ),
    "text_point": (geojson([["a", "b"], *SQUARE]), "places.point"),
    "wkt": (b"code,name,wkt\nW1,One,CIRCLE(1)\n", "places.wkt"),
    "wkt_open": (b'code,name,wkt\nW1,One,"POLYGON ((0 51, 1 51"\n', "places.wkt"),
    "no_heading": (b"a,b\n1,2\n", "places.columns"),
    "ragged": (b"code,name\nW1,One,Two\n", "places.row"),
    "quote": (b'code,name\n"W1,One\n', "places.csv"),
    "no_name": (b"code,name\nW1,\n", "places.name"),
    "bad_code": (b"code,name\nW 1!,One\n", "places.code"),
    "null": (b"code,name\nW1,O\x00ne\n", "places.encoding"),
    "nothing": (b"", "places.columns"),
}


@pytest.mark.parametrize("case", BAD_WARDS)
def test_a_bad_ward_file_is_refused_with_its_reason_and_changes_nothing(case: str) -> None:
    actions.import_wards(b"code,name\nOLD,Old ward\n", by=US, now=NOW)
    content, code = BAD_WARDS[case]

    with pytest.raises(Unusable) as refusal:
        actions.import_wards(content, by=US, now=NOW, file_name="wards.geojson")

    assert refusal.value.findings[0].code == code
    assert refusal.value.findings[0].file == "wards.geojson"
    assert [ward.code for ward in queries.wards()] == ["OLD"]


BAD_VENUES = {
    "unknown_ward": ("name,address,ward\nHall,1 Road,NOPE\n", "places.ward.unknown", 2),
    "postcode": ("name,address,postcode\nHall,1 Road,HELLO\n", "places.postcode", 2),
    "capacity": ("name,address,capacity\nHall,1 Road,many\n", "places.capacity", 2),
    "step_free": ("name,address,step_free\nHall,1 Road,perhaps\n", "places.step-free", 2),
    "place": ("name,address,lon,lat\nHall,1 Road,nan,51\n", "places.point.range", 2),
    "twice": ("name,address\nHall,1 Road\nHall,2 Road\n", "places.venue.twice", 3),
    "no_name": ("name,address\n,1 Road\n", "places.name", 2),
}


@pytest.mark.parametrize("case", BAD_VENUES)
def test_a_bad_venue_file_is_refused_with_its_line(case: str) -> None:
    content, code, line = BAD_VENUES[case]

    with pytest.raises(Unusable) as refusal:
        actions.import_venues(content.encode(), by=US, now=NOW)

    assert (refusal.value.findings[0].code, refusal.value.findings[0].line) == (code, line)
    assert not Venue.objects.exists()
    assert not Load.objects.exists()


def test_venues_are_updated_not_doubled() -> None:
    actions.import_venues(b"name,address\nHall,1 Road\n", by=US, now=NOW)
    actions.import_venues(b"name,address\nHall,2 Road\n", by=US, now=NOW)

    assert [venue.address for venue in Venue.objects.all()] == ["2 Road"]
