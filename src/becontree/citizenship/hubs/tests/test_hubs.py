"""A small group keeps a hub without an officer; nobody else does it for them."""

from __future__ import annotations

import pytest
from django.test import Client

from becontree.citizenship.hubs import actions, queries, shred
from becontree.citizenship.hubs.models import Hub, Volunteer
from becontree.citizenship.hubs.tests.conftest import Neighbourhood
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.people import actions as people
from becontree.foundations.places.models import Postcode, Ward
from becontree.foundations.record.models import Entry


def test_a_checked_group_opens_its_hub_without_an_officer(town: Neighbourhood) -> None:
    assert town.hub.get_absolute_url() == "/hubs/test-hub/"
    entry = Entry.objects.get(kind="hub.opened")
    assert entry.facts["wards"] == ["T1"]
    assert list(queries.run_by(town.person("lena"))) == [town.hub]
    assert not queries.run_by(town.person("rita")).exists()


def test_an_unchecked_group_is_told_what_to_do(town: Neighbourhood) -> None:
    group = people.add_organisation(name="New", kind="community-group", by=town.person("nora"), now=town.now)
    with pytest.raises(NotAllowed, match="check the group first"):
        actions.open_hub(by=town.person("nora"), now=town.now, organisation=group, **town.words())
    with pytest.raises(NotAllowed, match="people of the group"):
        actions.open_hub(by=town.person("rita"), now=town.now, organisation=town.group, **town.words())


def test_what_is_missing_is_named_field_by_field(town: Neighbourhood) -> None:
    with pytest.raises(Invalid) as refused:
        actions.open_hub(
            by=town.person("lena"),
            now=town.now,
            organisation=town.group,
            **town.words(name=" \u202e ", about="", wards=[]),
        )
    assert set(refused.value.errors) == {"name", "about", "wards"}
    assert Hub.objects.count() == 1


def test_two_hubs_of_one_name_have_two_addresses(town: Neighbourhood) -> None:
    twin = actions.open_hub(by=town.person("lena"), now=town.now, organisation=town.group, **town.words())
    new = actions.open_hub(by=town.person("lena"), now=town.now, organisation=town.group, **town.words(name="New"))
    assert len({town.hub.slug, twin.slug, new.slug, "new", "meetings"}) == 5


def test_an_offer_is_seen_by_the_hub_and_by_nobody_else(town: Neighbourhood) -> None:
    rita = town.person("rita")
    offer = actions.offer(hub=town.hub, words="I can cook.", by=rita, now=town.now)
    assert actions.offer(hub=town.hub, words="I can cook rice.", by=rita, now=town.now).pk == offer.pk
    assert [one.offer for one in queries.offers(town.person("lena"), town.hub)] == ["I can cook rice."]
    assert not queries.offers(town.person("nora"), town.hub).exists()
    assert not Volunteer.objects.visible_to(None, "hub").exists()
    with pytest.raises(NotAllowed):
        actions.answer_offer(volunteer=offer, accept=True, by=town.person("nora"), now=town.now)
    taken = actions.answer_offer(volunteer=offer, accept=True, by=town.person("lena"), now=town.now)
    assert taken.state == "helping"
    assert actions.leave(volunteer=taken, by=rita, now=town.now).state == "left"
    again = actions.offer(hub=town.hub, words="Back.", by=rita, now=town.now)
    assert (again.pk, again.state) == (offer.pk, "offered")


def test_who_is_forgotten_has_offered_nothing(town: Neighbourhood) -> None:
    rita = town.person("rita")
    actions.offer(hub=town.hub, words="I can cook.", by=rita, now=town.now)
    assert [row["offer"] for row in shred.export(rita)] == ["I can cook."]
    assert shred.erase(rita, town.now) == 1
    assert shred.export(rita) == []


def test_a_hub_does_not_close_under_a_planned_meeting(town: Neighbourhood) -> None:
    meeting = town.plan()
    with pytest.raises(Clash, match="still planned"):
        actions.close_hub(hub=town.hub, by=town.person("lena"), now=town.now)
    actions.cancel(meeting=meeting, by=town.person("lena"), now=town.now)
    closed = actions.close_hub(hub=town.hub, by=town.person("lena"), now=town.now)
    assert not closed.is_open
    assert not queries.hubs().exists()
    with pytest.raises(Clash, match="closed"):
        actions.offer(hub=closed, words="Late.", by=town.person("rita"), now=town.now)


def test_from_a_postcode_to_the_nearest_hub_and_the_postcode_stays_nowhere(
    today: Neighbourhood, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    town = today
    Ward.objects.filter(pk="T1").update(lon=0.1, lat=51.5)
    near = Ward.objects.create(code="T2", name="Near", lon=0.11, lat=51.5)
    far = Ward.objects.create(code="T3", name="Far", lon=0.2, lat=51.5)
    nowhere = Ward.objects.create(code="T4", name="No shape")
    for name, ward in (("Far Hub", far), ("A Near Hub", near), ("Lost Hub", nowhere)):
        actions.open_hub(
            by=town.person("lena"), now=town.now, organisation=town.group, **town.words(name=name, wards=[ward])
        )
    Postcode.objects.create(code="ZZ11AA", ward_id="T1")
    led = client.post("/hubs/near/", {"postcode": "zz1 1aa"})
    page = client.get(led["Location"])

    assert led["Location"] == "/hubs/?ward=T1"
    assert [(row.hub.name, row.serves) for row in page.context["page"]] == [
        ("Test Hub", True),
        ("A Near Hub", False),
        ("Far Hub", False),
        ("Lost Hub", False),
    ]
    assert "about 0.7 km" in page.content.decode()
    assert "ZZ1" not in caplog.text.upper()
    unknown = client.post("/hubs/near/", {"postcode": "ZZ9 9ZZ"})
    assert unknown.status_code == 422
    assert client.get("/hubs/", {"ward": "<nobody>"}).status_code == 422


@pytest.mark.parametrize("path", ["/", "/places/", "/conversations/"])
def test_hubs_are_in_the_menu_and_on_the_pages_of_places(town: Neighbourhood, client: Client, path: str) -> None:
    page = client.get(path).content.decode()

    assert 'href="/hubs/"' in page
    if path != "/conversations/":
        assert 'href="/hubs/near/"' in page
