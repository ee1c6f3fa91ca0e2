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

import hashlib
import math
from fractions import Fraction
from typing import Any

PATIENCE = 30_000_000


class Count:
    """One election and one rule, as plain dictionaries."""

    def __init__(self, inputs: dict[str, Any], rule: dict[str, Any]) -> None:
        self.rule = rule
        self.kind = str(inputs["ballot_type"])
        self.budget = Fraction(inputs["budget"])
        self.cost = {str(p["id"]): Fraction(p["cost"]) for p in inputs["projects"]}
        self.withdrawn = {str(p["id"]) for p in inputs["projects"] if p.get("withdrawn")}
        self.place = {id_: number for number, id_ in enumerate(self.cost)}
        self.people = [int(ballot[0]) for ballot in inputs["ballots"]]
        self.named = [[str(id_) for id_ in ballot[1]] for ballot in inputs["ballots"]]
        self.values = [[Fraction(v) for v in ballot[2]] if len(ballot) > 2 else [] for ballot in inputs["ballots"]]
        self.threshold = Fraction(inputs["threshold"]) if inputs.get("threshold") else None
        self.votes = dict.fromkeys(self.cost, 0)
        for people, named in zip(self.people, self.named):
            for id_ in named:
                self.votes[id_] += people
        self.voters = sum(
            n for n, named in zip(self.people, self.named) if named or rule.get("blank", "count") == "count"
        )
        self.utility, self.worth = self.utilities(str(rule["utility"]))
        self.backers = {id_: [v for v, units in enumerate(self.utility) if id_ in units] for id_ in self.cost}
        self.ties: list[dict[str, Any]] = []

    def utilities(self, name: str) -> tuple[list[dict[str, Fraction]], dict[str, Fraction]]:
        """For each ballot id -> units of utility (above 0), and for each project what one unit is worth."""
        longest = max(map(len, self.named), default=0)
        found: list[dict[str, Fraction]] = []
        for named, values in zip(self.named, self.values):
            mine: dict[str, Fraction] = {}
            for number, id_ in enumerate(named):
                if name == "points":
                    units = values[number]
                elif name == "borda":
                    units = len(named) - 1 - values[number]
                elif name == "ranks":
                    units = longest - values[number]
                else:
                    units = Fraction(1)
                    if self.kind in ("cumulative", "scoring") and values[number] == 0:
                        units = Fraction(0)
                if units > 0:
                    mine[id_] = units
            found.append(mine)
        return found, (dict(self.cost) if name == "cost" else dict.fromkeys(self.cost, Fraction(1)))

    # -- ties ----------------------------------------------------------------------------------------------------

    def criteria(self, id_: str) -> list[tuple[str, Any]]:
        seed = self.rule.get("seed", "")
        keys: dict[str, Any] = {
            "id": id_,
            "min-cost": self.cost[id_],
            "max-cost": -self.cost[id_],
            "max-votes": -self.votes[id_],
            "file-order": self.place[id_],
            "lot": hashlib.sha256(b"becontree-lot/1\0" + seed.encode() + b"\0" + id_.encode()).hexdigest(),
        }
        return [(name, keys[name]) for name in self.rule["ties"] if name != "lot" or seed]

    def first(self, tied: list[str], phase: str, round_: int) -> str:
        order = sorted(tied, key=lambda id_: ([key for _, key in self.criteria(id_)], self.place[id_]))
        if len(order) > 1:
            left, by = sorted(tied, key=self.place.__getitem__), "file-order"
            for number, (name, _) in enumerate(self.criteria(tied[0])):
                best = min(self.criteria(id_)[number][1] for id_ in left)
                rest = [id_ for id_ in left if self.criteria(id_)[number][1] == best]
                if len(rest) < len(left):
                    by = name
                left = rest
                if len(left) == 1:
                    break
            else:
                by = "file-order"
            self.ties.append(
                {
                    "phase": phase,
                    "round": round_,
                    "projects": sorted(tied, key=self.place.__getitem__),
                    "chosen": order[0],
                    "decided_by": by,
                }
            )
        return order[0]

    # -- Equal Shares --------------------------------------------------------------------------------------------

    def level(self, id_: str, money: list[Fraction]) -> Fraction | None:
        """The payment for one unit of utility at which the supporters raise the cost; None if they cannot."""
        backers = [(money[v], self.utility[v][id_], self.people[v]) for v in self.backers[id_] if money[v] > 0]
        if not backers:
            return None
        # Over one denominator everything is a whole number: the same sums, much faster.
        bottom = math.lcm(self.cost[id_].denominator, *{held.denominator for held, _, _ in backers})
        held_by = [held.numerator * (bottom // held.denominator) for held, _, _ in backers]
        missing = self.cost[id_].numerator * (bottom // self.cost[id_].denominator)
        if sum(held * n for held, (_, _, n) in zip(held_by, backers)) < missing:
            return None
        if all(units == 1 for _, units, _ in backers):
            order = sorted(range(len(backers)), key=held_by.__getitem__)
        else:
            order = sorted(range(len(backers)), key=lambda place: held_by[place] / backers[place][1])
        units_left = sum((units * n for _, units, n in backers), Fraction(0))
        for place in order:
            _, units, n = backers[place]
            if held_by[place] * units_left >= missing * units:
                return missing / units_left / bottom
            missing -= held_by[place] * n
            units_left -= units * n
        return None

    def equal_shares(self, endowment: Fraction, competing: list[str]) -> list[dict[str, Any]]:
        self.ties = []
        money = [endowment] * len(self.people)
        open_ = {id_: Fraction(0) for id_ in competing if self.backers[id_]}
        steps: list[dict[str, Any]] = []
        while True:
            best: Fraction | None = None
            tied: list[str] = []
            # Payments never fall from round to round, so what was worse than the best already need not be redone.
            for id_ in sorted(open_, key=open_.__getitem__):
                if best is not None and open_[id_] > best:
                    break
                level = self.level(id_, money)
                if level is None:
                    del open_[id_]
                    continue
                rho = open_[id_] = level / self.worth[id_]
                if best is None or rho < best:
                    best, tied = rho, [id_]
                elif rho == best:
                    tied.append(id_)
            if best is None:
                return steps
            chosen = self.first(tied, "equal-shares", len(steps) + 1)
            steps.append(self.pay(chosen, best * self.worth[chosen], money, "equal-shares"))
            del open_[chosen]

    def pay(self, id_: str, level: Fraction, money: list[Fraction], phase: str) -> dict[str, Any]:
        full = short = 0
        for voter in self.backers[id_]:
            if money[voter] > 0:
                due = level * self.utility[voter][id_]
                if money[voter] >= due:
                    full += self.people[voter]
                    money[voter] -= due
                else:
                    short += self.people[voter]
                    money[voter] = Fraction(0)
        return {
            "project": id_,
            "cost": str(self.cost[id_]),
            "phase": phase,
            "payment": str(level),
            "full": full,
            "short": short,
        }

    def spent(self, steps: list[dict[str, Any]]) -> Fraction:
        return sum((self.cost[step["project"]] for step in steps), Fraction(0))

    def add1(
        self, start: Fraction, increment: Fraction, competing: list[str], claimed: int
    ) -> tuple[list[dict[str, Any]], Fraction, int, str]:
        supported = {id_ for id_ in competing if any(id_ in units for units in self.utility)}
        among = competing if self.rule["exhaustive_over"] == "all" else [id_ for id_ in competing if id_ in supported]
        whole = claimed * len(self.people) * len(competing) <= PATIENCE
        at = 0 if whole else claimed
        steps, ties = self.equal_shares(start + at * increment, competing), self.ties
        while True:
            if self.spent(steps) > self.budget:
                return steps, start + at * increment, at, "over the budget"
            funded = {step["project"] for step in steps}
            room = self.budget - self.spent(steps)
            if funded == supported:
                reason = "all supported projects are funded"
            elif self.rule["exhaustive"] and all(self.cost[id_] > room for id_ in among if id_ not in funded):
                reason = "no further project fits"
            else:
                following = self.equal_shares(start + (at + 1) * increment, competing)
                if self.spent(following) <= self.budget:
                    steps, ties, at = following, self.ties, at + 1
                    continue
                reason = "the next step costs more than the budget"
            self.ties = ties
            return steps, start + at * increment, at, reason

    # -- BOS -----------------------------------------------------------------------------------------------------

    def bos(self, competing: list[str]) -> list[dict[str, Any]]:
        self.ties = []
        grid = 10**12
        money = [self.budget / self.voters] * len(self.people)
        left = self.budget
        open_ = list(competing)
        steps: list[dict[str, Any]] = []
        while True:
            found: dict[str, tuple[Fraction, Fraction, Fraction]] = {}
            for id_ in open_:
                if self.cost[id_] > left:
                    continue
                backers = [v for v, units in enumerate(self.utility) if id_ in units and money[v] > 0]
                full = self.level(id_, money)
                levels = {money[v] / self.utility[v][id_] for v in backers}
                for level in [level for level in levels if full is None or level < full] + (
                    [full] if full is not None else []
                ):
                    brought = sum(
                        (self.people[v] * min(money[v], level * self.utility[v][id_]) for v in backers), Fraction(0)
                    )
                    alpha = min(Fraction(1), brought / self.cost[id_])
                    score = self.worth[id_] * alpha * alpha / level
                    if id_ not in found or (score, alpha) > (found[id_][0], found[id_][2]):
                        found[id_] = (score, level / alpha, alpha)
            if not found:
                return steps
            best = max(score for score, _, _ in found.values())
            chosen = self.first([id_ for id_ in found if found[id_][0] == best], "bos", len(steps) + 1)
            _, rho, alpha = found[chosen]
            if alpha < 1:
                rho = Fraction(math.ceil(rho * grid), grid)
            steps.append(self.pay(chosen, rho, money, "bos") | {"covered": str(alpha)})
            left -= self.cost[chosen]
            open_.remove(chosen)

    # -- totals --------------------------------------------------------------------------------------------------

    def score(self, id_: str) -> Fraction:
        total = sum((n * units.get(id_, Fraction(0)) for n, units in zip(self.people, self.utility)), Fraction(0))
        if self.rule["order"] == "score":
            return total
        if self.cost[id_] == 0:
            return total if self.worth[id_] == 0 else total * 10**30
        return total * self.worth[id_] / self.cost[id_]

    def ranked(self, ids: list[str], score: dict[str, Fraction]) -> list[str]:
        return sorted(ids, key=lambda id_: (-score[id_], [key for _, key in self.criteria(id_)], self.place[id_]))

    def greedy(
        self, ids: list[str], left: Fraction, phase: str, kind: str, score: dict[str, Fraction]
    ) -> list[dict[str, Any]]:
        steps: list[dict[str, Any]] = []
        ranked = self.ranked(ids, score)
        for id_ in ranked:
            step = {"project": id_, "cost": str(self.cost[id_]), "phase": phase, "score": str(score[id_])}
            if self.cost[id_] <= left:
                steps.append(step)
                left -= self.cost[id_]
            elif kind == "poznan":
                if left >= self.cost[id_] * Fraction(8, 10):
                    steps.append(step | {"beyond": True})
                break
            elif kind == "greedy-no-skip":
                break
        return steps

    def phragmen(self, ids: list[str], left: Fraction) -> list[dict[str, Any]]:
        moment = [Fraction(0)] * len(self.people)
        backers = {id_: [v for v, named in enumerate(self.utilities("cardinality")[0]) if id_ in named] for id_ in ids}
        open_ = [id_ for id_ in ids if self.cost[id_] <= left and backers[id_]]
        alone = [id_ for id_ in ids if self.cost[id_] <= left and not backers[id_]]
        steps: list[dict[str, Any]] = []
        while open_:
            ready = {
                id_: (self.cost[id_] + sum((self.people[v] * moment[v] for v in backers[id_]), Fraction(0)))
                / sum(self.people[v] for v in backers[id_])
                for id_ in open_
            }
            soonest = min(ready.values())
            tied = [id_ for id_ in open_ if ready[id_] == soonest]
            dear = [id_ for id_ in tied if self.cost[id_] > left]
            if dear:
                if self.rule["phragmen_stop"] == "first":
                    return steps
                open_ = [id_ for id_ in open_ if id_ not in dear]
                continue
            chosen = self.first(tied, "phragmen", len(steps) + 1)
            steps.append(
                {"project": chosen, "cost": str(self.cost[chosen]), "phase": "phragmen", "score": str(soonest)}
            )
            left -= self.cost[chosen]
            open_.remove(chosen)
            for voter in backers[chosen]:
                moment[voter] = soonest
        while alone:
            if self.rule["phragmen_stop"] == "first" and any(self.cost[id_] > left for id_ in alone):
                break
            chosen = self.ranked(alone, dict.fromkeys(alone, Fraction(0)))[0]
            alone.remove(chosen)
            if self.cost[chosen] <= left:
                steps.append({"project": chosen, "cost": str(self.cost[chosen]), "phase": "phragmen"})
                left -= self.cost[chosen]
        return steps

    # -- the whole -----------------------------------------------------------------------------------------------

    def competing(self) -> tuple[list[dict[str, Any]], list[str]]:
        rule = self.rule
        least = Fraction(rule["minimum_votes"]) if rule.get("minimum_votes") else None
        score: dict[str, int | Fraction] = dict(self.votes)
        if rule["utility"] in ("points", "borda", "ranks"):
            score = {id_: sum(n * u.get(id_, 0) for n, u in zip(self.people, self.utility)) for id_ in self.cost}
        asked = self.threshold if rule.get("threshold") and self.threshold is not None else 0
        share = Fraction(rule["minimum_share"]) if rule.get("minimum_share") else None
        free, ids = [], []
        for id_, cost in self.cost.items():
            if id_ in self.withdrawn or score[id_] < asked or (least is not None and self.votes[id_] < least):
                continue
            if share is not None and Fraction(self.votes[id_], self.voters) < share * cost / self.budget:
                continue
            if cost == 0 and rule["zero_cost"] == "fund":
                free.append({"project": id_, "cost": "0", "phase": "free"})
            else:
                ids.append(id_)
        return free, ids

    def run(self, claimed: int) -> dict[str, Any]:
        rule, kind = self.rule, str(self.rule["rule"])
        free, ids = self.competing()
        result: dict[str, Any] = {}
        left = self.budget
        paid = [id_ for id_ in ids if self.cost[id_] > 0]
        if kind in ("equal-shares", "bos"):
            for id_ in self.ranked([i for i in ids if self.cost[i] == 0], dict.fromkeys(ids, Fraction(0))):
                if self.worth[id_] and any(id_ in units for units in self.utility):
                    free.append({"project": id_, "cost": "0", "phase": "free"})
        if kind == "equal-shares":
            share = self.budget / self.voters
            if rule["start"] == "integral":
                share = Fraction(math.floor(share))
            raised, reason = 0, ""
            if rule["completion"] in ("none", "greedy"):
                steps = self.equal_shares(share, paid)
            else:
                increment = Fraction(rule["increment"])
                if str(rule["completion"]).startswith("percent"):
                    increment *= self.budget / self.voters / 100
                steps, share, raised, reason = self.add1(share, increment, paid, claimed)
            result["endowment"] = {"final": str(share), "increments": raised, "stopped": reason}
        elif kind == "bos":
            steps = self.bos(paid)
            result["endowment"] = {"final": str(self.budget / self.voters), "increments": 0, "stopped": ""}
        elif kind == "phragmen":
            steps = self.phragmen(ids, left)
        else:
            steps = self.greedy(ids, left, "greedy", kind, {id_: self.score(id_) for id_ in ids})
        steps = free + steps
        if str(rule["completion"]).endswith("greedy") and kind != "greedy":
            done = {step["project"] for step in steps}
            rest = [id_ for id_ in ids if id_ not in done]
            steps += self.greedy(
                rest, left - self.spent(steps), "completion", "greedy", {i: self.score(i) for i in rest}
            )
        if rule["comparison"] != "none":
            steps = self.compare(steps, ids, result)
        result |= {
            "funded": [step["project"] for step in steps],
            "cost": str(self.spent(steps)),
            "steps": steps,
            "ties": self.ties,
        }
        return result

    def compare(self, steps: list[dict[str, Any]], ids: list[str], result: dict[str, Any]) -> list[dict[str, Any]]:
        plain = self.greedy(ids, self.budget, "greedy", "greedy", {id_: self.backed(id_) for id_ in ids})
        sets = [{step["project"] for step in one} for one in (steps, plain)]
        prefer = [0, 0]
        for people, named in zip(self.people, self.named):
            ours, theirs = (len(one.intersection(named)) for one in sets)
            if self.rule["comparison"] == "exclusion":
                ours, theirs = min(ours, 1), min(theirs, 1)
            if ours != theirs:
                prefer[ours < theirs] += people
        kept = prefer[0] >= prefer[1]
        result["comparison"] = {
            "measure": self.rule["comparison"],
            "prefer_this": prefer[0],
            "prefer_greedy": prefer[1],
            "indifferent": sum(self.people) - sum(prefer),
            "kept": kept,
        }
        return steps if kept else [step for step in steps if step["phase"] == "free"] + plain

    def backed(self, id_: str) -> Fraction:
        return Fraction(sum(n for n, units in zip(self.people, self.utilities("cardinality")[0]) if id_ in units))


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
        raised = int(claimed.get("endowment", {}).get("increments", 0))
        if raised < 0:
            return ["The number of increments is below 0."]
        again = Count(record["inputs"], record["parameters"]).run(raised)
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError, AttributeError) as problem:
        return [f"The record cannot be read: {type(problem).__name__} {problem}."]
    rule = record["parameters"]
    problems: list[str] = []
    method = f"{rule['rule']}/{rule['utility']}/{rule['completion']}@1"
    if rule["rule"] == "phragmen":
        method = "phragmen@1"
    elif rule["rule"] not in ("equal-shares", "bos"):
        method = f"{rule['rule']}/{rule['utility']}@1"
    if record.get("method") != method:
        problems.append(f"The method is called {record.get('method')!r}; the parameters say {method!r}.")
    problems += [
        f"{name} is {claimed.get(name)!r} in the record and {again.get(name)!r} when counted again."
        for name in ("funded", "cost", "endowment", "comparison")
        if claimed.get(name) != again.get(name)
    ]
    if len(claimed.get("steps", [])) != len(again["steps"]):
        problems.append(
            f"The record has {len(claimed.get('steps', []))} steps; counted again there are {len(again['steps'])}."
        )
    problems += [
        f"Step {number} is {said!r} in the record and {found!r} when counted again."
        for number, (said, found) in enumerate(zip(claimed.get("steps", []), again["steps"]), 1)
        if said != found
    ]
    shares = [tie for tie in claimed.get("ties", []) if tie.get("phase") in ("equal-shares", "bos", "phragmen")]
    if (again.get("comparison") is None or again["comparison"]["kept"]) and shares != again["ties"]:
        problems.append(f"The ties are {shares!r} in the record and {again['ties']!r} when counted again.")
    return problems
