"""The votes of one conversation, in one fixed order whatever order they came in.

A vote is +1 agree, -1 disagree or 0 pass. A pass is a vote: it says "I have seen this". Not having seen a
statement is the absence of a vote, so nothing here ever counts by "is the number not zero".

Only a person's last vote on a statement counts, last by time. Two different votes of one person on one
statement at the very same moment cannot be put in order: they count as a pass, and `contested` says how many
there were.

Votes are held as compressed rows: person p's votes stand at `start[p]:start[p+1]`, by rising statement. Cost:
a few bytes a vote; 50 million votes take 250 MB.

Source: the export format of Polis, for what a vote is and which one counts. Why one fixed order: the same votes then
give the same bytes whatever order they came in. Rejected: a dense matrix (people times statements, mostly empty), and
-1 or NaN for "not seen".
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from operator import itemgetter
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from becontree.methods.findings import Finding, Unusable

AGREE: Final = 1
PASS: Final = 0
DISAGREE: Final = -1

CHUNK: Final = 4_000_000
"""Votes worked on at a time where a step would otherwise need a second array as long as all votes."""

NO_VOTES: Final = Finding("opinion.votes.none", "There are no votes.", fix="Give at least one vote.")

BLOCK: Final = 4096  # events taken at a time

LARGEST_CELLS: Final = 2**60
"""People times statements must stay below this, so that one whole number can name a vote and its place."""


def id_order(identifier: str) -> tuple[int, int, str]:
    """Sort key of ids: whole numbers by size, before anything else by text.

    >>> sorted(["10", "9", "b", "a", "009"], key=id_order)
    ['009', '9', '10', 'a', 'b']
    """
    if identifier.isascii() and identifier.isdigit() and len(identifier) < 19:
        return (0, int(identifier), identifier)
    return (1, 0, identifier)


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """One vote a person and statement. Build it with `collect` or `from_arrays`, which put it in order."""

    participants: Sequence[str]
    statements: Sequence[str]
    start: NDArray[np.int64]  # shape (participants + 1,)
    column: NDArray[np.int32]  # shape (votes,): index into statements
    value: NDArray[np.int8]  # shape (votes,): +1, 0 or -1
    out: NDArray[np.bool_]  # shape (statements,): moderated out, or about people rather than opinions
    contested: int = 0

    def __len__(self) -> int:
        return len(self.column)

    @property
    def per_person(self) -> NDArray[np.int64]:
        return np.diff(self.start)

    def row(self, person: int) -> slice:
        return slice(int(self.start[person]), int(self.start[person + 1]))

    def chunks(self) -> Iterator[tuple[slice, slice, NDArray[np.int32]]]:
        """(people, votes, person of each vote), a few million votes at a time and whole people only."""
        first, people = 0, len(self.participants)
        while first < people:
            last = int(np.searchsorted(self.start, self.start[first] + CHUNK, side="right")) - 1
            last = min(max(last, first + 1), people)
            lengths = np.diff(self.start[first : last + 1])
            yield (
                slice(first, last),
                slice(int(self.start[first]), int(self.start[last])),
                np.repeat(np.arange(first, last, dtype=np.int32), lengths),
            )
            first = last

    def without(self, gone: NDArray[np.bool_]) -> Votes:
        """The same conversation had the people marked in `gone` not voted. Costs one copy of the votes."""
        kept_votes = np.repeat(~gone, self.per_person)
        lengths = self.per_person[~gone]
        start = np.zeros(len(lengths) + 1, dtype=np.int64)
        np.cumsum(lengths, out=start[1:])
        kept = np.flatnonzero(~gone)
        names = [self.participants[index] for index in kept.tolist()]
        return replace(
            self,
            participants=names,
            start=start,
            column=self.column[kept_votes],
            value=self.value[kept_votes],
        )


def collect(
    events: Iterable[tuple[str | int, str | int, int] | tuple[str | int, str | int, int, int]],
    *,
    statements: Iterable[str] = (),
    out: Iterable[str] = (),
) -> Votes:
    """Votes from (participant, statement, vote[, time]) in any order; the last by time counts.

    Ids are text or whole numbers. `statements` may name some that nobody has voted on; `out` names those that take
    no part in the map. Raises Unusable for a vote other than +1, 0 or -1.
    """
    people, about = _Ids(), _Ids()
    values: list[NDArray[np.int64]] = []
    times: list[NDArray[np.int64]] = []
    timed = False
    source = iter(events)
    # A block at a time: millions of small objects alive at once would keep Python's collector busy for seconds.
    while block := list(islice(source, BLOCK)):
        if set(map(len, block)) != {3}:
            timed = True
            block = [event if len(event) == 4 else (*event, 0) for event in block]
        if (table := _whole_numbers(block)) is not None:
            people.add(table[:, 0])
            about.add(table[:, 1])
            values.append(table[:, 2])
            times.append(table[:, 3] if table.shape[1] == 4 else np.zeros(len(block), dtype=np.int64))
            continue
        who, what, vote, *when = zip(*block, strict=True)
        people.add(who)
        about.add(what)
        values.append(np.array(vote, dtype=np.int64))
        times.append(np.array(when[0], dtype=np.int64) if when else np.zeros(len(block), dtype=np.int64))
    if not values:
        raise Unusable(NO_VOTES)
    person_ids, person = people.ranked(())
    statement_ids, statement = about.ranked(statements)
    return from_arrays(
        person,
        statement,
        np.concatenate(values),
        participants=person_ids,
        statements=statement_ids,
        time=np.concatenate(times) if timed else None,
        out=out,
    )


def from_records(
    records: Sequence[Mapping[str, Any]],
    *,
    participant: str = "participant_id",
    statement: str = "statement_id",
    vote: str = "vote",
    statements: Iterable[str] = (),
    out: Iterable[str] = (),
) -> Votes:
    """Votes from a list of records (one mapping a vote), the fields named; otherwise as `collect`.

    Each field is read as a column, which for a million records takes a third of the time of reading rows. Records whose
    order in time matters go through `collect` with their times. Raises Unusable naming the record that lacks a field.
    """
    fields = (participant, statement, vote)
    columns: tuple[list[bytes], ...] = ([], [], [])
    try:
        for at in range(0, len(records), BLOCK):
            block = records[at : at + BLOCK]
            for field, column in zip(fields, columns, strict=True):
                column.append(struct.pack(f"{len(block)}q", *map(itemgetter(field), block)))
    except KeyError as error:
        number = next(at for at, record in enumerate(records, 1) if error.args[0] not in record)
        message = f"Record number {number} has no field {error.args[0]!r}."
        raise Unusable(Finding("opinion.record.field", message, field=str(error.args[0]))) from None
    except struct.error:  # ids that are text: the slower way
        return collect(map(itemgetter(*fields), records), statements=statements, out=out)
    if not records:
        raise Unusable(NO_VOTES)
    person_ids, person = _Ids(columns[0]).ranked(())
    statement_ids, about = _Ids(columns[1]).ranked(statements)
    value = np.frombuffer(b"".join(columns[2]), dtype=np.int64)
    return from_arrays(person, about, value, participants=person_ids, statements=statement_ids, out=out)


def _whole_numbers(block: list[Any]) -> NDArray[np.int64] | None:
    """Events of equal length as the rows of a table, or None if anything in them is not a whole number.

    `struct` refuses text and fractions, where NumPy would turn them into numbers; it is also three times as fast.
    """
    try:
        packed = struct.pack(f"{len(block) * len(block[0])}q", *chain.from_iterable(block))
    except struct.error:
        return None
    return np.frombuffer(packed, dtype=np.int64).reshape(len(block), -1)


def _ranked(column: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different numbers of a column (none below 0), rising, and where each entry stands among them."""
    if not len(column) or (largest := int(column.max())) > 4 * len(column) + 1_000_000:
        different, place = np.unique(column, return_inverse=True)
        return different, place.astype(np.int64, copy=False)
    # Ids are mostly 0, 1, 2 ...: marking those that occur saves sorting a million of them.
    there = np.zeros(largest + 1, dtype=np.bool_)
    there[column] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[column]


class _Ids:
    """Collects a column of ids and ranks them: whole numbers as an array, anything else through one dictionary."""

    def __init__(self, packed: Sequence[bytes] = ()) -> None:
        self._parts: list[NDArray[np.int64]] = []
        self._codes: dict[str, int] | None = None
        if packed:
            self.add(np.frombuffer(b"".join(packed), dtype=np.int64))

    def add(self, ids: Sequence[str | int] | NDArray[np.int64]) -> None:
        if self._codes is None:
            part = np.asarray(ids)
            if part.dtype == np.int64 and part.min() >= 0:
                self._parts.append(part)
                return
            different, code = _ranked(np.concatenate([np.empty(0, np.int64), *self._parts]))
            self._codes = {str(one): at for at, one in enumerate(different.tolist())}
            self._parts = [code]
        codes = self._codes
        self._parts.append(np.array([codes.setdefault(str(one), len(codes)) for one in ids], dtype=np.int64))

    def ranked(self, more: Iterable[str]) -> tuple[list[str], NDArray[np.int64]]:
        """The different ids in order (with `more` among them), and where each id collected stands."""
        column = np.concatenate(self._parts)
        if self._codes is None:
            different, column = _ranked(column)
            written = [str(one) for one in different.tolist()]
        else:
            written = list(self._codes)
        extra = set(more).difference(written)
        if self._codes is None and not extra:  # numbers are in order as they are
            return written, column
        names = sorted([*written, *extra], key=id_order)
        at = {name: index for index, name in enumerate(names)}
        return names, np.array([at[name] for name in written], dtype=np.int64)[column]


def from_arrays(
    person: NDArray[Any],
    statement: NDArray[Any],
    value: NDArray[Any],
    *,
    participants: Sequence[str],
    statements: Sequence[str],
    time: NDArray[np.int64] | None = None,
    out: Iterable[str] = (),
) -> Votes:
    """Votes from index arrays of equal length in any order, indexing into ids already sorted by `id_order`.

    Raises Unusable for another vote than +1, 0, -1, for an index out of range, or for no votes at all.
    """
    if not len(person) == len(statement) == len(value) or (time is not None and len(time) != len(person)):
        raise ValueError("person, statement, value and time must be equally long.")
    if not len(person):
        raise Unusable(NO_VOTES)
    if value.max() > 1 or value.min() < -1:
        bad = int(np.flatnonzero((value > 1) | (value < -1))[0])
        raise Unusable(
            Finding(
                "opinion.vote.unknown",
                f"Vote number {bad + 1} is {value[bad]}.",
                field="vote",
                fix="A vote is 1 (agree), -1 (disagree) or 0 (pass).",
            )
        )
    rows, columns = len(participants), len(statements)
    if min(person.min(), statement.min()) < 0 or person.max() >= rows or statement.max() >= columns:
        raise ValueError("An index points beyond the participants or the statements.")
    if rows * columns >= LARGEST_CELLS:
        raise ValueError("Too many participants times statements.")
    marked = set(out)
    mask = np.fromiter((name in marked for name in statements), np.bool_, columns)
    contested = 0
    start, column, kept = _rows(person, statement, value, rows, columns)
    if len(column) < len(person):  # somebody voted more than once on a statement: choose by time
        person, statement, value, contested = _last(person, statement, value, time, columns)
        start, column, kept = _rows(person, statement, value, rows, columns)
    return Votes(participants, statements, start, column, kept, mask, contested)


def _rows(
    person: NDArray[Any], statement: NDArray[Any], value: NDArray[Any], rows: int, columns: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int8]]:
    """Compressed rows. Votes on one place by one person fall together, which shows as fewer votes than went in.

    One whole number says person, statement and vote, and NumPy sorts those with vector instructions: a million votes
    in 15 ms, where counting sort of three arrays takes 200.
    """
    small = rows * columns * 3 < 2**32
    key: Any = person.astype(np.uint32 if small else np.int64)  # two widths: NumPy's types cannot say so
    key *= columns
    for at in range(0, len(key), CHUNK):
        part = slice(at, at + CHUNK)
        key[part] += statement[part].astype(key.dtype)
        key[part] *= 3
        key[part] += (value[part] + 1).astype(key.dtype)
    key.sort()
    column = np.empty(len(key), dtype=np.int32)
    kept = np.empty(len(key), dtype=np.int8)
    for at in range(0, len(key), CHUNK):
        part = slice(at, at + CHUNK)
        place = key[part] // 3
        kept[part] = key[part] - 3 * place
        column[part] = place % columns
        key[part] = place
    kept -= 1
    first = np.append(True, key[1:] != key[:-1])
    if not first.all():
        key, column, kept = key[first], column[first], kept[first]
    ends = (np.arange(rows + 1, dtype=np.int64) * columns).astype(np.int64)
    return np.searchsorted(key, ends.astype(key.dtype)).astype(np.int64), column, kept


def _last(
    person: NDArray[Any],
    statement: NDArray[Any],
    value: NDArray[Any],
    time: NDArray[np.int64] | None,
    columns: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8], int]:
    """Each person's last vote on each statement, and how many last moments held different votes."""
    place = person.astype(np.int64) * columns + statement
    sorted_places = np.sort(place)
    twice = np.unique(sorted_places[1:][sorted_places[1:] == sorted_places[:-1]])
    at = np.minimum(np.searchsorted(twice, place), len(twice) - 1)
    again = twice[at] == place  # only these have to be put in order of time
    once = person[~again], statement[~again], value[~again]
    place, value = place[again], value[again]
    when = np.zeros(len(place), dtype=np.int64) if time is None else time[again]
    order = np.lexsort((value, when, place))
    place, when, votes = place[order], when[order], value[order].astype(np.int8)
    ends = np.flatnonzero(np.append(place[1:] != place[:-1], True))
    moment = np.cumsum(np.append(True, (place[1:] != place[:-1]) | (when[1:] != when[:-1]))) - 1
    first_of_moment = np.flatnonzero(np.append(True, moment[1:] != moment[:-1]))
    # Within a moment votes are sorted by value, so the first and the last differ if any two do.
    differ = votes[first_of_moment[moment[ends]]] != votes[ends]
    chosen = np.where(differ, np.int8(PASS), votes[ends])
    kept = place[ends]
    return (
        np.concatenate([once[0], kept // columns]),
        np.concatenate([once[1], kept % columns]),
        np.concatenate([once[2].astype(np.int8), chosen]),
        int(differ.sum()),
    )
