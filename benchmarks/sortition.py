"""Panel selection beside sortition-algorithms 0.12.15 (its faster back end, CBC): same pools, CPU seconds, values.

    python benchmarks/sortition.py setup           make the peer's own environment (benchmarks/.env-sortition)
    python benchmarks/sortition.py peer [POOL ...] proved maximin, ours and the peer's (default: 200 and 500 people)
    python benchmarks/sortition.py ours [POOL ...] chances, certified lottery of 1,000, verifier (all shared pools)

CPU seconds are those of a process of its own with one BLAS thread, imports and reading included for neither side.
The peer is measured once (it needs minutes), ours as the best of three where it takes less than ten seconds.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data" / "sortition"
HOME = ROOT / "benchmarks" / ".env-sortition"
PEER = HOME / "bin" / "python"
OURS = ROOT / ".venv" / "bin" / "python"
ALL = (
    "example_small_20",
    "example_large_200",
    "sf_fixture_22",
    "diversimax_60_wide",
    "lbbd_200_30",
    "lbbd_500_40",
    "lbbd_1000_60",
    "lbbd_2000_80",
    "lbbd_5000_110",
)


def main() -> None:
    what, names = (sys.argv[1] if len(sys.argv) > 1 else "ours"), sys.argv[2:]
    if what == "setup":
        uv = sorted((ROOT / ".tools").glob("uv-*/bin/uv"))[-1]
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", OURS, HOME], check=True)
        wanted = ["sortition-algorithms==0.12.15", "mip==1.17.6"]
        subprocess.run([uv, "pip", "install", "--quiet", "--python", PEER, *wanted], check=True)
    elif what == "peer":
        print("| pool | ours, CPU s | its min | peer CBC, CPU s | its min | ratio |\n|---|---|---|---|---|---|")
        for name in names or ["lbbd_200_30", "lbbd_500_40"]:
            ours, other = alone(OURS, "one-maximin", name), alone(PEER, "one-peer", name)
            ratio = other["cpu"] / ours["cpu"]
            print(f"| {name} | {ours['cpu']:.2f} | {ours['min']:.6f} | {other['cpu']:.1f} | {other['min']:.6f} | "
                  f"{ratio:.0f}x |", flush=True)  # fmt: skip
    elif what == "ours":
        print("| pool | chances, CPU s | certified lottery, CPU s | peak MB | bound | attained | lottery's min "
              "| identical people differ by | verifier, CPU s | agrees |\n" + "|---" * 10 + "|")  # fmt: skip
        for name in names or ALL:
            told = alone(OURS, "one-ours", name)
            print("| " + " | ".join(str(value) for value in told.values()) + " |", flush=True)
    else:
        print(json.dumps({"one-ours": one_ours, "one-maximin": one_maximin, "one-peer": one_peer}[what](names[0])))


def alone(python: Path, what: str, name: str) -> dict[str, Any]:
    """One measurement in a process of its own."""
    quiet = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([python, __file__, what, name], env=quiet, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{what} {name}:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def seats_of(name: str) -> int:
    return 60 if name == "diversimax_60_wide" else int(name.rsplit("_", 1)[1])


def ours_pool(name: str) -> Any:
    from becontree.formats.sortition_csv import read_pool

    return read_pool(SHARED / name / "respondents.csv", SHARED / name / "categories.csv", seats_of(name))


def one_maximin(name: str) -> dict[str, Any]:
    """A weighted set of real panels that attains the proved bound: as many panels as that needs."""
    from becontree.methods.sortition import select

    pool, best, panels = ours_pool(name), float("inf"), 100
    for _ in range(3):
        before = time.process_time()
        answer = select(pool, panels=panels, seed=b"benchmark", exact=True)
        best = min(best, time.process_time() - before)
    assert answer.attained is not None
    assert abs(answer.attained - answer.bound) < 1e-6
    return {"cpu": best, "min": answer.attained}


def one_ours(name: str) -> dict[str, Any]:
    from becontree.methods.canonical import canonical
    from becontree.methods.sortition import select
    from becontree.methods.sortition.record import decision
    from becontree.verify.select import check

    fair, lottery = float("inf"), float("inf")
    pool = ours_pool(name)
    for _ in range(3):
        pool = ours_pool(name)
        before = time.process_time()
        select(pool, panels=0)
        fair = min(fair, time.process_time() - before)
    for _ in range(3):
        before = time.process_time()
        answer = select(pool, seed=b"benchmark")
        lottery = min(lottery, time.process_time() - before)
        if lottery > 10:
            break
    counts = answer.lottery_counts()
    spread = max(
        max(counts[pool.people[index].id] for index in members)
        - min(counts[pool.people[index].id] for index in members)
        for members in pool.kinds.members
    )
    record = json.loads(canonical(decision(answer)))
    before = time.process_time()
    problems = check(record)
    verified = time.process_time() - before
    return {
        "pool": name,
        "chances": f"{fair:.3f}",
        "lottery": f"{lottery:.1f}",
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "bound": f"{answer.bound:.9f}",
        "attained": f"{answer.attained:.9f}" + ("" if answer.weights is not None else " (lottery)"),
        "minimum": f"{answer.lottery_minimum:.4f}",
        "spread": f"{spread / len(answer.panels):.3f}",
        "verified": f"{verified:.2f}",
        "agrees": "yes" if not problems else problems[0],
    }


def one_peer(name: str) -> dict[str, Any]:
    from sortition_algorithms.committee_generation import maximin  # type: ignore[import-not-found]
    from sortition_algorithms.features import read_in_features  # type: ignore[import-not-found]
    from sortition_algorithms.people import read_in_people  # type: ignore[import-not-found]
    from sortition_algorithms.settings import Settings  # type: ignore[import-not-found]

    with (SHARED / name / "categories.csv").open(encoding="utf-8-sig") as handle:
        rows = list(csv.DictReader(handle))
    features, *_ = read_in_features(list(rows[0]), rows)
    with (SHARED / name / "respondents.csv").open(encoding="utf-8-sig") as handle:
        people_rows = list(csv.DictReader(handle))
    settings = Settings(id_column="id", columns_to_keep=[], check_same_address=False, check_same_address_columns=[])
    people, _ = read_in_people(list(people_rows[0]), people_rows, features, settings)
    before = time.process_time()
    committees, weights, _ = maximin.find_distribution_maximin(
        features, people, seats_of(name), [], solver_backend="mip"
    )
    used = time.process_time() - before
    chance: dict[str, float] = {}
    for committee, weight in zip(committees, weights, strict=True):
        for person in committee:
            chance[person] = chance.get(person, 0.0) + weight
    return {"cpu": used, "min": min(chance.values())}


if __name__ == "__main__":
    main()
