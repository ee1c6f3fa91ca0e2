"""Many people giving at once, a provider that misbehaves, and processes killed at random. docs/benchmarks/pledges.md.

    .venv/bin/python -m benchmarks.pledges --engine sqlite --pledges 1000
    .venv/bin/python -m benchmarks.pledges --engine postgresql --pledges 1000 --kills 200

Givers and workers are processes of their own that call the rooms' actions on one real database. The clock runs fast (a
second is a minute), so that leases end and the sweep asks within seconds. With `--kills`, processes are ended with
SIGKILL at random moments while giving and while collecting, and started again. At the end nothing may be lost or twice.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.ledger import database, environment

HERE = Path(__file__).resolve().parent
START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
DAYS = 30
LATER = timedelta(days=DAYS + 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--postgres", default="postgres:///postgres", help="a server on which databases may be made")
    parser.add_argument("--pledges", type=int, default=1000)
    parser.add_argument("--givers", type=int, default=4, help="processes that give")
    parser.add_argument("--workers", type=int, default=2, help="processes that work")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    found = run(args.engine, args.postgres, args.pledges, args.givers, args.workers, args.kills, args.seed)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 1 if found["faults"] else 0


def run(engine: str, postgres: str, pledges: int, givers: int, workers: int, kills: int, seed: int) -> dict[str, Any]:
    """The figures of one run; `faults` is empty where everything held."""
    with database(engine, postgres, f"becontree_bench_pledges_{os.getpid()}") as url:
        child = Children(environment(url), seed)
        child.call("prepare", str(pledges))
        epoch = time.time()
        shares = [str(range(pledges)[n::givers]) for n in range(givers)]
        crowd = {f"give {share}": child.start("give", share, str(epoch)) for share in shares}
        crew = {f"work {n}": child.start("work", str(n), str(epoch), "giving") for n in range(workers)}
        done = child.kill_some(crowd, crew, kills // 2, epoch, "giving")
        giving = time.time() - epoch
        child.stop(crew)
        crew = {f"work {n}": child.start("work", str(n), str(epoch), "collecting") for n in range(workers)}
        collecting = time.time()
        done += child.kill_some({}, crew, kills - done, epoch, "collecting")
        while time.time() - collecting < 5:
            time.sleep(0.1)
        child.stop(crew)
        found: dict[str, Any] = json.loads(child.call("finish", str(epoch)))
        return {"engine": engine, "asked": pledges, "killed": done, "giving_s": round(giving, 1)} | found


class Children:
    """The processes of a run."""

    def __init__(self, env: dict[str, str], seed: int) -> None:
        self.env = env
        self.chance = random.Random(seed)  # when to kill is no secret

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "benchmarks.pledges_inside", *words]
        return subprocess.Popen(command, env=self.env, cwd=HERE.parent, stdin=subprocess.DEVNULL)

    def call(self, *words: str) -> str:
        command = [sys.executable, "-m", "benchmarks.pledges_inside", *words]
        return subprocess.run(
            command, env=self.env, cwd=HERE.parent, check=True, stdout=subprocess.PIPE
        ).stdout.decode()

    def kill_some(
        self,
        crowd: dict[str, subprocess.Popen[bytes]],
        crew: dict[str, subprocess.Popen[bytes]],
        kills: int,
        epoch: float,
        phase: str,
    ) -> int:
        """Kill at random and start again, until the crowd is done (or, without a crowd, until so many are killed)."""
        done = 0
        while (crowd and any(each.poll() is None for each in crowd.values())) or (not crowd and done < kills):
            if done < kills:
                time.sleep(self.chance.uniform(0.3, 1.5) if done else 2)
                live = [name for name, each in (crowd | crew).items() if each.poll() is None]
                if not live:
                    continue
                name = self.chance.choice(sorted(live))
                of = crowd if name in crowd else crew
                of[name].send_signal(signal.SIGKILL)
                of[name].wait()
                done += 1
                kind, _, rest = name.partition(" ")
                of[name] = self.start(kind, rest, str(epoch), *([phase] if kind == "work" else []))
            else:
                time.sleep(0.1)
        if any(each.returncode not in (0, None) for each in crowd.values()):
            raise RuntimeError(f"A giver ended badly: {[each.returncode for each in crowd.values()]}")
        return done

    def stop(self, crew: dict[str, subprocess.Popen[bytes]]) -> None:
        for each in crew.values():
            each.send_signal(signal.SIGKILL)
            each.wait()


if __name__ == "__main__":
    sys.exit(main())
