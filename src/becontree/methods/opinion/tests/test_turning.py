"""A map drawn again stays where it was: no flips, no swaps, no change of letters without a change of people."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from becontree.methods import opinion
from becontree.methods.opinion import turning
from becontree.methods.opinion.tests.test_map import crowd

NAMES = [f"s{at}" for at in range(9)]
LOADINGS = np.random.default_rng(3).standard_normal((9, 2))


def before_of(found: opinion.OpinionMap, by: object = None) -> opinion.Before:
    loadings = found.axes.loadings if by is None else found.axes.loadings @ by
    middles = found.grouping.centres if by is None else found.grouping.centres @ by
    return opinion.Before(
        {name: (x, y) for name, (x, y) in zip(found.votes.statements, loadings.tolist(), strict=True)},
        {name: (x, y) for name, (x, y) in zip(found.names, middles.tolist(), strict=True)},
    )


@given(st.integers(0, 359), st.booleans())
def test_any_turn_and_any_mirror_is_found_again(degrees: int, mirror: bool) -> None:
    angle = np.radians(degrees)
    by = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    if mirror:
        by = by @ np.diag([1.0, -1.0])
    then = LOADINGS @ by
    before = opinion.Before({name: (x, y) for name, (x, y) in zip(NAMES, then.tolist(), strict=True)}, {})

    assert LOADINGS @ turning.turn(LOADINGS, NAMES, before) == pytest.approx(then, abs=1e-9)


def test_it_is_the_nearest_of_all_turns_by_trying_each() -> None:
    then = np.random.default_rng(4).standard_normal((9, 2))
    before = opinion.Before({name: (x, y) for name, (x, y) in zip(NAMES, then.tolist(), strict=True)}, {})
    ours = ((LOADINGS @ turning.turn(LOADINGS, NAMES, before) - then) ** 2).sum()
    tried = []
    for degrees in np.radians(np.arange(360)):
        c, s = np.cos(degrees), np.sin(degrees)
        ways = (np.array([[c, s], [-s, c]]), np.array([[c, s], [s, -c]]))
        tried += [((LOADINGS @ by - then) ** 2).sum() for by in ways]

    assert ours == pytest.approx(min(tried), abs=1e-9)


def test_nothing_in_common_is_not_turned() -> None:
    assert (turning.turn(LOADINGS, NAMES, opinion.Before({"else": (1.0, 0.0)}, {})) == np.eye(2)).all()
    assert (turning.turn(np.zeros((9, 2)), NAMES, opinion.Before({"s1": (1.0, 0.0)}, {})) == np.eye(2)).all()


@pytest.mark.parametrize("degrees", [0, 17, 90, 180, 301])
def test_a_map_turned_to_itself_is_itself_to_the_byte_wherever_it_lies(degrees: int) -> None:
    votes = opinion.collect(crowd(people=90))
    angle = np.radians(degrees)
    by = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    first = opinion.draw_map(votes, like=before_of(opinion.draw_map(votes), by))
    again = opinion.draw_map(votes, like=before_of(first))

    assert json.dumps(again.as_dict(), sort_keys=True) == json.dumps(first.as_dict(), sort_keys=True)


def test_all_that_is_said_of_statements_and_people_is_as_without_the_turn() -> None:
    votes = opinion.collect(crowd(people=90))
    plain = opinion.draw_map(votes)
    swapped = opinion.Before(
        {name: (y, -x) for name, (x, y) in zip(votes.statements, plain.axes.loadings.tolist(), strict=True)},
        {name: (y, -x) for name, (x, y) in zip(reversed(plain.names), plain.grouping.centres.tolist(), strict=True)},
    )
    other = opinion.draw_map(votes, like=swapped)

    assert len(plain.names) == 2
    assert sorted(other.sizes) == sorted(plain.sizes)
    assert other.sizes == tuple(reversed(plain.sizes))
    assert (plain.label == np.where(other.label >= 0, 1 - other.label, -1)).all()
    assert {one.statement for one in other.common_ground} == {one.statement for one in plain.common_ground}
    assert {one.statement for one in other.divisive} == {one.statement for one in plain.divisive}
    assert other.position == pytest.approx(plain.position @ np.array([[0.0, -1.0], [1.0, 0.0]]), abs=2e-6)
    assert (other.counts.agree == plain.counts.agree[::-1]).all()


def test_the_larger_part_of_a_group_that_splits_keeps_its_letter_and_what_ends_frees_one() -> None:
    points = np.array([[0.0, 0.0]] * 6 + [[0.5, 0.0]] * 3 + [[9.0, 0.0]] * 4)
    two = opinion.Before({}, {"A": (0.2, 0.0), "C": (9.0, 0.0)})
    split = turning.letters(np.array([0] * 6 + [1] * 3 + [2] * 4), points, 3, two)
    three = opinion.Before({}, {"A": (0.0, 0.0), "B": (0.5, 0.0), "C": (9.0, 0.0)})
    joined = turning.letters(np.array([0] * 9 + [1] * 4), points, 2, three)

    assert split == ["A", "B", "C"]
    assert joined == ["A", "C"]
    assert turning.letters(np.zeros(13, dtype=np.int64), points, 1, two) == ["A"]


def test_when_sizes_pass_each_other_the_letters_stay_with_the_people() -> None:
    points = np.array([[0.0, 0.0]] * 5 + [[9.0, 0.0]] * 8)
    label = np.array([1] * 5 + [0] * 8)  # the larger group comes first

    assert turning.letters(label, points, 2, opinion.Before({}, {"A": (0.0, 0.0), "B": (9.0, 0.0)})) == ["B", "A"]


def test_many_votes_at_once_new_people_and_new_statements_are_as_if_drawn_from_scratch() -> None:
    events = crowd(people=80, statements=30, filled=0.4)
    people = sorted({event[0] for event in events})
    late = set(people[3::9])
    live = opinion.Live(opinion.draw_map(opinion.collect([one for one in events if one[0] not in late])))
    there = list(live.votes.participants)
    at = [sum(opinion_order(name) < opinion_order(who) for name in there) for who in sorted(late, key=opinion_order)]
    live.join(at, sorted(late, key=opinion_order))
    statements = [*live.votes.statements, "zz-new"]
    out = np.zeros(len(statements), dtype=np.bool_)
    out[2] = True
    live.state(statements, out)
    random = np.random.default_rng(8)
    more = [(who, "zz-new", int(random.integers(-1, 2))) for who in people[::2]]
    more += [(people[at], "s4", value) for at, value in ((1, 1), (1, -1), (5, 0))]
    index = {name: place for place, name in enumerate(live.votes.participants)}
    column = {name: place for place, name in enumerate(statements)}
    coming = [one for one in events if one[0] in late] + more
    live.take([(index[who], column[what], value) for who, what, value in coming])
    last = {(who, what): value for who, what, value in [*events, *more]}
    cold = opinion.draw_map(
        opinion.collect(
            [(who, what, value) for (who, what), value in last.items()], statements=statements, out=[statements[2]]
        )
    )
    warm = live.refresh(k=None)

    assert list(live.votes.participants) == list(cold.votes.participants)
    assert (live.votes.column == cold.votes.column).all()
    assert (live.votes.value == cold.votes.value).all()
    assert np.abs(warm.position - cold.position).max() <= 2e-6
    assert (warm.label == cold.label).all()
    assert warm.names == cold.names
    assert (warm.tallies.seen == cold.tallies.seen).all()


def opinion_order(name: str) -> tuple[int, int, str]:
    from becontree.methods.opinion.votes import id_order

    return id_order(name)


def test_statements_keep_their_order_in_a_live_map() -> None:
    live = opinion.Live(opinion.draw_map(opinion.collect(crowd())))

    with pytest.raises(ValueError, match="keep their order"):
        live.state(list(reversed(live.votes.statements)), live.votes.out)
