"""Greedy and its official relatives: most votes (or most utility for the cost) first, take what fits."""

from __future__ import annotations

from fractions import Fraction

from .election import Election, Step, Tie


def score(election: Election, id_: str) -> Fraction:
    """What the rule compares: the plain total, or the total utility for the cost."""
    total = election.total(id_, election.utility)
    if election.rule["order"] == "score":
        return total
    if election.cost[id_] == 0:
        return total if election.worth[id_] == 0 else total * 10**30
    return total * election.worth[id_] / election.cost[id_]


def greedy(
    election: Election,
    ids: list[str],
    left: Fraction,
    phase: str,
    *,
    kind: str = "greedy",
    scores: dict[str, Fraction] | None = None,
) -> tuple[list[Step], list[Tie]]:
    """Fund `ids` from the highest score down while `left` lasts; relatives of greedy stop at what does not fit.

    Returns what is funded, in order, and the ties that mattered: equals of which some were funded and some were not.
    """
    if scores is None:
        scores = {id_: score(election, id_) for id_ in ids}
    steps: list[Step] = []
    ranked = election.ranked(ids, scores)
    for id_ in ranked:
        cost = election.cost[id_]
        step = {"project": id_, "cost": str(cost), "phase": phase, "score": str(scores[id_])}
        if cost <= left:
            steps.append(step)
            left -= cost
        elif kind == "poznan":
            if left >= cost * Fraction(8, 10):
                steps.append(step | {"beyond": True})
            break
        elif kind == "greedy-no-skip":
            break
    funded = {step["project"] for step in steps}
    met: list[Tie] = []
    for number, id_ in enumerate(ranked, 1):
        equals = [other for other in ranked if scores[other] == scores[id_]]
        if equals[0] == id_ and 0 < len(funded.intersection(equals)) < len(equals):
            by = election.decided_by(equals)
            met.append({"phase": phase, "round": number, "projects": equals, "chosen": id_, "decided_by": by})
    return steps, met
