"""The open data as a folder: everything that anybody may download, the record, the books, the rules.

Each file of the open data page is written by the page's own download, asked as a stranger would: nothing can be in the
folder that is not public anyway. Beside them the whole ledger (transfers and beancount), the signed record as
`becontree verify` reads it, and the policy files. `manifest.json` names each file with its rows, bytes and SHA-256.
On PostgreSQL all of it is of one moment; on SQLite the files are read one after the other.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.http import HttpRequest
from django.urls import resolve

from becontree import __version__
from becontree.foundations.kit.errors import Refused
from becontree.foundations.ledger import exports as books
from becontree.foundations.policy import rules
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Checkpoint
from becontree.web.open_data import DOWNLOADS, LICENCE

FORMAT: Final = "becontree-export/1"
MANIFEST: Final = "manifest.json"
LONDON: Final = ZoneInfo("Europe/London")
Progress = Callable[[int, int, str], None]

README: Final = """{council}: open data, written on {day:%d %B %Y}.

manifest.json names every file with what is in it, its rows, its bytes and its SHA-256.
record/ is the public record, signed. Check it and every file, trusting nobody, with: becontree verify .
ledger.beancount holds every pound that moved. Check it with beancount: bean-check ledger.beancount
policies/ holds the rules and figures we work by, each with its source.

Nothing here says who gave, who spoke or who asked. Licence: {licence}.
"""


@dataclass(frozen=True, slots=True)
class Written:
    """One file of the export. `rows` is None where rows mean nothing."""

    file: str
    about: str
    rows: int | None
    bytes: int
    sha256: str


def write(folder: Path, *, now: datetime, progress: Progress | None = None) -> list[Written]:
    """Write the export to `folder`, whole or not at all; an older export there is replaced, anything else is not.

    Entries that wait are numbered and the record signed first. Raises Refused (NoKey, where the record has no key).
    """
    old = folder.exists() and any(folder.iterdir())
    if old and not (folder / MANIFEST).is_file():
        raise Refused("export.folder", f"{folder} holds other things. Choose a new or empty folder.")
    while record.sequence(now=now):
        pass
    record.checkpoint(now=now)
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        with _one_moment():
            _fill(new, now, progress)
        written = [_describe(new, file) for file in sorted(path for path in new.rglob("*") if path.is_file())]
        (new / MANIFEST).write_text(_manifest(written, now), encoding="utf-8")
        new.chmod(0o755)
        if folder.exists():
            aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
            folder.replace(aside)
            new.replace(folder)
            shutil.rmtree(aside)
        else:
            new.replace(folder)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    return written


@contextmanager
def _one_moment() -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        if len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _fill(folder: Path, now: datetime, progress: Progress | None) -> None:
    links = [address for each in DOWNLOADS for address, _ in each.links]
    for number, address in enumerate(links):
        if progress:
            progress(number, len(links) + 2, address)
        _put(folder / address.rpartition("/")[2], _download(address, now))
    _put(folder / "transfers.csv", _csv(books.TRANSFER_COLUMNS, books.transfer_rows()))
    _put(folder / "ledger.beancount", (part.encode() for part in books.beancount()))
    if Checkpoint.objects.exists():
        record.publish(folder / "record", now=now)
    for file in sorted(path for path in rules.folder().rglob("*") if path.suffix in {".toml", ".md"}):
        _put(folder / "policies" / file.relative_to(rules.folder()), [file.read_bytes()])
    text = README.format(council=settings.COUNCIL_NAME, day=now.astimezone(LONDON), licence=LICENCE)
    _put(folder / "README.txt", [text.encode()])


def _download(address: str, now: datetime) -> Iterable[bytes]:
    """What a stranger gets at an address of ours."""
    site = urlsplit(settings.SITE_URL)
    request: Any = HttpRequest()
    request.method, request.path, request.path_info = "GET", address, address
    request.META = {
        "SERVER_NAME": site.hostname or "localhost",
        "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
        "wsgi.url_scheme": site.scheme,
    }
    request.user, request.now, request.today = AnonymousUser(), now, now.astimezone(LONDON).date()
    request.our_own = True  # not counted as a visitor's
    found = resolve(address)
    answer = found.func(request, *found.args, **found.kwargs)
    if answer.status_code != 200:
        if answer.status_code == 404:
            return []
        raise Refused("export.download", f"{address} answered {answer.status_code}; nothing was written.")
    return answer.streaming_content if answer.streaming else [answer.content]


def _csv(columns: Iterable[str], rows: Iterable[list[Any]]) -> Iterator[bytes]:
    yield (",".join(columns) + "\r\n").encode()
    for row in rows:  # codes, dates and sums of our own: no cell needs quotes
        yield (",".join("" if cell is None else str(cell) for cell in row) + "\r\n").encode()


def _put(file: Path, parts: Iterable[bytes]) -> None:
    found = iter(parts)
    first = next(found, None)
    if first is None:
        return
    if file.exists():
        raise Refused("export.twice", f"Two downloads are called {file.name}.")
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as handle:
        handle.write(first)
        for part in found:
            handle.write(part)


def _describe(folder: Path, file: Path) -> Written:
    name = file.relative_to(folder).as_posix()
    with file.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return Written(name, _about(name), _rows(file), file.stat().st_size, digest)


def _about(name: str) -> str:
    top = name.partition("/")[0]
    for each in DOWNLOADS:
        if any(address.rpartition("/")[2] == name for address, _ in each.links):
            return f"{each.about} {each.counted}"
    return {
        "transfers.csv": "Every movement of the ledger, in the order of writing.",
        "ledger.beancount": "Everything posted, as beancount text.",
        "record": "The public record, signed.",
        "policies": "The rules and figures we work by, as files.",
    }.get(top, "What is here.")


def _rows(file: Path) -> int | None:
    """Rows of a table: lines of data, objects of a list, features, grants; None for other files."""
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as handle:
            return max(sum(1 for _ in csv.reader(handle)) - 1, 0)
    if file.suffix == ".jsonl":
        with file.open("rb") as lines:
            return sum(1 for _ in lines)
    if file.suffix in {".json", ".geojson"} and file.parent.name != "decisions":
        body = json.loads(file.read_bytes())
        inside = body if isinstance(body, list) else next(
            (body[key] for key in ("features", "grants", "rows", "accounts", "rules", "entries") if key in body), None
        )  # fmt: skip
        return len(inside) if isinstance(inside, list) else None
    return None


def _manifest(written: Iterable[Written], now: datetime) -> str:
    body = {
        "format": FORMAT,
        "council": settings.COUNCIL_NAME,
        "site": settings.SITE_URL,
        "version": __version__,
        "written_at": now.isoformat(),
        "licence": LICENCE,
        "files": [
            {"file": each.file, "about": each.about, "rows": each.rows, "bytes": each.bytes, "sha256": each.sha256}
            for each in written
        ],
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"
