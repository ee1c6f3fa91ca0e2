"""What the front pages draw: the way through the street, and one and many said of a ward."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from becontree.citizenship.projects import queries as projects
from becontree.foundations.people.actors import System
from becontree.foundations.places import actions as places
from becontree.foundations.places.models import Ward
from becontree.web.templatetags.face import funding, shares_of

EXAMPLE = files("becontree.foundations.places") / "example"
SETUP = System("test")


def test_from_right_to_left_the_street_turns_round_and_its_signs_do_not() -> None:
    """The way leads to the reader's end of the line; a pound sign and a tick are read one way only."""
    sheet = Path(finders.find("becontree/becontree.css")).read_text(encoding="utf-8")
    turned = sheet.index('[dir="rtl"] .street { transform: scaleX(-1); }')

    assert sheet.index('[dir="rtl"] .street .signs path { transform: scaleX(-1); transform-box: fill-box;') > turned


@pytest.mark.django_db
def test_one_voice_of_a_ward_is_said_of_in_the_singular(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    places.name_borough(name="Fairlop", by=SETUP, now=now, example=True)
    places.import_wards((EXAMPLE / "wards.geojson").read_bytes(), by=SETUP, now=now)
    first, second = Ward.objects.order_by("code")[:2]
    monkeypatch.setattr(projects, "by_ward", lambda: {first.code: 1, second.code: 2})
    page = client.get("/projects/").text

    assert f"{first.name}: 1 project<" in page
    assert f"{second.name}: 2 projects<" in page


@pytest.mark.parametrize(
    ("pence", "target", "shares"),
    [
        ((100, 100, 100), None, ["33.3%"] * 3 + ["0%"]),
        ((335, 335, 1), 1_000, ["33.5%", "33.5%", "0.1%", "32.9%"]),
        ((455, 455, 90), None, ["45.5%", "45.5%", "9.0%", "0%"]),
    ],
)
def test_equal_sums_have_equal_shares_and_the_page_says_where_they_do_not_make_100(
    pence: tuple[int, ...], target: int | None, shares: list[str]
) -> None:
    rows = [{"label": str(number), "pence": part, "kind": "other"} for number, part in enumerate(pence)]
    drawn = funding(rows, target)
    page = render_to_string("face/funding.html", drawn)

    assert [part["share"] for part in drawn["parts"]] + [drawn["missing_share"]] == shares
    whole = round(sum(float(share.rstrip("%")) for share in shares), 1) == 100
    assert ("Each share is rounded by itself" in page) is not whole


def test_what_is_there_is_never_nothing_and_a_part_never_all() -> None:
    assert shares_of([99_999, 1])[0] == ["over 99.9%", "under 0.1%"]
    assert shares_of([5, 0])[0] == ["100%", "0%"]
