"""Bridging without groups: which statements people of different views agree with, as a second opinion.

What it computes. Each vote (agree 1, pass 1/2, disagree 0) is explained as mean + person + statement + person's view x
statement's view. The statement's own part, its intercept, is the bridging score: what is left of its support once
shared views have explained all they can. A statement that one camp alone likes has a large view and a small score.

Source. Community Notes ("Note ranking", Matrix Factorization, and Wojcik and others 2022, arXiv 2210.15723): one view,
penalties 0.15 on mean and intercepts and 0.03 on views, at least five votes a statement. The guide writes one sum;
its published code takes means, so that the penalty of a statement weighs as much as an average statement's votes, and
thin evidence is drawn towards nothing. We minimise what the code does:

    mean of errors² + 0.15 (mean person² + mean statement² + mean²) + 0.03 (mean of person's views² + of statements')

Why least squares by turns, not gradient descent: for given statements each person is a 2 x 2 system, and the other way
round; no learning rate, no random start, the same bytes on every run. It starts at the map's first axis. Rejected:
their labels (0.40 is "helpful"): they were set on their data; here the score orders statements and nothing else.

Cost: some ten sparse products a round, 40 to 300 rounds; 0.1 to 1 s for 200,000 votes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from becontree.methods.findings import Finding, Unusable
from becontree.methods.opinion.chart import OpinionMap
from becontree.methods.opinion.plane import Floats, axes_of, residuals, tally
from becontree.methods.opinion.statistics import Ints
from becontree.methods.opinion.votes import Votes

INTERCEPT_PENALTY: Final = 0.15
VIEW_PENALTY: Final = 0.03
LEAST_RATINGS: Final = 5
MOST_ROUNDS: Final = 2_000
TOLERANCE: Final = 1e-9  # largest change of any score in one round
DECIMALS: Final = 6
METHOD: Final = "opinion.bridging@1"


@dataclass(frozen=True, slots=True)
class Bridge:
    """One statement: its score, its view (0: all alike; its sign is the side of the first axis), and its votes."""

    statement: int
    score: float
    view: float
    votes: int


@dataclass(frozen=True, slots=True, eq=False)
class Bridging:
    """`score` and `view` have shape (statements,), NaN where there are too few votes; `person_view` (participants,)."""

    score: Floats
    view: Floats
    person_view: Floats
    mean: float
    votes: Ints
    rounds: int
    converged: bool

    def ranked(self) -> tuple[Bridge, ...]:
        """Scored statements, highest first; equal ones in the order of the statements."""
        scored = np.flatnonzero(~np.isnan(self.score))
        order = scored[np.argsort(-self.score[scored], kind="stable")]
        return tuple(
            Bridge(at, float(self.score[at]), float(self.view[at]), int(self.votes[at])) for at in order.tolist()
        )


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """Common ground by groups beside bridging: statement indices that both, or only one of them, put among the first.

    `correlation` is Spearman's between the score and the group-informed consensus, over the statements with a score.
    """

    both: tuple[int, ...]
    only_groups: tuple[int, ...]
    only_bridging: tuple[int, ...]
    correlation: float


def bridging(votes: Votes, *, least: int = LEAST_RATINGS) -> Bridging:
    """The bridging score of every statement with at least `least` votes that is not taken out.

    Raises Unusable when no statement has so many.
    """
    count = tally(votes).seen
    rated = (count >= least) & ~votes.out
    if not rated.any():
        raise Unusable(Finding("opinion.bridging.thin", f"No statement has {least} votes.", fix="Wait for more votes."))
    seen, rating = _matrices(votes, rated)
    per_person, per_statement = seen.sum(axis=1), seen.sum(axis=0)
    people, statements = int((per_person > 0).sum()), int(rated.sum())
    total = float(per_person.sum())
    side = {
        "person": (total * INTERCEPT_PENALTY / people, total * VIEW_PENALTY / people),
        "statement": (total * INTERCEPT_PENALTY / statements, total * VIEW_PENALTY / statements),
    }
    seen_turned, rating_turned = seen.T.tocsr(), rating.T.tocsr()
    view: Floats = np.where(rated, axes_of(residuals(votes, tally(votes).mean)).loadings[:, 0], 0.0)
    own = np.zeros(len(count))
    mean = float(rating.sum()) / total
    person, person_view = np.zeros(len(per_person)), np.zeros(len(per_person))
    rounds, change = 0, np.inf
    while rounds < MOST_ROUNDS and change > TOLERANCE:
        rounds += 1
        person, person_view = _solve(seen, rating, per_person, mean, own, view, *side["person"])
        before = own
        own, view = _solve(seen_turned, rating_turned, per_statement, mean, person, person_view, *side["statement"])
        left = rating.sum() - per_person @ person - per_statement @ own - person_view @ (seen @ view)
        mean = float(left) / (total * (1 + INTERCEPT_PENALTY))
        change = float(np.abs(own - before).max())
    nothing: Floats = np.where(rated, 0.0, np.nan)
    return Bridging(
        score=np.round(own, DECIMALS) + nothing,
        view=np.asarray(np.round(view, DECIMALS) + nothing),
        person_view=np.round(person_view, DECIMALS),
        mean=round(mean, DECIMALS),
        votes=count,
        rounds=rounds,
        converged=change <= TOLERANCE,
    )


def _matrices(votes: Votes, rated: Any) -> tuple[Any, Any]:
    """(seen, rating): sparse (people, statements) of ones and of 0, 1/2, 1, for rated statements only."""
    from scipy.sparse import csr_array

    build: Any = csr_array  # SciPy's sparse classes carry no types
    shape = (len(votes.participants), len(votes.statements))
    kept = rated[votes.column].astype(np.float64)
    rating = (votes.value.astype(np.float64) + 1) / 2 * kept
    seen = build((kept, votes.column, votes.start), shape=shape)
    return seen, build((rating, votes.column, votes.start), shape=shape)


def _solve(
    seen: Any,
    rating: Any,
    count: Floats,
    mean: float,
    other: Floats,
    other_view: Floats,
    intercept_penalty: float,
    view_penalty: float,
) -> tuple[Floats, Floats]:
    """Best intercept and view of every row for given columns: the 2 x 2 normal equations, solved by Cramer's rule."""
    sums = seen @ np.column_stack([other_view, other_view**2, other, other * other_view])
    rated = rating @ np.column_stack([np.ones_like(other), other_view])
    a = count + intercept_penalty
    b, c = sums[:, 0], sums[:, 1] + view_penalty
    p = rated[:, 0] - mean * count - sums[:, 2]
    q = rated[:, 1] - mean * b - sums[:, 3]
    below = a * c - b * b
    return (c * p - b * q) / below, (a * q - b * p) / below


def second_opinion(found: OpinionMap, bridges: Bridging, *, first: int = 10) -> SecondOpinion:
    """Where the map's common ground and bridging agree, among the `first` statements of each, and where they differ."""
    by_groups = [one.statement for one in found.common_ground if one.side == "agree"][:first]
    by_bridging = [one.statement for one in bridges.ranked()[: max(len(by_groups), 1)]]
    scored = np.flatnonzero(~np.isnan(bridges.score))
    consensus = found.counts.consensus("agree")[scored]
    return SecondOpinion(
        both=tuple(one for one in by_groups if one in by_bridging),
        only_groups=tuple(one for one in by_groups if one not in by_bridging),
        only_bridging=tuple(one for one in by_bridging if one not in by_groups),
        correlation=round(_spearman(bridges.score[scored], consensus), 4),
    )


def _spearman(first: Floats, second: Floats) -> float:
    """Spearman's rank correlation, ties at their middle rank; 0 where either is the same everywhere."""
    ranks = [_ranks(first), _ranks(second)]
    centred = [rank - rank.mean() for rank in ranks]
    length = float(np.sqrt((centred[0] @ centred[0]) * (centred[1] @ centred[1])))
    return float(centred[0] @ centred[1]) / length if length else 0.0


def _ranks(values: Floats) -> Floats:
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count - 1) / 2)[place]
