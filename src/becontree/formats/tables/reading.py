"""From bytes to rows: sizes first, then the encoding, then one pass that names the line of whatever is broken.

Source: RFC 4180. Why by lines: whoever prepares the file must find the place in a spreadsheet. Cost: one pass of the
standard reader. Rejected: reading on after a row with a cell too many (everything after it would be shifted).
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

from becontree.formats.tables.cells import label
from becontree.formats.tables.shape import USUAL, Limits, Row, Table, refuse, shown
from becontree.methods.findings import Finding, Unusable

SEPARATORS: Final = ",;\t"


def read_bytes(path: Path, *, limit: int = USUAL.bytes) -> bytes:
    """The bytes of a file, or `Unusable` if it is missing, is a folder, may not be read or is too large."""
    name = path.name
    try:
        with path.open("rb") as handle:  # never more than the limit, also of a device or pipe that says it is empty
            data = handle.read(limit + 1)
        if len(data) > limit:
            refuse("table.size", f"The file has more than {limit:,} bytes; no more are read.", name, fix="Split it.")
        return data
    except IsADirectoryError:
        refuse("table.folder", "This is a folder, not a file.", name or str(path), fix="Name the file in it.")
    except FileNotFoundError:
        refuse("table.missing", "There is no such file.", name, fix="Check the name and the folder.")
    except OSError as problem:
        refuse("table.unreadable", f"The file cannot be read ({problem.strerror}).", name)


def decode(data: bytes, *, file: str = "", fallback: str | None = None) -> tuple[str, list[Finding]]:
    """The text of a file: UTF-8, or UTF-16 if it says so by its first bytes; never a guess unless `fallback` is given.

    fallback: the encoding to read instead when it is not UTF-8, with a warning ("cp1252" is what Excel writes on
    Windows in western Europe). Raises `Unusable` with the line of the first byte that does not fit.
    """
    findings: list[Finding] = []
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError:
            refuse("table.encoding", "The file begins as UTF-16 but is broken.", file, fix="Save it as CSV UTF-8.")
    else:
        try:
            text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
        except UnicodeDecodeError as problem:
            body = data.removeprefix(codecs.BOM_UTF8)
            line = _line_of(body[: problem.start])
            if fallback is None:
                refuse(
                    "table.encoding",
                    f"The byte 0x{body[problem.start]:02X} is not UTF-8 text.",
                    file,
                    line,
                    fix="In your spreadsheet choose 'CSV UTF-8' when you save.",
                )
            text = body.decode(fallback, errors="replace")
            findings.append(
                Finding(
                    "table.encoding.guessed",
                    f"The file is not UTF-8; it was read as {fallback}.",
                    "warning",
                    file,
                    line,
                    fix="Check names with accents.",
                )
            )
    if "\0" in text:
        refuse(
            "table.nul",
            "The file holds a NUL character, so it is not a text table.",
            file,
            _line_of(text[: text.index("\0")].encode("utf-8", "replace")),
            fix="Export it again as CSV; do not rename a spreadsheet.",
        )
    return text, findings


def read_table(
    source: Path | bytes | str,
    *,
    file: str = "",
    required: Iterable[str] = (),
    separator: str | None = None,
    ragged: Literal["refuse", "pad"] = "refuse",
    twins: Literal["refuse", "number"] = "refuse",
    fallback: str | None = None,
    limits: Limits = USUAL,
) -> Table:
    """Read a whole table from a path, from bytes, or from text that is already decoded.

    required: columns that must be there. separator: one of comma, semicolon, tab; None takes the one that the heading
    uses most. ragged: "pad" fills short rows with empty cells and warns. twins: "number" calls the second column of one
    name "name (2)", and a column without a name "column 3". Rows without any text are left out.
    Raises `Unusable` with every broken row (at most 50 of them).
    """
    if isinstance(source, Path):
        file = file or source.name
        source = read_bytes(source, limit=limits.bytes)
    if len(source) > limits.bytes:
        refuse("table.size", f"The table has {len(source):,} bytes; at most {limits.bytes:,} are read.", file)
    if isinstance(source, bytes):
        text, findings = decode(source, file=file, fallback=fallback)
    else:
        text, findings = decode(source.encode("utf-8", "replace"), file=file)
    if not text.strip():
        refuse("table.empty", "The file is empty.", file, fix="The first line names the columns.")
    separator = separator or _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[Row] = []
    broken: list[Finding] = []
    columns: tuple[str, ...] = ()
    blank = line = 0
    try:
        while True:
            line = reader.line_num + 1
            cells = next(reader, None)
            if cells is None:
                break
            if not any(cell.strip() for cell in cells):
                blank += bool(cells)
                continue
            if not columns:
                columns = _heading(cells, line, file, required=tuple(required), twins=twins, limits=limits)
                continue
            row = _row(columns, cells, line=line, file=file, ragged=ragged, limits=limits, separator=separator)
            if isinstance(row, Finding):
                broken.append(row)
                if len(broken) >= 50:
                    break
                continue
            if len(cells) < len(columns):
                findings.append(
                    Finding(
                        "table.row.padded",
                        f"This row has {len(cells)} cells of {len(columns)}; the rest is read as empty.",
                        "warning",
                        file,
                        line,
                    )
                )
            rows.append(row)
            if len(rows) > limits.rows:
                refuse("table.rows", f"The table has more than {limits.rows:,} rows.", file, line, fix="Split it.")
            if len(rows) * len(columns) > limits.cells:
                message = (
                    f"{len(columns):,} columns in more than {len(rows) - 1:,} rows are over {limits.cells:,} cells."
                )
                refuse("table.cells", message, file, line, fix="Split it, or take out empty columns.")
    except csv.Error as problem:
        broken.append(_csv_problem(str(problem), line, file, limits))
    if broken:
        raise Unusable(broken)
    if not columns:
        refuse("table.empty", "The file has no heading.", file, fix="The first line names the columns.")
    if blank:
        findings.append(Finding("table.row.blank", f"{blank} empty rows were left out.", "note", file))
    return Table(file, columns, tuple(rows), separator, tuple(findings))


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(SEPARATORS, key=lambda mark: (bare.count(mark), -SEPARATORS.index(mark)))


def _heading(
    cells: list[str], line: int, file: str, *, required: tuple[str, ...], twins: str, limits: Limits
) -> tuple[str, ...]:
    columns = tuple(label(cell) for cell in cells)
    while columns and not columns[-1]:
        columns = columns[:-1]  # spreadsheets leave separators behind the last heading
    if twins == "number":
        columns = _numbered(columns)
    found = []
    if len(columns) > limits.columns:
        refuse("table.columns", f"There are {len(columns):,} columns; at most {limits.columns:,} are read.", file, line)
    for number, name in enumerate(columns, 1):
        if not name:
            found.append(
                Finding("table.column.unnamed", f"Column {number} has no name.", "error", file, line, fix="Name it.")
            )
        elif name in columns[: number - 1]:
            found.append(
                Finding(
                    "table.column.twice",
                    "Two columns have this name.",
                    "error",
                    file,
                    line,
                    name,
                    "Rename or remove one.",
                )
            )
        elif len(name) > limits.cell:
            found.append(Finding("table.cell.size", f"The name of column {number} is too long.", "error", file, line))
    for name in required:
        if name not in columns:
            listed = ", ".join(shown(column) for column in columns[:12])
            found.append(
                Finding(
                    "table.column.missing",
                    "This column is missing.",
                    "error",
                    file,
                    line,
                    name,
                    f"The file has {listed}.",
                )
            )
    if found:
        raise Unusable(found)
    return columns


def _numbered(columns: tuple[str, ...]) -> tuple[str, ...]:
    names: list[str] = []
    for place, column in enumerate(columns, 1):
        name, copy = column or f"column {place}", 1
        while name in names:
            copy += 1
            name = f"{column or 'column'} ({copy})"
        names.append(name)
    return tuple(names)


def _row(
    columns: tuple[str, ...], cells: list[str], *, line: int, file: str, ragged: str, limits: Limits, separator: str
) -> Row | Finding:
    while len(cells) > len(columns) and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > len(columns) or (len(cells) < len(columns) and ragged == "refuse"):
        mark = {",": "comma", ";": "semicolon", "\t": "tab"}.get(separator, "separator")
        return Finding(
            "table.row.ragged",
            f"This row has {len(cells)} cells; the heading has {len(columns)}.",
            "error",
            file,
            line,
            fix=f"Put quotes around a cell that holds a {mark}, or mend the row.",
        )
    for name, cell in zip(columns, cells):
        if len(cell) > limits.cell:
            text = f"This cell has {len(cell):,} characters; at most {limits.cell:,} are read."
            return Finding("table.cell.size", text, "error", file, line, name)
    return Row(line, dict(zip(columns, [*cells, *[""] * (len(columns) - len(cells))])), file)


def _csv_problem(problem: str, line: int, file: str, limits: Limits) -> Finding:
    if "field limit" in problem or "field larger" in problem:
        return Finding("table.cell.size", f"A cell has more than {limits.cell:,} characters.", "error", file, line)
    if "unexpected end" in problem:
        text = "A quote opens on this row and is never closed."
        return Finding("table.quote.open", text, "error", file, line, fix='Write a quote inside a cell twice: "".')
    text = "Something follows a closing quote in this row."
    return Finding("table.quote", text, "error", file, line, fix='Write a quote inside a cell twice: "".')


def _line_of(before: bytes) -> int:
    return len(re.findall(rb"\r\n|\r|\n", before)) + 1
