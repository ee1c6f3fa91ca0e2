"""Small random elections for tests and for `benchmarks/budgeting_agreement.py`: full of ties, hits and near misses."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from becontree.methods.budgeting import Election, Rule

UTILITIES = {
    "approval": ["cost", "cardinality"],
    "cumulative": ["cost", "cardinality", "points"],
    "ordinal": ["cost", "cardinality", "borda", "ranks"],
    "choose-1": ["cost", "cardinality"],
}


def election(random: Random) -> Election:
    kind = random.choice(["approval", "approval", "cumulative", "ordinal", "choose-1"])
    count = random.randint(1, 6)
    unit = random.choice([1, 1, 5, 10, "0.5", "0.25"])
    costs = {
        str(random.choice([number, number + 7]))
        + "abcdefgh"[number]: f"{random.randint(0 if random.random() < 0.1 else 1, 12)}"
        for number in range(count)
    }
    projects = {
        name: (int(cost) * unit if isinstance(unit, int) else str(int(cost) * float(unit)))
        for name, cost in costs.items()
    }
    ids = list(projects)
    budget = max(1, int(random.random() * sum(float(cost) for cost in projects.values()) * 1.2))
    ballots: list = []
    for _ in range(random.randint(1, 9)):
        named = random.sample(
            ids, 1 if kind == "choose-1" else random.randint(0 if random.random() < 0.1 else 1, count)
        )
        ballots.append(
            {id_: random.randint(0 if random.random() < 0.2 else 1, 4) for id_ in named}
            if kind == "cumulative"
            else named
        )
    for _ in range(random.choice([0, 0, 3])):
        ballots.append(random.choice(ballots))
    if not any(ballots):
        ballots.append({ids[0]: 1} if kind == "cumulative" else [ids[0]])
    return Election.of(projects, budget, ballots, kind)


def rule(random: Random, made: Election) -> Rule:
    kind = random.choice(
        ["equal-shares"] * 6 + ["bos", "bos", "phragmen", "greedy", "greedy-no-skip", "poznan", "greedy-threshold"]
    )
    completion = (
        random.choice(["none", "greedy", "add1", "add1", "add1+greedy", "percent"])
        if kind == "equal-shares"
        else "none"
    )
    return Rule(
        rule=kind,
        utility=random.choice(UTILITIES[made.ballot_type]),
        completion=completion,
        start=random.choice(["fraction", "fraction", "integral"]),
        exhaustive=random.random() < 0.7,
        exhaustive_over=random.choice(["supported", "all"]),
        increment=Fraction(random.choice(["1", "1/2", "1/7", "3"])),
        comparison=random.choice(["none", "none", "satisfaction", "exclusion"]),
        order=random.choice(["per-cost", "score"]),
        ties=random.choice([("id",), ("min-cost", "max-votes", "lot"), ("max-cost",), ("lot",), ()]),
        seed=random.choice(["", "a public number"]),
        zero_cost=random.choice(["fund", "compete"]),
        blank=random.choice(["count", "count", "ignore"]),
        phragmen_stop=random.choice(["first", "skip"]),
        minimum_votes=random.choice([None, None, None, Fraction(2)]),
        minimum_share=random.choice([None, None, None, Fraction(1, 3)]),
    )
