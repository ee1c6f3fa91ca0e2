"""What a page costs: CPU milliseconds in one gunicorn worker, queries, and bytes over the wire, with a borough of size.

    python benchmarks/pages.py [--projects 400] [--pledges 8000] [--voices 2000] [--rounds 12] [--database URL]
    python benchmarks/pages.py --example

With --example it is the example borough (7,000 voices in a listening round, themed and promised; talks, hubs), and
every public page that can be reached by links from the home page: the first of each address pattern.

The worker's own CPU clock is read before and after a few requests to one page, so that load from others on the machine
changes waiting and not the figure. A machine's speed drifts (a virtual one's by half within minutes), so all pages are
asked in turn, round after round: a slow minute falls on all of them, and the median and the least of the rounds are
given beside the most. Figures and the peer's are in docs/benchmarks/pages.md.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import deque
from pathlib import Path

from django.test import Client
from django.urls import Resolver404

EACH = 5  # requests to one page in one round
PAGES = {
    "home": "/",
    "projects": "/projects/",
    "projects, page 10": "/projects/?page=10",
    "project, live": "/projects/project-5/",
    "project, closed": "/projects/project-8/",
    "give": "/projects/project-5/give/",
    "voices": "/voices/",
    "voices, searched": "/voices/?words=mill&kind=hope",
    "rounds": "/voices/rounds/",
    "a round, closed": "/voices/rounds/twenty-years/",
    "how we moderate": "/voices/how-we-moderate/",
    "funds": "/funds/",
    "fund": "/funds/pot/",
    "money": "/money/",
    "record": "/record/",
    "thread": "/record/thread/project/project-5",
    "rules": "/policy/",
    "places": "/places/",
    "accounts": "/accounts/",
}


def worker_cpu(pid: int) -> float:
    """CPU seconds of all threads of the server's worker processes so far, to the nanosecond."""
    total = 0
    for line in subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=True
    ).stdout.split():
        total += sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{line}/task").glob("*/schedstat"))
    return total / 1e9


def fetch(port: int, path: str) -> bytes:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        body: bytes = answer.read()
    return body


def reached(client: Client) -> dict[str, str]:
    """Address pattern -> the first page of it that a visitor reaches from the home page by links, signed out."""
    from django.urls import resolve

    found: dict[str, str] = {}
    seen = {"/"}
    waiting = deque(seen)
    while waiting:
        path = waiting.popleft()
        answer = client.get(path)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        found.setdefault(f"/{resolve(path).route}", path)
        for href in re.findall(r'<a [^>]*href="(/[^"?#]*)', answer.content.decode()):
            if href in seen or href.startswith(("/static/", "/demo/")):
                continue
            seen.add(href)
            try:
                route = f"/{resolve(href).route}"
            except Resolver404:
                continue
            if route not in found:
                waiting.append(href)
    return found


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("projects", 400), ("pledges", 8000), ("voices", 2000), ("rounds", 12)):
        options.add_argument(f"--{name}", type=int, default=default)
    options.add_argument("--database", default="")
    options.add_argument("--example", action="store_true")
    chosen = options.parse_args()
    home = Path(tempfile.mkdtemp(prefix="becontree-pages-"))
    os.environ.update(BECONTREE_MODE="demo", BECONTREE_HOME=str(home), DJANGO_SETTINGS_MODULE="becontree.web.settings")
    if chosen.database:
        os.environ["BECONTREE_DATABASE_URL"] = chosen.database
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from becontree.foundations.tasks.jobs import count_rows
    from becontree.web.demo.load import load
    from becontree.web.operations.serving import collect
    from benchmarks.fill import fill

    call_command("migrate", verbosity=0)
    collect()
    if chosen.example:
        load(timezone.now())
    else:
        fill(projects=chosen.projects, pledges=chosen.pledges, voices=chosen.voices, now=timezone.now())
    count_rows(timezone.now())  # as the worker does
    client = Client(SERVER_NAME="127.0.0.1")
    pages = reached(client) if chosen.example else PAGES
    queries = {}
    sizes = {}
    for name, path in pages.items():
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            answer = client.get(path)
        queries[name] = (len(captured), answer.status_code)
        styles = sum(
            len(gzip.compress((Path(os.environ["BECONTREE_HOME"]) / found.lstrip("/")).read_bytes()))
            for found in set(re.findall(r'(?:href|src)="(/static/[^"]+)"', answer.content.decode()))
        )
        sizes[name] = len(gzip.compress(answer.content)) + styles
    connection.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "becontree.web.wsgi:application", "--workers", "1", "--threads", "1",
         "--worker-class", "gthread", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    )  # fmt: skip
    try:
        for _ in range(100):
            try:
                fetch(port, "/")
                break
            except OSError:
                time.sleep(0.3)
        costs: dict[str, list[float]] = {name: [] for name in pages}
        for path in pages.values():
            for _ in range(3):
                fetch(port, path)
        for done in range(chosen.rounds):
            for name, path in pages.items():
                before = worker_cpu(server.pid)
                for _ in range(EACH):
                    fetch(port, path)
                costs[name].append((worker_cpu(server.pid) - before) / EACH * 1000)
            print(f"{done + 1} of {chosen.rounds} rounds", end="\r", file=sys.stderr, flush=True)
        print("| page | CPU ms, median | least | most | queries | kB with styles |\n|---|---|---|---|---|---|")
        for name, found in costs.items():
            asked, status = queries[name]
            note = "" if status == 200 else f" (answered {status})"
            figures = " | ".join(f"{cost:.1f}" for cost in (statistics.median(found), min(found), max(found)))
            print(f"| {name} | {figures} | {asked}{note} | {sizes[name] / 1000:.1f} |", flush=True)
    finally:
        server.terminate()
        server.wait(30)
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    raise SystemExit(main())
