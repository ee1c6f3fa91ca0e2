"""Serving: the stylesheet and scripts gathered once, gunicorn with threads, and a worker beside it.

One small parent starts both as processes of their own, passes on the signal to stop, and starts the worker again if
it ends. Any number of these may run, on any number of machines, against one PostgreSQL.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from becontree import __version__
from becontree.web.apps import NOT_SERVED

STAMP: Final = ".becontree-collected"
GRACE: Final = 30  # seconds that a request or a job has to end
_DIES_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG, linux/prctl.h


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: the address, gunicorn's processes and the threads of each, and whether a worker runs beside."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4
    worker: bool = True

    def web(self) -> list[str]:
        """The command line of the web server."""
        return [
            sys.executable, "-m", "gunicorn", "becontree.web.wsgi:application",
            "--worker-class", "gthread", "--bind", f"{self.host}:{self.port}",
            "--workers", str(self.workers), "--threads", str(self.threads),
            "--timeout", "60", "--graceful-timeout", str(GRACE), "--keep-alive", "5",
            "--max-requests", "20000", "--max-requests-jitter", "2000",
            "--log-level", "warning", "--no-control-socket",
        ]  # fmt: skip

    def jobs(self) -> list[str]:
        """The command line of the worker."""
        return [sys.executable, "-m", "becontree", "worker"]


def collect() -> bool:
    """Gather and compress the static files, unless exactly these are gathered already; True if it did something."""
    root = Path(settings.STATIC_ROOT)
    digest = hashlib.sha256(f"{__version__} {settings.STORAGES['staticfiles']['BACKEND']}".encode())
    for name, body in _sources():
        digest.update(f"{name} {len(body)}\n".encode() + body)
    stamp = root / STAMP
    if stamp.is_file() and stamp.read_text(encoding="ascii") == digest.hexdigest():
        return False
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest.hexdigest(), encoding="ascii")
    return True


def _sources() -> Iterator[tuple[str, bytes]]:
    for finder in get_finders():
        for name, storage in sorted(finder.list(NOT_SERVED), key=lambda found: str(found[0])):
            with storage.open(name) as handle:
                yield str(name), handle.read()


def run(plan: Plan) -> int:
    """Serve until told to stop. Returns the web server's exit status."""
    web = _start(plan.web())
    jobs = _start(plan.jobs()) if plan.worker else None
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        for child in (web, jobs):
            if child is not None and child.poll() is None:
                child.send_signal(signal.SIGTERM)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    began = time.monotonic()
    while web.poll() is None:
        time.sleep(0.2)
        if jobs is not None and jobs.poll() is not None and not stopping and time.monotonic() - began > 2:
            began = time.monotonic()  # at most one new worker every two seconds
            jobs = _start(plan.jobs())
    stop(signal.SIGTERM, None)
    if jobs is not None:
        try:
            jobs.wait(timeout=GRACE)
        except subprocess.TimeoutExpired:
            jobs.kill()
    return 0 if stopping and web.returncode in {0, -signal.SIGTERM} else web.returncode


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """A child in a process group of its own, so that Ctrl-C reaches it once, through us; it ends when we do."""
    return subprocess.Popen(command, env=os.environ.copy(), start_new_session=True, preexec_fn=_with_parent)  # noqa: PLW1509, S603


def _with_parent() -> None:
    if sys.platform == "linux":
        libc: Any = ctypes.CDLL(None)
        libc.prctl(_DIES_WITH_PARENT, signal.SIGTERM)
