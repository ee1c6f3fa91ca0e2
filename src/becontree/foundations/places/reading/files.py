"""What every import shares: the findings, the text of a file, the rows of a CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, Final

from becontree.methods.findings import Finding, Unusable

MOST_BYTES: Final = 20_000_000
MOST_FINDINGS: Final = 50


class Findings:
    """Gathers what is wrong with a file, and stops the reading where there is anything."""

    def __init__(self, file: str) -> None:
        self.file, self.rows = file, list[Finding]()

    def add(self, code: str, message: str, *, line: int | None = None, field: str = "", fix: str = "") -> None:
        self.rows.append(Finding(code, message, file=self.file, line=line, field=field, fix=fix))
        if len(self.rows) >= MOST_FINDINGS:
            self.stop()

    def stop(self) -> None:
        if self.rows:
            raise Unusable(self.rows)


def text_of(content: bytes, file: str) -> str:
    if len(content) > MOST_BYTES:
        raise Unusable(
            Finding(
                "places.too-large",
                f"The file is over {MOST_BYTES // 1_000_000} MB.",
                file=file,
                fix="Simplify the shapes, or cut it down to your own borough.",
            )
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unusable(
            Finding("places.encoding", "This is not UTF-8 text.", file=file, line=line, fix="Save it again as UTF-8.")
        ) from None
    if "\0" in text:
        raise Unusable(
            Finding("places.encoding", "The file holds null bytes.", file=file, fix="Save it as UTF-8 text.")
        )
    return text


def rows_of(text: str, file: str, *, needed: Sequence[str], most: int) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, {column in lower case: trimmed text}) of a CSV file with a heading."""
    usual = csv.field_size_limit(MOST_BYTES)  # the whole process has only one: it is put back
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        heading = [name.strip().lower().replace(" ", "_") for name in next(reader, [])]
        missing = [name for name in needed if name not in heading]
        if missing:
            raise Unusable(
                Finding(
                    "places.columns",
                    f"The heading lacks {' and '.join(missing)}.",
                    file=file,
                    line=1,
                    fix=f"The first line names the columns; it must have {', '.join(needed)}.",
                )
            )
        for n, row in enumerate(reader, 1):
            if n > most:
                raise Unusable(
                    Finding("places.too-many", f"There are more than {most:,} rows.", file=file, fix="Split the file.")
                )
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(heading):
                raise Unusable(
                    Finding(
                        "places.row",
                        f"This row has {len(row)} cells; the heading has {len(heading)}.",
                        file=file,
                        line=reader.line_num,
                        fix="Put text that holds a comma in double quotes.",
                    )
                )
            yield reader.line_num, {name: cell.strip() for name, cell in zip(heading, row)}
    except csv.Error as error:
        raise Unusable(
            Finding("places.csv", f"This is not CSV: {error}.", file=file, line=reader.line_num, fix="Save it as CSV.")
        ) from None
    finally:
        csv.field_size_limit(usual)


def at_least_one(rows: Sequence[Any], file: str, what: str) -> None:
    if not rows:
        raise Unusable(
            Finding("places.empty", f"There is no {what} in this file.", file=file, fix="Choose another file.")
        )
