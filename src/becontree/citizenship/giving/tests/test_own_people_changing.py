"""Whoever runs a project, ran it, or comes to run it brings in no match money with gifts of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from becontree.citizenship.giving import queries
from becontree.citizenship.giving.actions import elsewhere, funds, grants, pledges
from becontree.citizenship.giving.models import Agreement, Campaign, Pledge
from becontree.citizenship.giving.permissions import must_keep_accounts
from becontree.citizenship.giving.tests.conftest import Town
from becontree.citizenship.projects.actions import handing
from becontree.citizenship.projects.models import Project
from becontree.citizenship.projects.permissions import must_check
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.people.models import Person


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
    told = client.get(f"/my/projects/{project.slug}/?join={token}").text
    assert ("Take the gift back first" in told, "Yes, I will run it too" in told) == (True, False)
    assert 'href="/my/giving/"' in told
    page = client.post(f"/my/projects/{project.slug}/?join={token}")
    assert (page.status_code, "Take the gift back first" in page.text) == (409, True)
    assert not project.organisers.filter(person=town.person("ada")).exists()

    pledges.withdraw(pledge=gift, by=town.person("ada"), now=town.now)
    assert "Yes, I will run it too" in client.get(f"/my/projects/{project.slug}/?join={token}").text
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


@pytest.fixture
def stepped_back(town: Town, campaign: Campaign) -> Person:
    """An officer and person of finance who ran the project, and stepped back before anything was decided."""
    join(town, campaign, "ada")
    handing.step_back(project=Project.objects.get(pk=campaign.project_id), by=town.person("olive"), now=town.now)
    town.officer("olive", "officer", "funding")
    return town.officer("olive", "finance")


@pytest.mark.django_db
def test_whoever_stepped_back_neither_checks_nor_awards_nor_pays_what_they_ran(
    town: Town, campaign: Campaign, stepped_back: Person
) -> None:
    project = Project.objects.get(pk=campaign.project_id)
    claimed = elsewhere.claim(
        project=project, source="A trust", kind="trust", part="capital", pence=100, on=town.now.date(),
        evidence_note="Letter", by=town.person("ada"), now=town.now,
    )  # fmt: skip
    fund = town.fund(name="By officers", decides="officer")
    steps: dict[str, Callable[[], object]] = {
        "project.own": lambda: must_check(stepped_back, project),
        "giving.own": lambda: must_keep_accounts(stepped_back, project),
        "payout.own": lambda: grants.may_pay_out(purpose=f"campaign/{campaign.slug}", by=stepped_back),
        "contribution.own": lambda: elsewhere.check(contribution=claimed, accept=True, by=stepped_back, now=town.now),
        "award.own": lambda: funds.award(
            fund=fund, campaign=campaign, pence=100, authority="Item 1", reasons="Good.", by=stepped_back, now=town.now
        ),
    }
    for code, step in steps.items():
        with pytest.raises(NotAllowed) as refused:
            step()
        assert refused.value.code == code


@pytest.mark.django_db
def test_whoever_stepped_back_does_not_sign_for_the_council(town: Town, campaign: Campaign) -> None:
    town.gives("ada", campaign, 200_000)
    town.later(days=31)
    agreement = Agreement.objects.get(campaign=campaign)
    join(town, campaign, "bea")
    handing.step_back(project=Project.objects.get(pk=campaign.project_id), by=town.person("olive"), now=town.now)
    town.officer("olive", "officer", "funding")
    with pytest.raises(NotAllowed) as refused:
        grants.sign(agreement=agreement, by=Person.objects.get(pk=town.person("olive").pk), now=town.now)

    assert refused.value.code == "agreement.own"
