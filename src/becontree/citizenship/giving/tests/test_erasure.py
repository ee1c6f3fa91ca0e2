"""Somebody who gave asks to be forgotten: words and names go, sums and proofs stand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from becontree.citizenship.giving import exports, queries, shred
from becontree.citizenship.giving.models import Award, Campaign, Pledge
from becontree.citizenship.giving.tests.conftest import Town
from becontree.formats import threesixty
from becontree.foundations.kit.errors import Clash
from becontree.foundations.people.actions import erase
from becontree.foundations.people.models import Person
from becontree.foundations.record.models import Decision, Entry
from becontree.verify import match as verify_match


def funded(town: Town) -> None:
    campaign = town.campaign(town.project(pence=50_000))
    town.fund()
    for name in ("ada", "ben", "cyd", "dev", "eve"):  # five, so that the grant's decision lists the gifts
        pledge = town.gives(name, campaign, 5_000)
        Pledge.objects.filter(pk=pledge.pk).update(public_name=name.title(), note="For my gran", ward_code="W1")
    town.later(days=31)


def test_after_erasure_totals_stand_and_the_grants_decision_still_verifies(town: Town) -> None:
    funded(town)
    before = queries.totals()

    erase(person=town.person("ada"), by=town.person("ada"), now=town.now)

    assert queries.totals() == before
    assert queries.counters_off() == []
    assert verify_match.check(Decision.objects.get().record) == []
    gift = Pledge.objects.get(giver=town.person("ada"))
    assert (gift.note, gift.public_name, gift.ward_code, gift.pence) == ("", "", "", 5_000)


def test_one_press_lets_a_waiting_promise_go_and_forgets(town: Town, client: Client, settings: Any) -> None:
    settings.CLOCK_SHIFT = town.now - timezone.now()  # pages live in the town's own time
    campaign = town.campaign()
    pledge = town.gives("ada", campaign, 1_000)
    other = town.gives("ben", campaign, 2_000)
    client.force_login(town.person("ada"))

    page = client.get("/people/me/forget/").text
    answer = client.post("/people/me/forget/", {"sure": "on"})

    assert "£10.00 promised to" in page
    assert f"/my/giving/gifts/{pledge.handle}/let-go/" in page
    assert answer.url == "/people/forgotten/"
    pledge.refresh_from_db()
    other.refresh_from_db()
    campaign.refresh_from_db()
    assert (pledge.state, other.state, campaign.crowd_promised) == ("released", "firm", 2_000)
    assert Person.objects.get(pk=town.person("ada").pk).erased_at is not None


def test_a_gift_being_collected_is_named_and_nothing_is_let_go(town: Town, client: Client) -> None:
    waits = town.gives("ada", town.campaign(town.project(pence=1_000)), 1_000)
    open_one = town.gives("ada", town.campaign(town.project("A kiln", pence=9_000)), 500)
    Campaign.objects.filter(pk=waits.campaign_id).update(state=Campaign.State.COLLECTING)
    client.force_login(town.person("ada"))

    page = client.get("/people/me/forget/").text
    with pytest.raises(Clash):
        erase(person=town.person("ada"), by=town.person("ada"), now=town.now)

    assert "Settle this first" in page
    assert f'href="/my/giving/gifts/{waits.handle}/"' in page
    assert "button--stop" not in page  # no button that would be refused
    open_one.refresh_from_db()
    assert open_one.state == "firm"


def test_what_stays_is_only_what_one_did(town: Town, client: Client) -> None:
    town.gives("ada", town.campaign(), 500)
    client.force_login(town.person("ada"))
    page = client.get("/people/me/forget/").text.split("What stays, and why")[1]

    assert "What you gave stays in the accounts" in page
    assert "That a shift was walked" not in page
    assert "your votes and your words are gone" not in page
    assert "Nothing." not in page


def test_a_giver_can_have_everything_that_is_kept(town: Town) -> None:
    funded(town)

    kept = shred.export(town.person("ada"))

    assert [(each["pence"], each["public name"], each["state"]) for each in kept] == [(5_000, "Ada", "collected")]


def test_no_entry_of_the_record_names_a_giver(town: Town) -> None:
    funded(town)
    said = json.dumps([[entry.title, entry.facts] for entry in Entry.objects.all()]) + json.dumps(
        [decision.record for decision in Decision.objects.all()]
    )

    for person in Person.objects.filter(pledges__isnull=False):
        assert person.name not in said
        assert str(person.email) not in said
        assert str(person.pk) not in said


def test_every_grant_is_valid_360giving(town: Town, shared: Path) -> None:
    funded(town)

    package = json.loads(exports.package(queries.granted_awards()))

    assert len(package["grants"]) == Award.objects.filter(state="granted").count() == 1
    assert threesixty.validate(package, shared / "360giving") == []
