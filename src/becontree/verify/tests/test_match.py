"""The second count of a match agrees with the first on thousands of funds, and no changed record passes."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from becontree.formats.fund import apply, fund_from, record
from becontree.methods.matching import Pledge
from becontree.verify import match

pledges = st.lists(
    st.builds(Pledge, st.sampled_from(["g1", "g2", "g3", "g4"]), st.sampled_from("abc"), st.integers(1, 30_000)),
    max_size=10,
)
limit = st.integers(0, 200)
capped = st.fixed_dictionaries(
    {
        "pot": st.integers(0, 600),
        "ratio": st.sampled_from(["39000:5599", "1/3", "2", "1:1"]),
        "when_short": st.sampled_from(["first", "share"]),
    },
    optional={
        "share": st.sampled_from(["15%", "1/3", "75%"]),
        "per_project": limit,
        "per_pledge": limit,
        "per_giver": limit,
        "per_giver_in_fund": limit,
        "pledges_per_giver": st.integers(0, 3),
        "min_backers": st.integers(0, 3),
        "crowd_first": limit,
        "crowd_first_share": st.sampled_from(["10%", "1/7"]),
        "lot": st.permutations(["a", "b", "c"]),
    },
)
common = {"pot": st.integers(0, 600), "scale": st.sampled_from(["down", "fill"])}
other = st.one_of(
    st.fixed_dictionaries({"method": st.just("quadratic"), **common}),
    st.fixed_dictionaries(
        {
            "method": st.just("pairwise"),
            "k": st.integers(1, 50),
            "form": st.sampled_from(["published", "gitcoin-2020"]),
            **common,
        }
    ),
    st.fixed_dictionaries(
        {
            "method": st.just("cluster"),
            "groups": st.sampled_from(["profile", "project", {"x": ["g1", "g2"], "y": ["g2", "g3"]}]),
            **common,
        }
    ),
    st.fixed_dictionaries(
        {
            "method": st.just("cocm"),
            "groups": st.sampled_from(["profile", "project", {"x": ["g1", "g2"], "y": ["g2", "g3"]}]),
            "ties": st.sampled_from(["shared", "markov", "markov-harsh"]),
            **common,
        },
        optional={"lot": st.permutations(["a", "b", "c"])},
    ),
)
PROJECTS = [{"id": "a", "target": 400}, {"id": "b", "target": 90, "cap": 60}, {"id": "c", "target": 7}]


def decided(facts, given):
    fund = fund_from({"project": PROJECTS, **facts})
    return record(fund, given, apply(fund, given))


@settings(max_examples=300, deadline=None)
@given(capped, pledges)
def test_two_counts_of_a_capped_ratio_agree(facts, given):
    assert match.check(decided(facts, given)) == []


@settings(max_examples=300, deadline=None)
@given(other, pledges)
def test_two_counts_of_the_quadratic_forms_agree(facts, given):
    assert match.check(decided(facts, given)) == []


GIVEN = [Pledge("g1", "a", 500), Pledge("g2", "a", 900), Pledge("g2", "b", 250), Pledge("g3", "c", 100)]
CHANGES = [
    ("a penny more is paid", lambda r: r["result"]["matches"][0].update(paid=r["result"]["matches"][0]["paid"] + 1)),
    ("a penny less is left", lambda r: r["result"].update(left=r["result"]["left"] - 1)),
    ("the sum paid is other", lambda r: r["result"].update(paid=0)),
    ("a backer is added", lambda r: r["result"]["matches"][0].update(backers=3)),
    ("the crowd is other", lambda r: r["result"]["matches"][1].update(crowd=1)),
    ("the wanted sum is other", lambda r: r["result"]["matches"][1].update(wanted=1)),
    ("a project is dropped", lambda r: r["result"]["matches"].pop()),
    ("a project is doubled", lambda r: r["result"]["matches"].append(r["result"]["matches"][0])),
    ("a pledge is larger", lambda r: r["inputs"]["pledges"][0].__setitem__(2, 501)),
    ("a pledge is dropped", lambda r: r["inputs"]["pledges"].pop(0)),
    ("a pledge moves", lambda r: r["inputs"]["pledges"][0].__setitem__(1, "b")),
    ("a giver is another", lambda r: r["inputs"]["pledges"][0].__setitem__(0, "g2")),
    ("a pledge is below zero", lambda r: r["inputs"]["pledges"][0].__setitem__(2, -5)),
    ("a pledge goes nowhere", lambda r: r["inputs"]["pledges"][0].__setitem__(1, "z")),
    ("the pot is larger", lambda r: r["parameters"].update(pot=10**9)),
    ("the method is another", lambda r: r.update(method="equal-shares/cost@1")),
    ("a field is missing", lambda r: r.pop("inputs")),
    ("the result is text", lambda r: r.update(result="fine")),
    ("a limit is kept quiet", lambda r: r["result"]["matches"][0].update(limits=[])),
    ("a limit is made up", lambda r: r["result"]["matches"][0]["limits"].append("crowd_first")),
    ("a tie is made up", lambda r: r["result"]["ties"].append({"between": ["a", "b"], "broken_by": "id"})),
    ("the ties are gone", lambda r: r["result"].pop("ties")),
    ("a project is listed twice", lambda r: r["inputs"]["projects"].append(r["inputs"]["projects"][0])),
    ("a giver has no name", lambda r: r["inputs"]["pledges"][0].__setitem__(0, None)),
    ("a lot out of nowhere", lambda r: r["parameters"].update(lot=["a", "a"])),
    ("randomness out of nowhere", lambda r: r.update(randomness="dice")),
]


@pytest.mark.parametrize(
    "facts", [{"ratio": "1:2", "pot": 5}, {"method": "quadratic", "pot": 5}], ids=["ratio", "root"]
)
@pytest.mark.parametrize("change", [change for _, change in CHANGES], ids=[name for name, _ in CHANGES])
def test_a_changed_record_does_not_pass(facts, change):
    honest = decided(facts, GIVEN)
    forged = copy.deepcopy(honest)
    change(forged)

    assert match.check(honest) == []
    assert match.check(forged) != []
