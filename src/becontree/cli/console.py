"""What sub-commands share: progress on standard error, and files written whole or not at all."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from becontree.cli import Refused
from becontree.methods.findings import Finding


class Progress:
    """Called with (done, total, what) from long work; draws one line on a terminal, stays silent in a pipe.

    Pass it wherever a method takes `progress: Callable[[int, int, str], None] | None`.
    """

    def __init__(self, *, every: float = 0.1, stream: Any = None) -> None:
        self._stream = stream or sys.stderr
        self._every = every
        self._last = 0.0
        self._drawn = False

    def __call__(self, done: int, total: int, what: str = "") -> None:
        now = time.monotonic()
        if not self._stream.isatty() or (now - self._last < self._every and done < total):
            return
        self._last = now
        share = f"{done * 100 // total:3d}%" if total else f"{done}"
        self._stream.write(f"\r{share} {what[:70]:<70}")
        self._stream.flush()
        self._drawn = True

    def end(self) -> None:
        if self._drawn:
            self._stream.write("\r" + " " * 78 + "\r")
            self._stream.flush()


@contextmanager
def waiting(what: str, *, every: float = 1.0, stream: Any = None) -> Iterator[None]:
    """Say every second for how long work has gone on that cannot tell how far it is; silent in a pipe."""
    stream = stream or sys.stderr
    if not stream.isatty():
        yield
        return
    done, began = threading.Event(), time.monotonic()

    def tick() -> None:
        while not done.wait(every):
            stream.write(f"\r{time.monotonic() - began:4.0f} s  {what[:68]:<68}")
            stream.flush()

    clock = threading.Thread(target=tick, daemon=True)
    clock.start()
    try:
        yield
    finally:
        done.set()
        clock.join()
        stream.write("\r" + " " * 78 + "\r")
        stream.flush()


def found_lines(findings: Iterable[Finding], *, most: int = 20) -> list[str]:
    """What was found, a line each, for the end of a readable answer: warnings first, at most `most` in all."""
    ordered = sorted(findings, key=lambda finding: finding.level == "note")
    lines = [f"{finding.level}: {finding}" for finding in ordered[:most]]
    return lines + ([f"and {len(ordered) - most} more (see --json)"] if len(ordered) > most else [])


def write_whole(path: Path, write: Callable[[Any], None]) -> None:
    """Write text to a neighbour and rename it, so that an interrupted run leaves the old file as it was."""
    try:
        if path.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        if not path.parent.exists():  # made silently, a slip in the name would hide the file
            raise FileNotFoundError(0, f"there is no folder {path.parent}")
        _write(path, write)
    except OSError as problem:
        why = (problem.strerror or "unknown").rstrip(".")
        raise Refused(f"{path} cannot be written: {why}. Name another file, or make room.", 2) from problem


def _write(path: Path, write: Callable[[Any], None]) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        Path(name).chmod(0o666 & ~_mask())  # mkstemp makes files for one's own eyes; these are for others to read
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as handle:
            write(handle)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def print_json(value: Any) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1, sort_keys=False)
    sys.stdout.write("\n")
