"""What a project's own people give is a public line of its own, told to them first; lists of gifts tell no order."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from becontree.citizenship.giving import queries
from becontree.citizenship.giving.actions import grants, matching, pledges
from becontree.citizenship.giving.models import Campaign, Pledge
from becontree.citizenship.giving.tests.conftest import Town
from becontree.foundations.kit.errors import Invalid
from becontree.foundations.record.models import Decision, Entry
from becontree.verify import match as verify_match

GIVERS = ("ada", "ben", "cal", "dot", "eve")
SUMS = (5_000, 2_000, 21_500, 3_000, 10_000)


@pytest.fixture
def raising(town: Town) -> Campaign:
    """Five residents and an organiser give; a fund matches the five, pound for pound."""
    town.now = timezone.now()
    town.fund()
    campaign = town.campaign(town.project(pence=200_000))
    for name, pence in zip(GIVERS, SUMS, strict=True):
        town.gives(name, campaign, pence)
        town.later(minutes=10)
    town.gives("olive", campaign, 2_317)
    campaign.refresh_from_db()
    return campaign


def lines(rows: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    return [(row["kind"], row["label"], row["pence"]) for row in rows]


def test_the_match_beside_the_crowd_tells_no_sum_that_is_not_told(client: Any, raising: Campaign) -> None:
    """The attack: crowd 438.17 beside match 415.00 said that an organiser gave 23.17, and nobody had told her."""
    assert lines(grants.sources(raising)) == [
        ("crowd", "5 people", 41_500), ("council", "Council pot", 41_500), ("own", "The project's own people", 2_317),
    ]  # fmt: skip
    assert (raising.crowd, raising.own, raising.raised, queries.counters_off()) == (43_817, 2_317, 85_317, [])
    page = client.get(raising.get_absolute_url()).text
    assert "The project&#x27;s own people" in page or "The project's own people" in page
    assert "£23.17" in page
    told = client.get(f"/api/v1/projects/{raising.project.slug}").json()["campaign"]
    assert (told["crowd_pence"], told["own_pence"], told["raised_pence"]) == (43_817, 2_317, 85_317)
    assert sum(row["pence"] for row in told["sources"]) == told["raised_pence"]
    assert {row["kind"]: row["pence"] for row in told["sources"]}["own"] == 2_317


def test_the_record_of_how_it_ended_has_the_line_too(town: Town) -> None:
    campaign = town.campaign(town.project(pence=20_000), days=10)
    for name in GIVERS:
        town.gives(name, campaign, 3_000)
    town.gives("olive", campaign, 5_000)
    town.later(days=11)
    town.later(days=1)
    facts = Entry.objects.get(kind="campaign.funded").facts

    assert {row["kind"]: row["pence"] for row in facts["sources"]} == {"crowd": 15_000, "own": 5_000}
    assert facts["raised_pence"] == 20_000


def test_who_runs_a_project_is_told_and_must_agree_before_giving(client: Any, town: Town) -> None:
    town.now = timezone.now()
    campaign = town.campaign()
    address = f"/projects/{campaign.project.slug}/give/"
    sent = {"amount": "5", "public_name": "", "once": "one-form"}
    client.force_login(town.person("ada"))
    assert "own_told" not in client.get(address).text
    client.force_login(town.person("olive"))
    assert "If nobody else of them gives, that line is your sum" in client.get(address).text
    refused = client.post(address, sent)
    assert (refused.status_code, Pledge.objects.count()) == (422, 0)
    assert "Tick that you agree" in refused.text
    with pytest.raises(Invalid) as unticked:  # nor by another way than the page
        pledges.offer_money(
            campaign=campaign, pence=500, by=town.person("olive"), now=town.now, return_url="/my/giving/"
        )
    assert unticked.value.field == "own_told"

    assert client.post(address, sent | {"own_told": "on"}).status_code == 302
    assert not Pledge.objects.get().matchable


def test_who_signs_in_half_way_is_asked_as_well(client: Any, town: Town) -> None:
    town.now = timezone.now()
    address = f"/projects/{town.campaign().project.slug}/give/"
    client.post(address, {"amount": "5", "public_name": "", "once": "one-form"})
    client.force_login(town.person("olive"))
    page = client.get(address + "check/", follow=True)

    assert page.request["PATH_INFO"] == address
    assert 'name="own_told"' in page.text
    assert 'value="5"' in page.text  # what was filled in is kept
    assert Pledge.objects.count() == 0


def test_a_campaign_from_before_keeps_its_one_line(raising: Campaign) -> None:
    Campaign.objects.update(own_apart=False)
    raising.refresh_from_db()

    assert [row for row in lines(grants.sources(raising)) if row[0] in {"crowd", "own"}] == [
        ("crowd", "6 people", 43_817)
    ]


def test_fewer_than_five_besides_the_projects_own_are_not_counted_in_public(town: Town) -> None:
    campaign = town.campaign()
    for name in (*GIVERS[:4], "olive"):
        town.gives(name, campaign, 1_000)
    campaign.refresh_from_db()

    assert lines(grants.sources(campaign)) == [
        ("crowd", "fewer than 5 people", 4_000), ("own", "The project's own people", 1_000),
    ]  # fmt: skip


def test_a_decision_lists_gifts_by_size_and_not_as_they_came(town: Town) -> None:
    fund = town.fund()
    campaign = town.campaign(town.project(pence=2 * sum(SUMS)), days=10)
    for name, pence in zip(GIVERS, SUMS, strict=True):
        town.gives(name, campaign, pence)
        town.later(minutes=10)
    campaign.refresh_from_db()
    listed = matching.listed(campaign)
    assert [(one.giver, one.pence) for one in listed] == [
        (f"giver-{n}", pence) for n, pence in enumerate(sorted(SUMS, reverse=True), 1)
    ]
    town.later(days=11)
    town.later(days=1)
    campaign.refresh_from_db()
    decision = Decision.objects.get()

    assert campaign.state == Campaign.State.FUNDED
    assert (campaign.awards.get(fund=fund).pence, queries.counters_off()) == (sum(SUMS), [])
    assert verify_match.check(decision.record) == []
    assert decision.record["inputs"]["pledges"] == [[one.giver, one.project, one.pence] for one in listed]
