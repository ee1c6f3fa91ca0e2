"""The givers of benchmarks.pledges: each walks the pages over HTTP as a browser would, and tries again on trouble."""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
ONCE = re.compile(r'name="once" value="([^"]+)"')
PATIENCE = 1500.0  # seconds that one giver keeps trying
# What each practice card does stands in payments.practice.faults. Half of the givers' cards simply pay.
CARDS = (
    "late",
    "twice",
    "backwards",
    "never",
    "lost-answer",
    "lost-request",
    "declines",
    "declines-later",
    "turns-round",
)


class Broken(Exception):
    """The line broke, or the server did: try again."""


@dataclass
class Giver:
    """One person, their signed-in session, and what they mean to do. `done` when they came back from paying."""

    number: int
    session: str
    card: str
    pounds: str
    twice: bool  # sends the form twice, as an impatient finger does
    done: bool = False
    tries: int = 0
    cut: int = 0  # requests that somebody had taken, and that were never answered
    said: str = ""
    seconds: float = 0.0
    jar: dict[str, str] = field(default_factory=dict)

    def walk(self, port: int, slug: str) -> None:
        begun = time.monotonic()
        self.jar["becontree"] = self.session
        try:
            self._walk(port, f"/projects/{slug}/give/", begun + PATIENCE)
        finally:
            self.seconds = time.monotonic() - begun

    def _walk(self, port: int, path: str, end: float) -> None:
        status, _, body = self._insist(port, "GET", path, None, end)
        once, token = ONCE.search(body), TOKEN.search(body)
        if status != 200 or not once or not token:
            self.said = f"the give page answered {status}"
            return
        form = {
            "csrfmiddlewaretoken": token[1], "once": once[1], "amount": self.pounds, "public_name": "",
        }  # fmt: skip
        status, onward, body = self._insist(port, "POST", path, form, end)
        if self.twice and status == 302:
            again = self._insist(port, "POST", path, form, end)
            if again[1] != onward:
                self.said = f"the form sent twice led to {onward} and to {again[1]}"
                return
        if status != 302:
            self.said = f"the form was answered with {status}: {_refusal(body)}"
            return
        while time.monotonic() < end:
            status, onward_next, body = self._insist(port, "GET", onward, None, end)
            token = TOKEN.search(body)
            if status == 302:
                onward = onward_next
            elif onward.startswith("/my/"):
                self.done = status == 200
                self.said = "" if self.done else f"the page to return to answered {status}"
                return
            elif status == 200 and 'name="card"' in body and token:
                form = {
                    "csrfmiddlewaretoken": token[1],
                    **({"leave": "1"} if self.card == "leave" else {"card": self.card}),
                }
                status, after, body = self._insist(port, "POST", onward, form, end)
                if status == 302:
                    onward = after
            else:  # the provider did not answer at once: the page says so and is asked for again
                time.sleep(1)
        self.said = "ran out of patience"

    def _insist(
        self, port: int, method: str, path: str, form: dict[str, str] | None, end: float
    ) -> tuple[int, str, str]:
        """Ask again, with the very same form, until there is an answer that is not an error of the server."""
        while True:
            self.tries += 1
            try:
                status, where, body = self._ask(port, method, path, form)
                if status < 500:
                    return status, where, body
                self.said = f"{method} {path} answered {status}"
            except (OSError, http.client.HTTPException) as error:
                self.cut += not isinstance(error, ConnectionRefusedError)
                self.said = f"{method} {path}: {error!r}"
            if time.monotonic() > end:
                raise Broken(self.said)
            time.sleep(0.5)

    def _ask(self, port: int, method: str, path: str, form: dict[str, str] | None) -> tuple[int, str, str]:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=180)
        try:
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.jar.items())}
            if form is not None:
                headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{port}"}
            line.request(method, path, urlencode(form) if form is not None else None, headers)
            answer = line.getresponse()
            body = answer.read().decode(errors="replace")
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.partition(";")[0].partition("=")
                self.jar[name.strip()] = value
            return answer.status, urlsplit(answer.headers.get("Location", "")).path, body
        finally:
            line.close()


def _refusal(body: str) -> str:
    found = re.findall(r'class="(?:errorlist|error-summary)[^"]*"[^>]*>(.*?)</(?:ul|div)>', body, re.S)
    return re.sub(r"<[^>]+>|\s+", " ", " ".join(found))[:200].strip()


def crowd(sessions: list[str], seed: int) -> list[Giver]:
    """Who gives, how much and with which card: the same for the same seed."""
    chance = random.Random(f"givers {seed}")
    givers = []
    for number, session in enumerate(sessions):
        card = "pays" if chance.random() < 0.5 else chance.choice([*CARDS, "leave"])
        givers.append(Giver(number, session, card, f"{5 + chance.randrange(7)}.00", chance.random() < 0.2))
    return givers


def start(givers: list[Giver], port: int, slug: str, at_once: int) -> list[threading.Thread]:
    """Let them loose: so many at once, and the next when one is done."""
    waiting = list(reversed(givers))
    lock = threading.Lock()

    def run() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                giver = waiting.pop()
            try:
                giver.walk(port, slug)
            except Broken as broken:
                giver.said = f"gave up: {broken}"

    threads = [threading.Thread(target=run, daemon=True) for _ in range(min(at_once, len(givers)))]
    for thread in threads:
        thread.start()
    return threads


def onlook(givers: list[Giver], port: int, slug: str, stop: threading.Event, seed: int) -> threading.Thread:
    """People look at the project and at their gifts meanwhile, some twice a second; nothing is asked again."""
    chance = random.Random(f"onlookers {seed}")

    def run() -> None:
        while not stop.wait(chance.uniform(0.2, 0.8)):
            giver = chance.choice(givers)
            with suppress(OSError, http.client.HTTPException):
                giver._ask(port, "GET", chance.choice(["/my/giving/", f"/projects/{slug}/"]), None)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def journeys(givers: list[Giver]) -> list[dict[str, Any]]:
    return [
        {"number": each.number, "card": each.card, "pounds": each.pounds, "done": each.done, "said": each.said}
        for each in givers
    ]
