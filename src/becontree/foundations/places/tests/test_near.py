"""Somebody finds their ward by postcode; the postcode stands in no address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from becontree.foundations.people.actors import System
from becontree.foundations.places import actions, example
from becontree.foundations.places.models import Postcode

pytestmark = pytest.mark.django_db


@pytest.fixture
def borough() -> Postcode:
    folder, by, now = Path(example.__path__[0]), System("test"), timezone.now()
    actions.import_wards((folder / "wards.geojson").read_bytes(), by=by, now=now, file_name="wards.geojson")
    actions.import_postcodes((folder / "postcodes.csv").read_bytes(), by=by, now=now, file_name="postcodes.csv")
    return Postcode.objects.select_related("ward").order_by("code")[3]


@pytest.mark.parametrize("typed", ["{}", "{} ", "lower", "spaced"])
def test_a_postcode_leads_to_its_ward_and_what_is_there(client: Any, borough: Postcode, typed: str) -> None:
    text = {"lower": str(borough).lower(), "spaced": " ".join(borough.code)}.get(typed, typed.format(borough))
    led = client.post("/places/near/", {"postcode": text})
    page = client.get(led["Location"])

    assert led["Location"] == f"/places/{borough.ward_id}/"
    assert borough.code not in led["Location"]
    assert f"/projects/?ward={borough.ward_id}" in page.text


@pytest.mark.parametrize("typed", ["", "ZZ99 9ZZ", "<script>", "SW1A 1AA; DROP"])
def test_an_unknown_postcode_is_said_and_stays_in_the_form(client: Any, borough: Postcode, typed: str) -> None:
    page = client.post("/places/near/", {"postcode": typed})

    assert page.status_code == 422
    assert page.context["form"]["postcode"].errors
