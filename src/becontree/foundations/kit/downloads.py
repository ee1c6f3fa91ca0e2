"""Every list can be taken away: CSV that a spreadsheet opens safely, JSON that a program reads, both streamed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

from becontree.formats.tables import guard


def csv_download(name: str, fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """Rows as CSV (UTF-8, CRLF). A text cell that a spreadsheet would run as a formula is made harmless (`guard`)."""
    answer = StreamingHttpResponse(csv_lines(fields, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def csv_lines(fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of `csv_download`."""
    yield _line(fields)
    for row in rows:
        yield _line([guard(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row])


def json_download(fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """Rows as a JSON array of objects."""
    return StreamingHttpResponse(json_parts(fields, rows), content_type="application/json")


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
