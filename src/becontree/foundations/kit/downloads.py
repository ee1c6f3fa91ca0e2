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

    def lines() -> Iterator[str]:
        for row in [fields]:
            yield _line(row)
        for row in rows:
            yield _line([guard(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row])

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def json_download(fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """Rows as a JSON array of objects."""

    def parts() -> Iterator[str]:
        yield "["
        for number, row in enumerate(rows):
            yield (",\n" if number else "") + json.dumps(dict(zip(fields, row, strict=True)), ensure_ascii=False)
        yield "]\n"

    return StreamingHttpResponse(parts(), content_type="application/json")


def _line(cells: Sequence[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
