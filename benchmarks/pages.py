"""What a page costs: CPU milliseconds in one gunicorn worker, queries, and bytes over the wire, with a borough of size.

    python benchmarks/pages.py [--projects 400] [--pledges 8000] [--voices 2000] [--rounds 30] [--database URL]

The worker's own CPU clock (/proc/PID/stat) is read before and after a run of requests to one page, so that load from
others on the machine changes waiting and not the figure. Figures and the peer's are in docs/benchmarks/pages.md.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

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
    """CPU seconds of the server's worker processes so far."""
    total = 0.0
    for line in subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=True
    ).stdout.split():
        parts = Path(f"/proc/{line}/stat").read_text().rsplit(")", 1)[1].split()
        total += (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")
    return total


def fetch(port: int, path: str) -> bytes:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        body: bytes = answer.read()
    return body


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("projects", 400), ("pledges", 8000), ("voices", 2000), ("rounds", 30)):
        options.add_argument(f"--{name}", type=int, default=default)
    options.add_argument("--database", default="")
    chosen = options.parse_args()
    home = Path(tempfile.mkdtemp(prefix="becontree-pages-"))
    os.environ.update(BECONTREE_MODE="demo", BECONTREE_HOME=str(home), DJANGO_SETTINGS_MODULE="becontree.web.settings")
    if chosen.database:
        os.environ["BECONTREE_DATABASE_URL"] = chosen.database
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from becontree.foundations.tasks.jobs import count_rows
    from becontree.web.operations.serving import collect
    from benchmarks.fill import fill

    call_command("migrate", verbosity=0)
    collect()
    fill(projects=chosen.projects, pledges=chosen.pledges, voices=chosen.voices, now=timezone.now())
    count_rows(timezone.now())  # as the worker does
    client = Client(SERVER_NAME="127.0.0.1")
    queries = {}
    sizes = {}
    for name, path in PAGES.items():
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
        print(f"| page | CPU ms | queries | kB with styles |\n|---|---|---|---|")  # noqa: F541
        for name, path in PAGES.items():
            for _ in range(3):
                fetch(port, path)
            before = worker_cpu(server.pid)
            for _ in range(chosen.rounds):
                fetch(port, path)
            cost = (worker_cpu(server.pid) - before) / chosen.rounds * 1000
            asked, status = queries[name]
            note = "" if status == 200 else f" (answered {status})"
            print(f"| {name} | {cost:.1f} | {asked}{note} | {sizes[name] / 1000:.1f} |", flush=True)
    finally:
        server.terminate()
        server.wait(30)
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    raise SystemExit(main())
