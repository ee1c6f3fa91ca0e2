"""The map is a function of the votes alone, and agrees with the plain dense arithmetic."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from becontree.methods import opinion
from becontree.methods.findings import Unusable
from becontree.methods.opinion import chart, plane, statistics
from becontree.methods.opinion.groups import group
from becontree.methods.opinion.stability import _most
from becontree.methods.opinion.votes import id_order


def crowd(people: int = 60, statements: int = 12, seed: int = 3, filled: float = 0.6) -> list[tuple[str, str, int]]:
    """Two camps that disagree on half of the statements and agree on the rest."""
    random = np.random.default_rng(seed)
    events = []
    for person in range(people):
        for statement in range(statements):
            if random.random() < filled:
                lean = 1 if statement % 2 or person < people // 3 else -1
                vote = int(random.choice([lean, -lean, 0], p=[0.8, 0.1, 0.1]))
                events.append((f"p{person}", f"s{statement}", vote))
    return events


def as_bytes(found: opinion.OpinionMap) -> bytes:
    return json.dumps(found.as_dict()).encode()


def dense(votes: opinion.Votes) -> tuple[np.ndarray, np.ndarray]:
    """The peer's way: fill holes with column means, centre, singular values. Positions, shares."""
    people, statements = len(votes.participants), len(votes.statements)
    table = np.full((people, statements), np.nan)
    table[np.repeat(np.arange(people), votes.per_person), votes.column] = votes.value
    table = table[:, ~np.isnan(table).all(axis=0)]
    seen = ~np.isnan(table)
    filled = np.where(seen, table, np.nanmean(table, axis=0))
    centred = filled - filled.mean(axis=0)
    _, values, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:2] * np.sign([axis[np.abs(axis).argmax()] for axis in axes[:2]])[:, None]
    return centred @ axes.T * np.sqrt(table.shape[1] / seen.sum(axis=1))[:, None], values**2 / (values**2).sum()


EVENTS = st.lists(
    st.tuples(
        st.sampled_from([f"p{n}" for n in range(14)]),
        st.sampled_from([f"s{n}" for n in range(9)]),
        st.sampled_from([-1, 0, 1]),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=120,
)


@settings(max_examples=30, deadline=None)
@given(events=EVENTS, order=st.randoms())
def test_the_same_votes_in_any_order_give_the_same_bytes(events: list[Any], order: Any) -> None:
    mixed = list(events)
    order.shuffle(mixed)

    assert as_bytes(opinion.draw_map(opinion.collect(events))) == as_bytes(opinion.draw_map(opinion.collect(mixed)))


def test_sixty_people_in_any_order_give_the_same_bytes() -> None:
    events = crowd()
    first = as_bytes(opinion.draw_map(opinion.collect(events)))

    for seed in range(4):
        order = np.random.default_rng(seed).permutation(len(events)).tolist()
        assert as_bytes(opinion.draw_map(opinion.collect([events[at] for at in order]))) == first


def test_sending_a_vote_again_changes_nothing() -> None:
    events = crowd()

    assert as_bytes(opinion.draw_map(opinion.collect(events + events[:40]))) == as_bytes(
        opinion.draw_map(opinion.collect(events))
    )


@settings(max_examples=30, deadline=None)
@given(events=EVENTS)
def test_shares_equal_those_of_the_mean_filled_dense_matrix(events: list[Any]) -> None:
    votes = opinion.collect(events)
    found = opinion.draw_map(votes)
    if found.axes.shares[0] == 0:
        return
    _, shares = dense(votes)

    assert found.axes.shares == pytest.approx([*shares, 0.0, 0.0][:2], abs=1e-9)


@pytest.mark.parametrize("statements", [6, 45, 120], ids=["few", "just-iterated", "many"])
def test_positions_equal_those_of_the_mean_filled_dense_matrix(statements: int) -> None:
    votes = opinion.collect(crowd(people=90, statements=statements))
    position, _ = dense(votes)

    assert opinion.draw_map(votes).position == pytest.approx(position, abs=1e-6)


def test_the_last_vote_by_time_counts_whatever_the_order() -> None:
    votes = opinion.collect([("a", "s", 1, 20), ("a", "s", -1, 10), ("b", "s", 0, 5)])

    assert votes.value.tolist() == [1, 0]


def test_different_votes_at_the_same_moment_count_as_a_pass_and_are_reported() -> None:
    votes = opinion.collect([("a", "s", 1, 10), ("a", "s", -1, 10), ("b", "s", 1, 1)])

    assert (votes.value.tolist(), votes.contested) == ([0, 1], 1)


def test_a_pass_is_a_vote_that_was_seen() -> None:
    found = opinion.draw_map(opinion.collect([("a", "s", 0), ("b", "s", 0), ("c", "t", 1)]))

    assert found.tallies.seen.tolist() == [2, 1]


def test_a_statement_taken_out_moves_nobody() -> None:
    events = crowd()
    loud = [(f"p{n}", "noise", 1 if n % 2 else -1) for n in range(60)]
    quiet = opinion.draw_map(opinion.collect(events))
    found = opinion.draw_map(opinion.collect(events + loud, out=["noise"]))

    at = list(found.votes.statements).index("noise")
    assert found.axes.loadings[at].tolist() == [0.0, 0.0]
    assert found.axes.shares == pytest.approx(quiet.axes.shares)


@pytest.mark.parametrize(
    "events",
    [
        [("a", "s", 1)],
        [("a", "s", 1), ("b", "s", 1), ("c", "s", 1)],
        [("a", "s", 1), ("a", "t", -1)],
        [("a", "s", 1), ("b", "s", -1)],
        [(f"p{n}", "s", 0) for n in range(20)],
        [(f"p{n}", f"s{m}", 1) for n in range(20) for m in range(9)],
        [(f"p{n}", f"s{m}", 1 if n % 2 else -1) for n in range(20) for m in range(50)],
    ],
    ids=["one-vote", "one-statement", "one-person", "two-people", "only-passes", "all-agree", "two-identical-camps"],
)
def test_extreme_conversations_have_a_map(events: list[Any]) -> None:
    found = opinion.draw_map(opinion.collect(events))

    assert np.isfinite(found.position).all()
    assert json.dumps(found.as_dict())


def test_no_votes_are_refused_with_a_reason() -> None:
    with pytest.raises(Unusable, match="no votes"):
        opinion.collect([])


def test_a_vote_of_two_is_refused_with_a_reason() -> None:
    with pytest.raises(Unusable, match="Vote number 2 is 2"):
        opinion.collect([("a", "s", 1), ("b", "s", 2)])


def test_flipping_every_vote_mirrors_the_map_and_keeps_the_groups() -> None:
    found = opinion.draw_map(opinion.collect(crowd()))
    flipped = opinion.draw_map(opinion.collect([(p, s, -v) for p, s, v in crowd()]))

    assert opinion.agreement(found.label, flipped.label) == 1.0


def test_two_camps_are_found_and_what_they_share_is_common_ground() -> None:
    found = opinion.draw_map(opinion.collect(crowd(people=90)))

    names = found.votes.statements
    assert len(found.names) == 2
    assert {names[one.statement] for one in found.common_ground if one.side == "agree"} <= {
        f"s{n}" for n in range(1, 12, 2)
    }
    assert len(found.common_ground) >= 4
    assert {names[one.statement] for one in found.divisive} >= {f"s{n}" for n in range(0, 12, 2)}


def counted(*groups: tuple[int, int, int]) -> statistics.Counts:
    """One statement; (agree, disagree, seen) of each group."""
    return statistics.Counts(*(np.array([[one[at]] for one in groups]) for at in range(3)))


def test_a_difference_of_degree_on_one_side_unites_and_one_across_the_middle_divides() -> None:
    none_out = np.zeros(1, dtype=np.bool_)
    degree, across, no = (
        counted((95, 2, 100), (65, 30, 100)),
        counted((95, 2, 100), (45, 50, 100)),
        counted((2, 95, 100), (30, 65, 100)),
    )

    assert [len(statistics.common_ground(each, none_out)) for each in (degree, across, no)] == [1, 0, 1]
    assert [len(statistics.divisive(each, none_out)) for each in (degree, across, no)] == [0, 1, 0]


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 20)), min_size=3, max_size=3),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=60, deadline=None)
def test_no_statement_is_both_common_ground_and_divisive(groups: list[list[tuple[int, int, int]]]) -> None:
    table = np.array(groups)
    counts = statistics.Counts(table[:, :, 0], table[:, :, 1], table.sum(axis=2))
    none_out = np.zeros(3, dtype=np.bool_)
    shared = {one.statement for one in statistics.common_ground(counts, none_out)}

    assert not shared & {one.statement for one in statistics.divisive(counts, none_out)}


def test_one_person_far_out_is_no_group() -> None:
    points = np.vstack([np.random.default_rng(1).normal(0, 1, (40, 2)), [[60.0, 0.0]]])
    grouping = group(points)

    assert min(np.bincount(grouping.label)) >= 5


def test_every_k_is_named_with_why_it_was_not_taken() -> None:
    grouping = opinion.draw_map(opinion.collect(crowd())).grouping

    assert [tried.k for tried in grouping.tried] == [2, 3, 4, 5]
    assert sum(not tried.why_not for tried in grouping.tried) == 1


def test_a_warm_start_gives_the_same_bytes() -> None:
    votes = opinion.collect(crowd(people=80, statements=70))
    cold = opinion.draw_map(votes)
    nearly = opinion.draw_map(opinion.collect(crowd(people=80, statements=70)[:-3]))
    start = nearly.axes.start if len(nearly.axes.start) == len(cold.axes.start) else cold.axes.start
    warm = opinion.draw_map(votes, start=start)

    assert (warm.position == cold.position).all()
    assert (warm.label == cold.label).all()


@settings(max_examples=8, deadline=None)
@given(
    changes=st.lists(
        st.tuples(st.integers(0, 59), st.integers(0, 49), st.sampled_from([-1, 0, 1])), min_size=1, max_size=12
    )
)
def test_the_live_map_equals_the_cold_one_after_any_votes(changes: list[tuple[int, int, int]]) -> None:
    live = opinion.Live(opinion.draw_map(opinion.collect(crowd(statements=50, filled=0.3))))
    for person, statement, value in changes:
        live.vote(person, statement, value)
    cold = opinion.draw_map(live.votes, k=live.groups)
    warm = live.refresh()

    assert np.abs(warm.position - cold.position).max() <= 2e-6
    assert warm.axes.shares == pytest.approx(cold.axes.shares, abs=1e-9)
    assert opinion.agreement(warm.label, cold.label) > 0.99
    assert (warm.tallies.agree == cold.tallies.agree).all()


def test_the_live_tables_never_drift() -> None:
    live = opinion.Live(opinion.draw_map(opinion.collect(crowd(statements=50, filled=0.3))))
    random = np.random.default_rng(5)
    for _ in range(60):
        live.vote(int(random.integers(60)), int(random.integers(50)), int(random.integers(-1, 2)))
    fresh = opinion.Live(opinion.draw_map(live.votes))

    assert (live._p == fresh._p).all()
    assert (live._q == fresh._q).all()
    assert (live._n == fresh._n).all()
    assert live._matrix == pytest.approx(fresh._matrix, abs=1e-9)


def test_a_person_s_own_live_position_is_theirs_on_the_map() -> None:
    live = opinion.Live(opinion.draw_map(opinion.collect(crowd(statements=50))))
    live.vote(3, 4, -1)

    assert live.position(3) == pytest.approx(live.refresh().position[3], abs=1e-6)


def test_stability_says_how_much_would_change() -> None:
    firm = opinion.stability(opinion.draw_map(opinion.collect(crowd(people=90))), draws=5)

    assert firm.median > 0.7
    assert "without a tenth of the people" in firm.words


def test_stability_is_the_same_for_the_same_seed() -> None:
    found = opinion.draw_map(opinion.collect(crowd()))

    assert opinion.stability(found, draws=3, seed=4) == opinion.stability(found, draws=3, seed=4)


def test_given_groups_are_used_as_they_are() -> None:
    votes = opinion.collect(crowd())
    found = opinion.draw_map(votes, groups={"p1": "north", "p2": "south", "nobody": "east"})

    assert (found.names, found.sizes) == (("north", "south"), (1, 1))


def test_groups_of_nobody_are_refused() -> None:
    with pytest.raises(Unusable, match="None of the people"):
        opinion.draw_map(opinion.collect(crowd()), groups={"nobody": "east"})


def test_consensus_is_the_product_of_smoothed_shares() -> None:
    votes = opinion.collect([("a", "s", 1), ("b", "s", -1), ("c", "s", 0)])
    found = opinion.draw_map(votes, groups={"a": "1", "b": "2", "c": "2"})

    assert found.counts.consensus("agree").tolist() == [2 / 3 * 1 / 4]


def test_z_of_a_share_is_the_published_one() -> None:
    assert statistics.one_share_z(10, 10) == pytest.approx(11**0.5)
    assert statistics.one_share_z(0, 0) == pytest.approx(1.0)


def test_z_of_two_equal_certainties_is_zero() -> None:
    assert statistics.two_share_z(5, 5, 7, 7) == 0


def test_adjusted_rand_index_has_its_known_values() -> None:
    # Worked by hand: 2 pairs together in both, 4 and 3 in each, of 10.
    one, other = np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 1])

    assert opinion.agreement(one, one) == 1.0
    assert opinion.agreement(one, other) == pytest.approx((2 - 4 * 4 / 10) / (4 - 4 * 4 / 10))


def test_ids_sort_as_numbers_before_text() -> None:
    assert sorted(["10", "b", "9", "a"], key=id_order) == ["9", "10", "a", "b"]


def test_forced_k_outside_one_to_five_is_misuse() -> None:
    with pytest.raises(ValueError, match="between 1 and 5"):
        opinion.draw_map(opinion.collect(crowd()), k=6)


def test_live_placement_pulls_in_those_with_few_votes() -> None:
    votes = opinion.collect([*crowd(statements=50), ("quiet", "s1", -1)])
    at = list(votes.participants).index("quiet")
    far = np.linalg.norm(opinion.draw_map(votes).position[at])

    assert np.linalg.norm(opinion.draw_map(votes, placement="live").position[at]) < far


def test_pieces_multiply_as_the_whole_does() -> None:
    random = np.random.default_rng(2)
    left, right = random.normal(size=(700, 90)), random.normal(size=(90, 7))

    assert plane.times(left, right) == pytest.approx(left @ right)
    assert plane.inner(left, left[:, :5]) == pytest.approx(left.T @ left[:, :5])


def test_people_with_too_few_votes_are_in_no_group_and_counted() -> None:
    found = opinion.draw_map(opinion.collect([*crowd(), ("late", "s1", 1)]))

    assert found.label[list(found.votes.participants).index("late")] == -1
    assert any(finding.code == "opinion.people.few-votes" for finding in found.findings)
    assert chart.LEAST_TO_PLACE == 7


def test_the_overlap_of_two_groupings_is_that_of_the_best_pairing() -> None:
    from scipy.optimize import linear_sum_assignment

    luck = np.random.default_rng(5)
    for _ in range(200):
        table = luck.integers(0, 9, size=(int(luck.integers(1, 8)), int(luck.integers(1, 6))))
        rows, columns = linear_sum_assignment(-table)

        assert _most(table.tolist()) == table[rows, columns].sum()


@pytest.mark.parametrize("change", [str, lambda one: one, lambda one: one + 10**9, np.int64])
def test_ids_of_any_kind_are_collected_alike(change: Any) -> None:
    luck = np.random.default_rng(8)
    events = [(int(p), int(s), int(v)) for p, s, v in luck.integers([0, 0, -1], [300, 20, 2], size=(9_000, 3))]
    plain = opinion.collect([(str(p), str(s), v, at) for at, (p, s, v) in enumerate(events)])

    other = opinion.collect([(change(p), s, v, at) for at, (p, s, v) in enumerate(events)])

    assert list(other.participants) == [str(change(int(one))) for one in plain.participants]
    assert list(other.statements) == list(plain.statements)
    for name in ("start", "column", "value"):
        assert (getattr(other, name) == getattr(plain, name)).all()


def test_a_fraction_is_not_taken_for_a_whole_id() -> None:
    votes = opinion.collect([(1.5, 0, 1), (1, 0, -1)])  # type: ignore[list-item]

    assert list(votes.participants) == ["1", "1.5"]


@pytest.mark.parametrize("text", [False, True])
@given(events=EVENTS)
@settings(max_examples=40, deadline=None)
def test_records_give_what_the_same_events_give(text: bool, events: list[tuple[str, str, int, int]]) -> None:
    """From records of whole numbers, or of text, the fields in any order and more of them than are asked for."""
    rows = [
        {"vote": vote, "s": about if text else int(about[1:]), "p": who if text else int(who[1:]), "note": "x"}
        for who, about, vote, _ in events
    ]
    found = opinion.from_records(rows, participant="p", statement="s")
    known = opinion.collect([(row["p"], row["s"], row["vote"]) for row in rows])
    assert list(found.participants) == list(known.participants)
    assert list(found.statements) == list(known.statements)
    for name in ("start", "column", "value"):
        assert getattr(found, name).tobytes() == getattr(known, name).tobytes()
    assert found.contested == known.contested


def test_a_record_without_a_field_is_named() -> None:
    rows = [{"participant_id": 1, "statement_id": 1, "vote": 1}, {"participant_id": 1, "statement_id": 2}]
    with pytest.raises(Unusable, match="Record number 2 has no field 'vote'"):
        opinion.from_records(rows)
    with pytest.raises(Unusable, match="There are no votes"):
        opinion.from_records([])


def test_a_vote_beyond_one_is_named() -> None:
    with pytest.raises(Unusable, match="Vote number 1 is 2"):
        opinion.from_records([{"participant_id": 1, "statement_id": 1, "vote": 2}])
