"""What the counts must do: published examples, laws, and agreement with the verifier."""

import copy
import json
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from becontree.methods.budgeting import PRESETS, Election, Project, Rule, count, preset
from becontree.methods.budgeting.effective_support import effective_support
from becontree.methods.budgeting.outcome import votes_needed
from becontree.methods.budgeting.receipt import receipt
from becontree.methods.budgeting.record import election_of, inputs_of, record_of
from becontree.methods.budgeting.replay import rounds
from becontree.methods.budgeting.side_by_side import compare
from becontree.methods.budgeting.tests import small
from becontree.methods.budgeting.why_not import why_not
from becontree.methods.canonical import canonical
from becontree.methods.findings import Unusable
from becontree.verify.count import check, left_out

BARE = Rule(utility="cardinality", completion="none", ties=("id",))


def committee(seats, voters, groups):
    """An election of a committee: every candidate costs 1, the budget is the number of seats."""
    names = sorted({name for _, names in groups for name in names})
    ballots = [list(ballot) for times, ballot in groups for _ in range(times)]
    assert len(ballots) == voters
    return Election.of(dict.fromkeys(names, 1), seats, ballots)


# Lackner, Skowron, "Multi-Winner Voting with Approval Preferences" (Springer, 2023), examples 11 and 12.
EXAMPLE_11 = committee(4, 12, [(3, "ab"), (3, "ac"), (2, "ad"), (1, "bcf"), (1, "e"), (1, "f"), (1, "g")])
EXAMPLE_12 = committee(3, 8, [(3, "cd"), (2, "ab"), (2, "ac"), (1, "bd")])


def test_equal_shares_follows_the_book():
    eleven, twelve = count(EXAMPLE_11, BARE), count(EXAMPLE_12, BARE)

    assert [(s.project, s.payment) for s in eleven.steps] == [("a", Fraction(1, 8))]
    assert eleven.endowment == Fraction(1, 3)
    assert [(s.project, s.payment) for s in twelve.steps] == [("c", Fraction(1, 5)), ("a", Fraction(13, 40))]
    assert (twelve.steps[1].full, twelve.steps[1].short) == (2, 2)


def test_phragmen_follows_the_book():
    outcome = count(EXAMPLE_12, BARE.but(rule="phragmen"))

    assert [(s.project, s.score) for s in outcome.steps] == [
        ("c", Fraction(1, 5)),
        ("b", Fraction(1, 3)),
        ("d", Fraction(29, 60)),
    ]


def test_equal_shares_by_hand():
    # equalshares.net, "What is it": 4 ballots, the small example of its computation page.
    election = Election.of(
        {"1": 5000, "2": 10000, "3": 85000}, 100000, [["1", "2"], ["1"], ["3"], ["1", "2", "3"]], "approval"
    )

    outcome = count(election, Rule(completion="none"))

    assert outcome.funded == ("1", "2")
    assert [step.payment for step in outcome.steps] == [Fraction(5000, 3), 5000]


def test_bos_buys_what_its_supporters_miss_by_a_hair():
    # Two of three people want a project that costs all of the budget; the third wants a small one.
    election = Election.of({"p1": 1000, "p2": 100}, 1000, [["p1"], ["p2"], ["p1"]])

    outcome = count(election, Rule(rule="bos", completion="none"))

    assert outcome.funded == ("p1",)
    assert outcome.steps[0].covered == Fraction(2, 3)
    assert (outcome.steps[0].full, outcome.steps[0].short) == (0, 2)


# Worked examples of the paper (arXiv 2409.15005, sections 2 and 3), as an independent implementation's tests give them
# (a student's branch of pabutools, 2026); of the paper itself only the first page could be read.
TEN = ["A", "ABCE", "ABC", "ABC", "ABC", "ABF", "DE", "DE", "DEF", "CDF"]


def test_bos_on_the_papers_ten_voters_and_six_projects():
    costs = {"A": 300_000, "B": 400_000, "C": 300_000, "D": 240_000, "E": 170_000, "F": 100_000}
    election = Election.of(costs, 1_000_000, [list(ballot) for ballot in TEN])

    outcome = count(election, Rule(rule="bos", completion="none"))

    assert set(outcome.funded) == {"A", "C", "D", "F"}
    covered = {step.project: step.covered for step in outcome.steps}
    # C at 5/6 is also what the paper's fractional rule buys of it
    assert covered == {"A": 1, "C": Fraction(5, 6), "D": 1, "F": Fraction(5, 6)}
    assert count(election, Rule(completion="none")).funded == ("A", "E", "D")


def test_bos_on_the_helenka_paradox():
    # 403 of 414 people want what costs the whole budget; Equal Shares funds only what 11 want.
    ballots = [["A"]] * 403 + [["B"]] * 11
    election = Election.of({"A": 310_000, "B": 6_000}, 310_000, ballots)

    assert count(election, Rule(completion="none")).funded == ("B",)
    assert count(election, Rule(rule="bos", completion="none")).funded == ("A",)


def test_bos_on_tail_utilities():
    # 99 people give A 100 and B 2, one gives A 1 and B 2. All of every share is needed, and for A the last one pays it
    # for a single unit (1/100), for B for two (1/200): so Equal Shares prefers what almost nobody wants.
    ballots = [{"A": 100, "B": 2}] * 99 + [{"A": 1, "B": 2}]
    election = Election.of({"A": 1, "B": 1}, 1, ballots, "scoring")

    assert count(election, Rule(utility="points", completion="none")).funded == ("B",)
    assert count(election, Rule(rule="bos", utility="points", completion="none")).funded == ("A",)


def test_bos_is_equal_shares_where_nothing_is_missed():
    election = Election.of({"a": 30, "b": 30, "c": 40}, 100, [["a"]] * 3 + [["b"]] * 3 + [["c"]] * 4)

    assert count(election, Rule(rule="bos", completion="none")).funded == count(election).funded


def test_greedy_relatives_differ_as_they_should():
    election = Election.of(
        {"a": 60, "b": 50, "c": 40, "d": 10}, 100, [["a"]] * 5 + [["b"]] * 4 + [["c"]] * 3 + [["d"]] * 2
    )

    assert count(election, PRESETS["greedy"]).funded == ("a", "c")
    assert count(election, PRESETS["greedy-no-skip"]).funded == ("a",)
    assert count(election, PRESETS["poznan"]).funded == ("a", "b")  # 40 of 50 is left: 80 %
    assert count(election, PRESETS["greedy"].but(minimum_votes=Fraction(4))).funded == ("a",)


def test_ties_follow_the_declared_chain_and_are_written_down():
    election = Election.of({"10": 50, "9": 50, "8": 40}, 50, [["10"], ["9"]])
    by_text = count(election, BARE.but(rule="greedy"))
    by_lot = count(election, BARE.but(rule="greedy", ties=("lot",), seed="2026-11-22"))
    undecided = count(election, BARE.but(rule="greedy", ties=("min-cost",)))

    assert by_text.funded == ("10",)
    assert by_text.ties[0] == {
        "phase": "greedy", "round": 1, "projects": ["10", "9"], "chosen": "10", "decided_by": "id",
    }  # fmt: skip
    assert by_lot.ties[0]["decided_by"] == "lot"
    assert undecided.ties[0]["decided_by"] == "file-order"
    assert undecided.findings[0].code == "count.tie.undecided"


def test_the_lot_is_fair_between_two_over_many_seeds():
    election = Election.of({"a": 50, "b": 50}, 50, [["a"], ["b"]])
    won = [count(election, BARE.but(ties=("lot",), seed=str(n), rule="greedy")).funded[0] for n in range(200)]

    assert 75 <= won.count("a") <= 125


def test_free_and_withdrawn_projects_stand_apart():
    election = Election.of({"free": 0, "a": 10, "gone": 10}, 10, [["a", "gone"], ["free"]]).without([2])

    outcome = count(election, Rule())

    assert outcome.funded == ("free", "a")
    assert outcome.steps[0].phase == "free"
    assert "free" not in count(election, PRESETS["pabutools"]).funded


def test_blank_ballots_count_or_not_as_the_rule_says():
    election = Election.of({"a": 60}, 100, [["a"], []])

    assert count(election, Rule(completion="none")).funded == ()
    assert count(election, Rule(completion="none", blank="ignore")).funded == ("a",)


def test_a_minimum_share_keeps_dear_projects_with_few_votes_out():
    election = Election.of({"a": 90, "b": 30}, 90, [["a"], ["b"], ["b"], ["b"], ["b"]])

    outcome = count(election, Rule(minimum_share=Fraction(1, 3)))

    assert outcome.funded == ("b",)
    assert [finding.code for finding in outcome.findings] == ["count.share.below", "count.everything.fits"]


@pytest.mark.parametrize(
    "changes",
    [{"rule": "dice"}, {"utility": "joy"}, {"completion": "maybe"}, {"ties": ("coin",)}, {"increment": Fraction(0)},
     {"rule": "phragmen", "completion": "add1"}, {"start": "zero"}],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused_by_name(changes):
    with pytest.raises(Unusable):
        Rule().but(**changes)


@pytest.mark.parametrize("utility", ["points", "borda", "ranks"])
def test_a_utility_that_ballots_cannot_carry_is_refused(utility):
    with pytest.raises(Unusable, match="cannot be read from approval ballots"):
        count(EXAMPLE_11, Rule(utility=utility))


# -- laws ------------------------------------------------------------------------------------------------------

SEEDS = st.integers(0, 10**9)
LAWS = settings(max_examples=120, deadline=None)


def drawn(seed):
    random = Random(seed)
    election = small.election(random)
    return random, election, small.rule(random, election)


def people(election):
    """Ballots one person each, as `Election.of` takes them."""
    rows = []
    for row in inputs_of(election)["ballots"]:
        pairs = list(zip(row[1], row[2])) if len(row) > 2 else [(name, None) for name in row[1]]
        if election.ballot_type == "ordinal":
            pairs.sort(key=lambda pair: pair[1])
        points = election.ballot_type == "cumulative"
        rows += [dict(pairs) if points else [name for name, _ in pairs]] * row[0]
    return rows


def remade(election, rows):
    return Election.of(election.projects, election.budget, rows, election.ballot_type)


@LAWS
@given(SEEDS)
def test_neither_order_nor_grouping_of_voters_changes_winners(seed):
    random, election, rule = drawn(seed)
    rows = people(election)
    random.shuffle(rows)

    assert count(remade(election, rows), rule).funded == count(election, rule).funded


@LAWS
@given(SEEDS)
def test_doubling_every_voter_changes_no_winner_where_only_shares_matter(seed):
    _, election, rule = drawn(seed)
    rule = rule.but(completion="none", start="fraction", minimum_votes=None)
    if rule.rule == "bos":
        rule = rule.but(rule="equal-shares")  # BOS rounds payments to 10**-12

    assert count(remade(election, people(election) * 2), rule).funded == count(election, rule).funded


@LAWS
@given(SEEDS)
def test_no_rule_but_poznan_spends_more_than_the_budget_and_nobody_wins_twice(seed):
    _, election, rule = drawn(seed)
    outcome = count(election, rule)

    assert len(set(outcome.funded)) == len(outcome.funded)
    assert outcome.cost == election.cost(outcome.funded)
    if rule.rule != "poznan":
        assert outcome.cost <= election.budget


@LAWS
@given(SEEDS)
def test_equal_shares_payments_are_a_price_system(seed):
    # Peters, Pierczynski, Skowron, section 3: nobody pays more than the share, only for what they support, payments
    # of each winner add up to its cost, and supporters of a loser cannot pay for it with what is left.
    _, election, rule = drawn(seed)
    rule = rule.but(rule="equal-shares", completion="none", comparison="none", zero_cost="fund")
    outcome = count(election, rule)
    paid, left = {step.project: Fraction(0) for step in outcome.steps}, {}
    for row in people(election):
        ballot = [f"{name}={points}" for name, points in row.items()] if isinstance(row, dict) else row
        mine = receipt(election, outcome, ballot)
        assert mine.left >= 0
        assert sum(amount for _, amount in mine.lines) + mine.left == outcome.endowment
        for name, amount in mine.lines:
            assert name in row
            paid[name] += amount
        support = election.support(rule.utility)
        for name in row:
            left.setdefault(name, []).append(mine.left)
    assert paid == {step.project: step.cost for step in outcome.steps}
    if rule.utility in ("cost", "cardinality") and election.ballot_type != "cumulative":
        barred = {finding.field for finding in outcome.findings}
        for number, project in enumerate(election.projects):
            if project.id not in paid and support.total[number] and project.id not in barred:
                assert sum(left[project.id]) < project.cost


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_raising_in_proved_batches_equals_counting_every_step(seed):
    random, election, rule = drawn(seed)
    rule = rule.but(
        rule="equal-shares", completion=random.choice(["add1", "percent"]), comparison="none",
        increment=Fraction(random.choice(["1", "1/2", "1/7"])),
    )  # fmt: skip
    fast, slow = count(election, rule), count(election, rule, every_step=True)

    assert fast.steps == slow.steps
    assert (fast.raised, fast.endowment, fast.stopped) == (slow.raised, slow.endowment, slow.stopped)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_explanations_keep_their_promises(seed):
    _, election, rule = drawn(seed)
    rule = rule.but(rule="equal-shares", completion="none", comparison="none", zero_cost="fund")
    outcome = count(election, rule)
    support = effective_support(election, outcome)
    barred = {finding.field for finding in outcome.findings}
    for name, share in support.items():
        if name not in barred:
            reasons = why_not(election, outcome, name)
            assert reasons.words
            assert abs((reasons.effective or 0) - share) < 1e-6 or share > 1
            if reasons.lower_cost is not None:
                number = [project.id for project in election.projects].index(name)
                assert name in count(election.priced(number, reasons.lower_cost), rule).funded
    assert sum(len(item.balances) > 0 for item in rounds(election, outcome)) == len(outcome.steps) - sum(
        step.phase == "free" for step in outcome.steps
    )


def test_compare_puts_rules_side_by_side():
    rows = compare(EXAMPLE_12, BARE)

    assert rows[0].rule == BARE
    assert len(rows) >= 4
    assert rows[0].without_winner == 1
    assert {name for row in rows for name in row.not_here} == {"b", "d"}


# -- the verifier ----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("thousand", range(3))  # ten thousand and more: benchmarks/budgeting_agreement.py
def test_fast_count_and_verifier_agree_on_random_elections(thousand):
    for seed in range(1000 * thousand, 1000 * thousand + 1000):
        _, election, rule = drawn(seed)
        record = json.loads(canonical(record_of(election, count(election, rule))))

        assert check(record) == [], seed
        assert left_out(record) == ""


def test_a_record_holds_the_whole_election():
    for seed in range(60):
        _, election, rule = drawn(seed)

        again = election_of(json.loads(canonical(inputs_of(election))))

        assert count(again, rule) == count(election, rule)


EXAMPLE = Election.of(
    {"park": 60, "bench": 40, "mural": 50, "tree": 25}, 120,
    [["park", "bench"], ["park"], ["mural", "tree"], ["bench", "tree"], ["bench"], ["mural"]],
)  # fmt: skip
MUTATIONS = {
    "method": lambda r: r.update(method="equal-shares/cost/none@1"),
    "budget": lambda r: r["inputs"].update(budget="90"),
    "budget a little": lambda r: r["inputs"].update(budget="119"),
    "budget unreadable": lambda r: r["inputs"].update(budget="much"),
    "a cost": lambda r: r["inputs"]["projects"][1].update(cost="41"),
    "a project gone": lambda r: r["inputs"]["projects"].pop(),
    "a project withdrawn": lambda r: r["inputs"]["projects"][1].update(withdrawn=True),
    "projects changed places": lambda r: r["inputs"]["projects"][0].update(id="mural"),
    "a ballot gone": lambda r: r["inputs"]["ballots"].pop(0),
    "a ballot more": lambda r: r["inputs"]["ballots"].append([1, ["tree"]]),
    "a ballot counted twice": lambda r: r["inputs"]["ballots"][0].__setitem__(0, 2),
    "a ballot changed": lambda r: r["inputs"]["ballots"][0].__setitem__(1, ["mural"]),
    "a ballot for nobody": lambda r: r["inputs"]["ballots"][0].__setitem__(1, ["nobody"]),
    "a ballot not a list": lambda r: r["inputs"]["ballots"].__setitem__(0, 7),
    "ballots missing": lambda r: r["inputs"].pop("ballots"),
    "rule": lambda r: r["parameters"].update(rule="greedy"),
    "utility": lambda r: r["parameters"].update(utility="cardinality"),
    "completion": lambda r: r["parameters"].update(completion="none"),
    "increment": lambda r: r["parameters"].update(increment="2"),
    "increment of 0 divided": lambda r: r["parameters"].update(increment="1/0"),
    "exhaustive": lambda r: r["parameters"].update(exhaustive=False),
    "start": lambda r: r["parameters"].update(start="later", increment="1/3"),
    "minimum votes": lambda r: r["parameters"].update(minimum_votes="3"),
    "comparison": lambda r: r["parameters"].update(comparison="satisfaction"),
    "option missing": lambda r: r["parameters"].pop("ties"),
    "a winner more": lambda r: r["result"]["funded"].append("mural"),
    "a winner less": lambda r: r["result"]["funded"].pop(),
    "winners in another order": lambda r: r["result"]["funded"].reverse(),
    "total cost": lambda r: r["result"].update(cost="100"),
    "a payment": lambda r: r["result"]["steps"][0].update(payment="14"),
    "payers": lambda r: r["result"]["steps"][0].update(full=2),
    "short payers": lambda r: r["result"]["steps"][0].update(short=1),
    "a phase": lambda r: r["result"]["steps"][0].update(phase="greedy"),
    "a step gone": lambda r: r["result"]["steps"].pop(),
    "steps missing": lambda r: r["result"].pop("steps"),
    "share": lambda r: r["result"]["endowment"].update(final="21"),
    "increments": lambda r: r["result"]["endowment"].update(increments=1),
    "increments below 0": lambda r: r["result"]["endowment"].update(increments=-1),
    "reason to stop": lambda r: r["result"]["endowment"].update(stopped=""),
    "a tie invented": lambda r: r["result"]["ties"].append({"phase": "equal-shares", "round": 1, "chosen": "park"}),
    "result missing": lambda r: r.pop("result"),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_changed_record_is_refused(name):
    record = json.loads(canonical(record_of(EXAMPLE, count(EXAMPLE, Rule(completion="add1")))))
    assert check(record) == []

    changed = copy.deepcopy(record)
    MUTATIONS[name](changed)

    assert check(changed) != []


def test_a_share_rounded_down_to_nothing_pays_for_nothing():
    made = Election.of({"park": 60, "bench": 2}, 3, [["park"], ["bench"], ["bench"], ["park"]])

    outcome = count(made, Rule(start="integral", completion="greedy"))

    assert (outcome.endowment, outcome.funded) == (0, ("bench",))
    assert votes_needed(outcome) is None


@pytest.mark.parametrize(
    ("projects", "budget", "ballots", "code"),
    [
        ({}, 5, [[]], "projects.none"),
        ({"a": 1}, 0, [["a"]], "budget.none"),
        ({"a": 1}, -5, [["a"]], "amount.range"),
        ({"a": -1}, 5, [["a"]], "amount.range"),
        ({"a": 0.1}, 5, [["a"]], "amount.kind"),
        ({"a": True}, 5, [["a"]], "amount.kind"),
        ({"a": "ten"}, 5, [["a"]], "amount.text"),
        ({"a": "1e999999999"}, 5, [["a"]], "amount.text"),
        ({"a": 10**15}, 5, [["a"]], "amount.range"),
        ({"a": 1}, 5, [["b"]], "ballot.stranger"),
        ({"a": 1}, 5, ["a"], "ballot.text"),
        ({"a": 1}, 5, [{"a": 0.5}], "amount.kind"),
        ([Project("a", Fraction(1)), Project("a", Fraction(2))], 5, [["a"]], "project.twice"),
        ({"a": 1}, 5, [{"a": Fraction(1, 10**9 + 7)}, {"a": 10**9}], "points.large"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_words(projects, budget, ballots, code):
    with pytest.raises(Unusable) as refused:
        count(Election.of(projects, budget, ballots), Rule(utility="points" if "points" in code else "cost"))

    assert refused.value.findings[0].code == f"count.{code}"


def test_points_past_exact_sums_are_refused_and_those_below_are_exact():
    """With points of 10**17 two ballots that differ by one point were added up alike."""
    votes = [{"a": 10**14, "b": 10**14 + 1}, {"a": 3}]
    election = Election.of({"a": 4, "b": 5}, 9, votes)

    assert [step.score for step in count(election, preset("greedy", "cumulative")).steps] == [10**14 + 3, 10**14 + 1]
    with pytest.raises(Unusable, match="too large"):
        count(Election.of({"a": 4, "b": 5}, 9, votes * 100), preset("greedy", "cumulative"))
