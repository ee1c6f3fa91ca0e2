"""Equal Shares beside pabutools 1.2.3: the same file, the same run, CPU seconds of one process, the same winners.

    python benchmarks/budgeting.py setup     make the peer's own environment (benchmarks/.env-pabutools)
    python benchmarks/budgeting.py peer      one count on real and made-up elections, peer included (some minutes)
    python benchmarks/budgeting.py large     200,000 ballots x 200 projects, ours alone, with peak memory
    python benchmarks/budgeting.py read      reading files
    python benchmarks/budgeting.py add1      Add1 on the large elections, ours alone
    python benchmarks/budgeting.py steps     Add1 in proved batches against counting every step (Warsaw, Wieliczka)

Peer: identical ballots grouped (`as_multiprofile`), exact fractions (gmpy2), reading and grouping not counted. Ours:
from grouped ballots, nothing prepared (who supports what is worked out inside the time). Best of five for ours, one
run of the peer. The peer is never installed into our environment.
"""

from __future__ import annotations

import json
import math
import random
import resource
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data" / "pabulib"
OUT = ROOT / "benchmarks" / "out"
HOME = ROOT / "benchmarks" / ".env-pabutools"
PEER = HOME / "bin" / "python"
BUDAPEST, WARSAW = SHARED / "Hungary_Budapest_2024.pb", SHARED / "Poland_Warszawa_2024.pb"
WIELICZKA = SHARED / "Poland_Wieliczka_2023_Green_Budget.pb"

ASK_PEER = """
import json, sys, time
from pabutools.election import parse_pabulib, Cost_Sat
from pabutools.rules import method_of_equal_shares
import pabutools.fractions
pabutools.fractions.FRACTION = "gmpy2"
instance, profile = parse_pabulib(sys.argv[1])
grouped = profile.as_multiprofile()
began = time.process_time()
outcome = method_of_equal_shares(instance, grouped, sat_class=Cost_Sat)
took = time.process_time() - began
print(json.dumps({"cpu": took, "winners": [project.name for project in outcome]}))
"""


def main() -> None:
    what = sys.argv[1] if len(sys.argv) > 1 else "peer"
    if what == "setup":
        uv = sorted((ROOT / ".tools").glob("uv-*/bin/uv"))[-1]
        subprocess.run([uv, "venv", "--quiet", "--clear", HOME], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", PEER, "pabutools==1.2.3"], check=True)
        return
    sys.path.insert(0, str(ROOT / "src"))
    {"peer": peer, "large": large, "read": read, "add1": add1, "steps": steps, "one": one}[what]()


def made_up(ballots: int, projects: int) -> Path:
    """Approval ballots with 1 to 10 names, popularity ~ rank**-0.7, costs 5,000 to 500,000, budget 30 % of all."""
    path = OUT / f"made-up-{ballots}x{projects}.pb"
    if path.exists():
        return path
    OUT.mkdir(parents=True, exist_ok=True)
    draw = random.Random(2409)
    costs = [round(math.exp(draw.uniform(math.log(5000), math.log(500000)))) for _ in range(projects)]
    weights = [(rank + 1) ** -0.7 for rank in range(projects)]
    rows = []
    for voter in range(ballots):
        named = {str(place + 1) for place in draw.choices(range(projects), weights, k=draw.randint(1, 10))}
        rows.append(f"{voter};{','.join(sorted(named))}")
    head = ["META", "key;value", f"num_projects;{projects}", f"num_votes;{ballots}", f"budget;{sum(costs) * 3 // 10}",
            "vote_type;approval", "description;made up", "country;x", "unit;x", "instance;x", "rule;unknown",
            "date_begin;2026", "date_end;2026", "PROJECTS", "project_id;cost"]  # fmt: skip
    listed = [f"{place + 1};{cost}" for place, cost in enumerate(costs)]
    path.write_text("\n".join([*head, *listed, "VOTES", "voter_id;vote", *rows]) + "\n", encoding="utf-8")
    return path


def cpu(work: Any, runs: int) -> tuple[float, Any]:
    best, result = float("inf"), None
    for _ in range(runs):
        before = time.process_time()
        result = work()
        best = min(best, time.process_time() - before)
    return best, result


def one() -> None:
    """One exact count of the file named, in a process of its own; prints JSON."""
    from becontree.formats import pb
    from becontree.methods.budgeting import PRESETS, Election, count

    before = time.process_time()
    election = pb.read(sys.argv[2]).election
    reading = time.process_time() - before

    def fresh() -> Any:
        bare = Election(election.projects, election.budget, election.ballots, election.ballot_type)
        return count(bare, PRESETS["pabutools"])

    took, outcome = cpu(fresh, 5)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"cpu": took, "winners": outcome.funded, "reading": reading, "memory": memory,
                      "ballots": election.voters, "different": len(election.ballots)}))  # fmt: skip


def ask(python: Path | str, *arguments: str) -> dict[str, Any]:
    done = subprocess.run([str(python), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def peer() -> None:
    if not PEER.exists():
        sys.exit("Run `python benchmarks/budgeting.py setup` first.")
    print("| election | ballots | different | pabutools, CPU s | Becontree, CPU s | times | same winners in order |")
    print("|---|---|---|---|---|---|---|")
    for path in (WIELICZKA, BUDAPEST, made_up(100_000, 50), WARSAW):
        ours = ask(sys.executable, __file__, "one", str(path))
        theirs = ask(PEER, "-c", ASK_PEER, str(path))
        same = theirs["winners"] == ours["winners"]
        print(f"| {path.stem} | {ours['ballots']:,} | {ours['different']:,} | {theirs['cpu']:.2f} | "
              f"{ours['cpu']:.4f} | "
              f"{theirs['cpu'] / ours['cpu']:,.0f} | {'yes' if same else 'NO'} |", flush=True)  # fmt: skip


def large() -> None:
    for path in (made_up(100_000, 50), made_up(200_000, 200)):
        ours = ask(sys.executable, __file__, "one", str(path))
        print(f"{path.stem}: count {ours['cpu']:.3f} CPU s, reading {ours['reading']:.2f} CPU s, "
              f"peak {ours['memory']} MB, {len(ours['winners'])} winners")  # fmt: skip


def read() -> None:
    from becontree.formats import pb

    for path in (SHARED / "Poland_Wroclaw_2015_150_-_500.pb", made_up(90_000, 160), WARSAW, BUDAPEST):
        took, file = cpu(lambda path=path: pb.read(path), 5)
        print(f"{path.stem}: {file.election.voters:,} ballots in {took:.3f} CPU s")


def add1() -> None:
    from becontree.formats import pb
    from becontree.methods.budgeting import PRESETS, count

    for path in (WIELICZKA, WARSAW, BUDAPEST):
        election = pb.read(path).election
        for utility in ("cost", "cardinality"):
            rule = PRESETS["pabutools"].but(completion="add1", utility=utility)
            took, outcome = cpu(lambda e=election, r=rule: count(e, r), 1)
            print(f"{path.stem}, {utility}: {outcome.raised:,} increments in {took:.2f} CPU s ({outcome.stopped}), "
                  f"{len(outcome.funded)} funded for {float(outcome.cost / election.budget):.2%}",
                  flush=True)  # fmt: skip


def steps() -> None:
    from becontree.formats import pb
    from becontree.methods.budgeting import PRESETS, count

    for path, increment in ((WIELICZKA, Fraction(1)), (WARSAW, Fraction(1)), (BUDAPEST, Fraction(50))):
        election = pb.read(path).election
        for utility in ("cost", "cardinality"):
            rule = PRESETS["pabutools"].but(completion="add1", utility=utility, increment=increment)
            fast, one_ = cpu(lambda e=election, r=rule: count(e, r), 1)
            slow, other = cpu(lambda e=election, r=rule: count(e, r, every_step=True), 1)
            same = (one_.steps, one_.raised) == (other.steps, other.raised)
            print(f"{path.stem}, {utility}, by {increment}: {one_.raised} increments, {fast:.2f} against "
                  f"{slow:.2f} CPU s, "
                  f"{'the same' if same else 'DIFFERENT'}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
