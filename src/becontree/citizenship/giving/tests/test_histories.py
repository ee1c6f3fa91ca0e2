"""Random histories of giving: whatever happens, no fund gives more than its rule and every sum is exact."""

from __future__ import annotations

import random

import pytest

from becontree.citizenship.giving import books, queries
from becontree.citizenship.giving.actions import grants, matching, pledges
from becontree.citizenship.giving.models import Award, Campaign, Fund, Pledge
from becontree.citizenship.giving.tests.conftest import Town
from becontree.foundations.kit.errors import Refused
from becontree.foundations.ledger import audit
from becontree.foundations.ledger.models import Transfer
from becontree.foundations.ledger.queries import balance, trial_balance
from becontree.foundations.record.models import Decision
from becontree.verify import match as verify_match

CARDS = ["pays", "pays", "pays", "pays", "declines-later", "twice", "backwards", "declines"]
TERMS = [
    {"ratio": (1, 1)},
    {"ratio": (3, 2), "share_percent": 20, "priority": 2},
    {"ratio": (2, 1), "min_backers": 3, "per_giver": 2_000, "priority": 3},
    {"ratio": (1, 2), "crowd_first_percent": 10, "per_project": 9_000, "priority": 4},
]


def holds(campaign: Campaign) -> None:
    campaign.refresh_from_db()
    assert queries.counters_off() == []
    assert sum(row["pence"] for row in grants.sources(campaign)) == campaign.raised
    for award in Award.objects.filter(campaign=campaign, state="promised").select_related("fund"):
        award.campaign = campaign
        assert award.pence <= matching.due(award)
    for fund in Fund.objects.all():
        assert books.available(fund) >= 0


@pytest.mark.parametrize("seed", range(3))
def test_a_random_history(town: Town, seed: int) -> None:
    chance = random.Random(seed)
    model = chance.choice(Campaign.Model.values)
    strategy = chance.choice(Campaign.Strategy.values)
    campaign = town.campaign(town.project(pence=60_000), model=model, strategy=strategy)
    for number, terms in enumerate(chance.sample(TERMS, 2)):
        town.fund(f"Fund {number}", pence=chance.choice([4_000, 100_000]), **terms)
    for _ in range(10):
        name = chance.choice(["ada", "ben", "cyd", "dev", "olive"])
        given = list(Pledge.objects.filter(giver=town.person(name), state__in=["firm", "collected"]))
        try:
            if given and chance.random() < 0.35:
                pledges.withdraw(pledge=chance.choice(given), by=town.person(name), now=town.now)
            else:
                town.gives(name, campaign, chance.randrange(200, 9_000), card=chance.choice(CARDS))
        except Refused:
            continue
        holds(campaign)
    town.later(days=31)
    for _ in range(4):
        town.later(days=3)
    holds(campaign)

    assert campaign.state in Campaign.SETTLED
    assert not Transfer.objects.filter(phase="pending", resolved_by__isnull=True).exists()
    granted = sum(award.pence for award in Award.objects.filter(state="granted"))
    assert balance(campaign.held).posted == campaign.crowd_collected + granted
    assert all(verify_match.check(each.record) == [] for each in Decision.objects.all())
    assert audit.find_faults(deep=True) == []
    assert trial_balance().debit == trial_balance().credit
