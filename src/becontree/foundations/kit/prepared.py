"""Big public files, made once for each version of what they hold, kept on disk, and sent from there.

A file of all entries or all voices takes seconds of work; anybody may ask for it, and programs ask often. `send` keeps
one copy a version in `BECONTREE_HOME/prepared`, answers 304 to whoever has it already, and lets one request at a time
make a new one (a lease in the shared cache). Who comes meanwhile waits for it a moment; then 503 with Retry-After. An
older copy is never sent: it might hold what was taken back since. Nothing here matters: the folder can be emptied at
any time, and each machine has its own.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags

LEASE: Final = 60  # seconds after which somebody else may make the file, should its maker have died
TRIES: Final = 3  # how often to begin again when the copy goes away under our hands
WAIT: Final = 10  # seconds to wait for a copy that somebody else is making; then come back


def send(
    request: HttpRequest, name: str, version: Iterable[object], kind: str, make: Callable[[], Iterable[str | bytes]]
) -> HttpResponseBase:
    """The file `name` ("voices.csv") in this version; `make` yields its text where there is no copy yet.

    `version` is whatever changes when the file would: counts, the newest moments. It must cover every way in which a
    published thing is taken back, for a copy is sent as long as its version stands.
    """
    mark = hashlib.sha256(repr((name, [str(part) for part in version])).encode()).hexdigest()[:32]
    if f'"{mark}"' in parse_etags(request.headers.get("If-None-Match", "")):
        return _marked(HttpResponseNotModified(), mark)
    for _ in range(TRIES):
        path = _folder() / f"{mark}-{name}"
        try:
            if path.exists() or _made(path, name, make) or _made_meanwhile(path):
                return _answer(path, name, kind, mark)
        except FileNotFoundError:  # somebody emptied the folder, or a newer version put this copy away: once more
            continue
        break
    return HttpResponse(status=503, headers={"Retry-After": str(WAIT), "Cache-Control": "no-store"})


def _made(path: Path, name: str, make: Callable[[], Iterable[str | bytes]]) -> bool:
    """Made here and now; False where somebody else is at it."""
    lease = f"prepared:{settings.HOME}:{name}"
    if not cache.add(lease, 1, LEASE):
        return False
    try:
        _write(path, make())
    finally:
        cache.delete(lease)
    _tidy(path, name)
    return True


def _answer(path: Path, name: str, kind: str, mark: str) -> HttpResponseBase:
    answer = FileResponse(path.open("rb"), content_type=f"{kind}; charset=utf-8" if kind.startswith("text") else kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return _marked(answer, mark)


def _marked(answer: HttpResponse | FileResponse, mark: str) -> HttpResponseBase:
    answer["ETag"] = f'"{mark}"'
    answer["Cache-Control"] = "public, no-cache"  # keep it, and ask each time whether it still stands
    return answer


def _made_meanwhile(path: Path) -> bool:
    """Somebody else is making the copy: wait for it a moment, without work. An older one is never sent instead."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        if path.exists():
            return True
        time.sleep(0.1)
    return False


def _write(path: Path, parts: Iterable[str | bytes]) -> None:
    """Whole or not at all: written beside, then renamed."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".making-", delete=False) as out:
        try:
            for part in parts:
                out.write(part.encode() if isinstance(part, str) else part)
        except BaseException:
            Path(out.name).unlink()
            raise
    Path(out.name).replace(path)


def _tidy(new: Path, name: str) -> None:
    """Only the newest copy stays; whoever is being sent an older one keeps reading it."""
    for path in _copies(name):
        if path != new:
            path.unlink(missing_ok=True)


def _copies(name: str) -> list[Path]:
    return [path for path in _folder().glob(f"*-{name}") if len(path.name) == 33 + len(name)]


def _folder() -> Path:
    folder = Path(settings.HOME) / "prepared"
    folder.mkdir(exist_ok=True)
    return folder
