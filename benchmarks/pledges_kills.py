"""Who is killed in benchmarks.pledges, and when: processes that have worked since they began, spread over the work.

Everything is seen from outside. What a web process did is in gunicorn's own log of answers; what the worker did is in
the database. A kill is due when a random part of the work since the last one is done (never by the clock alone), its
victim is chosen by chance among those that have done something since they were started, and where none has, the kill
waits for one. Only after `LIMIT` seconds without any is it carried out all the same, and counted as such.
"""

from __future__ import annotations

import os
import random
import re
import signal
import statistics
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

LIMIT = 45.0  # seconds to wait for work before a kill
LOOK = 0.05  # seconds between two looks
WEIGHTS = {"worker": 4, "web process": 4, "web server": 1}
SOONER = 0.9  # the kills are to be over a little before the work is
A_GIFT = 7  # pages that a giver asks for, about
PID = re.compile(r"<(\d+)>")


class Processes(Protocol):
    """What is killed: pledges.House."""

    chance: random.Random
    answers: Answers
    web: Any
    worker: Any
    born: dict[str, int]

    def ask(self, what: str) -> dict[str, Any]: ...
    def restart(self, what: str) -> None: ...
    def pace(self, seen: dict[str, Any]) -> None: ...
    def say(self, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill. `before` and `left` count requests or steps of collecting done, and gifts still to make or collect."""

    phase: str
    what: str
    worked: bool
    in_a_job: bool
    before: int
    left: int
    untried: int
    waited: float


class Answers:
    """How many requests each web process has answered, from gunicorn's log of answers."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.log.touch()
        self.place = 0
        self.by: Counter[int] = Counter()

    def look(self) -> Counter[int]:
        with self.log.open("rb") as log:
            log.seek(self.place)
            new = log.read()
        whole = new[: new.rfind(b"\n") + 1]
        self.place += len(whole)
        self.by.update(int(pid) for pid in PID.findall(whole.decode()))
        return self.by


class Hunt:
    """The kills of one phase: `giving`, measured in pages answered, or `collecting`, measured in the worker's steps.

    `going(seen)` tells whether the phase lasts, `left()` how many have not given yet.
    """

    def __init__(self, house: Processes, phase: str, going: Callable[[Any], bool], left: Callable[[], int]) -> None:
        self.house, self.phase, self.going, self.left = house, phase, going, left
        self.kills: list[Kill] = []
        self.said = time.monotonic()

    def run(self, count: int) -> list[Kill]:
        while len(self.kills) < count:
            done, remaining, seen = self._look()
            if not self.going(seen):
                break
            share = SOONER * remaining / (count - len(self.kills)) * self.house.chance.uniform(0.3, 1.3)
            self._one(done + max(2, int(share)))
        return self.kills

    def _look(self) -> tuple[int, int, dict[str, Any]]:
        """How much is done, how much is left (in the same measure), and how things stand."""
        seen = self.house.ask(f"steps {self.house.worker.pid}")
        if time.monotonic() - self.said > 10:
            self.said = time.monotonic()
            self.house.say(f"{self.phase}, {len(self.kills)} killed, {self.left()} have not given, {seen}")
        if self.phase == "giving":
            return sum(self.house.answers.look().values()), self.left() * A_GIFT, seen
        self.house.pace(seen)
        left = 4 * seen["untried"] + seen["firm"] + 2 * seen["messages"] + seen["unread"] + seen["waiting"]
        return seen["steps"], left, seen

    def _one(self, goal: int) -> None:
        begun = time.monotonic()
        what = ""
        while not what:
            time.sleep(LOOK)
            done, _, seen = self._look()
            if not self.going(seen):
                return
            late = time.monotonic() - begun > LIMIT
            what = self._victim(seen, anyone=late) if done >= goal or late else ""
        worked = what in self._workers(seen)
        pid = self.house.worker.pid
        if what == "web process":
            if not self._kill_child():
                return
        else:
            victim = self.house.worker if what == "worker" else self.house.web
            os.killpg(victim.pid, signal.SIGKILL)
            victim.wait()
        after = self.house.ask(f"steps {pid}")
        if what != "web process":  # gunicorn itself starts another of those
            self.house.born[what] = after["steps"]
            self.house.restart(what)
        collecting = self.phase == "collecting"
        self.kills.append(
            Kill(
                self.phase, what, worked, what == "worker" and bool(after["job"]), done,
                after["firm"] if collecting else self.left(), after["untried"] if collecting else 0,
                time.monotonic() - begun,
            )
        )  # fmt: skip

    def _workers(self, seen: dict[str, Any]) -> set[str]:
        """The kinds of process of which one has done something since it was started."""
        found = {"web process", "web server"} if any(self._answered()) else set()
        steps = self.phase == "collecting" and seen["steps"] > self.house.born["worker"]
        return found | ({"worker"} if steps or seen["runs"] else set())

    def _victim(self, seen: dict[str, Any], *, anyone: bool) -> str:
        """A kind by chance, of those that have worked; '' where none has and we can wait."""
        kinds = sorted(self._workers(seen)) or (sorted(WEIGHTS) if anyone else [])
        return self.house.chance.choices(kinds, [WEIGHTS[kind] for kind in kinds])[0] if kinds else ""

    def _children(self) -> list[int]:
        pid = self.house.web.pid
        with suppress(OSError):
            return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return []

    def _answered(self) -> list[int]:
        """Living web processes that have answered something."""
        answers = self.house.answers.look()
        return [pid for pid in self._children() if answers[pid]]

    def _kill_child(self) -> bool:
        children = self._answered() or self._children()
        if not children:
            return False
        with suppress(ProcessLookupError):
            os.kill(self.house.chance.choice(children), signal.SIGKILL)
            return True
        return False


def told(kills: list[Kill]) -> dict[str, Any]:
    """The kills of a run in figures, by phase."""
    return {phase: _told([kill for kill in kills if kill.phase == phase]) for phase in ("giving", "collecting")}


def _told(kills: list[Kill]) -> dict[str, Any]:
    if not kills:
        return {"killed": 0}
    return {
        "killed": len(kills),
        "kinds": dict(sorted(Counter(kill.what for kill in kills).items())),
        "victim_had_worked": sum(kill.worked for kill in kills),
        "work_before_and_left": sum(kill.before > 0 and kill.left > 0 for kill in kills),
        "worker_in_a_job": sum(kill.in_a_job for kill in kills),
        **({"some_never_asked_for_yet": sum(kill.untried > 0 for kill in kills)} if kills[0].phase != "giving" else {}),
        "left_first_median_last": [kills[0].left, int(statistics.median(kill.left for kill in kills)), kills[-1].left],
        "seconds_between_median": round(statistics.median(kill.waited for kill in kills), 1),
    }
