"""Many people giving at once over HTTP, a provider that misbehaves, processes killed. docs/benchmarks/pledges.md.

    .venv/bin/python -m benchmarks.pledges --engine sqlite --pledges 1000
    .venv/bin/python -m benchmarks.pledges --engine postgresql --pledges 200 --kills 50 --seed 2

The web server is gunicorn as `becontree serve` starts it, the worker is `becontree worker`, the database is real. Each
giver is signed in and walks the pages: the form (some send it twice), the provider's page with a card that pays or
misbehaves, and back. The provider's later messages come to the web server over HTTP. The clock runs fast (a second is a
minute) and is moved on between the phases. With `--kills`, the worker, a web process or the whole web server is ended
with SIGKILL at random moments, while people give and while their gifts are collected, and started again: how is in
pledges_kills. At the end nothing may be lost or twice. Exit status 1 tells of a fault.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
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
from urllib.parse import urlsplit, urlunsplit

from becontree.web.operations.serving import Plan
from benchmarks import pledges_givers, pledges_kills
from benchmarks.ledger import database, environment

HERE = Path(__file__).resolve().parent
DAY = 24 * 60.0  # minutes
DAYS = 30  # that the campaign is open
GIVING_KILLS = 9, 20  # that share of the kills falls while people give, the others while their gifts are collected
STEP = 3 * 60.0  # minutes that the clock is moved on while collecting, whenever nothing is due


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--postgres", default="postgres:///postgres", help="a server on which databases may be made")
    parser.add_argument("--pledges", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=1000, help="how many givers are under way at one time")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep", help="where a database in which something did not hold is kept: a folder, or its name"
    )
    args = parser.parse_args()
    found = run(args.engine, args.postgres, args.pledges, args.at_once, args.kills, args.seed, args.keep)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 1 if found["faults"] else 0


def run(
    engine: str, postgres: str, pledges: int, at_once: int, kills: int, seed: int, keep: str | None = None
) -> dict[str, Any]:
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
            house.kill_givers(
                lambda: any(each.is_alive() for each in threads), kills * GIVING_KILLS[0] // GIVING_KILLS[1], givers
            )
            seconds = time.monotonic() - giving
            say(f"all gave in {seconds:.0f} s; {sum(not giver.done for giver in givers)} did not come back")
            house.wait(lambda now: not now["begun_ready"], step=20, most=90)  # what nobody was told of is asked about
            house.skip(DAYS * DAY)
            house.kill_collecting(kills - len(house.killed), givers, ready["slug"], seed)
            quiet = ("open", "flying", "waiting", "refunds", "messages", "unread")
            left = house.wait(lambda now: not any(now[what] for what in quiet), step=DAY / 4, most=400)
        finally:
            house.close()
        found = json.loads(house.inside("look", str(pot), given=json.dumps(pledges_givers.journeys(givers))))
        if found["faults"] and keep:
            kept(url, keep)
    return {
        "engine": engine,
        "seed": seed,
        "asked": pledges,
        "at_once": min(at_once, pledges),
        "killed": len(house.killed),
        "kills": pledges_kills.told(house.killed),
        "load": os.getloadavg(),
        "giving_s": round(seconds, 1),
        "gifts_a_second": round(pledges / seconds, 1),
        "all_s": round(time.monotonic() - begun),
        "requests_of_givers": sum(giver.tries for giver in givers),
        "requests_cut_short": sum(giver.cut for giver in givers),
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


def kept(url: str, name: str) -> None:
    """Keep the database of a run for whoever looks for the fault."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        shutil.copytree(Path(parts.path).parent, name)
        return
    import psycopg

    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{parts.path.lstrip("/")}"')


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
        self.killed: list[pledges_kills.Kill] = []
        self.born = {"worker": 0}  # steps of collecting that were done when the worker began
        self.moved = 0.0
        self.clock = home / "skip"
        self.clock.write_text("0")
        self.env = environment(url) | {
            "DJANGO_SETTINGS_MODULE": "benchmarks.fast_settings",
            "BECONTREE_HOME": str(home),
            "BECONTREE_LOG_LEVEL": "CRITICAL",
            "BENCH_EPOCH": str(time.time()),
            "BENCH_SKIP": str(self.clock),
            "PYTHONPATH": str(HERE.parent),
            # Each answer leaves the number of the process that gave it: so kills find processes that have worked.
            "GUNICORN_CMD_ARGS": f"--access-logfile={home}/answers --access-logformat=%(p)s",
        }
        self.env.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled once, as on a server: each kill is a new start
        self.answers = pledges_kills.Answers(home / "answers")
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
        self.moved = time.monotonic()

    def now(self) -> dict[str, Any]:
        """How things stand."""
        return self.ask("?")

    def ask(self, what: str) -> dict[str, Any]:
        """What the onlooker says: to "?" how all stands, to "steps PID" how far the collecting and that worker are."""
        assert self.watch
        assert self.watch.stdin
        assert self.watch.stdout
        self.watch.stdin.write(f"{what}\n")
        self.watch.stdin.flush()
        return dict(json.loads(self.watch.stdout.readline()))

    def wait(self, until: Any, *, step: float, most: float) -> dict[str, Any]:
        """Let the worker work until it is so, at most so many seconds.

        The clock is moved on by so many minutes whenever nothing is due, and every few seconds in any case.
        """
        end = time.monotonic() + most
        while True:
            found = self.now()
            if until(found):
                return found
            if time.monotonic() > end:
                self.say(f"gave up waiting: {found}")
                return found
            time.sleep(0.5)
            if time.monotonic() - self.moved > (3 if self.ask("steps 0")["due"] else 0.5):
                self.skip(step)

    def kill_givers(self, going: Any, kills: int, givers: list[pledges_givers.Giver]) -> None:
        """Kills while people give; then wait for all of them."""

        def left() -> int:
            return sum(not giver.seconds for giver in givers)

        self.killed += pledges_kills.Hunt(self, "giving", lambda seen: going(), left).run(kills)
        told = time.monotonic()
        while going():
            time.sleep(0.2)
            if time.monotonic() - told > 10:
                told = time.monotonic()
                self.say(f"{left()} are still giving")

    def kill_collecting(self, kills: int, givers: list[pledges_givers.Giver], slug: str, seed: int) -> None:
        """Kills from the closing on, until they are used up or nothing is left to collect."""
        end = time.monotonic() + 120
        while kills and not self.ask("steps 0")["collecting"] and time.monotonic() < end:
            time.sleep(0.1)
        self.moved = time.monotonic()
        stop = threading.Event()
        looking = pledges_givers.onlook(givers, self.port, slug, stop, seed)
        self.killed += pledges_kills.Hunt(self, "collecting", lambda seen: seen["collecting"], lambda: 0).run(kills)
        stop.set()
        looking.join()

    def say(self, text: str) -> None:
        say(text)

    def pace(self, seen: dict[str, Any]) -> None:
        """Move the clock on a little where nothing is due now: the next tries are days away."""
        if seen["collecting"] and not seen["due"] and time.monotonic() - self.moved > 1:
            self.skip(STEP)

    def restart(self, what: str) -> None:
        """As a supervisor would."""
        if what == "worker":
            self.worker = self._start(self.plan.jobs(), self.hook)
        else:
            self.web = self._start(self.plan.web(), {})

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
