"""Quadratic match funding: worked examples by hand, the ways the forms agree, and the pot to the penny."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from becontree.methods.findings import Unusable
from becontree.methods.matching import (
    Pledge,
    Project,
    cluster,
    cocm,
    pairwise,
    quadratic,
    share_out,
)

A, B, C = Project("a"), Project("b"), Project("c")


def gifts(text):
    """'a: ann 9, bob 16' -> pledges in whole pounds."""
    found = []
    for part in text.split(";"):
        project, people = part.split(":")
        found += [Pledge(who.split()[0], project.strip(), int(who.split()[1]) * 100) for who in people.split(",")]
    return found


def wanted(shared):
    return {match.project: match.wanted for match in shared.matches}


def test_four_gifts_of_a_pound_bring_twelve_and_one_gift_of_four_brings_none():
    # Buterin, Hitzig, Weyl 2019: (4 * 1)^2 - 4 = 12; (sqrt 4)^2 - 4 = 0
    shared = quadratic([A, B], gifts("a: ann 1, bob 1, cy 1, dee 1; b: eve 4"), pot=10_000)

    assert wanted(shared) == {"a": 1200, "b": 0}
    assert (shared.paid, shared.left) == (1200, 8800)
    assert shared.findings[0].code == "match.pot.left"


def test_a_gift_in_parts_is_one_gift():
    whole = quadratic([A], gifts("a: ann 9, bob 16"), pot=10**6)
    parts = quadratic([A], gifts("a: ann 4, bob 16, ann 5"), pot=10**6)

    assert wanted(whole) == wanted(parts) == {"a": 2400}  # (3 + 4)^2 - 25


def test_a_small_pot_is_scaled_and_spent_to_the_penny():
    shared = quadratic([A, B], gifts("a: ann 1, bob 1; b: ann 1, bob 1, cy 1"), pot=101)

    assert {m.project: m.paid for m in shared.matches} == {"a": 25, "b": 76}  # 2 : 6 of 101
    assert shared.matches[0].limits == ("pot",)


def test_fill_spends_a_pot_larger_than_the_subsidies():
    shared = quadratic([A, B], gifts("a: ann 1, bob 1; b: ann 1, bob 1, cy 1"), pot=10_000, scale="fill")

    assert {m.project: m.paid for m in shared.matches} == {"a": 2500, "b": 7500}


def test_equal_projects_tie_and_the_lot_decides_the_odd_penny():
    shared = quadratic([A, B], gifts("a: ann 2, bob 3; b: cy 3, dee 2"), pot=101, lot=["b", "a"])

    assert {m.project: m.paid for m in shared.matches} == {"a": 50, "b": 51}
    assert shared.ties == ({"between": ["a", "b"], "broken_by": "lot"},)


def test_the_published_pairwise_form_lowers_pairs_that_always_give_together():
    # K = 1 pound; ann and bob give 1 to both: together 2, k = 1/3, so 2 * 1/3 each; cy and dee only to c: k = 1/2
    shared = pairwise([A, B, C], gifts("a: ann 1, bob 1; b: ann 1, bob 1; c: cy 1, dee 1"), pot=10**6, k_pence=100)

    assert wanted(shared) == {"a": 66, "b": 66, "c": 100}


def test_the_2020_form_gives_each_pair_the_same_in_all():
    # every pair that meets brings K + 1 = 2 pounds in all, whatever it gave
    shared = pairwise(
        [A, B, C],
        gifts("a: ann 1, bob 1; b: ann 1, bob 1; c: cy 50, dee 80"),
        pot=10**6,
        k_pence=100,
        form="gitcoin-2020",
    )

    assert wanted(shared) == {"a": 100, "b": 100, "c": 200}
    assert shared.method == "pairwise/gitcoin-2020/K=100/down@1"


def test_people_with_one_profile_count_as_one():
    # a: group {ann, bob} gave 2, cy (who also gave to b) gave 2: (sqrt 2 + sqrt 2)^2 - 4 = 4
    shared = cluster([A, B], gifts("a: ann 1, bob 1, cy 2; b: cy 1"), pot=10**6)

    assert wanted(shared) == {"a": 400, "b": 0}


def test_cocm_by_hand():
    # groups g = {ann, bob}, h = {bob, cy}; bob is in two. ann is tied to h through bob, cy to g.
    # X_gh = sqrt(9)/1 + sqrt(16)/2 = 5 ; X_hg = sqrt(16)/2 + sqrt(4)/1 = 4 ; S = 2 * sqrt(20)
    shared = cocm([A], gifts("a: ann 9, bob 16, cy 4"), pot=10**6, groups={"g": ["ann", "bob"], "h": ["bob", "cy"]})

    assert wanted(shared) == {"a": 894}


@pytest.mark.parametrize(("ties", "pence"), [("markov", 1445), ("markov-harsh", 900)])
def test_graded_ties_by_hand(ties, pence):
    # The formula of Gitcoin's calculator (qf-calculator, COCM, calcstyle "markov"), worked out by hand. From g a walk
    # ends in h with 1/2 * 1/2 = 1/4 (by way of bob), and so for ann; likewise for cy. bob is in both.
    # markov: X_gh = (3/4 + 27/4) + 4/2 = 19/2, X_hg = (1/2 + 3) + 4/2 = 11/2, S = 2 sqrt(209/4) = 14.4568...
    # harsh:  X_gh = 3/4 * 9 = 27/4,            X_hg = 3/4 * 4 = 3,            S = 2 sqrt(81/4) = 9
    groups = {"g": ["ann", "bob"], "h": ["bob", "cy"]}
    shared = cocm([A], gifts("a: ann 9, bob 16, cy 4"), pot=10**6, groups=groups, ties=ties)

    assert wanted(shared) == {"a": pence}
    assert shared.method == f"cocm/given/{ties}/down@1"


def test_groups_that_do_not_overlap_make_graded_ties_a_cluster_match():
    some = gifts("a: ann 9, bob 16, cy 4, dee 2; b: ann 3, cy 5")
    groups = {"g": ["ann", "bob"], "h": ["cy", "dee"]}

    plain = wanted(cluster([A, B], some, pot=10**6, groups=groups))

    for ties in ("shared", "markov", "markov-harsh"):
        assert wanted(cocm([A, B], some, pot=10**6, groups=groups, ties=ties)) == plain


def test_a_project_that_asks_for_nothing_is_not_held_back_by_the_pot():
    shared = quadratic([A, B], gifts("a: ann 9, bob 16; b: cy 4"), pot=100)

    assert {match.project: match.limits for match in shared.matches} == {"a": ("pot",), "b": ()}


def test_a_giver_outside_every_group_stands_alone():
    shared = cluster([A], gifts("a: ann 4, bob 4, cy 1"), pot=10**6, groups={"family": ["ann", "bob", "nobody"]})

    assert wanted(shared) == {"a": 565}  # 2 * sqrt(8 * 1)


def test_k_must_be_above_zero():
    with pytest.raises(Unusable, match="K is not above zero"):
        pairwise([A], [], pot=1, k_pence=0)


def test_no_pledges_and_no_pot_are_no_trouble():
    assert quadratic([A], [], pot=0).paid == 0
    assert cocm([A, B], [], pot=500).left == 500


projects = [Project("a"), Project("b", cap=700), Project("c")]
some = st.lists(
    st.builds(Pledge, st.sampled_from(["g1", "g2", "g3", "g4", "g5"]), st.sampled_from("abc"), st.integers(1, 20_000)),
    max_size=14,
)
methods = st.sampled_from(
    [
        quadratic,
        cluster,
        cocm,
        lambda *a, **k: cocm(*a, **k, ties="markov"),
        lambda *a, **k: cocm(*a, **k, ties="markov-harsh"),
        lambda *a, **k: pairwise(*a, **k, k_pence=250),
        lambda *a, **k: pairwise(*a, **k, k_pence=250, form="gitcoin-2020"),
    ]
)


@settings(deadline=None)
@given(methods, some, st.integers(0, 100_000), st.sampled_from(["down", "fill"]))
def test_the_pot_adds_up_no_cap_is_broken_and_what_is_left_is_said(method, pledges, pot, scale):
    shared = method(projects, pledges, pot=pot, scale=scale)

    assert shared.paid + shared.left == pot
    assert shared.paid == sum(match.paid for match in shared.matches)
    assert shared.of("b") <= 700
    if scale == "down":
        assert all(match.paid <= match.wanted + 1 for match in shared.matches)
    if shared.left:
        assert [finding.code for finding in shared.findings] == ["match.pot.left"]


@settings(deadline=None)
@given(methods, some, st.integers(0, 100_000), st.randoms(use_true_random=False))
def test_the_order_of_pledges_does_not_matter(method, pledges, pot, random):
    mixed = list(pledges)
    random.shuffle(mixed)

    assert method(projects, mixed, pot=pot) == method(projects, pledges, pot=pot)


@settings(deadline=None)
@given(some)
def test_a_very_large_k_makes_pairwise_quadratic(pledges):
    plain = wanted(quadratic([A, B, C], pledges, pot=10**9))
    bounded = wanted(pairwise([A, B, C], pledges, pot=10**9, k_pence=10**18))

    assert all(abs(plain[name] - bounded[name]) <= 1 for name in plain)


@settings(deadline=None)
@given(some)
def test_cocm_with_groups_apart_is_cluster_match(pledges):
    groups = {"x": ["g1", "g2"], "y": ["g3"], "z": ["g4", "g5"]}

    assert wanted(cocm([A, B, C], pledges, pot=1, groups=groups)) == wanted(
        cluster([A, B, C], pledges, pot=1, groups=groups)
    )


@settings(deadline=None)
@given(some, st.sampled_from("abc"), st.integers(1, 5_000))
def test_a_gift_by_a_new_giver_never_lowers_a_projects_subsidy(pledges, project, pence):
    before = wanted(quadratic([A, B, C], pledges, pot=1))
    later = wanted(quadratic([A, B, C], [*pledges, Pledge("new", project, pence)], pot=1))

    assert all(before[name] <= later[name] for name in before)


@settings(deadline=None)
@given(some)
def test_subsidies_agree_with_plain_decimals(pledges):
    shared = quadratic([A, B, C], pledges, pot=1)
    with localcontext() as context:
        context.prec = 60
        for name, match in zip("abc", shared.matches):
            sums = {}
            for pledge in pledges:
                if pledge.project == name:
                    sums[pledge.giver] = sums.get(pledge.giver, 0) + pledge.pence
            value = sum((Decimal(s).sqrt() for s in sums.values()), Decimal(0)) ** 2 - sum(sums.values())
            assert abs(value - match.wanted) <= 1


weights = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 10**5), min_size=1)


@given(weights, st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 3_000)), st.integers(0, 20_000))
def test_water_filling_leaves_money_only_if_everyone_is_full(parts, caps, pot):
    filled = share_out(parts, pot, caps=caps)

    assert sum(filled.pence.values()) + filled.left == pot
    assert all(filled.pence[key] <= caps.get(key, pot) for key in parts)
    if filled.left:
        assert all(not weight or filled.pence[key] == caps.get(key) for key, weight in parts.items())
    free = [key for key in parts if parts[key] and key not in filled.capped]
    levels = [Fraction(filled.pence[key], parts[key]) for key in free]
    assert all(
        abs(a - b) <= Fraction(1, parts[x]) + Fraction(1, parts[y])
        for a, x in zip(levels, free)
        for b, y in zip(levels, free)
    )
