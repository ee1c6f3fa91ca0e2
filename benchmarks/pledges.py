"""Many people giving at once over HTTP, a provider that misbehaves, processes killed. docs/benchmarks/pledges.md.

    .venv/bin/python -m benchmarks.pledges --engine sqlite --pledges 1000
    .venv/bin/python -m benchmarks.pledges --engine postgresql --pledges 200 --kills 50 --seed 2

The web server is gunicorn as `becontree serve` starts it, the worker is `becontree worker`, the database is real. Each
giver is signed in and walks the pages: the form (some send it twice), the provider's page with a card that pays or
misbehaves, and back. The provider's later messages come to the web server over HTTP. The clock runs fast (a second is a
minute) and is moved on between the phases. With `--kills`, the worker, a web process or the whole web server is ended
with SIGKILL at random moments, while people give and while their gifts are collected, and started again. At the end
nothing may be lost or twice. Exit status 1 tells of a fault.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from becontree.web.operations.serving import Plan
from benchmarks import pledges_givers
from benchmarks.ledger import database, environment

HERE = Path(__file__).resolve().parent
DAY = 24 * 60.0  # minutes
DAYS = 30  # that the campaign is open
COLLECTING = 16  # days that are walked through while collecting: more than the window to collect in


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--postgres", default="postgres:///postgres", help="a server on which databases may be made")
    parser.add_argument("--pledges", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=1000, help="how many givers are under way at one time")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    found = run(args.engine, args.postgres, args.pledges, args.at_once, args.kills, args.seed)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 1 if found["faults"] else 0


def run(engine: str, postgres: str, pledges: int, at_once: int, kills: int, seed: int) -> dict[str, Any]:
    """The figures of one run; `faults` is empty where everything held."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as home, database(engine, postgres, f"bench_pledges_{os.getpid()}") as url:
        house = House(url, Path(home), seed)
        pot, target = purse(pledges, seed)
        ready = json.loads(house.inside("prepare", str(pledges), str(pot), str(target)))
        givers = pledges_givers.crowd(ready["sessions"], seed)
        try:
            house.open()
            say(f"{engine}: {pledges} people may give, the doors are open")
            giving = time.monotonic()
            threads = pledges_givers.start(givers, house.port, ready["slug"], at_once)
            house.kill_while(lambda: any(each.is_alive() for each in threads), kills // 2, givers)
            seconds = time.monotonic() - giving
            say(f"all gave in {seconds:.0f} s; {sum(not giver.done for giver in givers)} did not come back")
            house.wait(lambda now: not now["begun_ready"], step=20, most=60)  # what nobody was told of is asked about
            house.skip(DAYS * DAY)
            house.collect(kills - len(house.killed))
            quiet = ("open", "flying", "waiting", "refunds", "messages", "unread")
            left = house.wait(lambda now: not any(now[what] for what in quiet), step=DAY / 4, most=150)
        finally:
            house.close()
        found = json.loads(house.inside("look", str(pot), given=json.dumps(pledges_givers.journeys(givers))))
    kinds = {kind: house.killed.count(kind) for kind in sorted(set(house.killed))}
    return {
        "engine": engine,
        "seed": seed,
        "asked": pledges,
        "at_once": min(at_once, pledges),
        "killed": len(house.killed),
        "kills": kinds,
        "giving_s": round(seconds, 1),
        "gifts_a_second": round(pledges / seconds, 1),
        "all_s": round(time.monotonic() - begun),
        "asked_again": sum(giver.tries for giver in givers),
        "left": left,
        **found,
    }


def purse(pledges: int, seed: int) -> tuple[int, int]:
    """The pot and the target, in pence: the pot is half of what the crowd would draw; both together come to the target.

    So the pot runs dry while many give, and its match must shrink and grow as gifts come and fail.
    """
    sure = [
        giver
        for giver in pledges_givers.crowd([""] * pledges, seed)
        if giver.card in {"pays", "late", "twice", "backwards", "never", "lost-answer"}
    ]
    crowd = sum(int(giver.pounds.replace(".", "")) for giver in sure)
    pot = crowd * 3 // 2
    return pot, (crowd + pot) * 98 // 100


class House:
    """The processes of a run: one web server, one worker, and one that looks on."""

    def __init__(self, url: str, home: Path, seed: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.home = home
        self.plan = Plan(port=self.port, workers=2, threads=4)
        self.chance = random.Random(f"kills {seed}")
        self.skipped = 0.0
        self.killed: list[str] = []
        self.clock = home / "skip"
        self.clock.write_text("0")
        self.env = environment(url) | {
            "DJANGO_SETTINGS_MODULE": "benchmarks.fast_settings",
            "BECONTREE_HOME": str(home),
            "BECONTREE_LOG_LEVEL": "CRITICAL",
            "BENCH_EPOCH": str(time.time()),
            "BENCH_SKIP": str(self.clock),
            "PYTHONPATH": str(HERE.parent),
        }
        self.watch: subprocess.Popen[str] | None = None

    def inside(self, *words: str, given: str = "") -> str:
        command = [sys.executable, "-m", "benchmarks.pledges_inside", *words]
        return subprocess.run(
            command, env=self.env, cwd=HERE.parent, check=True, input=given, stdout=subprocess.PIPE, text=True
        ).stdout

    def open(self) -> None:
        self.watch = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.pledges_inside", "watch"],
            env=self.env, cwd=HERE.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.web = self._start(self.plan.web(), {})
        # The provider's messages come over HTTP, but not from within a request: that would wait for itself.
        self.hook = {"BECONTREE_PRACTICE_HOOK_URL": f"http://127.0.0.1:{self.port}/payments/hooks/practice/"}
        self.worker = self._start(self.plan.jobs(), self.hook)
        self.until_served()

    def until_served(self) -> None:
        end = time.monotonic() + 90
        while time.monotonic() < end:
            with suppress(OSError, urllib.error.URLError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=30)
                return
            time.sleep(0.2)
        raise RuntimeError("the web server did not answer")

    def close(self) -> None:
        for process in (self.web, self.worker):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if self.watch is not None:
            assert self.watch.stdin
            self.watch.stdin.close()
            self.watch.wait()

    def skip(self, minutes: float) -> None:
        """Move every clock on."""
        self.skipped += minutes
        part = self.clock.with_suffix(".new")
        part.write_text(str(self.skipped))
        part.replace(self.clock)

    def now(self) -> dict[str, Any]:
        """How things stand."""
        assert self.watch
        assert self.watch.stdin
        assert self.watch.stdout
        self.watch.stdin.write("?\n")
        self.watch.stdin.flush()
        return dict(json.loads(self.watch.stdout.readline()))

    def wait(self, until: Any, *, step: float, most: int) -> dict[str, Any]:
        """Let the worker work, moving the clock on by so many minutes at a time, until it is so."""
        for _ in range(most):
            found = self.now()
            if until(found):
                return found
            time.sleep(1.5)
            self.skip(step)
        say(f"gave up waiting: {found}")
        return found

    def kill_while(self, going: Any, kills: int, givers: list[pledges_givers.Giver]) -> None:
        told = time.monotonic()
        while going():
            if len(self.killed) < kills:
                time.sleep(self.chance.uniform(0.2, 2.0))
                self.kill()
            else:
                time.sleep(0.2)
            if time.monotonic() - told > 10:
                told = time.monotonic()
                say(f"{sum(giver.done for giver in givers)} gave, {len(self.killed)} killed")

    def collect(self, kills: int) -> None:
        """The time after closing, in as many steps as there are kills."""
        steps = max(kills, 16)
        for number in range(steps):
            time.sleep(self.chance.uniform(0.2, 2.0))
            if number < kills:
                self.kill()
            if number % 10 == 9:
                say(f"collecting, {len(self.killed)} killed, {self.now()}")
            self.skip(COLLECTING * DAY / steps)

    def kill(self) -> None:
        """End one of the processes at once, as a power cut would, and start it again as a supervisor would."""
        what = self.chance.choices(["worker", "web process", "web server"], [4, 4, 1])[0]
        if what == "worker":
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait()
            self.worker = self._start(self.plan.jobs(), self.hook)
        elif what == "web server":
            os.killpg(self.web.pid, signal.SIGKILL)
            self.web.wait()
            self.web = self._start(self.plan.web(), {})
        else:  # gunicorn itself starts another
            children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text().split()
            if not children:
                return
            with suppress(ProcessLookupError):
                os.kill(int(self.chance.choice(children)), signal.SIGKILL)
        self.killed.append(what)

    def _start(self, command: list[str], more: dict[str, str]) -> subprocess.Popen[bytes]:
        with (self.home / "said.log").open("ab") as said:
            return subprocess.Popen(
                command, env=self.env | more, cwd=HERE.parent, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                start_new_session=True,
            )  # fmt: skip


def say(text: str) -> None:
    sys.stderr.write(f"[load {os.getloadavg()[0]:.1f}, {threading.active_count()} threads] {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
