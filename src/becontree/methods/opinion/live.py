"""An opinion map kept up to date vote by vote, equal to one drawn from scratch.

Three whole-number tables, statement by statement, hold all that the axes need: P (sum of vote x vote), Q (sum
of votes on j by those who saw k) and N (how many saw both). With the means m, the matrix whose leading
vectors are the axes is P - m_k Q_jk - m_j Q_kj + m_j m_k N. A new or changed vote on j touches one row and
column of each, at the statements that person voted on. Whole numbers never drift, so after any number of
votes the axes are those of a cold start.

Cost of one vote: about m^2 x rounds / 10^9 seconds for m statements, whatever the number of people; memory 32
m^2 bytes. Above some 3,000 statements use `draw_map(votes, start=...)` instead.

Groups: `refresh` gives exactly what `draw_map(votes, k=...)` would, with as many groups as before. Whether another
number of groups is now better is for `draw_map` to say from time to time, and for `steady_k` to decide.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from becontree.methods.opinion import chart
from becontree.methods.opinion.groups import LETTERS, group
from becontree.methods.opinion.plane import Axes, Floats, Placement, Tallies, leading, place, residuals, times
from becontree.methods.opinion.votes import Votes


class Live:
    """The map of one conversation as it goes on. People and statements are indices into `votes`."""

    def __init__(self, found: chart.OpinionMap, *, placement: Placement = "polis") -> None:
        votes = found.votes
        self._placement = placement
        self._votes = votes
        self._tallies = found.tallies
        self._k = found.grouping.k
        self._axes = found.axes
        size = len(votes.statements)
        self._p = np.zeros((size, size), dtype=np.int64)
        self._q = np.zeros((size, size), dtype=np.int64)
        self._n = np.zeros((size, size), dtype=np.int64)
        for people, part, person in votes.chunks():
            self._build(votes, people, part, person)
        self._live = ~votes.out
        self._matrix = self._whole()

    def _build(self, votes: Votes, people: slice, part: slice, person: NDArray[np.int32]) -> None:
        """Add some people's votes to the three tables: dense blocks, products of small whole numbers are
        exact.
        """
        size = len(votes.statements)
        step = max(1, 2_000_000 // max(size, 1))
        for first in range(people.start, people.stop, step):
            last = min(first + step, people.stop)
            span = slice(int(votes.start[first]), int(votes.start[last]))
            rows = person[span.start - part.start : span.stop - part.start] - first
            vote = np.zeros((last - first, size))
            saw = np.zeros((last - first, size))
            vote[rows, votes.column[span]] = votes.value[span]
            saw[rows, votes.column[span]] = 1
            self._p += np.rint(vote.T @ vote).astype(np.int64)
            self._q += np.rint(vote.T @ saw).astype(np.int64)
            self._n += np.rint(saw.T @ saw).astype(np.int64)

    @property
    def votes(self) -> Votes:
        return self._votes

    @property
    def axes(self) -> Axes:
        return self._axes

    @property
    def groups(self) -> int:
        """How many groups `refresh` makes."""
        return self._k

    def vote(self, person: int, statement: int, value: int) -> Axes:
        """Record that `person` now votes `value` on `statement`, and return the axes as they are after it."""
        if value not in (-1, 0, 1):
            raise ValueError("A vote is 1, -1 or 0.")
        old = self._votes
        row = old.row(person)
        columns = old.column[row]
        at = row.start + int(np.searchsorted(columns, statement))
        values = old.value[row].astype(np.int64)
        if at < row.stop and old.column[at] == statement:
            before = int(old.value[at])
            if before == value:
                return self._axes
            changed = old.value.copy()
            changed[at] = value
            self._votes = replace(old, value=changed)
            others = columns != statement
            step = value - before
            self._q[statement, columns] += step
            self._bump_p(statement, columns[others], step * values[others], value * value - before * before)
            self._count(statement, before, -1)
        else:
            start = old.start.copy()
            start[person + 1 :] += 1
            self._votes = replace(
                old,
                start=start,
                column=np.insert(old.column, at, np.int32(statement)),
                value=np.insert(old.value, at, np.int8(value)),
            )
            self._n[statement, columns] += 1
            self._n[columns, statement] += 1
            self._n[statement, statement] += 1
            self._q[statement, columns] += value
            self._q[columns, statement] += values
            self._q[statement, statement] += value
            self._bump_p(statement, columns, value * values, value * value)
        self._count(statement, value, 1)
        self._renew(statement)
        self._axes = leading(
            lambda block: times(self._matrix, block),
            len(self._matrix),
            float(np.trace(self._matrix)),
            start=self._axes.start,
        )
        return self._axes

    def position(self, person: int) -> Floats:
        """Where one person stands now, shape (2,)."""
        row = self._votes.row(person)
        lengths = np.array([0, row.stop - row.start], dtype=np.int64)
        one = replace(
            self._votes,
            participants=[""],
            start=lengths,
            column=self._votes.column[row],
            value=self._votes.value[row],
        )
        matrix = residuals(one, self._tallies.mean)
        return np.asarray(place(matrix, one, self._tallies, self._axes, self._placement)[0])

    def refresh(self) -> chart.OpinionMap:
        """The whole map now, with as many groups as before."""
        votes, tallies = self._votes, self._tallies
        matrix = residuals(votes, tallies.mean)
        position = place(matrix, votes, tallies, self._axes, self._placement)
        placed = chart.placeable(votes, tallies)
        grouping = group(position[placed], k=self._k)
        label = np.full(len(votes.participants), -1, dtype=np.int64)
        label[placed] = grouping.label
        names = tuple(LETTERS[: grouping.k])
        return chart.assemble(
            votes=votes,
            tallies=tallies,
            axes=self._axes,
            position=position,
            label=label,
            names=names,
            grouping=grouping,
            placement=self._placement,
        )

    def _bump_p(self, statement: int, columns: NDArray[np.int32], by: NDArray[np.int64], own: int) -> None:
        self._p[statement, columns] += by
        self._p[columns, statement] += by
        self._p[statement, statement] += own

    def _count(self, statement: int, value: int, by: int) -> None:
        agree, disagree, seen = (
            self._tallies.agree.copy(),
            self._tallies.disagree.copy(),
            self._tallies.seen.copy(),
        )
        agree[statement] += by if value == 1 else 0
        disagree[statement] += by if value == -1 else 0
        seen[statement] += by
        self._tallies = Tallies(agree, disagree, seen)

    def _whole(self) -> Floats:
        mean = self._tallies.mean
        cross = mean[None, :] * self._q
        matrix = self._p - cross - cross.T + mean[:, None] * mean[None, :] * self._n
        return np.asarray(matrix * self._live[:, None] * self._live[None, :])

    def _renew(self, j: int) -> None:
        """Row and column j again: only they hold m_j or a count that changed."""
        mean = self._tallies.mean
        row = self._p[j] - mean * self._q[j] - mean[j] * self._q[:, j] + mean[j] * mean * self._n[j]
        row *= self._live & self._live[j]
        self._matrix[j] = row
        self._matrix[:, j] = row
