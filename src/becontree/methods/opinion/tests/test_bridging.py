"""The bridging score is the least-squares optimum of the published form, and says what it is said to say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from becontree.formats import polis
from becontree.methods import opinion
from becontree.methods.findings import Unusable


def two_camps(people: int = 60, seed: int = 5) -> list[tuple[str, str, int]]:
    """Statement "all" unites, "one" and "two" please one camp each, "none" nobody, the rest divide at random."""
    random = np.random.default_rng(seed)
    events = []
    for person in range(people):
        camp = person % 2
        lean = {"all": 1, "none": -1, "one": 1 - 2 * camp, "two": 2 * camp - 1}
        lean |= {f"s{at}": (1 - 2 * camp) * (1 if at % 2 else -1) for at in range(8)}
        for statement, side in lean.items():
            if random.random() < 0.8:
                vote = side if random.random() < 0.9 else int(random.choice([-side, 0]))
                events.append((f"p{person}", statement, vote))
    return events


def loss(votes: opinion.Votes, found: opinion.Bridging, own: np.ndarray, view: np.ndarray) -> float:
    """The published loss at the given statement parts, with each person's best part, in dense arithmetic."""
    table = np.full((len(votes.participants), len(votes.statements)), np.nan)
    table[np.repeat(np.arange(len(votes.participants)), votes.per_person), votes.column] = (votes.value + 1) / 2
    seen = ~np.isnan(table)
    total, people = seen.sum(), len(table)
    error = 0.0
    squares = np.zeros(2)
    for row, there in zip(table, seen, strict=True):
        design = np.column_stack([np.ones(there.sum()), view[there]])
        target = row[there] - found.mean - own[there]
        penalty = np.diag([0.15, 0.03]) * total / people
        best = np.linalg.solve(design.T @ design + penalty, design.T @ target)
        error += float(((target - design @ best) ** 2).sum())
        squares += best**2
    means = np.array([(own**2).mean(), (view**2).mean()]) + squares / people
    return float(error / total + 0.15 * (means[0] + found.mean**2) + 0.03 * means[1])


def test_what_unites_scores_above_what_pleases_one_camp_and_that_above_what_nobody_wants() -> None:
    found = opinion.bridging(opinion.collect(two_camps()))
    votes = opinion.collect(two_camps())
    score = dict(zip(votes.statements, found.score.tolist(), strict=True))
    view = dict(zip(votes.statements, found.view.tolist(), strict=True))
    assert score["all"] > max(score["one"], score["two"]) > min(score["one"], score["two"]) > score["none"]
    assert abs(view["all"]) < 0.3 < min(abs(view["one"]), abs(view["two"]))
    assert view["one"] * view["two"] < 0
    assert found.ranked()[0].statement == votes.statements.index("all")


def test_it_is_a_minimum_of_the_published_loss() -> None:
    votes = opinion.collect(two_camps())
    found = opinion.bridging(votes)
    assert found.converged
    least = loss(votes, found, found.score, found.view)
    for at in range(len(votes.statements)):
        for step in (0.01, -0.01):
            moved = np.eye(len(votes.statements))[at] * step
            assert loss(votes, found, found.score + moved, found.view) > least
            assert loss(votes, found, found.score, found.view + moved) > least


def test_the_same_votes_in_any_order_give_the_same_bytes() -> None:
    events = two_camps()
    shuffled = [events[at] for at in np.random.default_rng(1).permutation(len(events))]
    first, second = (opinion.bridging(opinion.collect(some)) for some in (events, shuffled))
    assert first.score.tobytes() == second.score.tobytes()
    assert first.person_view.tobytes() == second.person_view.tobytes()


def test_giving_the_camps_each_other_s_names_changes_no_score() -> None:
    swapped = [(f"p{int(person[1:]) ^ 1}", statement, vote) for person, statement, vote in two_camps()]
    first, second = (opinion.bridging(opinion.collect(some)) for some in (two_camps(), swapped))
    assert np.allclose(first.score, second.score, atol=2e-6)


def test_few_votes_give_no_score_and_those_taken_out_none_either() -> None:
    votes = opinion.collect([*two_camps(), *((f"p{at}", "late", 1) for at in range(4))], out=["one"])
    found = opinion.bridging(votes)
    at = {name: place for place, name in enumerate(votes.statements)}
    assert np.isnan(found.score[at["late"]])
    assert np.isnan(found.score[at["one"]])
    assert not np.isnan(opinion.bridging(votes, least=4).score[at["late"]])
    assert {one.statement for one in found.ranked()}.isdisjoint({at["late"], at["one"]})


def test_thin_evidence_is_drawn_towards_nothing() -> None:
    events = [*two_camps(), *((f"p{at}", "thin", 1) for at in range(6)), *((f"p{at}", "wide", 1) for at in range(60))]
    votes = opinion.collect(events)
    found = opinion.bridging(votes)
    assert 0 < found.score[votes.statements.index("thin")] < found.score[votes.statements.index("wide")]


def test_no_statement_with_enough_votes_is_said_plainly() -> None:
    with pytest.raises(Unusable, match="No statement has 5 votes"):
        opinion.bridging(opinion.collect([("a", "s", 1), ("b", "s", -1)]))


def test_beside_the_common_ground_of_real_conversations_it_agrees_on_most(shared: Path) -> None:
    """The design study found Spearman 0.78 to 0.95 against group-informed consensus on the shared conversations."""
    votes = polis.read(shared / "conversations" / "vtaiwan-uberx-2015").votes
    beside = opinion.second_opinion(opinion.draw_map(votes), opinion.bridging(votes))
    assert 0.9 < beside.correlation < 1
    assert len(beside.both) >= 8
    assert len(beside.only_groups) == len(beside.only_bridging)
