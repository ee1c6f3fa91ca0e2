"""The nouns of match funding: a pledge, a project, and what each project is due. All money is whole pence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from becontree.methods.findings import Finding, Unusable


@dataclass(frozen=True, slots=True)
class Pledge:
    """One gift of `pence` by `giver` to `project`. `giver` is an opaque id: one person, one id."""

    giver: str
    project: str
    pence: int


@dataclass(frozen=True, slots=True)
class Project:
    """A project that may be matched. `target` is what it needs in all; `cap` is its own cash cap if it has one."""

    id: str
    target: int | None = None
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """What one project is due, in pence, and how it came to be.

    `crowd`: all its pledges. `backers`: distinct givers. `wanted`: what the formula gave before caps and the size of
    the pot. `paid`: what it is due. `limits`: codes of the limits that lowered it.
    """

    project: str
    crowd: int
    backers: int
    wanted: int
    paid: int
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shared:
    """A pot shared out. `paid` + `left` = `pot`, always."""

    method: str
    pot: int
    paid: int
    left: int
    matches: tuple[Match, ...]
    steps: tuple[dict[str, object], ...] = ()
    ties: tuple[dict[str, object], ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    def of(self, project: str) -> int:
        """What `project` is due, in pence; 0 if it is not in the list."""
        return next((match.paid for match in self.matches if match.project == project), 0)


def checked(pledges: Iterable[Pledge], projects: Sequence[Project], pot: int) -> list[Pledge]:
    """The pledges as a list, or `Unusable` with every reason why they cannot be matched."""
    known = {project.id for project in projects}
    listed, found = list(pledges), []
    if type(pot) is not int:
        found.append(Finding("match.pence.kind", f"The pot is {pot!r}.", field="pot", fix="Give whole pence."))
    elif pot < 0:
        found.append(Finding("match.pot.negative", "The pot is below zero.", field="pot", fix="Give whole pence."))
    if len(known) != len(projects):
        found.append(Finding("match.project.twice", "A project is listed twice.", field="project"))
    for number, pledge in enumerate(listed, 1):
        if type(pledge.pence) is not int:
            what = f"Pledge {number} is {pledge.pence!r}, not whole pence."
            found.append(Finding("match.pence.kind", what, field="pence", fix="Give 550 for five pounds fifty."))
        elif pledge.pence <= 0:
            found.append(
                Finding(
                    "match.pledge.amount", f"Pledge {number} is {pledge.pence} pence.", field="pence",
                    fix="A pledge is more than zero; leave refunds and withdrawn pledges out.",
                )
            )  # fmt: skip
        if pledge.project not in known:
            found.append(
                Finding(
                    "match.pledge.project",
                    f"Pledge {number} is for {pledge.project!r}, a project that the fund does not list.",
                    field="project", fix="Add the project to the fund, or correct its id.",
                )
            )  # fmt: skip
    if found:
        raise Unusable(found)
    return listed


def by_project(pledges: Iterable[Pledge], projects: Sequence[Project]) -> dict[str, dict[str, int]]:
    """{project: {giver: pence}}, projects and givers in order of their ids: one giver's gifts are summed first."""
    sums: dict[str, dict[str, int]] = {project: {} for project in sorted(p.id for p in projects)}
    for pledge in pledges:
        givers = sums[pledge.project]
        givers[pledge.giver] = givers.get(pledge.giver, 0) + pledge.pence
    return {project: dict(sorted(givers.items())) for project, givers in sums.items()}
