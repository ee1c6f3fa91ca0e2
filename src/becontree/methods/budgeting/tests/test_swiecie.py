"""The preset of Świecie 2023 against the published procedure, written here once more in plain fractions.

The town's program and account are public (docs/rooms/budgeting.md names them). First small elections against a second
writing of the program; then the town's own ballots against the result that it published.
"""

import csv
import json
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from becontree.cli import main
from becontree.formats import pb
from becontree.methods.budgeting import PRESETS, Election, count
from becontree.verify.count import left_out


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


# -- the real ballots, counted (see swiecie_2023/README.md) ------------------------------------------------------------

HERE = Path(__file__).parent / "swiecie_2023"


def rows(name):
    with (HERE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


@pytest.fixture(scope="module")
def swiecie():
    costs = {row["project"]: int(row["cost"]) for row in rows("projects.csv")}
    ballots = [row["approved"].split(",") for row in rows("ballots.csv") for _ in range(int(row["ballots"]))]
    return Election.of(costs, 1_070_000, ballots, "approval")


def test_the_ballots_add_up_to_the_published_votes(swiecie):
    approved = [tuple(map(int, row["approved"].split(","))) for row in rows("ballots.csv")]

    assert swiecie.voters == 2_553
    assert len(approved) == 695
    assert approved == sorted(set(approved)), "each set once, in order"
    assert swiecie.votes == tuple(int(row["votes"]) for row in rows("projects.csv"))


def test_the_town_published_this_result(swiecie):
    """equalshares.net/swiecie/2024: 17 of 22 projects for 1,040,337 zł; the share rose from about 419 zł to 661 zł, so
    that 100 voters decide on up to 66,111 zł; one project was removed beforehand. The town followed Equal Shares.
    Which five lost is our count's word: only four sets of five cost what is left, and each has 6, 8 and 22."""
    outcome = count(swiecie, PRESETS["swiecie-2023"])

    assert len(outcome.funded) == 17
    assert outcome.cost == 1_040_337
    assert int(100 * outcome.endowment) == 66_111
    assert [(one.code, one.field) for one in outcome.findings] == [("count.share.below", "22")]
    assert outcome.comparison["kept"]
    assert {project.id for project in swiecie.projects} - set(outcome.funded) == {"6", "8", "15", "16", "22"}
    assert outcome.ties == ()


def test_stopping_when_nothing_fits_would_end_at_another_share(swiecie):
    """The same winners, so only the published share tells the town's completion from the one of equalshares.net."""
    outcome = count(swiecie, PRESETS["swiecie-2023"].but(exhaustive=True))

    assert outcome.cost == 1_040_337
    assert (outcome.raised, int(100 * outcome.endowment)) == (226, 64_511)


def test_from_the_command_line_to_the_second_count(swiecie, tmp_path, capsys):
    file, record = tmp_path / "swiecie.pb", tmp_path / "swiecie.json"
    file.write_text(pb.write_text(pb.from_election(swiecie, {"currency": "PLN"})), encoding="utf-8")

    assert main(["count", str(file), "--preset", "swiecie-2023", "--json", "--record", str(record)]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (len(made["funded"]), made["cost"], made["budget"]) == (17, 1_040_337, 1_070_000)

    assert main(["verify", str(record)]) == 0
    written = json.loads(record.read_text(encoding="utf-8"))
    assert not left_out(written), "each of the increments is counted again"
