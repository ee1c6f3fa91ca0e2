"""Who may compete: before anything is counted, some projects are out and some need no money.

Out are withdrawn projects and those below a minimum that the rule asks: a number of votes, the file's own threshold,
or a share of the votes for the share of the budget. Swiecie 2023 had the last: votes / voters had to be at least a
third of cost / budget, and one project was removed by it. Projects that cost nothing are funded at once, outside the
competition, unless the rule lets them compete.

Source: the towns' printed rules, as Pabulib keeps them in META; the share is the condition in Swiecie's published
counting program. Why before the count: a project that cannot win must not take part in ties or thresholds. Cost: one
pass over the projects. Rejected: leaving it to whoever prepares the file (the reason for a missing project would be
lost).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from becontree.methods.budgeting.election import Election, Support
from becontree.methods.budgeting.rules import Rule
from becontree.methods.findings import Finding


@dataclass(frozen=True, slots=True)
class Eligible:
    """Numbers of projects, in the order of the file. `findings` says why others are in neither list."""

    competing: list[int]
    free: list[int]
    findings: list[Finding]


def eligible(election: Election, rule: Rule, support: Support, voters: int) -> Eligible:
    """Sort the projects into those that compete, those that are free, and those that are out."""
    found = Eligible([], [], [])
    if rule.threshold and election.threshold is None:
        found.findings.append(
            Finding(
                "count.threshold.none",
                "The file names no minimum support.",
                "note",
                field="min_project_score_threshold",
            )
        )
    for number, project in enumerate(election.projects):
        if project.withdrawn:
            continue
        if below := _below(election, rule, support, voters, number):
            code, why = below
            message = f"Project {project.id!r} {why}."
            found.findings.append(Finding(f"count.{code}.below", message, "note", field=project.id))
        elif election.costs[number] == 0 and rule.zero_cost == "fund":
            found.free.append(number)
        else:
            found.competing.append(number)
    return found


def _below(election: Election, rule: Rule, support: Support, voters: int, number: int) -> tuple[str, str] | None:
    """The minimum that this project misses: its code, and the words for it. None if it misses none."""
    votes = election.votes[number]
    # The file's own minimum is one of what is counted, points or votes.
    by_points = rule.utility in ("points", "borda", "ranks")
    scored = Fraction(support.total[number], support.unit) if by_points else Fraction(votes)
    asked = election.threshold if rule.threshold and election.threshold is not None else Fraction(0)
    if scored < asked:
        what = "points" if by_points else "votes"
        return "minimum", f"has {scored} {what}; at least {asked} are needed"
    if rule.minimum_votes is not None and votes < rule.minimum_votes:
        return "minimum", f"has {votes} votes; at least {rule.minimum_votes} are needed"
    # votes / voters < share * cost / budget, without dividing
    share = rule.minimum_share
    if share is not None and votes * election.purse < share * election.costs[number] * voters:
        return "share", f"has {votes} of {voters} votes, too small a share for its cost"
    return None
