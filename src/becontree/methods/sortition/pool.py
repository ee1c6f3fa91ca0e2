"""The pool of people who said yes, the quotas of the panel, and the kinds of people that these make.

Two people are of one *kind* when no quota can tell them apart: the same answers and, where at most one person an
address may serve, the same answers in the household around them. Every objective here is concave and symmetric, so
it has an optimum in which people of one kind have the same chance; the arithmetic is done by kinds, and people come
back only when panels are dealt. (Flanigan, Goelz, Gupta, Hennig, Procaccia, Nature 596, 2021, sections "Methods".)

Everything is sorted by name before use, so the order of rows in a file cannot change an answer.

Why: fair chances need one number a kind (the shared pool of 5,000 people has 3,312). Cost: one sort. Rejected: a
variable a person (slower, and equal people came out unequal in the peers).
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from becontree.methods.findings import Finding, Unusable

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LARGEST_POOL: Final = 200_000
MOST_FEATURES: Final = 31  # differences between two kinds are kept as the bits of one 32-bit word


def tidy(label: str) -> str:
    """One spelling for one label: Unicode NFC, no spaces at the ends, single spaces inside.

    >>> tidy("  Other   rented ")
    'Other rented'
    """
    return " ".join(unicodedata.normalize("NFC", label).split())


@dataclass(frozen=True, slots=True)
class Person:
    """One person who said yes. `answers` follow the pool's features; `address` is '' when not used."""

    id: str
    answers: tuple[str, ...]
    address: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Quota:
    """Between `least` and `most` seats for people who gave `value` for `feature`.

    `floor` and `ceiling` are the limits that the organiser allows when quotas must be relaxed; None: no limit given.
    """

    feature: str
    value: str
    least: int
    most: int
    floor: int | None = None
    ceiling: int | None = None

    @property
    def name(self) -> str:
        return f"{self.feature}: {self.value}"


@dataclass(frozen=True)
class Pool:
    """People, quotas and seats, checked and sorted. Build it with `pool()`."""

    features: tuple[str, ...]
    people: tuple[Person, ...]
    quotas: tuple[Quota, ...]
    seats: int
    by_address: bool = False

    @cached_property
    def kinds(self) -> Kinds:
        return _kinds(self)


@dataclass(frozen=True, slots=True)
class Kinds:
    """The pool by kinds of people: T kinds, F features (the address rule counts as one), R rows (one a quota).

    `size` (T) people of each kind; `row` (T x F) which quota row each kind falls in; `least`, `most` (R) integers;
    `names` (R); `members` (T) tuples of indices of people; `households` (T) of the household of each member.
    """

    size: Ints
    row: Ints
    least: Ints
    most: Ints
    names: tuple[str, ...]
    members: tuple[tuple[int, ...], ...]
    households: tuple[tuple[str, ...], ...]
    seats: int

    @property
    def count(self) -> int:
        return len(self.size)

    def without(self, kinds: Iterable[int]) -> Kinds:
        """The same quotas for everybody but these kinds."""
        gone = set(kinds)
        left = [kind for kind in range(self.count) if kind not in gone]
        return Kinds(
            self.size[left], self.row[left], self.least, self.most, self.names,
            tuple(self.members[kind] for kind in left), tuple(self.households[kind] for kind in left), self.seats,
        )  # fmt: skip

    def matrix(self) -> Floats:
        """R x T: 1 where a kind falls in a quota's row."""
        dense = np.zeros((len(self.least), self.count))
        for feature in range(self.row.shape[1]):
            dense[self.row[:, feature], np.arange(self.count)] = 1.0
        return dense

    def feasible(self, panel: Ints) -> bool:
        """Whether a panel (T counts) fills the seats and meets every quota, in whole numbers."""
        used = np.zeros(len(self.least), dtype=np.int64)
        for feature in range(self.row.shape[1]):
            np.add.at(used, self.row[:, feature], panel)
        return bool(
            panel.sum() == self.seats
            and (panel >= 0).all()
            and (panel <= self.size).all()
            and (used >= self.least).all()
            and (used <= self.most).all()
        )


def pool(
    people: Iterable[Person],
    quotas: Iterable[Quota],
    seats: int,
    features: Sequence[str],
    *,
    by_address: bool = False,
) -> Pool:
    """A checked pool. Raises Unusable with every problem of form found (unknown values, repeated ids ...).

    What is well formed but cannot be filled is not raised here: see `feasibility.examine`.
    """
    everyone = sorted(people, key=lambda person: person.id)
    rows = sorted(quotas)
    order = sorted(range(len(features)), key=lambda index: features[index])
    names = tuple(features[index] for index in order)
    findings = list(_problems(everyone, rows, seats, features))
    if findings:
        raise Unusable(findings)
    everyone = [
        Person(person.id, tuple(person.answers[index] for index in order), person.address) for person in everyone
    ]
    return Pool(names, tuple(everyone), tuple(rows), seats, by_address)


def _problems(
    people: Sequence[Person], quotas: Sequence[Quota], seats: int, features: Sequence[str]
) -> Iterable[Finding]:
    if seats < 1:
        yield Finding("select.seats", f"A panel of {seats} seats cannot be drawn.", fix="Ask for at least one seat.")
    if not people:
        yield Finding("select.pool.empty", "Nobody is in the pool.", fix="Give at least as many people as seats.")
    if len(people) > LARGEST_POOL:
        yield Finding("select.pool.large", f"{len(people)} people are more than the {LARGEST_POOL} we can draw from.")
    if len(features) > MOST_FEATURES:
        yield Finding("select.features", f"{len(features)} categories are more than {MOST_FEATURES}.", fix="Use fewer.")
    if len(set(features)) != len(features):
        yield Finding("select.features.repeated", "A category is named twice.")
    for person in people:
        if len(person.answers) != len(features):
            what = f"{person.id!r} has {len(person.answers)} answers to {len(features)} categories."
            yield Finding("select.answers.number", what, fix="Give one answer a category, in their order.")
    for name, times in Counter(person.id for person in people).items():
        if times > 1:
            yield Finding("select.id.repeated", f"The id {name!r} is on {times} rows.", fix="Give each person one row.")
    known: dict[str, dict[str, Quota]] = {feature: {} for feature in features}
    for quota in quotas:
        if quota.feature not in known:
            yield Finding("select.quota.feature", f"No column of the pool is called {quota.feature!r}.")
            continue
        if quota.value in known[quota.feature]:
            yield Finding("select.quota.repeated", f"The quota for {quota.name} is given twice.", fix="Keep one.")
        if quota.least < 0 or quota.most < quota.least:
            yield Finding(
                "select.quota.range",
                f"The quota for {quota.name} runs from {quota.least} to {quota.most}.",
                fix="Give a least that is not below zero and a most that is not below the least.",
            )
        known[quota.feature][quota.value] = quota
    for position, feature in enumerate(features):
        if not known[feature]:
            yield Finding("select.feature.unused", f"The category {feature!r} has no quota.")
            continue
        for value in sorted({person.answers[position] for person in people} - set(known[feature])):
            yield Finding(
                "select.value.unknown",
                f"{value!r} is an answer for {feature} without a quota.",
                fix=f"Add a row for it (0 to {seats} leaves it free) or correct the spelling.",
            )


def _kinds(pool: Pool) -> Kinds:
    first = {(quota.feature, quota.value): index for index, quota in enumerate(pool.quotas)}
    least = [quota.least for quota in pool.quotas]
    most = [quota.most for quota in pool.quotas]
    names = [quota.name for quota in pool.quotas]
    homes: dict[str, list[int]] = {}
    if pool.by_address:
        for index, person in enumerate(pool.people):
            if person.address:
                homes.setdefault(person.address, []).append(index)
    # The class of a household is the multiset of its people's answers; somebody alone is in no class.
    shared = {
        index: tuple(sorted(pool.people[other].answers for other in members))
        for members in homes.values()
        if len(members) > 1
        for index in members
    }
    groups: dict[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], list[int]] = {}
    for index, person in enumerate(pool.people):
        groups.setdefault((person.answers, shared.get(index, ())), []).append(index)
    keys = sorted(groups)
    rows = [[first[feature, value] for feature, value in zip(pool.features, key[0], strict=True)] for key in keys]
    if shared:
        free = len(least)
        least.append(0)
        most.append(pool.seats)
        names.append("lives alone in the pool")
        where: dict[tuple[tuple[str, ...], ...], int] = {(): free}
        for household in sorted(set(shared.values())):
            where[household] = len(least)
            count = sum(1 for home in homes.values() if len(home) > 1 and shared[home[0]] == household)
            least.append(0)
            most.append(count)
            names.append(f"one person at each of {count} shared addresses (kind {len(where) - 1})")
        for row, key in zip(rows, keys, strict=True):
            row.append(where[key[1]])
    return Kinds(
        np.array([len(groups[key]) for key in keys], dtype=np.int64),
        np.array(rows, dtype=np.int64).reshape(len(keys), -1),
        np.array(least, dtype=np.int64),
        np.array(most, dtype=np.int64),
        tuple(names),
        tuple(tuple(groups[key]) for key in keys),
        tuple(tuple(pool.people[index].address if key[1] else "" for index in groups[key]) for key in keys),
        pool.seats,
    )
