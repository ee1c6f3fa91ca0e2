"""A hub whose group has nobody left: the team is told, another checked group is asked, and says yes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from becontree.citizenship.conversations.tests.test_handing import signed_in
from becontree.citizenship.hubs import queries
from becontree.citizenship.hubs.actions import handing
from becontree.citizenship.hubs.tests.conftest import SETUP, Neighbourhood
from becontree.foundations.kit.errors import Clash, NotAllowed
from becontree.foundations.people import actions as people
from becontree.foundations.people.models import Membership, Organisation
from becontree.foundations.record.models import Entry


def group(town: Neighbourhood, lead: str, *, checked: bool = True) -> Organisation:
    made = people.add_organisation(name=f"{lead}'s group", kind="charity", by=town.person(lead), now=town.now)
    if checked:
        people.verify_organisation(organisation=made, how="seen", by=SETUP, now=town.now)
    return Organisation.objects.get(pk=made.pk)


def at_the_desk(town: Neighbourhood) -> Client:
    return signed_in(town.officer())


def test_a_hub_without_a_keeper_is_told_of_and_another_group_takes_it(town: Neighbourhood) -> None:
    officer = at_the_desk(town)
    lena, omar = town.person("lena"), town.person("omar")
    theirs = group(town, "omar")
    assert not queries.without_keeper().exists()
    assert "Hubs without a keeper" not in officer.get("/desk/").text
    people.erase(person=lena, by=lena, now=town.now)

    assert [hub.pk for hub in queries.without_keeper()] == [town.hub.pk]
    assert "Hubs without a keeper" in officer.get("/desk/").text
    page = officer.get(f"/desk/hubs/{town.hub.slug}/").text
    assert "Nobody of the group is left" in page
    link = officer.post(f"/desk/hubs/{town.hub.slug}/", {"do": "invite"}).context["link"]
    his = signed_in(omar)
    assert his.get(f"/my/hubs/{town.hub.slug}/").status_code == 404
    assert his.get(link + "x").status_code == 404
    assert town.hub.name in his.get(link).text
    assert his.post(link, {}).status_code == 422
    assert his.post(link, {"organisation": theirs.slug}).status_code == 302
    assert his.get(f"/my/hubs/{town.hub.slug}/").status_code == 200
    town.hub.refresh_from_db()
    assert town.hub.organisation == theirs
    assert not queries.without_keeper().exists()
    entry = Entry.objects.get(kind="hub.handed-over")
    assert (entry.facts["organisation"], "Omar" in str(entry.facts)) == (theirs.slug, False)
    assert signed_in(town.person("rob")).get(link).status_code == 404  # it worked once


def test_somebody_without_a_checked_group_is_told_what_is_missing(town: Neighbourhood) -> None:
    group(town, "rob", checked=False)
    token = handing.invite(hub=town.hub, by=town.person("lena"), now=timezone.now())  # pages ask the real clock
    rob = signed_in(town.person("rob"))
    page = rob.get(f"/my/hubs/{town.hub.slug}/?join={token}")
    assert "Only a group that we have checked" in page.text


def test_only_who_runs_it_asks_and_an_invitation_ends(town: Neighbourhood) -> None:
    omar, theirs = town.person("omar"), group(town, "omar")
    with pytest.raises(NotAllowed):
        handing.invite(hub=town.hub, by=omar, now=town.now)
    token = handing.invite(hub=town.hub, by=town.person("lena"), now=town.now)
    for given, moment in (
        ("", town.now),
        ("x" * 900, town.now),
        (token[:-1], town.now),
        (token, town.now + timedelta(days=15)),
    ):
        with pytest.raises(NotAllowed):
            handing.take_over(hub=town.hub, organisation=theirs, token=given, by=omar, now=moment)
    with pytest.raises(NotAllowed):  # a group that is not theirs
        handing.take_over(hub=town.hub, organisation=theirs, token=token, by=town.person("rob"), now=town.now)
    with pytest.raises(Clash):
        handing.take_over(hub=town.hub, organisation=town.group, token=token, by=town.person("lena"), now=town.now)
    unchecked = group(town, "rob", checked=False)
    with pytest.raises(Clash):
        handing.take_over(hub=town.hub, organisation=unchecked, token=token, by=town.person("rob"), now=town.now)
    handing.take_over(hub=town.hub, organisation=theirs, token=token, by=omar, now=town.now)
    assert not handing.invited(hub=type(town.hub).objects.get(pk=town.hub.pk), token=token, now=town.now)


def test_a_closed_hub_waits_for_nobody(town: Neighbourhood) -> None:
    from becontree.citizenship.hubs import actions

    actions.close_hub(hub=town.hub, by=town.person("lena"), now=town.now)
    people.leave(place=Membership.objects.get(person=town.person("lena")), by=town.person("lena"), now=town.now)
    assert not queries.without_keeper().exists()


def test_an_invitation_that_was_used_stays_used_when_the_first_group_is_back(town: Neighbourhood) -> None:
    first_group, theirs = town.hub.organisation, group(town, "omar")
    address = f"/my/hubs/{town.hub.slug}/"
    hers, his = signed_in(town.person("lena")), signed_in(town.person("omar"))
    first = hers.post(address, {"do": "invite"}).context["link"]
    assert his.post(first, {"organisation": theirs.slug}).status_code == 302
    back = his.post(address, {"do": "invite"}).context["link"]
    assert hers.post(back, {"organisation": first_group.slug}).status_code == 302

    assert his.get(first).status_code == 404
    assert his.post(first, {"organisation": theirs.slug}).status_code == 404
    town.hub.refresh_from_db()
    assert town.hub.organisation == first_group
    assert Entry.objects.filter(kind="hub.handed-over").count() == 2
