"""Opinion maps beside red-dwarf 0.4.0: the same votes, the same process, CPU seconds and agreement.

    python benchmarks/opinion.py setup       make the peer's own environment (benchmarks/.env-opinion)
    python benchmarks/opinion.py real        the shared real conversations
    python benchmarks/opinion.py large       made-up votes at 10,000 to 100,000 people, peer included
    python benchmarks/opinion.py huge        1,000,000 people x 1,000 statements, 50 million votes, ours alone
    python benchmarks/opinion.py vote        one more vote, refreshed

The peer is never installed into our environment: `setup` makes one with both and this file runs itself in it.
CPU seconds are those of the whole process (all threads), warm, the best of several runs.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data" / "conversations"
HOME = ROOT / "benchmarks" / ".env-opinion"
PEER = HOME / "bin" / "python"
REAL = (
    "bowling-green-2018",
    "vtaiwan-uberx-2015",
    "san-juan-land-bank-2021",
    "nz-biodiversity-2019",
    "bowling-green-2050-volunteers-2024",
)


def main() -> None:
    what = sys.argv[1] if len(sys.argv) > 1 else "real"
    if what == "setup":
        uv = sorted((ROOT / ".tools").glob("uv-*/bin/uv"))[-1]
        subprocess.run([uv, "venv", "--quiet", "--clear", HOME], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", PEER, "red-dwarf==0.4.0"], check=True)
        return
    sys.path.insert(0, str(ROOT / "src"))
    if what in ("real", "large") and os.environ.get("IN_PEER") != "1":
        if not PEER.exists():
            sys.exit("Run `python benchmarks/opinion.py setup` first.")
        environment = {**os.environ, "IN_PEER": "1", "PYTHONWARNINGS": "ignore"}
        sys.exit(subprocess.run([PEER, __file__, *sys.argv[1:]], env=environment, check=False).returncode)
    {"real": real, "large": large, "huge": huge, "vote": vote}[what]()


def cpu(work: Callable[[], Any], runs: int) -> tuple[float, Any]:
    best, result = float("inf"), None
    for _ in range(runs):
        before = time.process_time()
        result = work()
        best = min(best, time.process_time() - before)
    return best, result


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def real() -> None:
    for name in REAL:
        print(json.dumps(compare_real(SHARED / name)), flush=True)


def compare_real(folder: Path) -> dict[str, Any]:
    from becontree.formats import polis

    conversation = polis.read(folder)
    out = [int(one.id) for one in conversation.statements if not one.takes_part]
    votes = conversation.votes
    import numpy as np

    people = np.repeat([int(one) for one in votes.participants], votes.per_person)
    about = np.array([int(one) for one in votes.statements])[votes.column]
    rows = [
        {"participant_id": p, "statement_id": s, "vote": v}
        for p, s, v in zip(people.tolist(), about.tolist(), votes.value.tolist(), strict=True)
    ]
    return {"conversation": folder.name, **compare(rows, out, conversation.groups)}


def compare(rows: list[dict[str, int]], out: list[int], exported: Any, runs: int = 3) -> dict[str, Any]:
    """Both on the same list of votes: CPU, variance, positions, statements given the peer's groups, groups."""
    import numpy as np
    from reddwarf.implementations.polis import run_pipeline

    from becontree.methods import opinion

    peer_cpu, peer = cpu(lambda: run_pipeline(votes=rows, mod_out_statement_ids=out, random_state=1), runs)

    def ours() -> opinion.OpinionMap:
        return opinion.draw_map(opinion.from_records(rows, out=[str(one) for one in out]))

    ours()
    own_cpu, found = cpu(ours, runs + 2)
    map_cpu, _ = cpu(lambda: opinion.draw_map(found.votes), runs + 2)
    frame = peer.participants_df
    positions = frame.loc[[int(one) for one in found.votes.participants], ["x", "y"]].to_numpy()
    cosine = [
        float(
            positions[:, a]
            @ found.position[:, a]
            / np.linalg.norm(positions[:, a])
            / np.linalg.norm(found.position[:, a])
        )
        for a in (0, 1)
    ]
    labels = frame["cluster_id"].dropna()
    given = {str(person): str(int(label)) for person, label in labels.items()}
    again = opinion.draw_map(found.votes, groups=given)
    same = sum(
        {(entry["tid"], entry["repful-for"]) for entry in peer.repness[int(name)]}
        == {(int(found.votes.statements[entry.statement]), entry.side) for entry in again.representative[g]}
        for g, name in enumerate(again.names)
    )
    index = [int(one) for one in found.votes.statements]
    worst = 0.0
    for side in ("agree", "disagree"):
        theirs = peer.group_aware_consensus[side]
        own = again.counts.consensus(side)
        worst = max(worst, *(abs(theirs[s] - own[at]) for at, s in enumerate(index) if s in theirs))
    consensus = all(
        [entry["tid"] for entry in peer.consensus[side]]
        == [int(found.votes.statements[entry.statement]) for entry in found.majority if entry.side == side]
        for side in ("agree", "disagree")
    )
    peer_label = np.array([int(given.get(one, -1)) for one in found.votes.participants])
    both = (peer_label >= 0) & (found.label >= 0)
    peer_k = opinion.draw_map(found.votes, k=len(again.names))
    named = {name: at for at, name in enumerate(sorted(set(exported.values())))}
    exported_label = np.array([named.get(exported.get(one, ""), -1) for one in found.votes.participants])
    known = (exported_label >= 0) & (found.label >= 0)
    ratio = peer.reducer.explained_variance_ratio_
    return {
        "votes": len(rows),
        "peer_cpu": round(peer_cpu, 3),
        "our_cpu_from_the_list": round(own_cpu, 4),
        "our_cpu_of_the_map": round(map_cpu, 4),
        "times": round(peer_cpu / own_cpu, 1),
        "variance_difference": max(abs(ratio[a] - found.axes.shares[a]) for a in (0, 1)),
        "cosine": [round(one, 9) for one in cosine],
        "representative_same": f"{same} of {len(again.names)} groups",
        "majority_same_order": consensus,
        "consensus_largest_difference": worst,
        "peer_sizes": sorted(again.sizes, reverse=True),
        "our_sizes": list(found.sizes),
        "ari_with_peer": round(opinion.agreement(peer_label[both], found.label[both]), 4),
        "ari_with_peer_same_k": round(opinion.agreement(peer_label[both], peer_k.label[both]), 4),
        "ari_with_export": round(opinion.agreement(exported_label[known], found.label[known]), 4)
        if known.any()
        else None,
    }


def synthetic(people: int, statements: int, share: float = 0.05, seed: int = 1) -> Any:
    """Three latent groups, 15 % passes, log-normal activity, `share` of the cells filled; rows in random order."""
    import numpy as np

    random = np.random.default_rng(seed)
    want = random.lognormal(0, 1, people)
    each = np.clip(np.round(want / want.mean() * share * statements), 1, statements).astype(np.int64)
    leaning = random.normal(0, 1, (3, statements))
    of = random.choice(3, people, p=[0.5, 0.3, 0.2])
    parts_p, parts_s, parts_v = [], [], []
    for first in range(0, people, 20_000):
        last = min(first + 20_000, people)
        order = np.argpartition(random.random((last - first, statements), dtype=np.float32), min(500, statements - 1))
        cast = np.minimum(each[first:last], statements)
        person = np.repeat(np.arange(first, last, dtype=np.int32), cast)
        within = np.arange(len(person)) - np.repeat(np.cumsum(cast) - cast, cast)
        statement = order[person - first, within].astype(np.int32)
        agree = random.random(len(person)) < 1 / (1 + np.exp(-1.5 * leaning[of[person], statement]))
        value = np.where(random.random(len(person)) < 0.15, 0, np.where(agree, 1, -1)).astype(np.int8)
        parts_p.append(person)
        parts_s.append(statement)
        parts_v.append(value)
    person, statement, value = map(np.concatenate, (parts_p, parts_s, parts_v))
    del parts_p, parts_s, parts_v
    shuffle = random.permutation(len(person)).astype(np.int32)
    return person[shuffle], statement[shuffle], value[shuffle]


def large() -> None:
    sizes = [(10_000, 200), (100_000, 200)]
    for people, statements in sizes:
        person, statement, value = synthetic(people, statements)
        from becontree.methods import opinion

        names, labels = [str(one) for one in range(people)], [str(one) for one in range(statements)]

        def ours(p: Any = person, s: Any = statement, v: Any = value, n: Any = names, m: Any = labels) -> None:
            opinion.draw_map(opinion.from_arrays(p, s, v, participants=n, statements=m))

        ours()
        arrays_cpu, _ = cpu(ours, 3)
        rows = [
            {"participant_id": p, "statement_id": s, "vote": v}
            for p, s, v in zip(person.tolist(), statement.tolist(), value.tolist(), strict=True)
        ]
        result = {"our_cpu_from_arrays": round(arrays_cpu, 3)}
        if "--ours" not in sys.argv:
            result |= compare(rows, [], {}, runs=1)
        else:
            result["our_cpu_from_the_list"], _ = cpu(lambda r=rows: opinion.draw_map(opinion.from_records(r)), 3)
        print(json.dumps({"people": people, "statements": statements, **result}), flush=True)


def huge() -> None:
    """Votes made in another process, so that the peak is ours alone."""
    import numpy as np

    people, statements = (int(one) for one in (sys.argv[2:4] or ("1000000", "1000")))
    store = ROOT / "benchmarks" / "out" / f"votes-{people}-{statements}.npz"
    if not store.exists():
        store.parent.mkdir(parents=True, exist_ok=True)
        code = (
            f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import opinion, numpy;"
            f"p, s, v = opinion.synthetic({people}, {statements}); numpy.savez({str(store)!r}, p=p, s=s, v=v)"
        )
        subprocess.run([sys.executable, "-c", code], check=True)
    from becontree.methods import opinion

    loaded = np.load(store)
    arrays = [loaded[name] for name in "psv"]
    names = [str(one) for one in range(people)]
    before = time.process_time()
    votes = opinion.from_arrays(*arrays, participants=names, statements=[str(one) for one in range(statements)])
    del arrays
    collected = time.process_time()
    found = opinion.draw_map(votes)
    done = time.process_time()
    print(
        json.dumps(
            {
                "people": people,
                "statements": statements,
                "votes": len(votes),
                "cpu_ordering": round(collected - before, 2),
                "cpu_map": round(done - collected, 2),
                "cpu": round(done - before, 2),
                "peak_mb_whole_process": round(peak()),
                "sizes": found.sizes,
                "shares": found.axes.shares,
                "rounds": found.axes.rounds,
            }
        )
    )


def vote() -> None:
    import numpy as np

    from becontree.methods import opinion

    for people, statements, share in ((2_000, 500, 0.1), (10_000, 500, 0.1), (2_000, 1_000, 0.1)):
        arrays = synthetic(people, statements, share)
        votes = opinion.from_arrays(
            *arrays, participants=[str(p) for p in range(people)], statements=[str(s) for s in range(statements)]
        )
        live = opinion.Live(opinion.draw_map(votes))
        random = np.random.default_rng(7)
        axes_ms, whole_ms = [], []
        for _ in range(100):
            person, statement, value = (
                int(random.integers(people)),
                int(random.integers(statements)),
                int(random.integers(-1, 2)),
            )
            before = time.process_time()
            live.vote(person, statement, value)
            live.position(person)
            axes_ms.append(1000 * (time.process_time() - before))
            live.refresh()
            whole_ms.append(1000 * (time.process_time() - before))
        cold = opinion.draw_map(live.votes, k=live.groups)
        warm = live.refresh()
        print(
            json.dumps(
                {
                    "people": people,
                    "statements": statements,
                    "votes": len(live.votes),
                    "axes_and_own_position_ms": round(float(np.median(axes_ms)), 2),
                    "whole_map_ms": round(float(np.median(whole_ms)), 2),
                    "positions_equal_cold": bool((cold.position == warm.position).all()),
                    "largest_position_difference": float(np.abs(cold.position - warm.position).max()),
                    "same_groups": bool((cold.label == warm.label).all()),
                }
            )
        )


if __name__ == "__main__":
    main()
