"""A project whose campaign ended without money stands the same on its page, in lists, in files and in the record."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse

from becontree.citizenship.giving.actions import campaigns, pledges
from becontree.citizenship.giving.models import Campaign
from becontree.citizenship.giving.tests.conftest import Town
from becontree.citizenship.projects.models import Project
from becontree.foundations.record.models import Entry

GIVERS = ("ada", "ben", "cyd", "dot", "eve", "fay")
MISSED, OFF, NEVER = "A splash pool", "A pop-up cinema", "A bee corridor"


def asked(town: Town, title: str, givers: int, **more: str) -> Campaign:
    campaign = town.campaign(town.project(title), days=10, **more)
    for name in GIVERS[:givers]:
        town.gives(name, campaign, 1_500)
    return campaign


def end(town: Town) -> None:
    town.later(days=11)


def call_off(town: Town, campaign: Campaign) -> None:
    campaigns.call_off(campaign=campaign, reason="The car park is dug up.", by=town.person("olive"), now=town.now)


@pytest.fixture
def three(town: Town) -> dict[str, Campaign]:
    """One that missed its target, one that was called off, and one that never asked."""
    town.project(NEVER)
    found = {MISSED: asked(town, MISSED, 6), OFF: asked(town, OFF, 3)}
    call_off(town, found[OFF])
    end(town)
    return found


def page(title: str) -> str:
    return Client().get(Project.objects.get(title=title).get_absolute_url()).content.decode()


def test_the_page_says_what_had_been_promised_and_that_nobody_paid(three: dict[str, Campaign]) -> None:
    assert "6 people had promised £90; nobody paid." in page(MISSED)
    assert "Fewer than 5 people had promised; nobody paid." in page(OFF)
    for said in (page(MISSED), page(OFF), Client().get("/projects/").content.decode()):
        assert "0 people" not in said
        assert "£45" not in said


def test_who_took_the_promise_back_before_is_not_counted(town: Town) -> None:
    campaign = asked(town, MISSED, 6)
    first = campaign.pledges.get(giver=town.person("ada"))
    town.later(days=1)
    pledges.withdraw(pledge=first, by=town.person("ada"), now=town.now)
    end(town)

    assert "5 people had promised £75; nobody paid." in page(MISSED)


def test_money_that_was_taken_and_went_back_is_not_called_unpaid(town: Town) -> None:
    campaign = asked(town, MISSED, 6, strategy="charge-and-refund")
    call_off(town, campaign)

    assert "6 people had promised £90; what was taken went back." in page(MISSED)


def test_the_filter_finds_what_is_shown(three: dict[str, Campaign]) -> None:
    tags = {"failed": (MISSED, "not funded"), "cancelled": (OFF, "called off"), "verified": (NEVER, "ready to open")}
    for how, (title, tag) in tags.items():
        shown = Client().get("/projects/", {"state": how}).content.decode()
        assert f">{tag}</span>" in shown
        assert [one for one in (MISSED, OFF, NEVER) if one in shown] == [title]


def test_the_files_say_how_the_campaign_ended(three: dict[str, Campaign]) -> None:
    client = Client()
    text = b"".join(client.get(reverse("projects-csv")).streaming_content).decode()  # type: ignore[attr-defined]
    rows = {row["title"]: row for row in csv.DictReader(StringIO(text))}
    assert {title: (row["state"], row["campaign_state"]) for title, row in rows.items()} == {
        MISSED: ("verified", "failed"), OFF: ("verified", "cancelled"), NEVER: ("verified", ""),
    }  # fmt: skip
    items = client.get("/api/v1/projects", {"campaign_state": "cancelled"}).json()["items"]
    assert [(one["title"], one["campaign_state"]) for one in items] == [(OFF, "cancelled")]


def test_an_ending_without_money_is_no_step_of_funding(three: dict[str, Campaign]) -> None:
    ended = Entry.objects.filter(kind__in=["campaign.failed", "campaign.called-off"]).order_by("kind")
    assert [(one.step, one.facts.get("promised_by", one.facts.get("promised_by_fewer_than"))) for one in ended] == [
        ("facilitated", 5), ("facilitated", 6),
    ]  # fmt: skip
    assert [one.facts.get("promised_pence") for one in ended] == [None, 9_000]


def test_before_money_is_taken_people_have_promised(town: Town) -> None:
    asked(town, MISSED, 6)

    assert "6 people have promised" in page(MISSED)
