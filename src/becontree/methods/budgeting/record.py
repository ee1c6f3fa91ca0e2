"""The decision record of a count: everything that is needed to count again, and the result."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from becontree.methods.budgeting.election import Ballots, Election, Project
from becontree.methods.budgeting.outcome import Outcome, plain
from becontree.methods.findings import Finding, Unusable


def record_of(election: Election, outcome: Outcome, *, source: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A record of the family "count" (see becontree/verify/count.py). `source` may name the file and its SHA-256."""
    rule = outcome.rule
    made = outcome.as_dict()
    result: dict[str, Any] = {name: made[name] for name in ("funded", "steps", "ties")}
    result["cost"] = str(outcome.cost)
    for name in ("endowment", "comparison"):
        if name in made:
            result[name] = made[name]
    return {
        "format": "becontree-decision/1",
        "family": "count",
        "method": outcome.method,
        "parameters": rule.as_dict(),
        "inputs": inputs_of(election) | ({"source": dict(source)} if source else {}),
        "randomness": {"lot": rule.seed} if "lot" in rule.ties and rule.seed else None,
        "result": result,
    }


def inputs_of(election: Election) -> dict[str, Any]:
    ballots = election.ballots
    starts, projects = ballots.starts.tolist(), ballots.projects.tolist()
    values = None if ballots.values is None else ballots.values.tolist()
    ids = [project.id for project in election.projects]
    rows: list[list[Any]] = []
    for number, people in enumerate(ballots.people.tolist()):
        span = slice(starts[number], starts[number + 1])
        row: list[Any] = [people, [ids[place] for place in projects[span]]]
        if values is not None:
            row.append([plain(Fraction(value, ballots.unit)) for value in values[span]])
        rows.append(row)
    made: dict[str, Any] = {
        "projects": [
            {"id": p.id, "cost": str(p.cost), "name": p.name} | ({"withdrawn": True} if p.withdrawn else {})
            for p in election.projects
        ],
        "budget": str(election.budget),
        "ballot_type": election.ballot_type,
        "ballots": rows,
    }
    if election.threshold is not None:
        made["threshold"] = str(election.threshold)
    return made


def election_of(inputs: Mapping[str, Any]) -> Election:
    """The election of a record's inputs. Raises Unusable if they cannot be read."""
    try:
        from becontree.methods.budgeting.election import group

        projects = tuple(
            Project(str(p["id"]), Fraction(p["cost"]), str(p.get("name", "")), bool(p.get("withdrawn")))
            for p in inputs["projects"]
        )
        place = {project.id: number for number, project in enumerate(projects)}
        kind = str(inputs["ballot_type"])
        scored = kind not in ("approval", "choose-1")
        rows: list[tuple[tuple[int, Fraction], ...]] = []
        for ballot in inputs["ballots"]:
            values = [Fraction(v) for v in ballot[2]] if scored else [Fraction(0)] * len(ballot[1])
            row = tuple(sorted((place[id_], value) for id_, value in zip(ballot[1], values)))
            rows.extend([row] * int(ballot[0]))
        ballots: Ballots = group(rows, with_values=scored)
        threshold = Fraction(inputs["threshold"]) if inputs.get("threshold") else None
        return Election(projects, Fraction(inputs["budget"]), ballots, kind, threshold=threshold)
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError) as problem:
        raise Unusable(
            Finding("count.record.unreadable", f"The inputs of the record cannot be read ({problem}).")
        ) from None
