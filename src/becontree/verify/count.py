"""Recompute a participatory-budgeting count: the obvious way, one person's balance at a time, in exact fractions.

Nothing here is shared with the code that made the record. A record of the family "count" holds
- inputs: {"projects": [{"id", "cost", "withdrawn"}], "budget", "ballot_type", "ballots": [[people, [ids], [values]]],
  "threshold"}; money and values are text or whole numbers; for ordinal ballots a value is the place (0 is first);
- parameters: every option of the rule (see the page "Participatory budgeting" of the documentation);
- result: {"funded", "cost", "steps", "ties", "endowment", "comparison"}.

Add1 repeats the count once for each increment. Here each is counted, up to `PATIENCE` people times increments times
projects; beyond that the last run and the one after it are recomputed, and `left_out` says that those between were not.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from . import files
from .bos import bos
from .election import Election, Step, Tie, amount
from .equal_shares import add1, equal_shares
from .greedy import greedy
from .phragmen import phragmen

PATIENCE = 30_000_000

# Every option that a count has, and what it may be: a record that leaves one out, or says another, cannot be repeated.
OPTIONS: dict[str, tuple[Any, ...]] = {
    "rule": ("equal-shares", "bos", "phragmen", "greedy", "greedy-no-skip", "greedy-threshold", "poznan"),
    "utility": ("cost", "cardinality", "points", "borda", "ranks"),
    "completion": ("none", "greedy", "add1", "add1+greedy", "percent", "percent+greedy"),
    "start": ("fraction", "integral"),
    "exhaustive": (True, False),
    "exhaustive_over": ("supported", "all"),
    "comparison": ("none", "satisfaction", "exclusion"),
    "order": ("per-cost", "score"),
    "threshold": (True, False),
    "zero_cost": ("fund", "compete"),
    "blank": ("count", "ignore"),
    "phragmen_stop": ("first", "skip"),
}
CRITERIA = ("id", "min-cost", "max-cost", "max-votes", "file-order", "lot")


def understood(rule: dict[str, Any]) -> None:
    """Raise ValueError for an option that is missing, unknown or has a value that it cannot have."""
    for option, allowed in OPTIONS.items():
        if not any(rule[option] is one or (rule[option] == one and isinstance(one, str)) for one in allowed):
            raise ValueError(f"the option {option} as {str(rule[option])[:40]!r}")
    if not isinstance(rule["ties"], list) or not all(one in CRITERIA for one in rule["ties"]):
        raise ValueError("a criterion for ties that is not known")
    if not isinstance(rule["seed"], str):
        raise ValueError("a seed that is not text")
    if amount(rule["increment"]) <= 0:
        raise ValueError("an increment of nothing")
    for option in ("minimum_votes", "minimum_share"):
        if option in rule:
            amount(rule[option])
    strange = set(rule) - {*OPTIONS, "ties", "seed", "increment", "minimum_votes", "minimum_share"}
    if strange:
        raise ValueError(f"the option {min(strange)[:40]!r}")


def recount(inputs: dict[str, Any], rule: dict[str, Any], claimed: int) -> dict[str, Any]:
    """The result, found again. `claimed` is how many increments of Add1 the record says there were."""
    understood(rule)
    election = Election(inputs, rule)
    free, ids = competing(election)
    result: dict[str, Any] = {}
    steps, met = apply(election, ids, claimed, result)
    steps = free + unpriced(election, ids) + steps
    if str(rule["completion"]).endswith("greedy") and rule["rule"] != "greedy":
        done = {step["project"] for step in steps}
        rest = [id_ for id_ in ids if id_ not in done]
        more, ties = greedy(election, rest, election.budget - election.spent(steps), "completion")
        steps += more
        met += ties
    if rule["comparison"] != "none":
        steps, met = compare(election, steps, met, ids, result)
    return result | {
        "funded": [step["project"] for step in steps],
        "cost": str(election.spent(steps)),
        "steps": steps,
        "ties": met,
    }


def competing(election: Election) -> tuple[list[Step], list[str]]:
    """Who may compete: the steps of projects that are free, and the ids of the others that meet every minimum."""
    rule, votes = election.rule, election.votes
    least = Fraction(rule["minimum_votes"]) if rule.get("minimum_votes") else None
    score: dict[str, int | Fraction] = dict(votes)
    if rule["utility"] in ("points", "borda", "ranks"):
        score = {id_: election.total(id_, election.utility) for id_ in election.cost}
    asked = election.threshold if rule.get("threshold") and election.threshold is not None else 0
    share = Fraction(rule["minimum_share"]) if rule.get("minimum_share") else None
    free, ids = [], []
    for id_, cost in election.cost.items():
        if id_ in election.withdrawn or score[id_] < asked or (least is not None and votes[id_] < least):
            continue
        if share is not None and Fraction(votes[id_], election.voters) < share * cost / election.budget:
            continue
        if cost == 0 and rule["zero_cost"] == "fund":
            free.append({"project": id_, "cost": "0", "phase": "free"})
        else:
            ids.append(id_)
    return free, ids


def unpriced(election: Election, ids: list[str]) -> list[Step]:
    """Projects without a cost that are let compete: Equal Shares buys those at once that somebody values."""
    if election.rule["rule"] not in ("equal-shares", "bos"):
        return []
    nothing = [id_ for id_ in ids if election.cost[id_] == 0 and election.worth[id_] and election.backers[id_]]
    ranked = election.ranked(nothing, dict.fromkeys(nothing, Fraction(0)))
    return [{"project": id_, "cost": "0", "phase": "free"} for id_ in ranked]


def apply(election: Election, ids: list[str], claimed: int, result: dict[str, Any]) -> tuple[list[Step], list[Tie]]:
    """The rule itself. Equal Shares and BOS write their share per person into `result`."""
    kind = str(election.rule["rule"])
    if kind == "phragmen":
        return phragmen(election, ids, election.budget)
    if kind not in ("equal-shares", "bos"):
        return greedy(election, ids, election.budget, "greedy", kind=kind)
    paid = [id_ for id_ in ids if election.cost[id_] > 0]
    share, raised, reason = election.budget / election.voters, 0, ""
    if kind == "bos":
        steps, met = bos(election, paid)
    else:
        steps, met, share, raised, reason = completed(election, paid, claimed)
    result["endowment"] = {"final": str(share), "increments": raised, "stopped": reason}
    return steps, met


def completed(election: Election, paid: list[str], claimed: int) -> tuple[list[Step], list[Tie], Fraction, int, str]:
    """Equal Shares, raised as the rule's completion says: as `equal_shares.add1` returns it."""
    rule = election.rule
    share = election.budget / election.voters
    if rule["start"] == "integral":
        share = Fraction(math.floor(share))
    if rule["completion"] in ("none", "greedy"):
        return *equal_shares(election, share, paid), share, 0, ""
    increment = Fraction(rule["increment"])
    if str(rule["completion"]).startswith("percent"):
        increment *= election.budget / election.voters / 100
    whole = claimed * len(election.people) * len(paid) <= PATIENCE
    return add1(election, share, increment, paid, 0 if whole else claimed)


def compare(
    election: Election, steps: list[Step], met: list[Tie], ids: list[str], result: dict[str, Any]
) -> tuple[list[Step], list[Tie]]:
    """The comparison step: the steps (and ties) that more voters prefer, these or those of plain greedy by votes."""
    named = election.utilities("cardinality")
    votes = {id_: election.total(id_, named) for id_ in ids}
    plain, ties = greedy(election, ids, election.budget, "greedy", scores=votes)
    sets = [{step["project"] for step in one} for one in (steps, plain)]
    prefer = [0, 0]
    for people, on_ballot in zip(election.people, election.named):
        ours, theirs = (len(one.intersection(on_ballot)) for one in sets)
        if election.rule["comparison"] == "exclusion":
            ours, theirs = min(ours, 1), min(theirs, 1)
        if ours != theirs:
            prefer[ours < theirs] += people
    kept = prefer[0] >= prefer[1]
    result["comparison"] = {
        "measure": election.rule["comparison"],
        "prefer_this": prefer[0],
        "prefer_greedy": prefer[1],
        "indifferent": sum(election.people) - sum(prefer),
        "kept": kept,
    }
    return (steps, met) if kept else ([step for step in steps if step["phase"] == "free"] + plain, ties)


def left_out(record: dict[str, Any]) -> str:
    """What `check` does not repeat for this record, in words; empty if it repeats everything."""
    inputs, result = record["inputs"], record["result"]
    raised = int(result.get("endowment", {}).get("increments", 0))
    if raised * len(inputs["ballots"]) * len(inputs["projects"]) > PATIENCE:
        return f"the {raised} increments before the last were not counted again, only the last and the one after it"
    return ""


def check(record: dict[str, Any]) -> list[str]:
    """One sentence for each thing in the record that does not agree with the count done again."""
    try:
        claimed = record["result"]
        raised = claimed.get("endowment", {}).get("increments", 0)
        if type(raised) is not int or raised < 0:
            return ["The number of increments is not a whole number."]
        again = recount(record["inputs"], record["parameters"], raised)
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError, AttributeError) as problem:
        return [files.unreadable(problem)]
    rule = record["parameters"]
    problems: list[str] = []
    method = f"{rule['rule']}/{rule['utility']}/{rule['completion']}@1"
    if rule["rule"] == "phragmen":
        method = "phragmen@1"
    elif rule["rule"] not in ("equal-shares", "bos"):
        method = f"{rule['rule']}/{rule['utility']}@1"
    if record.get("method") != method:
        problems.append(f"The method is called {record.get('method')!r}; the parameters say {method!r}.")
    lot = {"lot": rule["seed"]} if "lot" in rule["ties"] and rule["seed"] else None
    if record.get("randomness") != lot:
        problems.append(f"The randomness is {record.get('randomness')!r}; the parameters say {lot!r}.")
    problems += [
        f"{name} is {claimed.get(name)!r} in the record and {again.get(name)!r} when counted again."
        for name in sorted({"funded", "cost", "endowment", "comparison", *claimed, *again} - {"steps", "ties"})
        if claimed.get(name) != again.get(name)
    ]
    for what, one in (("steps", "Step"), ("ties", "Tie")):
        said, found = claimed.get(what), again[what]
        if not isinstance(said, list):
            problems.append(f"The record has no list of {what}.")
            continue
        if len(said) != len(found):
            problems.append(f"The record has {len(said)} {what}; counted again there are {len(found)}.")
        problems += [
            f"{one} {number} is {theirs!r} in the record and {ours!r} when counted again."
            for number, (theirs, ours) in enumerate(zip(said, found), 1)
            if theirs != ours
        ]
    return problems
