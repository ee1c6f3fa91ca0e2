"""The ledger against django-hordak 2.0.0, and its reads at a million transfers. docs/benchmarks/ledger.md says how.

    .venv/bin/python -m benchmarks.ledger posting [--postgres postgres://...] [--rounds 60]
    .venv/bin/python -m benchmarks.ledger reading [--postgres postgres://...] [--transfers 1000000]
    .venv/bin/python -m benchmarks.ledger histories [--steps 10000]
    .venv/bin/python -m benchmarks.ledger draw

The peer is installed into its own environment (never ours). Databases are made for the run and dropped after it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

HERE = Path(__file__).resolve().parent
PEER = ["django-hordak==2.0.0", "Django==5.2.19", "psycopg[binary]==3.3.9"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["posting", "reading", "histories", "draw"])
    parser.add_argument("--postgres", default="postgres:///postgres", help="a server on which databases may be made")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--transfers", type=int, default=1_000_000)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], action="append")
    args = parser.parse_args()
    engines = args.engine or ["sqlite", "postgresql"]
    if args.what == "posting":
        posting(args.postgres, args.rounds)
    else:
        for engine in engines:
            with database(engine, args.postgres, "becontree_bench_ledger") as url:
                command = [sys.executable, "-m", "benchmarks.ledger_peer.inside", args.what]
                size = args.steps if args.what == "histories" else args.transfers
                subprocess.run([*command, str(size)], env=environment(url), check=True, cwd=HERE.parent)
    return 0


def posting(postgres: str, rounds: int) -> None:
    """Ten postings of one, ten of the other, and so on, so that both meet the same load."""
    with (
        tempfile.TemporaryDirectory() as folder,
        database("postgresql", postgres, "becontree_bench_ours") as ours,
        database("postgresql", postgres, "becontree_bench_hordak") as theirs,
    ):
        python = peer_environment(Path(folder))
        parts = urlsplit(theirs)
        peer = os.environ | {
            "BENCH_NAME": parts.path.lstrip("/"),
            "BENCH_USER": parts.username or "",
            "BENCH_PASSWORD": parts.password or "",
            "BENCH_HOST": parts.hostname or "",
            "BENCH_PORT": str(parts.port or ""),
        }
        sides = {
            "django-hordak 2.0.0": Side([str(python), str(HERE / "ledger_peer" / "hordak_side.py")], peer),
            "becontree": Side([sys.executable, "-m", "benchmarks.ledger_peer.our_side"], environment(ours)),
        }
        for side in sides.values():
            side.go(200)  # warm: plans kept, caches full
        times: dict[str, list[float]] = {name: [] for name in sides}
        cpu = dict.fromkeys(sides, 0.0)
        before = {name: side.server_cpu() for name, side in sides.items()}
        for _ in range(rounds):
            for name, side in sides.items():
                said = side.go(10)
                times[name] += said["times"]
                cpu[name] += said["cpu"]
        server = {name: side.server_cpu() - before[name] for name, side in sides.items()}
        faults = sides["becontree"].go(0)["faults"]
        for side in sides.values():
            side.end()
    base, own = (statistics.median(values) for values in times.values())
    print(f"load average {os.getloadavg()[0]:.1f}; {rounds * 10} postings each, one commit each, interleaved by ten")
    for name, values in times.items():
        ordered = sorted(values)
        print(
            f"{name:22} p5 {ordered[len(ordered) // 20] * 1e3:6.2f} ms  p50 {statistics.median(ordered) * 1e3:6.2f} ms "
            f" p95 {ordered[-len(ordered) // 20] * 1e3:6.2f} ms  {len(values) / sum(values):6.0f}/s  "
            f"CPU client {cpu[name] / len(values) * 1e6:5.0f} us, server {server[name] / len(values) * 1e6:5.0f} us"
        )
    each = [cpu[name] + server[name] for name in sides]
    low = [sorted(values)[len(values) // 20] for values in times.values()]
    print(
        f"becontree is {base / own:.1f} times as fast at the median, {low[0] / low[1]:.1f} at p5, "
        f"{each[0] / each[1]:.1f} in CPU of client and server; audit: {faults or 'sound'}"
    )


class Side:
    """A process that posts when told how often, and says how long each took."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            command, env=env, cwd=HERE.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdin
        assert self.process.stdout
        self.inward, self.outward = self.process.stdin, self.process.stdout
        while (line := self.outward.readline()) and not line.startswith("ready"):
            pass
        self.server = Path(f"/proc/{line.split()[1]}/schedstat")

    def server_cpu(self) -> float:
        """CPU seconds of this side's PostgreSQL process so far, exactly; 0 where it cannot be seen."""
        return int(self.server.read_text().split()[0]) / 1e9 if self.server.exists() else 0.0

    def go(self, count: int) -> dict[str, Any]:
        self.inward.write(f"{count}\n")
        self.inward.flush()
        return dict(json.loads(self.outward.readline()))

    def end(self) -> None:
        self.inward.close()
        self.process.wait(30)


def peer_environment(folder: Path) -> Path:
    """A fresh environment with the peer in it (or BECONTREE_BENCH_PEER, a Python that has it)."""
    if given := os.environ.get("BECONTREE_BENCH_PEER"):
        return Path(given)
    uv = next((HERE.parent / ".tools").glob("uv-*/bin/uv"))
    python = folder / "peer" / "bin" / "python"
    subprocess.run([str(uv), "venv", "--quiet", "--python", sys.executable, str(folder / "peer")], check=True)
    subprocess.run([str(uv), "pip", "install", "--quiet", "--python", str(python), *PEER], check=True)
    return python


def environment(url: str) -> dict[str, str]:
    return os.environ | {
        "BECONTREE_MODE": "test",
        "BECONTREE_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "becontree.web.settings",
        "BECONTREE_HOME": tempfile.gettempdir(),
    }


@contextmanager
def database(engine: str, postgres: str, name: str) -> Iterator[str]:
    """The address of an empty database, dropped at the end."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/bench.sqlite3"
        return
    import psycopg

    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(postgres)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def timed(work: Callable[[], Any], times: int = 50) -> tuple[float, float]:
    """Median and 95th percentile, in milliseconds."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1e3)
    taken.sort()
    return statistics.median(taken), taken[-max(1, times // 20)]


if __name__ == "__main__":
    sys.exit(main())
