"""Every list can be taken away: CSV that a spreadsheet opens safely, JSON that a program reads, both streamed.

What is made for whoever asks is held to `LIMIT` files a minute from one address, read as it is sent and only then. The
largest, whole, are kept ready instead (`prepared`). Sent past the limit: 429, in words, with Retry-After.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from becontree.formats.tables import guard
from becontree.foundations.kit.throttle import too_many

LIMIT: Final = 60  # files a minute from one address: more than a person takes, less than a flood
WINDOW: Final = 60  # seconds
SLOW_DOWN: Final = (
    "More than {limit} files in a minute were asked for from your internet connection. Nothing is wrong with your "
    "address. Wait a minute, then ask again. Programs: take the whole file without parameters, and keep its ETag.\n"
)


def braked(request: HttpRequest) -> HttpResponse | None:
    """The answer for whoever took too many files in this minute; None for all others, and for our own export."""
    if getattr(request, "our_own", False) or not too_many(request, "download", limit=LIMIT, seconds=WINDOW):
        return None
    said = SLOW_DOWN.format(limit=LIMIT)
    headers = {"Retry-After": str(WINDOW), "Cache-Control": "no-store"}
    return HttpResponse(said, status=429, content_type="text/plain; charset=utf-8", headers=headers)


def download(request: HttpRequest, name: str, kind: str, parts: Iterable[str]) -> HttpResponseBase:
    """A file of this name ("record.csv") and media type, sent as it is made; or 429."""
    if slow := braked(request):
        return slow
    return StreamingHttpResponse(
        parts,
        content_type=f"{kind}; charset=utf-8" if kind.startswith("text") else kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def later(make: Callable[[], Iterable[Sequence[Any]]]) -> Iterator[Sequence[Any]]:
    """Rows that are asked for only when they are sent, so that nothing is read for whoever is asked to wait."""
    yield from make()


def csv_download(
    request: HttpRequest, name: str, fields: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponseBase:
    """Rows as CSV (UTF-8, CRLF). A text cell that a spreadsheet would run as a formula is made harmless (`guard`).

    `rows` are read only when the file is sent, so give them lazily.
    """
    return download(request, f"{name}.csv", "text/csv", csv_lines(fields, rows))


def csv_lines(fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of `csv_download`."""
    yield _line(fields)
    for row in rows:
        yield _line([guard(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row])


def json_download(request: HttpRequest, fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """Rows as a JSON array of objects; lazily, like `csv_download`."""
    return braked(request) or StreamingHttpResponse(json_parts(fields, rows), content_type="application/json")


def json_parts(fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The parts of `json_download`."""
    yield "["
    for number, row in enumerate(rows):
        yield (",\n" if number else "") + json.dumps(dict(zip(fields, row, strict=True)), ensure_ascii=False)
    yield "]\n"


def _line(cells: Sequence[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
