"""Where a hub meets is told once: among the places to meet, with its address and how one gets in."""

from __future__ import annotations

import pytest
from django.test import Client

from becontree.citizenship.hubs import actions
from becontree.citizenship.hubs.models import Hub
from becontree.citizenship.hubs.tests.conftest import Neighbourhood
from becontree.foundations.kit.errors import Invalid
from becontree.foundations.places import queries as places
from becontree.foundations.places.models import Venue, Ward

LIBRARY = {"name": "The Library", "address": "2 Book Lane", "step_free": True, "access": "A hearing loop."}


def _edit(town: Neighbourhood, **more: object) -> Hub:
    return actions.edit_hub(hub=town.hub, by=town.person("lena"), now=town.now, **town.words(**more))


def test_a_hub_is_a_place_to_meet_with_its_address_and_how_one_gets_in(town: Neighbourhood, client: Client) -> None:
    _edit(town, step_free=True, access="The ramp is at the back.")
    page = client.get("/places/").content.decode()
    ward = client.get("/places/T1/").content.decode()
    own = client.get("/hubs/test-hub/").content.decode()

    assert [row.venue_count for row in places.wards_with_venues()] == [1]
    for body in (page, ward):
        assert '<a href="/hubs/test-hub/" dir="auto">Test Hub</a>' in body
    for body in (page, ward, own):
        assert "1 Test Road" in body
        assert "The ramp is at the back." in body
    assert 'href="/places/T1/"' in own
    assert "1 Test Road" in client.get("/hubs/").content.decode()
    assert client.get("/places/venues.csv").getvalue().decode().count("The ramp is at the back.") == 1


def test_a_hub_that_meets_in_a_known_place_says_nothing_of_its_own(town: Neighbourhood, client: Client) -> None:
    library = Venue.objects.create(ward=town.ward, **LIBRARY)
    _edit(town, venue=library, address="Elsewhere", access="Nonsense")
    library.refresh_from_db()

    assert (library.address, library.access) == ("2 Book Lane", "A hearing loop.")
    assert [venue.name for venue in places.venues()] == ["The Library"]  # what only the hub told of is gone
    assert "A hearing loop." in client.get("/hubs/test-hub/").content.decode()
    meeting = town.plan(hub=Hub.objects.get(), place="")
    assert (meeting.place, meeting.step_free, meeting.ward) == ("The Library, 2 Book Lane", True, town.ward)


def test_what_is_missing_of_a_place_is_named_and_nobody_changes_a_place_of_others(town: Neighbourhood) -> None:
    other = town.words(name="Second", place="The Library", address="2 Book Lane")
    Venue.objects.create(**LIBRARY)
    with pytest.raises(Invalid) as missing:
        _edit(town, address=" ", postcode="nowhere")
    with pytest.raises(Invalid) as twice:
        _edit(town, place="the library", address="9 Other Road")
    second = actions.open_hub(organisation=town.group, by=town.person("lena"), now=town.now, **other)

    assert set(missing.value.errors) == {"address", "postcode"}
    assert twice.value.field == "place"
    assert second.venue.keeper == ""  # the one that was listed: its facts stay the council's
    assert Venue.objects.count() == 2


def test_a_closed_hub_leaves_the_list_but_not_a_hall_where_others_meet(town: Neighbourhood, client: Client) -> None:
    who = {"by": town.person("lena"), "now": town.now}
    second = actions.open_hub(organisation=town.group, **who, **town.words(name="Second"))
    actions.close_hub(hub=town.hub, **who)
    shared = [venue.name for venue in places.venues()]
    third = actions.open_hub(
        organisation=town.group, **who, **town.words(name="Third", address="3 Far Road", postcode="ZZ1 1AA")
    )
    actions.close_hub(hub=third, **who)
    page = client.get("/places/").content.decode()

    assert second.venue_id == town.hub.venue_id
    assert shared == ["The hall"]
    assert "Second" in page
    assert "Third" not in page
    assert "3 Far Road" not in page
    assert "3 Far Road" in client.get("/hubs/third/").content.decode()
    again = actions.open_hub(
        organisation=town.group, **who, **town.words(name="Fourth", address="3 far road", postcode="zz11aa")
    )
    assert (again.venue_id, again.venue.keeper) == (third.venue_id, "hub/fourth")


def test_the_form_chooses_a_place_or_describes_one(today: Neighbourhood) -> None:
    town, lena = today, Client()
    lena.force_login(town.person("lena"))
    library = Venue.objects.create(**LIBRARY)
    Ward.objects.create(code="T2", name="Other")
    form = {"do": "keep", "name": "Test Hub", "about": "A", "when": "Now", "wards": ["T1"]}
    own = "/my/hubs/test-hub/"
    wrong = lena.post(own, form | {"place": "Hall"})
    assert wrong.status_code == 422
    assert b"Write the street and number" in wrong.content
    assert lena.post(own, form | {"place": "Hall", "address": "5 New Road"}).status_code == 302
    assert Hub.objects.get().venue.address == "5 New Road"
    assert b"5 New Road" in lena.get(own).content
    assert lena.post(own, form | {"venue": str(library.pk)}).status_code == 302
    assert Hub.objects.get().venue == library
    assert f'value="{library.pk}" selected' in lena.get(own).content.decode()
