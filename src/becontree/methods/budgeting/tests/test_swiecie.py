"""The preset of Świecie 2023 against the published procedure, written here once more in plain fractions.

The town's program and account are public (docs/rooms/budgeting.md names them); its ballots are not in the shared data.
"""

from fractions import Fraction
from random import Random

import pytest

from becontree.methods.budgeting import PRESETS, Election, count


def equal_shares(costs, ballots, share):
    """Cost utility; of equals the one with more votes, then the cheaper one."""
    purse = dict.fromkeys(range(len(ballots)), share)
    won, left = [], set(costs)
    while True:
        offers = []
        for name in left:
            fans = sorted((voter for voter in purse if name in ballots[voter]), key=lambda voter: purse[voter])
            owed, paying = Fraction(costs[name]), len(fans)
            if sum(purse[voter] for voter in fans) < owed or not fans:
                continue
            for voter in fans:
                if purse[voter] * paying >= owed:
                    break
                owed, paying = owed - purse[voter], paying - 1
            offers.append((owed / paying / costs[name], -len(fans), costs[name], name, owed / paying, fans))
        if not offers:
            return won
        _, _, _, name, each, fans = min(offers)
        for voter in fans:
            purse[voter] -= min(purse[voter], each)
        won.append(name)
        left.remove(name)


def by_votes(costs, ballots, budget, won=()):
    chosen = list(won)
    for name in sorted(costs, key=lambda one: (-sum(one in ballot for ballot in ballots), costs[one], one)):
        if name not in chosen and sum(costs[one] for one in chosen) + costs[name] <= budget:
            chosen.append(name)
    return chosen


def published(costs, ballots, budget):
    votes = {name: sum(name in ballot for ballot in ballots) for name in costs}
    costs = {name: cost for name, cost in costs.items() if votes[name] * 3 * budget >= cost * len(ballots)}
    share = Fraction(budget, len(ballots))
    won = equal_shares(costs, ballots, share)
    while share < sum(costs.values()) + 1:
        share += 1
        more = equal_shares(costs, ballots, share)
        if sum(costs[name] for name in more) > budget:
            break
        won = more
    won = by_votes(costs, ballots, budget, won)
    greedy = by_votes(costs, ballots, budget)
    gain = [sum(name in ballot for name in greedy) - sum(name in ballot for name in won) for ballot in ballots]
    return greedy if sum(one > 0 for one in gain) > sum(one < 0 for one in gain) else won


@pytest.mark.parametrize("seed", range(150))
def test_small_elections_come_out_as_the_published_procedure_says(seed):
    random = Random(seed)
    # Costs of their own and ids in their order, so that no tie is left to the lot.
    costs = dict(zip("abcdef", sorted(random.sample(range(3, 60), 6)), strict=True))
    ballots = [random.sample(sorted(costs), random.randint(1, 4)) for _ in range(random.randint(5, 25))]
    budget = random.randint(20, 150)

    outcome = count(Election.of(costs, budget, ballots, "approval"), PRESETS["swiecie-2023"])

    assert set(outcome.funded) == set(published(costs, ballots, budget))


@pytest.mark.parametrize(
    ("name", "cost", "votes", "competes"), [("22", 482_037, 375, False), ("6", 106_788, 119, True)]
)
def test_the_first_phase_removes_what_it_removed_in_2023(name, cost, votes, competes):
    """As published: 2,553 voters, 1,070,000 zł. Project 22 was removed, 6 stayed."""
    assert (votes * 3 * 1_070_000 >= cost * 2_553) is competes
    ballots = [[name]] * votes + [["other"]] * (2_553 - votes)
    outcome = count(Election.of({name: cost, "other": 1_000}, 1_070_000, ballots, "approval"), PRESETS["swiecie-2023"])

    assert (name in outcome.funded) is competes
