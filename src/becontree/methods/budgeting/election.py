"""What is counted: projects with their costs, a budget, and ballots put together when they are equal.

Equal ballots are kept once with the number of people who cast them. That changes no outcome (every rule here treats
people alike) and makes large elections small: 131,778 choose-1 ballots of Wroclaw 2015 are 197 different ones.
Money is exact (`Fraction`); inside the rules it is whole multiples of the smallest unit that occurs.

Source: the nouns are those of Pabulib (Faliszewski et al., "Participatory Budgeting: Data, Tools and Analysis", IJCAI
2023). Why arrays of whole ballots: every rule here asks "who supports p", thousands of times. Cost: one sort of the
ballots, then a few bytes a name. Rejected: an object a ballot, and a dense table of people by projects (most of it
empty).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import lcm
from typing import Final, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from becontree.methods.findings import Finding, Unusable

BALLOT_TYPES: Final = ("approval", "choose-1", "cumulative", "scoring", "ordinal")
UTILITIES: Final = ("cost", "cardinality", "points", "borda")

T = TypeVar("T")
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LARGEST: Final = 10**15  # of money or points
WHOLE: Final = 2**53  # below it sums of whole numbers in floats are exact


@dataclass(frozen=True, slots=True)
class Project:
    """One project. `withdrawn` ones are shown and never compete. `kind` and `area` are for reports only."""

    id: str
    cost: Fraction
    name: str = ""
    withdrawn: bool = False
    kind: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Ballots:
    """Different ballots in one long row: ballot g names `projects[starts[g]:starts[g + 1]]`, cast by `people[g]`.

    `values` goes with `projects`: points times `unit` for cumulative and scoring ballots, the place (0 is first) for
    ordinal ones, None otherwise. Inside a ballot projects stand in ascending order of their place in the election.
    """

    starts: Ints
    projects: NDArray[np.int32]
    people: Ints
    values: Ints | None = None
    unit: int = 1

    def __len__(self) -> int:
        return len(self.people)


@dataclass(frozen=True, slots=True, eq=False)
class Support:
    """For one utility: who supports each project, and how much. Built once for an election and utility.

    `who[p]` are ballot numbers, `many[p]` people behind each, `much[p]` their utility for p in whole units (None: all
    one), `total[p]` the sum of people times utility, `value[p]` what one unit is worth (the cost under cost utility).
    """

    who: tuple[Ints, ...]
    many: tuple[Floats, ...]
    much: tuple[Floats | None, ...]
    total: tuple[int, ...]
    heads: tuple[int, ...]
    value: tuple[int, ...]
    unit: int
    by_cost: bool


@dataclass(frozen=True, slots=True, eq=False)
class Election:
    """Projects, a budget and ballots.

    >>> e = Election.of({"park": 60, "bench": 40}, 100, [["park"], ["park", "bench"], ["bench"]])
    >>> e.voters, e.votes, str(e.cost(["park"]))
    (3, (2, 2), '60')
    """

    projects: tuple[Project, ...]
    budget: Fraction
    ballots: Ballots
    ballot_type: str = "approval"
    name: str = ""
    currency: str = ""
    threshold: Fraction | None = None
    _kept: dict[str, object] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        projects: Mapping[str, int | str | Fraction] | Iterable[Project],
        budget: int | str | Fraction,
        ballots: Iterable[Sequence[str] | Mapping[str, int | str | Fraction]],
        ballot_type: str | None = None,
    ) -> Election:
        """An election from plain Python values: each ballot a list of ids (in order, if ordinal) or id -> points.

        Money and points are whole numbers, Fractions or text such as "12.50", never floats: 0.1 has no exact form.
        An id that a ballot names twice counts once. Raises Unusable for what cannot be counted.
        """
        if isinstance(projects, Mapping):
            listed = tuple(Project(id_, exact(cost, f"The cost of {id_!r}")) for id_, cost in projects.items())
        else:
            listed = tuple(projects)
        money = exact(budget, "The budget")
        _sound(listed, money)
        place = {project.id: number for number, project in enumerate(listed)}
        rows: list[tuple[tuple[int, Fraction], ...]] = []
        for ballot in ballots:
            if isinstance(ballot, str):
                raise _wrong("ballot.text", f"The ballot {ballot!r} is text.", "ballots", "Give a list of ids.")
            pairs = list(ballot.items()) if isinstance(ballot, Mapping) else [(id_, None) for id_ in ballot]
            seen: dict[int, Fraction] = {}
            for order, (id_, points) in enumerate(pairs):
                if id_ not in place:
                    what = f"Ballot {len(rows) + 1} names {id_!r}, which is not a project."
                    raise _wrong("ballot.stranger", what, "ballots", "Use the ids of the projects.")
                value = (
                    Fraction(order) if points is None else exact(points, f"What ballot {len(rows) + 1} gives {id_!r}")
                )
                seen.setdefault(place[id_], value)
            rows.append(tuple(sorted(seen.items())))
            if ballot_type is None:
                ballot_type = "cumulative" if isinstance(ballot, Mapping) else "approval"
        kind = ballot_type or "approval"
        return cls(listed, money, group(rows, with_values=kind not in ("approval", "choose-1")), kind)

    @property
    def voters(self) -> int:
        """Everybody who cast a ballot, blank ones included."""
        return self._once("voters", lambda: int(self.ballots.people.sum()))

    @property
    def votes(self) -> tuple[int, ...]:
        """How many people named each project."""
        return self._once("votes", self._votes)

    @property
    def money_unit(self) -> int:
        """Every cost and the budget are whole multiples of 1/money_unit."""
        return lcm(self.budget.denominator, *(project.cost.denominator for project in self.projects))

    @property
    def costs(self) -> tuple[int, ...]:
        """Costs in whole units of 1/money_unit."""
        return self._once("costs", self._costs)

    @property
    def purse(self) -> int:
        """The budget in whole units of 1/money_unit."""
        return int(self.budget * self.money_unit)

    def cost(self, ids: Iterable[str]) -> Fraction:
        by_id = {project.id: project.cost for project in self.projects}
        return sum((by_id[id_] for id_ in ids), Fraction(0))

    def without(self, numbers: Iterable[int]) -> Election:
        """The same election in which these projects are withdrawn (they keep their place)."""
        gone = set(numbers)
        projects = tuple(
            replace(project, withdrawn=True) if number in gone else project
            for number, project in enumerate(self.projects)
        )
        return replace(self, projects=projects, _kept=dict(self._kept))

    def priced(self, number: int, cost: Fraction) -> Election:
        """The same election with another cost of one project."""
        projects = list(self.projects)
        projects[number] = replace(projects[number], cost=cost)
        return replace(self, projects=tuple(projects), _kept={})

    def support(self, utility: str) -> Support:
        """Who supports what, under a utility. Raises Unusable if the ballots cannot carry it."""
        return self._once(f"support/{utility}", lambda: _support(self, utility))

    def _once(self, key: str, make: Callable[[], T]) -> T:
        if key not in self._kept:
            self._kept[key] = make()
        return cast("T", self._kept[key])

    def _votes(self) -> tuple[int, ...]:
        ballots = self.ballots
        people = np.repeat(ballots.people, np.diff(ballots.starts))
        return tuple(np.bincount(ballots.projects, weights=people, minlength=len(self.projects)).astype(int).tolist())

    def _costs(self) -> tuple[int, ...]:
        unit = self.money_unit
        return tuple(int(project.cost * unit) for project in self.projects)


def exact(value: int | str | Fraction, what: str) -> Fraction:
    """An amount of money or points, exactly: not below zero, and small enough to add up (less than 10**15)."""
    fix = 'Give a whole number, a Fraction or text such as "12.50".'
    if isinstance(value, bool) or not isinstance(value, (int, str, Fraction)):
        raise _wrong("amount.kind", f"{what} is {value!r}, not an exact number.", "", fix)
    try:
        if isinstance(value, str) and (len(value) > 60 or "e" in value.lower()):
            raise ValueError(value)
        found = Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise _wrong("amount.text", f"{what} is {str(value)[:40]!r}, not a number.", "", fix) from None
    if not 0 <= found < LARGEST:
        raise _wrong("amount.range", f"{what} is {str(value)[:40]}, below 0 or past counting.", "", fix)
    return found


def _too_many_points() -> Unusable:
    what = "The points are too large, or have too many decimals, to be added up exactly."
    return _wrong("points.large", what, "points", "Give whole points; all together less than 9,000,000,000,000,000.")


def _sound(projects: Sequence[Project], budget: Fraction) -> None:
    if not projects:
        raise _wrong("projects.none", "There is no project to count.", "projects", "Give at least one.")
    ids = [project.id for project in projects]
    if len(set(ids)) != len(ids):
        twice = next(id_ for id_ in ids if ids.count(id_) > 1)
        raise _wrong("project.twice", f"The project {twice!r} is listed twice.", "projects", "Give each its own id.")
    if budget <= 0:
        raise _wrong("budget.none", "The budget is nothing.", "budget", "Give an amount above 0.")


def _wrong(code: str, message: str, field: str, fix: str) -> Unusable:
    return Unusable(Finding(f"count.{code}", message, field=field, fix=fix))


def group(rows: Iterable[tuple[tuple[int, Fraction], ...]], *, with_values: bool) -> Ballots:
    """Put equal ballots together; each row is (project number, value) in ascending order of the number."""
    counted: dict[tuple[tuple[int, Fraction], ...], int] = {}
    for row in rows:
        key = row if with_values else tuple((number, Fraction(0)) for number, _ in row)
        counted[key] = counted.get(key, 0) + 1
    unit = lcm(1, *(value.denominator for row in counted for _, value in row))
    starts = np.cumsum([0, *map(len, counted)], dtype=np.int64)
    projects = np.array([number for row in counted for number, _ in row], dtype=np.int32)
    units = [int(value * unit) for row in counted for _, value in row]
    if max(units, default=0) >= WHOLE:
        raise _too_many_points()
    values = np.array(units, dtype=np.int64)
    people = np.array(list(counted.values()), dtype=np.int64)
    return Ballots(starts, projects, people, values if with_values else None, unit)


def _support(election: Election, utility: str) -> Support:
    ballots, kind = election.ballots, election.ballot_type
    lengths = np.diff(ballots.starts)
    much: Ints | None = None
    unit = 1
    if utility == "points":
        if kind not in ("cumulative", "scoring") or ballots.values is None:
            raise Unusable(_mismatch(utility, kind, "cost"))
        much, unit = ballots.values, ballots.unit
    elif utility == "borda":
        if kind != "ordinal" or ballots.values is None:
            raise Unusable(_mismatch(utility, kind, "cost"))
        much = np.repeat(lengths, lengths) - 1 - ballots.values
    elif utility == "ranks":
        if kind != "ordinal" or ballots.values is None:
            raise Unusable(_mismatch(utility, kind, "cost"))
        much = int(lengths.max(initial=0)) - ballots.values
    elif utility not in ("cost", "cardinality"):
        raise Unusable(
            Finding(
                "count.utility.unknown",
                f"There is no utility called {utility!r}.",
                field="utility",
                fix=f"Use one of {', '.join(UTILITIES)}.",
            )
        )
    row = np.repeat(np.arange(len(ballots), dtype=np.int64), lengths)
    project: NDArray[np.int32] = ballots.projects
    if much is None and kind in ("cumulative", "scoring") and ballots.values is not None:
        keep = ballots.values > 0  # nought points is no vote
        row, project = row[keep], project[keep]
    if much is not None and int(much.max(initial=0)) * int(ballots.people.sum()) >= WHOLE:
        raise _too_many_points()
    if much is not None:
        keep = much > 0
        row, project, much = row[keep], project[keep], much[keep]
    small = project.astype(np.uint16) if len(election.projects) < 65536 else project
    order = np.argsort(small, kind="stable")
    row = row[order]
    many = ballots.people[row].astype(np.float64)
    cuts = np.cumsum(np.bincount(project, minlength=len(election.projects)))[:-1]
    who_parts = np.split(row, cuts)
    many_parts = np.split(many, cuts)
    much_parts = None if much is None else np.split(much[order].astype(np.float64), cuts)
    heads = tuple(int(part.sum()) for part in many_parts)
    total = heads if much_parts is None else tuple(int(m @ u) for m, u in zip(many_parts, much_parts))
    value = election.costs if utility == "cost" else (1,) * len(election.projects)
    return Support(
        tuple(who_parts),
        tuple(many_parts),
        (None,) * len(who_parts) if much_parts is None else tuple(much_parts),
        total,
        heads,
        value,
        unit,
        utility == "cost",
    )


def _mismatch(utility: str, kind: str, use: str) -> Finding:
    return Finding(
        "count.utility.ballots",
        f"Utility {utility!r} cannot be read from {kind} ballots.",
        field="utility",
        fix=f"Use --utility {use}, or a file whose ballots carry it.",
    )
