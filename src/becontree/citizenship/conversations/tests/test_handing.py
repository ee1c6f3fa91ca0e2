"""A conversation whose only host goes: the team is told, a successor is named, and says yes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from becontree.citizenship.conversations import actions, queries
from becontree.citizenship.conversations.actions import handing
from becontree.citizenship.conversations.models import Conversation
from becontree.citizenship.conversations.tests.conftest import SETUP, Talk, words
from becontree.foundations.kit.errors import Clash, NotAllowed
from becontree.foundations.kit.gates import SECOND_FACTOR_KEY
from becontree.foundations.people import actions as people
from becontree.foundations.people.models import Membership, Person


def somebody(talk: Talk, name: str, *role: str) -> Person:
    person = people.register(email=f"{name}@example.invalid", name=name.title(), by=SETUP, now=talk.now)
    if role:
        people.grant_role(person=person, role=role[0], team=role[1], by=SETUP, now=talk.now)
    return Person.objects.get(pk=person.pk)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client


def of_a_resident(talk: Talk, host: Person) -> Conversation:
    made = actions.draft(by=host, now=talk.now, **words(talk.now) | {"title": "Where should the benches be?"})
    Conversation.objects.filter(pk=made.pk).update(host_kind="resident", host_name="Rita Reed")
    return Conversation.objects.get(pk=made.pk)


def without_host() -> list[str]:
    return list(queries.without_host().values_list("title", flat=True))


def test_the_only_host_is_forgotten_and_today_tells_it_until_somebody_else_hosts(talk: Talk) -> None:
    rita, omar = somebody(talk, "rita"), somebody(talk, "omar")
    officer = signed_in(somebody(talk, "oona", "officer", "engagement"))
    held = of_a_resident(talk, rita)
    assert without_host() == []
    people.erase(person=rita, by=rita, now=talk.now)

    assert without_host() == [held.title]
    assert "Conversations without a host" in officer.get("/desk/").text
    assert held.title in officer.get("/desk/conversations/?show=without-host").text
    assert "Nobody hosts this any more" in officer.get(f"/desk/conversations/{held.slug}/").text
    link = officer.post(f"/desk/conversations/{held.slug}/", {"do": "invite"}).context["link"]
    his = signed_in(omar)
    assert his.get(f"/my/conversations/{held.slug}/").status_code == 404
    assert his.get(link + "x").status_code == 404
    assert held.title in his.get(link).text
    assert his.post(link, {"host_name": "Omar from the corner"}).status_code == 302
    assert his.get(f"/my/conversations/{held.slug}/").status_code == 200
    held.refresh_from_db()
    assert (held.host, held.host_name) == (omar, "Omar from the corner")
    assert without_host() == []
    assert "Conversations without a host" not in officer.get("/desk/").text
    assert signed_in(somebody(talk, "rob")).get(link).status_code == 404  # it worked once


def test_a_host_hands_over_and_no_longer_hosts(talk: Talk) -> None:
    rita, omar = somebody(talk, "rita"), somebody(talk, "omar")
    held = of_a_resident(talk, rita)
    hers, his = signed_in(rita), signed_in(omar)
    link = hers.post(f"/my/conversations/{held.slug}/", {"do": "invite"}).context["link"]
    his.post(link)
    assert hers.get(f"/my/conversations/{held.slug}/").status_code == 404
    assert his.get(f"/my/conversations/{held.slug}/").status_code == 200
    held.refresh_from_db()
    assert held.host_name == "A resident"  # hers is gone


def test_a_group_without_anybody_left_is_told_of(talk: Talk) -> None:
    lena, omar = somebody(talk, "lena"), somebody(talk, "omar")
    group = people.add_organisation(name="Friends", kind="charity", by=lena, now=talk.now)
    made = actions.draft(by=lena, now=talk.now, organisation=group, **words(talk.now) | {"title": "Shade?"})
    Conversation.objects.filter(pk=made.pk).update(host_kind="hub", host=None)
    assert without_host() == []
    place = people.join(organisation=group, person=omar, by=lena, now=talk.now)
    people.leave(place=Membership.objects.get(person=lena), by=lena, now=talk.now)
    assert without_host() == []
    people.leave(place=place, by=omar, now=talk.now)
    assert without_host() == ["Shade?"]


@pytest.mark.parametrize("state", ["answered"])
def test_what_is_answered_waits_for_nobody(talk: Talk, state: str) -> None:
    rita = somebody(talk, "rita")
    held = of_a_resident(talk, rita)
    Conversation.objects.filter(pk=held.pk).update(state=state, opened_at=talk.now, closed_at=talk.now, seed="x")
    people.erase(person=rita, by=rita, now=talk.now)
    assert without_host() == []


def test_an_invitation_ends_and_only_a_host_makes_one(talk: Talk) -> None:
    rita, omar, rob = (somebody(talk, name) for name in ("rita", "omar", "rob"))
    held = of_a_resident(talk, rita)
    with pytest.raises(NotAllowed):
        handing.invite(conversation=held, by=omar, now=talk.now)
    token = handing.invite(conversation=held, by=rita, now=talk.now)
    late = talk.now + timedelta(days=15)
    bad: list[Any] = [("", talk.now), ("x" * 900, talk.now), (token[:-1], talk.now), (token, late)]
    for given, moment in bad:
        with pytest.raises(NotAllowed):
            handing.take_over(conversation=held, token=given, by=omar, now=moment)
    with pytest.raises(Clash):
        handing.take_over(conversation=held, token=token, by=rita, now=talk.now)
    handing.take_over(conversation=held, token=token, by=omar, now=talk.now)
    with pytest.raises(NotAllowed):
        handing.take_over(conversation=held, token=token, by=rob, now=talk.now)


def test_an_invitation_that_was_used_stays_used_when_the_first_host_is_back(talk: Talk) -> None:
    rita, omar = somebody(talk, "rita"), somebody(talk, "omar")
    hers, his = signed_in(rita), signed_in(omar)
    address = f"/my/conversations/{of_a_resident(talk, rita).slug}/"
    first = hers.post(address, {"do": "invite"}).context["link"]
    assert his.post(first, {"host_name": "Omar"}).status_code == 302
    back = his.post(address, {"do": "invite"}).context["link"]
    assert hers.post(back, {"host_name": "Rita"}).status_code == 302

    assert his.get(first).status_code == 404
    assert his.post(first, {"host_name": "The Mayor of Fairlop"}).status_code == 404
    assert (hers.get(address).status_code, his.get(address).status_code) == (200, 404)
    assert Conversation.objects.get(host=rita).host_name == "Rita"
