"""The example's gifts go as gifts do: each at its own time, one after the other, and none after a calling off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from becontree.citizenship.giving.models import Campaign, Pledge, Slice
from becontree.foundations.ledger.audit import find_faults
from becontree.web.demo import load, story, tales
from becontree.web.demo.borough import Borough

TOLD = ("A play area on Maypole Green", "A pop-up cinema")


@pytest.fixture
def town(db: None) -> Borough:
    """The borough with the play area, which a fund with a gate matches, and with a campaign that was called off."""
    town = Borough(timezone.now())
    load._places(town)
    load._people(town)
    load._voices(town)
    tales.funds_of(town)
    for tale in (story.PLAY, *story.TALES):
        if tale.title in TOLD:
            tales.tell(town, tale)
    return town


def test_every_gift_has_its_own_time_and_none_comes_after_the_end(town: Borough) -> None:
    for title in TOLD:
        campaign = Campaign.objects.get(project__title=title)
        gifts = list(Pledge.objects.filter(campaign=campaign, kind="money").order_by("made_at"))
        times = [gift.firm_at for gift in gifts]
        assert times == sorted(set(times)), title
        assert all(gift.firm_at - gift.made_at < timedelta(hours=1) for gift in gifts)
        assert campaign.settled_at > max(times)
        assert all(gift.done_at > gift.firm_at for gift in gifts)
    assert find_faults() == []


def test_who_began_a_project_hears_what_became_of_it(town: Borough) -> None:
    behind = [town.voices[cause] for cause in story.PLAY.causes]
    assert len(behind) == 7
    for voice in behind:
        assert voice.answers.get().status == "done"


def test_a_gift_brings_its_own_match_but_for_the_one_that_opened_the_gate(town: Borough) -> None:
    parts = list(Slice.objects.filter(award__fund=town.funds["play"], released=False).select_related("pledge"))
    opened = [number for number, part in enumerate(parts, 1) if part.caught_up]
    assert opened == [20]  # the fund waits for twenty people
    assert all(part.is_held_back for part in parts[:19])
    before = sum(part.pledge.pence for part in parts[:19])

    assert parts[19].caught_up == 7 * before
    assert parts[20].pence == 7 * parts[20].pledge.pence
