"""Every outcome of pabutools 1.2.3 stored with the shared elections, reproduced in order."""

import json
from pathlib import Path

import pytest

from becontree.formats import pb
from becontree.methods.budgeting import PRESETS, count

SHARED = Path(__file__).parents[6] / "shared" / "data"
FILES = sorted(SHARED.glob("pabulib/*.pb"))

pytestmark = [pytest.mark.shared, pytest.mark.usefixtures("shared")]  # fails in CI where the data is missing

UTILITY = {
    "Cost_Sat": "cost",
    "Cardinality_Sat": "cardinality",
    "Additive_Cardinal_Sat": "points",
    "Additive_Borda_Sat": "borda",
}
RULE = {
    "method_of_equal_shares": "equal-shares",
    "greedy_utilitarian_welfare": "greedy",
    "sequential_phragmen": "phragmen",
}
COMPLETION = {None: "none", "add1/greedy": "add1+greedy"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_reference_outcome_is_reproduced_in_order(path):
    election = pb.read(path).election
    reference = json.loads((SHARED / "pabulib-reference" / f"{path.stem}.json").read_text())

    for expected in reference["results"]:
        utility = UTILITY[expected["utility"].split(":")[0]] if expected["utility"] else "cost"
        completion = COMPLETION.get(expected["completion"], expected["completion"])
        rule = PRESETS["pabutools"].but(rule=RULE[expected["rule"]], utility=utility, completion=completion)
        outcome = count(election, rule)

        what = (expected["rule"], utility, completion)
        assert sorted(outcome.funded) == expected["winners"], what
        if "winners_in_order" in expected:
            assert list(outcome.funded) == expected["winners_in_order"], what
        assert str(outcome.cost) == expected["total_cost"], what


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_exact_prototype_stored_beside_them_agrees_on_add1(path):
    reference = json.loads((SHARED / "pabulib-reference" / f"{path.stem}.json").read_text())
    second = reference.get("second_engine", {}).get("equal_shares", {})
    election = pb.read(path).election
    options = {
        "cost_add1": {"utility": "cost"},
        "card_add1": {"utility": "cardinality"},
        "cost_add1_without_exhaustive_stop": {"utility": "cost", "exhaustive": False},
    }
    free = any(project.cost == 0 for project in election.projects)
    for name, changes in options.items():
        if name in second and not free:
            outcome = count(election, PRESETS["pabutools"].but(completion="add1", **changes))

            assert sorted(outcome.funded) == second[name]["winners"], name
