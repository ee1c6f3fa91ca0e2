"""Capped ratio: the pamphlet's case, each limit alone, and what must hold whatever happens."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from becontree.methods.findings import Unusable
from becontree.methods.matching import Pledge, Project, State, Terms, after, apportion, quote, share_pot

ONE_TO_ONE = Terms(ratio=Fraction(1))
FACILITY = Project("play-facility", target=269_598_00)


def codes(quoted):
    return [limit.code for limit in quoted.limits]


def test_the_play_facilitys_crowd_brings_in_the_whole_council_match():
    terms = Terms(ratio=Fraction(39_000, 5_599), share=Fraction(15, 100), per_project=39_000_00)
    pledges = [Pledge(f"g{i}", FACILITY.id, 100_00) for i in range(55)] + [Pledge("last", FACILITY.id, 99_00)]
    shared = share_pot(terms, [FACILITY], pledges, pot=39_000_00)

    assert shared.of(FACILITY.id) == 39_000_00
    assert shared.left == 0
    assert shared.matches[0].crowd == 5_599_00


def test_pennies_are_not_lost_between_small_pledges():
    terms = Terms(ratio=Fraction(1, 3))
    shared = share_pot(terms, [Project("p")], [Pledge(f"g{i}", "p", 1) for i in range(99)], pot=1000)

    assert shared.of("p") == 33


@pytest.mark.parametrize(
    ("terms", "state", "pence", "match", "limit"),
    [
        (Terms(ratio=Fraction(1), per_pledge=500), State(pot=9999), 700, 500, "per_pledge"),
        (Terms(ratio=Fraction(1), per_giver=500), State(pot=9999, giver_here=200), 700, 300, "per_giver"),
        (
            Terms(ratio=Fraction(2), per_giver_in_fund=500),
            State(pot=9999, giver_in_fund=400),
            700,
            200,
            "per_giver_in_fund",
        ),
        (
            Terms(ratio=Fraction(1), pledges_per_giver=1),
            State(pot=9999, giver_pledges=1),
            700,
            0,
            "pledges_per_giver",
        ),
        (Terms(ratio=Fraction(1), per_project=500), State(pot=9999), 700, 500, "per_project"),
        (Terms(ratio=Fraction(1)), State(pot=9999, cap=500), 700, 500, "per_project"),
        (
            Terms(ratio=Fraction(1), share=Fraction(3, 4)),
            State(pot=9999, target=800),
            700,
            600,
            "share_of_target",
        ),
        (Terms(ratio=Fraction(1), min_backers=2), State(pot=9999), 700, 0, "min_backers"),
        (Terms(ratio=Fraction(1), crowd_first=701), State(pot=9999), 700, 0, "crowd_first"),
        (
            Terms(ratio=Fraction(1), crowd_first_share=Fraction(1, 2)),
            State(pot=9999, target=1401),
            700,
            0,
            "crowd_first",
        ),
        (ONE_TO_ONE, State(pot=300), 700, 300, "pot"),
    ],
)
def test_each_limit_bites_alone_and_says_so(terms, state, pence, match, limit):
    quoted = quote(terms, state, pence)

    assert quoted.pence == match
    assert codes(quoted) == [limit]
    assert quoted.limits[0].allowed < quoted.limits[0].wanted
    assert "{" not in quoted.limits[0].message


def test_a_limit_that_is_just_met_does_not_bite():
    terms = Terms(
        ratio=Fraction(1),
        per_pledge=700,
        per_giver=700,
        per_project=700,
        share=Fraction(1, 2),
        min_backers=1,
        crowd_first=700,
    )
    quoted = quote(terms, State(pot=700, target=1400), 700)

    assert quoted.pence == 700
    assert quoted.limits == ()


def test_the_pledge_that_opens_the_gate_brings_in_what_was_held_back():
    terms = Terms(ratio=Fraction(1), min_backers=3)
    shared = share_pot(terms, [Project("p")], [Pledge(g, "p", 100) for g in ("a", "a", "b", "c")], pot=1000)

    assert [step["match"] for step in shared.steps] == [0, 0, 0, 400]
    assert shared.matches[0].limits == ()


def test_the_catch_up_is_named_apart():
    quoted = quote(ONE_TO_ONE, State(pot=1000, counted=300, crowd=300, backers=3), 100)

    assert (quoted.pence, quoted.caught_up) == (400, 300)


def test_a_short_pot_pays_in_order_or_shares_alike():
    projects = [Project("a"), Project("b"), Project("c")]
    pledges = [Pledge("g", "b", 100), Pledge("g", "a", 100), Pledge("h", "c", 100)]
    first = share_pot(ONE_TO_ONE, projects, pledges, pot=200)
    alike = share_pot(ONE_TO_ONE, projects, pledges, pot=200, when_short="share", lot=["c", "b", "a"])

    assert [match.paid for match in first.matches] == [100, 100, 0]
    assert [match.paid for match in alike.matches] == [66, 67, 67]
    assert alike.ties == ({"between": ["a", "b", "c"], "broken_by": "lot"},)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(Unusable) as refused:
        share_pot(ONE_TO_ONE, [Project("a")], [Pledge("g", "a", 0), Pledge("g", "x", 5)], pot=-1)

    assert [f.code for f in refused.value.findings] == [
        "match.pot.negative", "match.pledge.amount", "match.pledge.project",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong", [{"ratio": Fraction(0)}, {"share": Fraction(3, 2)}, {"per_giver": -1}, {"min_backers": -1}]
)
def test_impossible_terms_are_refused(wrong):
    with pytest.raises(Unusable):
        Terms(**({"ratio": Fraction(1)} | wrong))


def test_a_share_of_an_unstated_target_is_refused():
    with pytest.raises(Unusable, match="states none"):
        quote(Terms(ratio=Fraction(1), share=Fraction(1, 2)), State(pot=1), 1)


caps = st.none() | st.integers(0, 5_000)
some_terms = st.builds(
    Terms,
    ratio=st.fractions(Fraction(1, 50), 20, max_denominator=6_000),
    share=st.none() | st.fractions(0, 1, max_denominator=100),
    per_project=caps,
    per_pledge=caps,
    per_giver=caps,
    per_giver_in_fund=caps,
    pledges_per_giver=st.none() | st.integers(0, 4),
    min_backers=st.integers(0, 4),
    crowd_first=st.integers(0, 2_000),
    crowd_first_share=st.none() | st.fractions(0, 1, max_denominator=10),
)
some_pledges = st.lists(
    st.builds(Pledge, st.sampled_from("abcde"), st.sampled_from("xyz"), st.integers(1, 3_000)), max_size=25
)
projects = [Project("x", 4_000), Project("y", 10_000, 900), Project("z", 1)]


@given(some_terms, some_pledges, st.integers(0, 12_000), st.sampled_from(["first", "share"]))
def test_nothing_is_ever_paid_over_a_limit_and_the_pot_adds_up(terms, pledges, pot, when_short):
    shared = share_pot(terms, projects, pledges, pot=pot, when_short=when_short)

    assert shared.paid + shared.left == pot
    assert shared.left >= 0
    for match, project in zip(shared.matches, projects):
        crowd = sum(p.pence for p in pledges if p.project == project.id)
        givers = {p.giver for p in pledges if p.project == project.id}
        assert 0 <= match.paid <= terms.ratio * crowd
        assert match.paid <= min(c for c in (terms.per_project, project.cap, pot) if c is not None)
        assert terms.share is None or match.paid <= terms.share * project.target
        if len(givers) < terms.min_backers or crowd < terms.crowd_first:
            assert match.paid == 0
        if terms.per_giver is not None:
            assert match.paid <= terms.ratio * terms.per_giver * len(givers)
    if terms.per_giver_in_fund is not None:
        assert shared.paid <= terms.ratio * terms.per_giver_in_fund * len({p.giver for p in pledges})


@given(some_terms, some_pledges, st.integers(0, 12_000))
def test_one_more_pledge_never_lowers_a_match(terms, pledges, pot):
    shared = [share_pot(terms, projects, pledges[:n], pot=pot) for n in range(len(pledges) + 1)]

    for before, later in itertools.pairwise(shared):
        assert all(a.paid <= b.paid for a, b in zip(before.matches, later.matches))


@given(st.fractions(Fraction(1, 50), 20, max_denominator=6_000), some_pledges, st.integers(100, 2_000))
def test_the_order_of_pledges_does_not_change_what_a_project_is_due_when_the_pot_is_deep(ratio, pledges, cap):
    terms = Terms(ratio=ratio, per_giver=cap, per_project=4_000, min_backers=2)
    one = share_pot(terms, projects, pledges, pot=10**9)
    other = share_pot(terms, projects, pledges[::-1], pot=10**9)

    assert [m.paid for m in one.matches] == [m.paid for m in other.matches]


@given(some_terms, st.lists(st.integers(1, 3_000), max_size=12), st.integers(0, 9_000))
def test_after_follows_one_giver_as_the_batch_does(terms, gifts, pot):
    state = State(pot=pot, target=4_000)
    for gift in gifts:
        state = after(state, quote(terms, state, gift), gift)
    shared = share_pot(terms, [Project("x", 4_000)], [Pledge("a", "x", gift) for gift in gifts], pot=pot)

    assert (state.matched, state.pot) == (shared.paid, shared.left)


@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 10**6), min_size=1),
    st.integers(0, 10**7),
)
def test_shares_are_within_a_penny_and_sum_to_the_total(weights, total):
    shares = apportion(weights, total)
    whole = sum(weights.values())

    if whole == 0:
        assert set(shares.pence.values()) == {0}
    else:
        assert sum(shares.pence.values()) == total
        assert all(abs(shares.pence[k] - Fraction(total * w, whole)) < 1 for k, w in weights.items())
