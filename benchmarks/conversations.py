"""Votes a second with receipts while maps are drawn, and what is left after `kill -9`. docs/benchmarks/conversations.md

    .venv/bin/python -m benchmarks.conversations --engine postgresql --seconds 30
    .venv/bin/python -m benchmarks.conversations --engine sqlite --seconds 20
    .venv/bin/python -m benchmarks.conversations --engine postgresql --seconds 20 --kills 4
    .venv/bin/python -m benchmarks.conversations --pages --votes 200000

Real gunicorn (two processes of four threads), the real worker, one real database, on the same two cores as the
telephones that ask it. Each joins, gets its cookie and its token, and votes as fast as it is answered; others look at
the map's number every four seconds. With `--kills` every process of the server is ended with SIGKILL at random and
started again. At the end each receipt that was given out must be a row with just that vote.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.ledger import database, environment

HERE = Path(__file__).resolve().parent
NUMBER = re.compile(rb'name="statement" value="(\d+)')
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')
PORT = 8431


@dataclass
class Tally:
    """What happened: seconds of each vote, receipts, the map's versions as they were seen, what went wrong."""

    took: list[float] = field(default_factory=list)
    receipts: list[tuple[str, int, int]] = field(default_factory=list)
    versions: list[tuple[float, int]] = field(default_factory=list)
    asked: int = 0
    unchanged: int = 0
    faults: int = 0
    broken: int = 0


class Phone:
    """One telephone with its cookies, over one connection that is kept open."""

    def __init__(self, slug: str, tally: Tally, chance: random.Random) -> None:
        self.slug, self.tally, self.chance = slug, tally, chance
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.pipe: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        if self.pipe is None:
            self.pipe = await asyncio.open_connection("127.0.0.1", PORT)
        reader, writer = self.pipe
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{PORT}", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if body:
            lines.append("Content-Type: application/x-www-form-urlencoded")
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        head = await reader.readuntil(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        length, closing = 0, False
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b": ")
            name = name.lower()
            if name == b"content-length":
                length = int(value)
            elif name == b"set-cookie":
                key, _, rest = value.decode().partition("=")
                self.cookies[key] = rest.split(";", 1)[0]
            elif name == b"connection":
                closing = value.lower() == b"close"
        content = await reader.readexactly(length) if length else b""
        if closing:
            self.hang_up()
        return status, content

    def hang_up(self) -> None:
        if self.pipe is not None:
            self.pipe[1].close()
        self.pipe = None

    async def join(self) -> int:
        """Take part; the number of the first statement."""
        base = f"/conversations/{self.slug}/"
        _, page = await self.ask("GET", base)
        self.token = TOKEN.findall(page)[0].decode()
        await self.ask("POST", base + "start/", f"csrfmiddlewaretoken={self.token}".encode())
        _, page = await self.ask("GET", base + "vote/")
        return int(NUMBER.findall(page)[0])

    async def vote(self, until: float) -> None:
        number = 0
        while time.monotonic() < until:
            try:
                if not number:
                    number = await self.join()
                value = self.chance.choice((1, 1, -1, 0))
                begun = time.monotonic()
                body = f"csrfmiddlewaretoken={self.token}&statement={number}&value={value}".encode()
                status, page = await self.ask(
                    "POST", f"/conversations/{self.slug}/vote/", body, Accept="application/json"
                )
                if status != 200:
                    self.tally.faults += 1
                    number = 0
                    continue
                answer = json.loads(page)
                if answer["receipt"]:
                    self.tally.took.append(time.monotonic() - begun)
                    self.tally.receipts.append((answer["receipt"], number, value))
                if answer["next"]:
                    number = answer["next"]["number"]
                else:  # a pause, or all done: look at the card again, as a person who carries on
                    _, page = await self.ask("GET", f"/conversations/{self.slug}/vote/")
                    found = NUMBER.findall(page)
                    number = int(found[0]) if found else 0
                    if not found:
                        self.cookies.clear()  # somebody else takes the telephone
            except (OSError, asyncio.IncompleteReadError, IndexError):
                self.tally.broken += 1
                self.hang_up()
                number = 0
                self.cookies.clear()
                await asyncio.sleep(0.2)

    async def look(self, until: float) -> None:
        tag = ""
        await asyncio.sleep(self.chance.random() * 4)
        while time.monotonic() < until:
            try:
                status, body = await self.ask(
                    "GET", f"/conversations/{self.slug}/map/version/", **({"If_None_Match": tag} if tag else {})
                )
                self.tally.asked += 1
                self.tally.unchanged += status == 304
                if status == 200:
                    version = json.loads(body)["version"]
                    tag = f'"{version}"'
                    self.tally.versions.append((time.monotonic(), version))
            except (OSError, asyncio.IncompleteReadError, ValueError):
                self.tally.broken += 1
                self.hang_up()
            await asyncio.sleep(4)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument("--postgres", default="postgres://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--phones", type=int, default=16, help="telephones that vote as fast as they are answered")
    parser.add_argument("--watchers", type=int, default=20, help="telephones that look at the map")
    parser.add_argument("--statements", type=int, default=100)
    parser.add_argument("--votes", type=int, default=20_000, help="votes that are there before")
    parser.add_argument("--people", type=int, default=0, help="people who cast them (default: one a 40 votes)")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", action="store_true", help="CPU milliseconds, queries and bytes of each page instead")
    args = parser.parse_args()
    with database(args.engine, args.postgres, f"becontree_bench_conversations_{os.getpid()}") as url:
        env = environment(url)
        people = args.people or max(10, args.votes // 40)
        inside(env, "prepare", str(args.statements), str(args.votes), str(people))
        found = pages(env) if args.pages else run(env, args)
    sys.stdout.write(json.dumps({"engine": args.engine} | found, indent=2) + "\n")
    return 1 if found.get("lost") else 0


def inside(env: dict[str, str], *words: str, given: bytes = b"") -> Any:
    command = [sys.executable, "-m", "benchmarks.conversations_inside", *words]
    done = subprocess.run(command, env=env, cwd=HERE.parent, input=given, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout or b"{}")


def serve(env: dict[str, str]) -> list[subprocess.Popen[bytes]]:
    """Gunicorn as `becontree serve` starts it, and a worker; each in a group of its own, to be ended whole."""
    web = [
        sys.executable, "-m", "gunicorn", "becontree.web.wsgi:application", "--worker-class", "gthread",
        "--bind", f"127.0.0.1:{PORT}", "--workers", "2", "--threads", "4", "--timeout", "60", "--keep-alive", "5",
        "--log-level", "error", "--no-control-socket",
    ]  # fmt: skip
    jobs = [sys.executable, "-m", "becontree", "worker"]
    found = [
        subprocess.Popen(each, env=env, cwd=HERE.parent, start_new_session=True, stderr=subprocess.DEVNULL)
        for each in (web, jobs)
    ]
    wait_for_port()
    return found


def wait_for_port() -> None:
    import socket

    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", PORT)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("The server did not start.")


def end(processes: list[subprocess.Popen[bytes]]) -> None:
    for each in processes:
        os.killpg(each.pid, signal.SIGKILL)
        each.wait()


async def warm_up(slug: str) -> None:
    """Some votes and maps before the clock runs: a process loads what it needs at its first request."""
    until = time.monotonic() + 8
    phones = [Phone(slug, Tally(), random.Random(at)) for at in range(12)]
    await asyncio.gather(*(phone.vote(until) for phone in phones[:8]), *(phone.look(until) for phone in phones[8:]))
    for phone in phones:
        phone.hang_up()


async def crowd(args: argparse.Namespace, slug: str, tally: Tally) -> None:
    if not args.kills:
        await warm_up(slug)
    until = time.monotonic() + args.seconds
    chance = random.Random(args.seed)
    phones = [Phone(slug, tally, random.Random(chance.random())) for _ in range(args.phones + args.watchers)]
    await asyncio.gather(
        *(phone.vote(until) for phone in phones[: args.phones]),
        *(phone.look(until) for phone in phones[args.phones :]),
    )
    for phone in phones:
        phone.hang_up()


def run(env: dict[str, str], args: argparse.Namespace) -> dict[str, Any]:
    processes = serve(env)
    tally, killed, begun = Tally(), 0, time.monotonic()
    try:
        import threading

        votes = threading.Thread(target=lambda: asyncio.run(crowd(args, "bench", tally)))
        votes.start()
        chance = random.Random(args.seed)
        while votes.is_alive() and killed < args.kills:
            time.sleep(args.seconds / (args.kills + 1) * chance.uniform(0.7, 1.2))
            end(processes)
            killed += 1
            processes = serve(env)
        votes.join()
    finally:
        taken = time.monotonic() - begun
        end(processes)
    given = "\n".join(f"{code} {number} {value}" for code, number, value in tally.receipts).encode()
    found = inside(env, "check", given=given)
    took = sorted(tally.took) or [0.0]
    gaps = [later - earlier for (earlier, _), (later, _) in zip(_firsts(tally), _firsts(tally)[1:], strict=False)]
    return {
        "votes": len(tally.receipts),
        "seconds": round(taken, 1),
        "votes_a_second": round(len(tally.receipts) / args.seconds, 1),
        "p50_ms": round(1000 * took[len(took) // 2], 1),
        "p95_ms": round(1000 * took[int(len(took) * 0.95)], 1),
        "p99_ms": round(1000 * took[int(len(took) * 0.99)], 1),
        "longest_ms": round(1000 * took[-1], 1),
        "map_versions_seen": len(_firsts(tally)),
        "longest_between_versions_s": round(max(gaps, default=0), 1),
        "version_asked": tally.asked,
        "unchanged_304": tally.unchanged,
        "faults": tally.faults,
        "broken": tally.broken,
        "killed": killed,
    } | found


def _firsts(tally: Tally) -> list[tuple[float, int]]:
    """When each version of the map was first seen."""
    seen: dict[int, float] = {}
    for at, version in tally.versions:
        seen[version] = min(at, seen.get(version, at))
    return sorted((at, version) for version, at in seen.items())


def pages(env: dict[str, str]) -> dict[str, Any]:
    return {"pages": inside(env, "pages")}


if __name__ == "__main__":
    sys.exit(main())
