"""The whole opinion map of a conversation, from votes to groups, common ground and divides.

`draw_map` is the one door: votes in, an `OpinionMap` out. The same votes in any order give the same map, byte
for byte. A warm start (`start=` of an earlier map's axes) saves rounds and changes nothing.

Source: Small et al. 2021 for the order of steps; each step names its own in its module. Why one door: a page, a
command and a benchmark must show the same. Cost: the sum of the steps; figures in docs/benchmarks/opinion.md.
Rejected: letting each caller put the steps together (two pictures of one conversation would then differ).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from becontree.methods.findings import Finding, Unusable
from becontree.methods.opinion import statistics as stats
from becontree.methods.opinion.groups import LETTERS, Grouping, group
from becontree.methods.opinion.plane import (
    Axes,
    Floats,
    Placement,
    Progress,
    Tallies,
    axes_of,
    place,
    residuals,
    tally,
)
from becontree.methods.opinion.turning import Before, lettered, turn, turned
from becontree.methods.opinion.votes import Votes, id_order

VERSION: Final = "2"  # 2: what is common ground does not divide
LEAST_TO_PLACE: Final = (
    7  # votes a person must have cast to be put in a group (Polis); fewer if there are fewer statements
)


@dataclass(frozen=True, slots=True, eq=False)
class OpinionMap:
    """The map. `label` and `position` follow `votes.participants`; -1 is "in no group yet"."""

    method: str
    votes: Votes
    tallies: Tallies
    axes: Axes
    position: Floats
    label: NDArray[np.int64]
    names: tuple[str, ...]
    grouping: Grouping
    counts: stats.Counts
    representative: tuple[tuple[stats.Representative, ...], ...]
    common_ground: tuple[stats.Shared, ...]
    divisive: tuple[stats.Divide, ...]
    majority: tuple[stats.Majority, ...]
    findings: tuple[Finding, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(np.bincount(self.label[self.label >= 0], minlength=len(self.names)).tolist())

    def as_dict(self) -> dict[str, Any]:
        """The map as plain values, ready for JSON; the shape is promised by the `becontree map` command."""
        statement, people = self.votes.statements, self.votes.participants

        def by_group(at: int) -> dict[str, dict[str, int]]:
            return {
                name: {
                    "agree": int(self.counts.agree[g, at]),
                    "disagree": int(self.counts.disagree[g, at]),
                    "seen": int(self.counts.seen[g, at]),
                }
                for g, name in enumerate(self.names)
            }

        def named(entry: Any) -> dict[str, Any]:
            plain = {
                key: round(value, 9) if isinstance(value, float) else value for key, value in asdict(entry).items()
            }
            plain["statement"] = statement[entry.statement]
            return plain

        agree, disagree = self.counts.consensus("agree"), self.counts.consensus("disagree")
        known = np.flatnonzero(self.tallies.seen > 0).tolist()
        return {
            "method": self.method,
            "participants": len(people),
            "statements": len(statement),
            "votes": len(self.votes),
            "variance_explained": [round(share, 9) for share in self.axes.shares],
            "groups": [
                {"id": name, "size": size, "representative": [named(entry) for entry in chosen]}
                for name, size, chosen in zip(self.names, self.sizes, self.representative, strict=True)
            ],
            "choice_of_k": [asdict(tried) for tried in self.grouping.tried],
            "assignment": {people[p]: self.names[self.label[p]] for p in np.flatnonzero(self.label >= 0).tolist()},
            "position": dict(zip(people, self.position.tolist(), strict=True)),
            "common_ground": [
                {**named(entry), "consensus": entry.consensus, "groups": by_group(entry.statement)}
                for entry in self.common_ground
            ],
            "divisive": [
                {
                    **named(entry),
                    "high": self.names[entry.high],
                    "low": self.names[entry.low],
                    "groups": by_group(entry.statement),
                }
                for entry in self.divisive
            ],
            "majority": [named(entry) for entry in self.majority],
            "statement_results": {
                statement[at]: {
                    "agree": int(self.tallies.agree[at]),
                    "disagree": int(self.tallies.disagree[at]),
                    "seen": int(self.tallies.seen[at]),
                    "taken_out": bool(self.votes.out[at]),
                    "group_informed_consensus": {"agree": float(agree[at]), "disagree": float(disagree[at])},
                    "loadings": np.round(self.axes.loadings[at], 9).tolist(),
                    "groups": by_group(at),
                }
                for at in known
            },
            "findings": [finding.as_dict() for finding in self.findings],
        }


def draw_map(
    votes: Votes,
    *,
    k: int | None = None,
    groups: Mapping[str, str] | None = None,
    placement: Placement = "polis",
    least_votes: int = LEAST_TO_PLACE,
    start: Floats | None = None,
    like: Before | None = None,
    progress: Progress = None,
) -> OpinionMap:
    """The opinion map of `votes`.

    `k` forces a number of groups (1 to 5); `groups` gives them (participant -> name) and only the statistics
    are worked out; `start` is `axes.start` of an earlier map; `like` is an earlier map to which this one is turned,
    so that people and letters stay where they were (`turning`). Raises Unusable if `groups` names nobody who voted.
    """
    if k is not None and not 1 <= k <= len(LETTERS):
        raise ValueError(f"k must be between 1 and {len(LETTERS)}.")
    tallies = tally(votes)
    matrix = residuals(votes, tallies.mean)
    axes = axes_of(matrix, progress, start)
    if progress:
        progress(1, 2, "placing people and finding groups")
    position = place(matrix, votes, tallies, axes, placement)
    del matrix
    found = finish(
        votes=votes,
        tallies=tallies,
        axes=axes,
        position=position,
        k=k,
        groups=groups,
        least_votes=least_votes,
        placement=placement,
        like=like,
    )
    if progress:
        progress(2, 2, "counting by group")
    return found


def finish(
    *,
    votes: Votes,
    tallies: Tallies,
    axes: Axes,
    position: Floats,
    k: int | None,
    placement: Placement,
    groups: Mapping[str, str] | None = None,
    least_votes: int = LEAST_TO_PLACE,
    like: Before | None = None,
) -> OpinionMap:
    """Groups among people whose places are known, turned to an earlier map where one is given, and the statistics."""
    label, names, grouping = _label(votes, tallies, position, k=k, groups=groups, least_votes=least_votes)
    if like is not None and groups is None:
        by = turn(axes.loadings, votes.statements, like)
        axes, position = turned(axes, position, by)
        placed = label >= 0
        grouping, names = lettered(grouping, position[placed], by, like)
        label = label.copy()
        label[placed] = grouping.label
    return assemble(
        votes=votes,
        tallies=tallies,
        axes=axes,
        position=position,
        label=label,
        names=names,
        grouping=grouping,
        placement=placement,
    )


def assemble(
    *,
    votes: Votes,
    tallies: Tallies,
    axes: Axes,
    position: Floats,
    label: NDArray[np.int64],
    names: tuple[str, ...],
    grouping: Grouping,
    placement: Placement,
) -> OpinionMap:
    """The statistics of a grouping, and what must be said about the map."""
    counts = stats.count(votes, label, len(names))
    return OpinionMap(
        method=f"opinion-map/{placement}@{VERSION}",
        votes=votes,
        tallies=tallies,
        axes=axes,
        position=position,
        label=label,
        names=names,
        grouping=grouping,
        counts=counts,
        representative=stats.representative(counts, votes.out),
        common_ground=stats.common_ground(counts, votes.out),
        divisive=stats.divisive(counts, votes.out),
        majority=stats.majority(tallies, votes.out),
        findings=_findings(votes, axes, label, names, grouping),
    )


def placeable(votes: Votes, tallies: Tallies, least_votes: int = LEAST_TO_PLACE) -> NDArray[np.bool_]:
    """Who has cast enough votes to be in a group."""
    return np.asarray(votes.per_person >= min(least_votes, int((tallies.seen > 0).sum())))


def _label(
    votes: Votes,
    tallies: Tallies,
    position: Floats,
    *,
    k: int | None,
    groups: Mapping[str, str] | None,
    least_votes: int,
) -> tuple[NDArray[np.int64], tuple[str, ...], Grouping]:
    label = np.full(len(votes.participants), -1, dtype=np.int64)
    if groups is None:
        placed = placeable(votes, tallies, least_votes)
        grouping = group(position[placed], k=k)
        label[placed] = grouping.label
        return label, tuple(LETTERS[: grouping.k]), grouping
    names = tuple(sorted({groups[person] for person in votes.participants if person in groups}, key=id_order))
    if not names:
        raise Unusable(
            Finding(
                "opinion.groups.nobody",
                "None of the people in the given groups has voted.",
                field="participant",
                fix="Use the same participant ids as in the votes.",
            )
        )
    at = {name: index for index, name in enumerate(names)}
    for index, person in enumerate(votes.participants):
        if person in groups:
            label[index] = at[groups[person]]
    centres = np.array([position[label == index].mean(axis=0) for index in range(len(names))])
    return label, names, Grouping(label[label >= 0], centres, ())


def _findings(
    votes: Votes, axes: Axes, label: NDArray[np.int64], names: tuple[str, ...], grouping: Grouping
) -> tuple[Finding, ...]:
    found = []
    if votes.contested:
        found.append(
            Finding(
                "opinion.votes.same-moment",
                f"{votes.contested} times a person's last moment on a statement holds different votes; "
                "they count as passes.",
                level="note",
            )
        )
    if axes.shares[0] == 0:
        found.append(
            Finding(
                "opinion.map.flat",
                "Everybody who voted on a statement voted alike: there is nothing to map.",
                level="warning",
                fix="Ask for statements on which people may differ.",
            )
        )
    alone = int((label < 0).sum())
    if alone:
        found.append(
            Finding(
                "opinion.people.few-votes",
                f"{alone} of {len(label)} people are in no group: they cast too few votes.",
                level="note",
            )
        )
    if len(names) == 1 and len(grouping.tried):
        found.append(
            Finding(
                "opinion.groups.one",
                "There is one common field of opinion and no clear groups.",
                level="note",
            )
        )
    return tuple(found)
