"""The only one who runs a project hands it over, and can then be forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from becontree.citizenship.manifesto.tests.conftest import Moot, moot
from becontree.citizenship.projects import actions
from becontree.citizenship.projects.models import Project
from becontree.foundations.kit.errors import Clash, NotAllowed
from becontree.foundations.people import actions as people

__all__ = ["moot"]


@pytest.fixture
def project(moot: Moot) -> Project:
    made = actions.propose(
        title="A bus shelter", summary="Dry.", story="We build it.", theme="streets",
        by=moot.listening.person("olive"), now=moot.now,
    )  # fmt: skip
    Project.objects.filter(pk=made.pk).update(state="raising", verified_at=moot.now)
    made.refresh_from_db()
    return made


def signed_in(moot: Moot, name: str) -> Client:
    client = Client()
    client.force_login(moot.listening.person(name), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_only_organiser_hands_over_on_pages_and_is_then_forgotten(moot: Moot, project: Project) -> None:
    olive, address = moot.listening.person("olive"), f"/my/projects/{project.slug}/"
    hers, his = signed_in(moot, "olive"), signed_in(moot, "omar")
    assert f"{address}#hand-over" in hers.get("/people/me/forget/").text
    with pytest.raises(Clash):
        people.erase(person=olive, by=olive, now=moot.now)
    link = hers.post(address, {"do": "invite"}).context["link"]
    assert his.get(address).status_code == 404
    assert his.get(link + "x").status_code == 404
    assert "A bus shelter" in his.get(link).text
    assert his.post(link).status_code == 302
    assert his.get(address).status_code == 200
    assert signed_in(moot, "rita").get(link).status_code == 404  # it worked once
    assert hers.post(address, {"do": "step-back"}).status_code == 302
    assert hers.get(address).status_code == 404
    people.erase(person=olive, by=olive, now=moot.now)

    assert his.post(address, {"do": "step-back"}).status_code in {302, 409}
    assert list(project.organisers.filter(until=None).values_list("person__name", flat=True)) == ["Omar"]


def test_an_invitation_ends_and_only_who_runs_it_makes_one(moot: Moot, project: Project) -> None:
    olive, omar = moot.listening.person("olive"), moot.listening.person("omar")
    token = actions.invite(project=project, by=olive, now=moot.now)
    with pytest.raises(NotAllowed):
        actions.invite(project=Project.objects.get(), by=omar, now=moot.now)
    for late in (moot.now + timedelta(days=15),):
        with pytest.raises(NotAllowed):
            actions.join_in(project=project, token=token, by=omar, now=late)
    for forged in ("", "x" * 9, "x" * 900, token[:-1]):
        with pytest.raises(NotAllowed):
            actions.join_in(project=project, token=forged, by=omar, now=moot.now)

    with pytest.raises(Clash):
        actions.step_back(project=project, by=olive, now=moot.now)


def test_who_stepped_back_does_not_return_by_a_link_of_their_own(moot: Moot, project: Project) -> None:
    address = f"/my/projects/{project.slug}/"
    hers, his = signed_in(moot, "olive"), signed_in(moot, "omar")
    his.post(hers.post(address, {"do": "invite"}).context["link"])
    own = hers.post(address, {"do": "invite"}).context["link"]
    hers.post(address, {"do": "step-back"})

    assert hers.get(own).status_code == hers.post(own).status_code == 404
    assert hers.get(address).status_code == 404
    again = his.post(address, {"do": "invite"}).context["link"]  # who runs it now may ask her back
    assert hers.post(again).status_code == 302


def test_a_link_ends_when_its_maker_is_forgotten_whoever_joins_then(moot: Moot, project: Project) -> None:
    """The number of those who ever ran it comes back, as one goes and another comes; the link does not."""
    olive, omar = moot.listening.person("olive"), moot.listening.person("omar")
    actions.join_in(
        project=project, token=actions.invite(project=project, by=olive, now=moot.now), by=omar, now=moot.now
    )
    project = Project.objects.get()
    hers = actions.invite(project=project, by=olive, now=moot.now)
    people.erase(person=olive, by=olive, now=moot.now)
    project = Project.objects.get()
    rita = moot.listening.person("rita")
    asked = actions.invite(project=project, by=omar, now=moot.now)
    actions.join_in(project=project, token=asked, by=rita, now=moot.now)

    for used in (hers, asked):
        with pytest.raises(NotAllowed):
            actions.join_in(project=project, token=used, by=moot.listening.person("sam"), now=moot.now)
