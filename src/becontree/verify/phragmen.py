"""Sequential Phragmen: everybody earns at one speed; a project is bought once its supporters hold its cost."""

from __future__ import annotations

from fractions import Fraction

from .election import Election, Step, Tie


def phragmen(election: Election, ids: list[str], left: Fraction) -> tuple[list[Step], list[Tie]]:
    """What is bought, in order, and the ties met. Projects that nobody supports come last."""
    people, cost = election.people, election.cost
    stops = election.rule["phragmen_stop"] == "first"
    named = election.utilities("cardinality")
    backers = {id_: [v for v, units in enumerate(named) if id_ in units] for id_ in ids}
    moment = [Fraction(0)] * len(people)  # when each last paid
    open_ = [id_ for id_ in ids if cost[id_] <= left and backers[id_]]
    alone = [id_ for id_ in ids if cost[id_] <= left and not backers[id_]]
    steps: list[Step] = []
    met: list[Tie] = []
    while open_:
        ready = {
            id_: (cost[id_] + sum((people[v] * moment[v] for v in backers[id_]), Fraction(0)))
            / sum(people[v] for v in backers[id_])
            for id_ in open_
        }
        soonest = min(ready.values())
        tied = [id_ for id_ in open_ if ready[id_] == soonest]
        dear = [id_ for id_ in tied if cost[id_] > left]
        if dear:
            if stops:
                return steps, met
            open_ = [id_ for id_ in open_ if id_ not in dear]
            continue
        chosen = election.first(tied, "phragmen", len(steps) + 1, met)
        steps.append({"project": chosen, "cost": str(cost[chosen]), "phase": "phragmen", "score": str(soonest)})
        left -= cost[chosen]
        open_.remove(chosen)
        for voter in backers[chosen]:
            moment[voter] = soonest
    while alone:
        if stops and any(cost[id_] > left for id_ in alone):
            break
        chosen = election.ranked(alone, dict.fromkeys(alone, Fraction(0)))[0]
        alone.remove(chosen)
        if cost[chosen] <= left:
            steps.append({"project": chosen, "cost": str(cost[chosen]), "phase": "phragmen"})
            left -= cost[chosen]
    return steps, met
