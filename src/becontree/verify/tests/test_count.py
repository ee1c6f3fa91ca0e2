"""A count is done again from its record, ties and all, and no changed or ill-formed record passes."""

import copy

import pytest

from becontree.methods.budgeting import Election, Rule, count, preset
from becontree.methods.budgeting.record import record_of
from becontree.verify.count import check
from becontree.verify.election import amount

COSTS = {"1": 30, "2": 30, "3": 50, "4": 40}
BALLOTS = [["1", "2"], ["1", "2"], ["3"], ["3", "4"], ["4"], ["1"], []]


def made(rule: Rule):
    election = Election.of(COSTS, 100, BALLOTS)
    return record_of(election, count(election, rule), source={"name": "ward.pb", "sha256": "0" * 64})


RULES = {
    "shares": Rule(),
    "lot": Rule(ties=("lot",), seed="round 657413", completion="add1"),
    "bos": Rule(rule="bos", completion="greedy"),
    "phragmen": Rule(rule="phragmen", completion="none"),
    "greedy": preset("greedy"),
    "no-skip": preset("greedy-no-skip"),
    "poznan": preset("poznan"),
    "comparison": preset("wieliczka-2023"),
}


@pytest.mark.parametrize("name", RULES)
def test_a_record_is_counted_again(name):
    assert check(made(RULES[name])) == []


def test_the_ties_of_greedy_are_counted_again():
    """Equal votes, of which one fits: both implementations say so, and why it was that one."""
    election = Election.of({"a": 60, "b": 50}, 100, [["a"], ["b"]])
    record = record_of(election, count(election, preset("greedy")))
    tie = {"phase": "greedy", "round": 1, "projects": ["b", "a"], "chosen": "b", "decided_by": "min-cost"}

    assert record["result"]["ties"] == [tie]
    assert check(record) == []

    record["result"]["ties"] = []

    assert check(record) == ["The record has 0 ties; counted again there are 1."]


CHANGES = {
    "a winner is left out": lambda r: r["result"]["funded"].pop(),
    "winners change places": lambda r: r["result"]["funded"].reverse(),
    "the cost is other": lambda r: r["result"].update(cost="1"),
    "a step is dropped": lambda r: r["result"]["steps"].pop(),
    "a step is other": lambda r: r["result"]["steps"][0].update(cost="31"),
    "a step says more": lambda r: r["result"]["steps"][0].update(note="fine"),
    "the steps are gone": lambda r: r["result"].update(steps=None),
    "the ties are gone": lambda r: r["result"].update(ties=None),
    "a tie is made up": lambda r: r["result"]["ties"].append({"phase": "greedy"}),
    "a tie of no phase": lambda r: r["result"]["ties"].append({"phase": "other"}),
    "the result says more": lambda r: r["result"].update(turnout="90%"),
    "the method is another": lambda r: r.update(method="greedy/points@1"),
    "randomness out of nowhere": lambda r: r.update(randomness={"lot": "mine"}),
    "a project twice": lambda r: r["inputs"]["projects"].append(r["inputs"]["projects"][0]),
    "a project without an id": lambda r: r["inputs"]["projects"][0].update(id=""),
    "a number for an id": lambda r: r["inputs"]["projects"][0].update(id=1),
    "a cost below zero": lambda r: r["inputs"]["projects"][3].update(cost="-40"),
    "a cost that fills the memory": lambda r: r["inputs"]["projects"][3].update(cost="1e999999999"),
    "a budget that fills the memory": lambda r: r["inputs"].update(budget="1e999999999"),
    "neither withdrawn nor not": lambda r: r["inputs"]["projects"][3].update(withdrawn="no"),
    "unknown ballots": lambda r: r["inputs"].update(ballot_type="show of hands"),
    "a ballot of nobody": lambda r: r["inputs"]["ballots"][0].__setitem__(0, 0),
    "a ballot of fewer than nobody": lambda r: r["inputs"]["ballots"][0].__setitem__(0, -1),
    "a ballot of half a person": lambda r: r["inputs"]["ballots"][0].__setitem__(0, 0.5),
    "a stranger on a ballot": lambda r: r["inputs"]["ballots"][0][1].append("99"),
    "a project twice on a ballot": lambda r: r["inputs"]["ballots"][0][1].append(r["inputs"]["ballots"][0][1][0]),
    "values on an approval ballot": lambda r: r["inputs"]["ballots"][0].append([3, 3]),
    "an option is left out": lambda r: r["parameters"].pop("blank"),
    "an option is misspelt": lambda r: r["parameters"].update(blanks="count"),
    "an option is unknown": lambda r: r["parameters"].update(order="alphabetical"),
    "a switch is a number": lambda r: r["parameters"].update(exhaustive=1),
    "a tie is left to chance": lambda r: r["parameters"].update(ties=["coin"]),
    "no increment": lambda r: r["parameters"].update(increment="0"),
    "the inputs are gone": lambda r: r.pop("inputs"),
    "the result is text": lambda r: r.update(result="fine"),
}


@pytest.mark.parametrize("rule", ["shares", "greedy", "phragmen"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_record_does_not_pass(rule, change):
    forged = copy.deepcopy(made(RULES[rule]))
    CHANGES[change](forged)

    assert check(forged) != []


@pytest.mark.parametrize(
    "text", ["", "-1", "1e3", "1/", "٣", "0x10", "1_000", " 1", "NaN", "9" * 9001, None, 1.5, True, -1]
)
def test_an_amount_is_written_out(text):
    with pytest.raises(ValueError, match="is not an amount"):
        amount(text)
