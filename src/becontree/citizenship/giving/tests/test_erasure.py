"""Somebody who gave asks to be forgotten: words and names go, sums and proofs stand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from becontree.citizenship.giving import exports, queries, shred
from becontree.citizenship.giving.models import Award, Pledge
from becontree.citizenship.giving.tests.conftest import Town
from becontree.formats import threesixty
from becontree.foundations.kit.errors import Clash
from becontree.foundations.people.actions import erase
from becontree.foundations.people.models import Person
from becontree.foundations.record.models import Decision, Entry
from becontree.verify import match as verify_match


def funded(town: Town) -> None:
    campaign = town.campaign(town.project(pence=20_000))
    town.fund()
    for name in ("ada", "ben"):
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


def test_nobody_is_forgotten_while_their_promise_waits(town: Town) -> None:
    town.gives("ada", town.campaign(), 5_000)

    with pytest.raises(Clash):
        erase(person=town.person("ada"), by=town.person("ada"), now=town.now)


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
