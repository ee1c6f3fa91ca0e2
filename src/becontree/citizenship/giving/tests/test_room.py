"""Gifts stop at the target: who pays after others filled it is let go kindly."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from becontree.citizenship.giving import queries
from becontree.citizenship.giving.actions import pledges
from becontree.citizenship.giving.models import Campaign, Pledge
from becontree.citizenship.giving.tests.conftest import Town
from becontree.foundations.ledger.queries import balance, trial_balance
from becontree.foundations.messages.models import Message
from becontree.foundations.payments.actions.learn import learn_charge, learn_instruction
from becontree.foundations.payments.models import Charge, Instruction
from becontree.foundations.payments.port import News
from becontree.foundations.payments.practice import remote

LATER, NOW = Campaign.Strategy.LATER, Campaign.Strategy.NOW


def in_balance() -> bool:
    trial = trial_balance()
    return trial.debit == trial.credit


def begins(town: Town, name: str, campaign: Campaign, pence: int) -> tuple[Pledge, Instruction]:
    return pledges.offer_money(
        campaign=campaign, pence=pence, by=town.person(name), now=town.now, return_url="/my/giving/gifts/{handle}/"
    )


def pays(town: Town, instruction: Instruction) -> None:
    town.settle()
    remote.answer_page(setup=Instruction.objects.get(pk=instruction.pk).remote_id, card="pays", now=town.now)
    town.settle()


@pytest.mark.parametrize("strategy", [LATER, NOW])
def test_the_second_of_two_that_each_fitted_is_let_go_and_told(client: Any, town: Town, strategy: str) -> None:
    town.now = timezone.now()
    campaign = town.campaign(town.project(pence=50_000), strategy=strategy)
    (first, one), (second, other) = (begins(town, name, campaign, 30_000) for name in ("ada", "ben"))
    pays(town, one)
    pays(town, other)
    for row in (campaign, first, second):
        row.refresh_from_db()

    assert campaign.crowd == 30_000
    assert first.state == ("firm" if strategy == LATER else "collected")
    assert (second.state, second.no_room) == ("released" if strategy == LATER else "refunded", True)
    assert (campaign.backers, queries.counters_off(), in_balance()) == (1, [], True)
    letter = Message.objects.get(template="giving/no_room")
    assert letter.person_id == town.person("ben").pk
    client.force_login(town.person("ben"))
    page = client.get(f"/my/giving/gifts/{second.handle}/").text
    assert "Others filled the target first" in page
    assert ("Nothing was taken." if strategy == LATER else "on its way back") in page
    assert "Thank you for wanting to help" in page
    if strategy == NOW:
        charge = Charge.objects.get(purpose=second.ref)
        assert list(charge.refunds.values_list("amount", "state")) == [(30_000, "settled")]
        assert balance(campaign.held).posted == 30_000
    # The saved card is never charged: the campaign ends with what counted.
    town.later(days=31)
    town.later(days=9)
    assert Charge.objects.filter(purpose=second.ref, state="settled").count() == (strategy == NOW)


def test_a_bank_transfer_that_no_longer_fits_goes_back(town: Town, settings: Any) -> None:
    """A bank cannot keep a card: what came by transfer waits for the next list of refunds."""
    campaign = town.campaign(town.project(pence=50_000), strategy=NOW)
    Campaign.objects.update(provider="bankfile")
    campaign.refresh_from_db()
    for name in ("ada", "ben"):
        begins(town, name, campaign, 30_000)
    for charge in Charge.objects.order_by("created_at", "pk"):
        learn_charge(charge.pk, News("settled", f"line-{charge.pk}"), now=town.now)
    campaign.refresh_from_db()

    assert (campaign.crowd, balance(campaign.held).posted) == (30_000, 30_000)
    assert Pledge.objects.get(no_room=True).state == "refunded"
    assert in_balance()


def test_match_that_came_meanwhile_leaves_less_room_too(town: Town) -> None:
    town.fund()
    campaign = town.campaign(town.project(pence=50_000))
    (_, one), (late, other) = begins(town, "ada", campaign, 20_000), begins(town, "ben", campaign, 20_000)
    pays(town, one)
    pays(town, other)
    campaign.refresh_from_db()
    late.refresh_from_db()

    assert (campaign.crowd, campaign.match_promised, late.no_room) == (20_000, 20_000, True)
    assert queries.counters_off() == []


def test_where_more_has_a_use_everything_counts(town: Town) -> None:
    campaign = town.campaign(town.project(pence=50_000), extra_use="A second bench")
    for _, instruction in [begins(town, name, campaign, 30_000) for name in ("ada", "ben")]:
        pays(town, instruction)
    campaign.refresh_from_db()

    assert campaign.crowd == 60_000


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("strategy", [LATER, NOW])
def test_five_who_pay_in_one_moment_never_pass_the_target(town: Town, strategy: str) -> None:
    campaign = town.campaign(town.project(pence=50_000), strategy=strategy)
    begun = [begins(town, name, campaign, 20_000)[1] for name in ("ada", "ben", "cal", "dot", "eve")]
    # SQLite in memory has one connection for all threads: there they take turns.
    alone = connection.vendor == "sqlite" and connection.is_in_memory_db()
    together = Barrier(1 if alone else len(begun))

    def pay(instruction: Instruction) -> None:
        try:
            together.wait(10)
            if strategy == LATER:
                learn_instruction(instruction.pk, News("ready"), now=town.now)
            else:
                learn_charge(instruction.charges.get().pk, News("settled", f"paid-{instruction.pk}"), now=town.now)
        finally:
            if not alone:
                connection.close()

    with ThreadPoolExecutor(1 if alone else len(begun)) as pool:
        list(pool.map(pay, begun))
    campaign.refresh_from_db()

    assert (campaign.crowd, campaign.backers, queries.counters_off()) == (40_000, 2, [])
    assert Pledge.objects.filter(no_room=True).count() == 3
    assert Message.objects.filter(template="giving/no_room").count() == 3
    assert balance(campaign.held).posted == (40_000 if strategy == NOW else 0)
    assert in_balance()
