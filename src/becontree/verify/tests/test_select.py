"""The verifier of selections: it accepts what is true, and refuses each of many small lies."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from becontree.methods.canonical import canonical
from becontree.methods.sortition import Person, Pool, Quota, pool, select
from becontree.methods.sortition.record import decision
from becontree.verify.select import check

Record = dict[str, Any]
PERCENT = 10**10


def people(by_address: bool = True) -> Pool:
    """Forty people of six kinds; two couples share an address; one answer is rare and must be on every panel."""
    quotas = [
        Quota("age", "old", 2, 4), Quota("age", "young", 4, 6), Quota("sex", "f", 3, 5), Quota("sex", "m", 3, 5),
        Quota("tenure", "owner", 5, 7), Quota("tenure", "rare", 1, 2), Quota("tenure", "tenant", 0, 2),
    ]  # fmt: skip
    rows = []
    for index in range(40):
        tenure = "rare" if index in {7, 30} else "tenant" if index % 5 == 0 else "owner"
        home = f"h{index // 2}" if index < 4 else f"x{index}"
        rows.append(
            Person(f"p{index:02d}", ("old" if index % 4 == 0 else "young", "f" if index % 3 else "m", tenure), home)
        )
    return pool(rows, quotas, 8, ["age", "sex", "tenure"], by_address=by_address)


@cache
def told(method: str = "leximin") -> str:
    return canonical(decision(select(people(), method, panels=100, seed=b"beacon"))).decode()


def record(method: str = "leximin") -> Record:
    return json.loads(told(method))  # type: ignore[no-any-return]


@pytest.mark.parametrize("method", ["leximin", "maximin", "nash", "goldilocks"])
def test_a_true_record_is_accepted(method: str) -> None:
    assert check(record(method)) == []


def put(*path: Any, value: Any) -> Callable[[Record], None]:
    def change(target: Record) -> None:
        place: Any = target
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value(place[path[-1]]) if callable(value) else value

    return change


def swap_seat(target: Record) -> None:
    """Somebody else sits: the lottery's counts no longer fit, or a quota breaks."""
    panel = target["result"]["panels"][0]
    outside = next(row[0] for row in target["inputs"]["people"] if row[0] not in panel)
    panel[0] = outside


def repeat_panel(target: Record) -> None:
    panels = target["result"]["panels"]
    panels[1] = next(panel for panel in panels if panel != panels[1])


def move_chance(target: Record) -> None:
    chances = target["result"]["chances"]
    chances[0], chances[1] = chances[0] + PERCENT, chances[1] - PERCENT


def levels_down(target: Record) -> None:
    """A tenth is taken from everyone: sums and proof must both notice."""
    for level in target["result"]["levels"]:
        level["value"] = level["value"] * 9 // 10


def rename(target: Record) -> None:
    target["inputs"]["people"][0][0] = "stranger"


def two_of_one_home(target: Record) -> None:
    for row in target["inputs"]["people"]:
        row[2] = "the same house"


RESULT = "result"
MUTATIONS: dict[str, Callable[[Record], None]] = {
    "method unknown": put("method", value="sortition/fairest@1"),
    "method of another version": put("method", value="sortition/leximin@2"),
    "method swapped for one that needs another proof": put("method", value="sortition/nash@1"),
    "seed not hexadecimal": put("randomness", "seed", value="xyz"),
    "seats changed": put("parameters", "seats", value=9),
    "seats as text": put("parameters", "seats", value="8"),
    "panels counted wrong": put("parameters", "panels", value=101),
    "cap lowered below the largest chance": put("parameters", "cap", value=lambda cap: cap // 5),
    "cap above certainty": put("parameters", "cap", value=2 * 10**12),
    "address rule forgotten": put("parameters", "address", value=False),
    "quota raised": put("inputs", "quotas", 0, 2, value=4),
    "quota lowered": put("inputs", "quotas", 1, 3, value=4),
    "quota twice": lambda r: r["inputs"]["quotas"].append(r["inputs"]["quotas"][0]),
    "quota missing": lambda r: r["inputs"]["quotas"].pop(),
    "quota with limits the wrong way round": put("inputs", "quotas", 0, 3, value=0),
    "category renamed": put("inputs", "features", 0, value="aged"),
    "person left out": lambda r: r["inputs"]["people"].pop(),
    "person twice": lambda r: r["inputs"]["people"].append(r["inputs"]["people"][0]),
    "person renamed": rename,
    "answer changed": put("inputs", "people", 0, 1, 0, value="young"),
    "answer missing": lambda r: r["inputs"]["people"][0][1].pop(),
    "everybody in one house": two_of_one_home,
    "status unknown": put(RESULT, "status", value="fine"),
    "status infeasible": put(RESULT, "status", value="infeasible"),
    "chance moved between kinds": move_chance,
    "chance above one": put(RESULT, "chances", 0, value=2 * 10**12),
    "chance below nothing": put(RESULT, "chances", 0, value=-1),
    "chance missing": lambda r: r[RESULT]["chances"].pop(),
    "smallest chance overstated": put(RESULT, "minimum", value=lambda low: low + PERCENT),
    "largest chance understated": put(RESULT, "maximum", value=lambda high: high - PERCENT),
    "bound overstated": put(RESULT, "bound", value=lambda bound: bound + PERCENT),
    "somebody hidden as unselectable": put(RESULT, "unselectable", value=["p01"]),
    "somebody left out who could serve": put(RESULT, "left_out", value=[0]),
    "proof for another cap": put(RESULT, "certain_cap", value=9 * 10**11),
    "no levels": put(RESULT, "levels", value=[]),
    "level missing": lambda r: r[RESULT]["levels"].pop(0),
    "last level missing": lambda r: r[RESULT]["levels"].pop(),
    "levels out of order": lambda r: r[RESULT]["levels"].reverse(),
    "level twice": lambda r: r[RESULT]["levels"].append(r[RESULT]["levels"][-1]),
    "level's value lowered": put(RESULT, "levels", 0, "value", value=lambda value: value - PERCENT),
    "all levels lowered": levels_down,
    "multipliers set to nothing": put(RESULT, "levels", 0, "multipliers", value=lambda y: [0] * len(y)),
    "multipliers turned round": put(RESULT, "levels", 0, "multipliers", value=lambda y: [-value for value in y]),
    "multiplier changed": put(RESULT, "levels", 0, "multipliers", -1, value=lambda y: y + PERCENT),
    "multiplier missing": lambda r: r[RESULT]["levels"][0]["multipliers"].pop(),
    "multiplier with a fraction": put(RESULT, "levels", 0, "multipliers", 0, value=0.5),
    "level settles a kind it does not prove": lambda r: r[RESULT]["levels"][0]["kinds"].append(
        r[RESULT]["levels"][-1]["kinds"][0]
    ),
    "weight changed": put(RESULT, "weights", 0, value=lambda weight: weight + PERCENT),
    "weight below nothing": put(RESULT, "weights", 0, value=lambda weight: -weight - 1),
    "weights swapped for equal ones": put(RESULT, "weights", value=lambda w: [10**12] + [0] * (len(w) - 1)),
    "weight missing": lambda r: r[RESULT]["weights"].pop(),
    "weighted panel too small": lambda r: r[RESULT]["support"][0].pop(),
    "weighted panel of one kind": put(RESULT, "support", 0, value=lambda panel: [panel[0]] * len(panel)),
    "weighted panel of a kind that is not there": put(RESULT, "support", 0, 0, value=999),
    "panel too small": lambda r: r[RESULT]["panels"][0].pop(),
    "panel with somebody twice": put(RESULT, "panels", 0, value=lambda panel: [*panel[:-1], panel[0]]),
    "panel with a stranger": put(RESULT, "panels", 0, 0, value="stranger"),
    "panel with a seat swapped": swap_seat,
    "panel repeated in place of another": repeat_panel,
    "panel taken out": lambda r: r[RESULT]["panels"].pop(),
    "smallest count overstated": put(RESULT, "lottery_minimum", value=lambda count: count + 1),
    "distance from the chances understated": put(RESULT, "lottery_deviation", value=0),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_lie_is_refused(name: str) -> None:
    lie = record()
    MUTATIONS[name](lie)

    assert check(lie) != []


@pytest.mark.parametrize("method", ["maximin", "nash", "goldilocks"])
def test_chances_of_another_method_are_refused(method: str) -> None:
    lie = record(method)
    other = people()
    honest = json.loads(canonical(decision(select(other, "leximin", cap=0.999, panels=100, seed=b"beacon"))))
    lie["result"]["cuts"] = [[0] * len(cut) for cut in lie["result"]["cuts"]]

    assert check(lie) != []
    assert check(copy.deepcopy(honest)) == []


def test_a_refusal_without_proof_is_refused() -> None:
    two = [Quota("a", "x", 2, 2), Quota("a", "y", 0, 0)]
    answer = select(pool([Person("p", ("x",)), Person("q", ("y",))], two, 2, ["a"]))
    told = json.loads(canonical(decision(answer)))
    lie = copy.deepcopy(told)
    lie["result"]["proof"] = [0] * len(lie["result"]["proof"])
    possible = copy.deepcopy(told)
    possible["result"]["proof"] = []
    possible["inputs"]["people"].append(["r", ["x"], ""])

    assert check(told) == []
    assert check(lie) == ["The proof that no panel exists does not prove it."]
    assert check(possible) == ["A panel exists after all."]


@pytest.mark.parametrize("broken", [{}, {"method": 3}, {"method": "sortition/leximin@1"}])
def test_a_record_that_is_not_one_is_a_sentence_and_no_traceback(broken: Record) -> None:
    assert len(check(broken)) == 1
