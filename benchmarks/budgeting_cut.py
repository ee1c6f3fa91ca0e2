"""Other real elections: pieces cut from the shared ones, counted by pabutools 1.2.3 and by us; print how many differ.

    python benchmarks/budgeting_cut.py [pieces of each file, 4] [first seed, 0]

The shared references fix what pabutools made of 129 whole elections. Here each of those elections gives several new
ones: some hundreds of its real ballots, some of its real projects, a part or a multiple of its budget. Nobody has
looked at these before, so an agreement that had been fitted to the references would show. Equal Shares (cost,
cardinality, points, Borda; without completion, and with Add1), greedy and Phragmen, winners in the order of purchase
where the peer keeps it. Needs the peer's environment: python benchmarks/budgeting.py setup.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from becontree.formats import pb  # noqa: E402
from becontree.methods.budgeting import PRESETS, count  # noqa: E402

SHARED = ROOT.parent / "shared" / "data" / "pabulib"
PEER = ROOT / "benchmarks" / ".env-pabutools" / "bin" / "python"
MOST = 250  # ballots of a piece: the peer's Add1 takes seconds beyond that
UTILITIES = {"cumulative": ["points"], "scoring": ["points"], "ordinal": ["borda"]}

ASK_PEER = """
import json, sys
import pabutools.fractions
pabutools.fractions.FRACTION = "gmpy2"
from pabutools.election import (
    Additive_Borda_Sat, Additive_Cardinal_Sat, Cardinality_Sat, Cost_Sat, parse_pabulib,
)
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares, sequential_phragmen
SAT = {"cost": Cost_Sat, "cardinality": Cardinality_Sat, "points": Additive_Cardinal_Sat, "borda": Additive_Borda_Sat}
for line in sys.stdin:
    task = json.loads(line)
    instance, profile = parse_pabulib(task["file"])
    found = {}
    for utility in task["utilities"]:
        sat = SAT[utility]
        for name, more in (("none", {}), ("add1", {"voter_budget_increment": task["increment"]})):
            winners = method_of_equal_shares(instance, profile.as_multiprofile(), sat_class=sat, **more)
            found[f"equal-shares/{utility}/{name}"] = [project.name for project in winners]
        winners = greedy_utilitarian_welfare(instance, profile.as_multiprofile(), sat_class=sat)
        found[f"greedy/{utility}/none"] = [project.name for project in winners]
    if "cost" in task["utilities"]:
        winners = sequential_phragmen(instance, profile.as_multiprofile())
        found["phragmen/cost/none"] = sorted(project.name for project in winners)
    print(json.dumps(found), flush=True)
"""


def piece(whole: pb.PbFile, random: Random) -> pb.PbFile | None:
    """A new election from the ballots, projects and budget of a real one; None if hardly anything is left."""
    ids = [project.id for project in whole.election.projects if project.cost > 0 and not project.withdrawn]
    kept = set(random.sample(ids, max(2, len(ids) * random.choice([1, 2, 3]) // 3))) if len(ids) > 2 else set(ids)
    at = {name: place for place, name in enumerate(whole.vote_fields)}
    rows = []
    for row in random.sample(list(whole.vote_rows), min(MOST, len(whole.vote_rows))):
        names = [name.strip() for name in row[at["vote"]].split(",")]
        points = row[at["points"]].split(",") if "points" in at else [""] * len(names)
        left = [(name, given) for name, given in zip(names, points) if name in kept]
        if left:
            told = {"vote": ",".join(name for name, _ in left), "points": ",".join(given for _, given in left)}
            rows.append((str(len(rows) + 1), *(told[name] for name in ("vote", "points") if name in at)))
    if len(rows) < 5:
        return None
    cost = {project.id: project.cost for project in whole.election.projects}
    scale = random.choice([Fraction(1, 3), Fraction(1, 2), Fraction(1), Fraction(3, 2)])
    budget = max(min(cost[name] for name in kept), Fraction(int(sum(cost[name] for name in kept) * scale / 3)))
    place = {name: number for number, name in enumerate(whole.project_fields)}
    projects = tuple(
        (row[place["project_id"]].strip(), row[place["cost"]])
        for row in whole.project_rows
        if row[place["project_id"]].strip() in kept
    )
    meta = {name: value for name, value in whole.meta.items() if not name.startswith(("min_", "max_"))}
    meta |= {"num_projects": str(len(projects)), "num_votes": str(len(rows)), "budget": pb.writer.decimal(budget)}
    return replace(
        whole,
        meta=meta,
        project_fields=("project_id", "cost"),
        project_rows=projects,
        vote_fields=("voter_id", *(name for name in ("vote", "points") if name in at)),
        vote_rows=tuple(rows),
    )


def ours(election: Any, rule: str, utility: str, completion: str, increment: int) -> list[str]:
    changes = {"rule": rule, "utility": utility, "completion": completion}
    if completion == "add1":
        changes["increment"] = Fraction(increment)
    return list(count(election, PRESETS["pabutools"].but(**changes)).funded)


def main() -> int:
    pieces = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    seen, differ, elections = Counter[str](), 0, 0
    peer = subprocess.Popen(
        [PEER, "-W", "ignore", "-c", ASK_PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert peer.stdin is not None
    assert peer.stdout is not None
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "piece.pb"
        for number, path in enumerate(sorted(SHARED.glob("*.pb"))):
            whole = pb.read(path, lenient=True)
            for seed in range(first, first + pieces):
                cut = piece(whole, Random(f"{number} {seed}"))
                if cut is None:
                    continue
                target.write_text(pb.write_text(cut), encoding="utf-8")
                election = pb.read(target).election
                elections += 1
                increment = max(1, math.ceil(election.budget / election.voters / 20))
                utilities = UTILITIES.get(election.ballot_type, ["cost", "cardinality"])
                task = {"file": str(target), "utilities": utilities, "increment": increment}
                peer.stdin.write(json.dumps(task) + "\n")
                peer.stdin.flush()
                for name, theirs in json.loads(peer.stdout.readline()).items():
                    rule, utility, completion = name.split("/")
                    found = ours(election, rule, utility, completion, increment)
                    seen[f"{election.ballot_type} {name}"] += 1
                    if (sorted(found) if rule == "phragmen" else found) != theirs:
                        differ += 1
                        print(f"{path.stem}, seed {seed}, {name}: {theirs} there, {found} here")
    peer.stdin.close()
    print(f"{elections} elections, {sum(seen.values())} counts, {differ} differ")
    print("\n".join(f"  {name}: {times}" for name, times in sorted(seen.items())))
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
