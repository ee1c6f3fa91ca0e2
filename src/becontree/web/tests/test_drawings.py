"""What the front pages draw: the way through the street, and one and many said of a ward."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from becontree.citizenship.projects import queries as projects
from becontree.foundations.people.actors import System
from becontree.foundations.places import actions as places
from becontree.foundations.places.models import Ward

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
