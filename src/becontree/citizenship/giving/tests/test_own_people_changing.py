"""Whoever runs a project, ran it, or comes to run it brings in no match money with gifts of their own."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from becontree.citizenship.giving import queries
from becontree.citizenship.giving.actions import grants, pledges
from becontree.citizenship.giving.models import Campaign, Pledge
from becontree.citizenship.giving.tests.conftest import Town
from becontree.citizenship.projects.actions import handing
from becontree.citizenship.projects.models import Project
from becontree.foundations.kit.errors import Clash, Invalid


@pytest.fixture
def campaign(town: Town) -> Campaign:
    town.now = timezone.now()
    town.fund()
    return town.campaign(town.project(pence=200_000))


def join(town: Town, campaign: Campaign, name: str, asked_by: str = "olive") -> None:
    project = Project.objects.get(pk=campaign.project_id)
    token = handing.invite(project=project, by=town.person(asked_by), now=town.now)
    handing.join_in(project=project, token=token, by=town.person(name), now=town.now)


def sums(campaign: Campaign) -> dict[str, int]:
    return {row["kind"]: row["pence"] for row in grants.sources(Campaign.objects.get(pk=campaign.pk)) if row["pence"]}


def test_nobody_steps_back_gives_matched_and_joins_again(town: Town, campaign: Campaign) -> None:
    """The attack: olive steps back, gives 500.00, a fund puts 500.00 beside it, she joins again."""
    join(town, campaign, "ada")
    handing.step_back(project=Project.objects.get(pk=campaign.project_id), by=town.person("olive"), now=town.now)
    with pytest.raises(Invalid) as unticked:
        pledges.offer_money(
            campaign=campaign, pence=50_000, by=town.person("olive"), now=town.now, return_url="/my/giving/"
        )
    assert unticked.value.field == "own_told"
    town.gives("olive", campaign, 50_000)

    assert (sums(campaign), queries.counters_off()) == ({"own": 50_000}, [])


def test_nobody_joins_whose_gift_has_brought_in_match(client: Any, town: Town, campaign: Campaign) -> None:
    """The attack: ada gives 500.00, a fund puts 500.00 beside it, and then she runs the project."""
    gift = town.gives("ada", campaign, 50_000)
    with pytest.raises(Clash) as refused:
        join(town, campaign, "ada")
    assert refused.value.code == "project.organiser_gave"
    project = Project.objects.get(pk=campaign.project_id)
    token = handing.invite(project=project, by=town.person("olive"), now=town.now)
    client.force_login(town.person("ada"))
    page = client.post(f"/my/projects/{project.slug}/?join={token}")
    assert (page.status_code, "Take the gift back first" in page.text) == (409, True)
    assert not project.organisers.filter(person=town.person("ada")).exists()

    pledges.withdraw(pledge=gift, by=town.person("ada"), now=town.now)
    join(town, campaign, "ada")
    town.gives("ada", campaign, 50_000)
    assert (sums(campaign), queries.counters_off()) == ({"own": 50_000}, [])


def test_who_joins_while_paying_is_not_matched(town: Town, campaign: Campaign) -> None:
    """A gift begun as a neighbour and paid as an organiser does not count: she agreed to no public line."""
    pledge, _ = pledges.offer_money(
        campaign=campaign, pence=50_000, by=town.person("ada"), now=town.now, return_url="/my/giving/"
    )
    join(town, campaign, "ada")
    town.settle()
    pledges.made_firm(pledge=Pledge.objects.get(pk=pledge.pk), now=town.now)

    assert sums(campaign) == {}
    assert Pledge.objects.get().state == Pledge.State.RELEASED
