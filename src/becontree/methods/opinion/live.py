"""An opinion map kept up to date vote by vote, equal to one drawn from scratch.

Three whole-number tables, statement by statement, hold all that the axes need: P (sum of vote x vote), Q (sum
of votes on j by those who saw k) and N (how many saw both). With the means m, the matrix whose leading
vectors are the axes is P - m_k Q_jk - m_j Q_kj + m_j m_k N. A new or changed vote on j touches one row and
column of each, at the statements that person voted on. Whole numbers never drift, so after any number of
votes the axes are those of a cold start.

Cost of one vote: about m^2 x rounds / 10^9 seconds for m statements, whatever the number of people; of many at once
(`take`) little more, for the axes are found once. Memory 32 m^2 bytes. Above some 3,000 statements use
`draw_map(votes, start=...)` instead.

People (`join`) and statements (`state`) may come while it goes on. Somebody who leaves cannot be taken out of it:
begin a new one.

Groups: `refresh()` gives exactly what `draw_map(votes, k=...)` would, with as many groups as before;
`refresh(k=None)` what `draw_map(votes)` would, which chooses their number anew.

Source: the identity above is plain algebra over the definition in `plane`. Rejected: updating the axes themselves by
rank-one steps (they drift, and a changed vote cannot be taken back).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from becontree.methods.opinion import chart
from becontree.methods.opinion.plane import Axes, Floats, Placement, Tallies, leading, place, residuals, times
from becontree.methods.opinion.turning import Before
from becontree.methods.opinion.votes import Votes

AS_BEFORE: Final = -1
Row = tuple[NDArray[np.int32], NDArray[np.int64]]  # one person's statements and votes


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
        self._found()  # those of a map that was turned are not the principal ones

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
        return self.take([(person, statement, value)])

    def take(self, votes: Iterable[tuple[int, int, int]]) -> Axes:
        """Record votes (person, statement, value) in their order; the last of a person's on a statement counts."""
        rows: dict[int, Row] = {}
        touched: set[int] = set()
        for person, statement, value in votes:
            if value not in (-1, 0, 1):
                raise ValueError("A vote is 1, -1 or 0.")
            row = rows.get(person) or self._row(person)
            changed = self._one(row, statement, value)
            if changed is not None:
                rows[person] = changed
                touched.add(statement)
        if touched:
            self._write(rows)
            self._renew(touched)
        return self._axes

    def join(self, at: Sequence[int], people: Sequence[str]) -> None:
        """Add people who have not voted yet: each before the person who stood at that index until now."""
        names = list(self._votes.participants)
        for index, name in sorted(zip(at, people, strict=True), key=lambda pair: -pair[0]):
            names.insert(index, name)
        lengths = np.insert(self._votes.per_person, list(at), 0)
        self._votes = replace(self._votes, participants=names, start=_starts(lengths))

    def state(self, statements: Sequence[str], out: NDArray[np.bool_]) -> Axes:
        """Lay down all statements again: those that were there, in their order, then new ones; and which are out."""
        known = len(self._votes.statements)
        if list(statements[:known]) != list(self._votes.statements):
            raise ValueError("Statements keep their order; new ones come after them.")
        more = len(statements) - known
        wider = ((0, more), (0, more))
        self._p, self._q, self._n = (np.pad(table, wider) for table in (self._p, self._q, self._n))
        self._tallies = Tallies(*(np.pad(one, (0, more)) for one in self._counts()))
        self._votes = replace(self._votes, statements=list(statements), out=out)
        self._live = ~out
        start = self._axes.start
        fresh = np.random.Generator(np.random.PCG64(len(statements))).standard_normal((more, start.shape[1]))
        self._axes = replace(self._axes, start=np.vstack([start, fresh]))
        self._matrix = self._whole()
        return self._found()

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

    def refresh(self, *, k: int | None = AS_BEFORE, like: Before | None = None) -> chart.OpinionMap:
        """The whole map now, with as many groups as before; with `k` None, as many as `draw_map` would choose."""
        votes, tallies = self._votes, self._tallies
        matrix = residuals(votes, tallies.mean)
        position = place(matrix, votes, tallies, self._axes, self._placement)
        return chart.finish(
            votes=votes,
            tallies=tallies,
            axes=self._axes,
            position=position,
            k=self._k if k == AS_BEFORE else k,
            placement=self._placement,
            like=like,
        )

    def _row(self, person: int) -> Row:
        row = self._votes.row(person)
        return self._votes.column[row], self._votes.value[row].astype(np.int64)

    def _one(self, row: Row, statement: int, value: int) -> Row | None:
        """Count one vote in the tables; the person's row as it becomes, or None where nothing changes."""
        columns, values = row
        at = int(np.searchsorted(columns, statement))
        if at < len(columns) and columns[at] == statement:
            before = int(values[at])
            if before == value:
                return None
            others = columns != statement
            step = value - before
            self._q[statement, columns] += step
            self._bump_p(statement, columns[others], step * values[others], value * value - before * before)
            self._count(statement, before, -1)
            values = values.copy()
            values[at] = value
            changed = (columns, values)
        else:
            self._n[statement, columns] += 1
            self._n[columns, statement] += 1
            self._n[statement, statement] += 1
            self._q[statement, columns] += value
            self._q[columns, statement] += values
            self._q[statement, statement] += value
            self._bump_p(statement, columns, value * values, value * value)
            changed = (np.insert(columns, at, np.int32(statement)), np.insert(values, at, value))
        self._count(statement, value, 1)
        return changed

    def _write(self, rows: dict[int, Row]) -> None:
        """Put changed rows in the place of the old ones."""
        old = self._votes
        lengths = old.per_person.copy()
        columns: list[NDArray[np.int32]] = []
        values: list[NDArray[np.int8]] = []
        done = 0
        for person in sorted(rows):
            span = old.row(person)
            columns += [old.column[done : span.start], rows[person][0]]
            values += [old.value[done : span.start], rows[person][1].astype(np.int8)]
            lengths[person] = len(rows[person][0])
            done = span.stop
        self._votes = replace(
            old,
            start=_starts(lengths),
            column=np.concatenate([*columns, old.column[done:]]),
            value=np.concatenate([*values, old.value[done:]]),
        )

    def _bump_p(self, statement: int, columns: NDArray[np.int32], by: NDArray[np.int64], own: int) -> None:
        self._p[statement, columns] += by
        self._p[columns, statement] += by
        self._p[statement, statement] += own

    def _counts(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        return self._tallies.agree, self._tallies.disagree, self._tallies.seen

    def _count(self, statement: int, value: int, by: int) -> None:
        agree, disagree, seen = (each.copy() for each in self._counts())
        agree[statement] += by if value == 1 else 0
        disagree[statement] += by if value == -1 else 0
        seen[statement] += by
        self._tallies = Tallies(agree, disagree, seen)

    def _whole(self) -> Floats:
        mean = self._tallies.mean
        cross = mean[None, :] * self._q
        matrix = self._p - cross - cross.T + mean[:, None] * mean[None, :] * self._n
        return np.asarray(matrix * self._live[:, None] * self._live[None, :])

    def _renew(self, touched: Collection[int]) -> None:
        """Row and column again of each statement touched: only they hold a mean or a count that changed."""
        if len(touched) * 8 > len(self._matrix):
            self._matrix = self._whole()
        else:
            for statement in touched:
                self._line(statement)
        self._found()

    def _line(self, j: int) -> None:
        mean = self._tallies.mean
        row = self._p[j] - mean * self._q[j] - mean[j] * self._q[:, j] + mean[j] * mean * self._n[j]
        row *= self._live & self._live[j]
        self._matrix[j] = row
        self._matrix[:, j] = row

    def _found(self) -> Axes:
        """The axes of the matrix as it is now, from where they were."""
        self._axes = leading(
            lambda block: times(self._matrix, block),
            len(self._matrix),
            float(np.trace(self._matrix)),
            start=self._axes.start,
        )
        return self._axes


def _starts(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    start = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=start[1:])
    return start
