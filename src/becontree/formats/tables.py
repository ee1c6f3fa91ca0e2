"""Tables from spreadsheets: a strict CSV reader that says where and what to do, and a writer that is safe to open.

Reads: comma, semicolon or tab separated text, UTF-8 with or without a byte-order mark (UTF-16 with one), any line
ends, quoted cells with line breaks. Every cell is text; `whole`, `pence` and `fraction` turn it into a number.
Source: RFC 4180; the advice on formula injection is OWASP's "CSV Injection".
Why not `csv.DictReader`: it pads and hides ragged rows, gives no line for a broken cell, takes two columns of one
name and stops with a traceback at a NUL.
Limits come first: a file is refused for its size before it is decoded.

Cost: one pass of the standard reader. Rejected: guessing the encoding (an honest question is better than a wrong
name).

>>> table = read_table('name,pledge\\nAda,"£1,200.50"\\n')
>>> pence(table.rows[0], "pledge")
120050
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Final, Literal, NoReturn

from becontree.methods.findings import Finding, Unusable

SEPARATORS: Final = ",;\t"
# Cells that a spreadsheet may run instead of show (OWASP), with their full-width twins.
FORMULA_STARTS: Final = frozenset("=+-@\t\r\n＝＋－＠|%")
_PLAIN_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)*", re.ASCII)
_POUNDS: Final = re.compile(r"(?:£|GBP)? ?(\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.(\d{1,2}))?", re.ASCII)
_WHOLE: Final = re.compile(r"-?\d{1,18}", re.ASCII)
_FRACTION: Final = re.compile(r"(\d[\d,]{0,14}(?:\.\d{1,9})?) ?[:/] ?(\d[\d,]{0,14}(?:\.\d{1,9})?)", re.ASCII)
_SHARE: Final = re.compile(r"(\d{1,6}(?:\.\d{1,9})?) ?(%?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest table that is read: bytes of the file, rows, columns, characters of one cell."""

    bytes: int = 200_000_000
    rows: int = 2_000_000
    columns: int = 2_000
    cell: int = 100_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line on which it begins (the heading is line 1), its cells by column, and the file's name."""

    line: int
    cells: dict[str, str]
    file: str = ""

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def get(self, column: str, default: str = "") -> str:
        return self.cells.get(column, default)


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read. `findings` are warnings and notes: what was put right on the way."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    separator: str = ","
    findings: tuple[Finding, ...] = field(default=())


def read_bytes(path: Path, *, limit: int = Limits().bytes) -> bytes:
    """The bytes of a file, or `Unusable` if it is missing, is a folder, may not be read or is too large."""
    name = path.name
    try:
        with path.open("rb") as handle:  # never more than the limit, also of a device or pipe that says it is empty
            data = handle.read(limit + 1)
        if len(data) > limit:
            _refuse("table.size", f"The file has more than {limit:,} bytes; no more are read.", name, fix="Split it.")
        return data
    except IsADirectoryError:
        _refuse("table.folder", "This is a folder, not a file.", name or str(path), fix="Name the file in it.")
    except FileNotFoundError:
        _refuse("table.missing", "There is no such file.", name, fix="Check the name and the folder.")
    except OSError as problem:
        _refuse("table.unreadable", f"The file cannot be read ({problem.strerror}).", name)


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
            _refuse("table.encoding", "The file begins as UTF-16 but is broken.", file, fix="Save it as CSV UTF-8.")
    else:
        try:
            text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
        except UnicodeDecodeError as problem:
            body = data.removeprefix(codecs.BOM_UTF8)
            line = _line_of(body[: problem.start])
            if fallback is None:
                _refuse(
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
        _refuse(
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
    limits: Limits = Limits(),
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
        _refuse("table.size", f"The table has {len(source):,} bytes; at most {limits.bytes:,} are read.", file)
    if isinstance(source, bytes):
        text, findings = decode(source, file=file, fallback=fallback)
    else:
        text, findings = decode(source.encode("utf-8", "replace"), file=file)
    if not text.strip():
        _refuse("table.empty", "The file is empty.", file, fix="The first line names the columns.")
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
                _refuse("table.rows", f"The table has more than {limits.rows:,} rows.", file, line, fix="Split it.")
    except csv.Error as problem:
        broken.append(_csv_problem(str(problem), line, file, limits))
    if broken:
        raise Unusable(broken)
    if not columns:
        _refuse("table.empty", "The file has no heading.", file, fix="The first line names the columns.")
    if blank:
        findings.append(Finding("table.row.blank", f"{blank} empty rows were left out.", "note", file))
    return Table(file, columns, tuple(rows), separator, tuple(findings))


def write_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object] | Mapping[str, object]],
    *,
    separator: str = ",",
    guarded: bool = True,
) -> str:
    """The table as CSV text with CRLF line ends (RFC 4180), safe to open in a spreadsheet.

    guarded: put an apostrophe before any text that a spreadsheet would run as a formula; numbers stay as they are.
    None becomes an empty cell. `unguarded` undoes it.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    made = guard if guarded else str
    writer.writerow([made(column) for column in columns])
    for row in rows:
        cells = [row.get(column) for column in columns] if isinstance(row, Mapping) else row
        writer.writerow(["" if cell is None else made(str(cell)) for cell in cells])
    return out.getvalue()


def guard(cell: str) -> str:
    """The cell as a spreadsheet may show it: text that would run as a formula gets an apostrophe in front.

    >>> guard("=HYPERLINK(1)"), guard("-5.00"), guard("plain"), guard(" @SUM(1)")
    ("'=HYPERLINK(1)", '-5.00', 'plain', "' @SUM(1)")
    """
    bare = cell.lstrip(" \u00a0\ufeff\u200b")
    if bare and bare[0] in FORMULA_STARTS and not _PLAIN_NUMBER.fullmatch(cell):
        return "'" + cell
    if cell.startswith("'") and guard(cell[1:]) != cell[1:]:
        return "'" + cell  # so that `unguarded` gives back exactly what was written
    return cell


def unguarded(cell: str) -> str:
    """The cell as it was before `guard`."""
    return cell[1:] if cell.startswith("'") and guard(cell[1:]) == cell else cell


def whole(row: Row, column: str, *, least: int | None = None, most: int | None = None) -> int:
    """The whole number in a cell, or `Unusable` with its line and column."""
    text = row.get(column).strip()
    if not _WHOLE.fullmatch(text):
        _refuse_cell("table.cell.whole", f"{_shown(text)} is not a whole number.", row, column, "Write it as 12.")
    value = int(text)
    if (least is not None and value < least) or (most is not None and value > most):
        bounds = " and ".join([f"at least {least}"] * (least is not None) + [f"at most {most}"] * (most is not None))
        _refuse_cell("table.cell.range", f"{value} is out of range: it must be {bounds}.", row, column)
    return value


def pence(row: Row, column: str) -> int:
    """The sum of money in a cell, written in pounds, as pence; or `Unusable` with its line and column."""
    try:
        return pounds(row.get(column))
    except ValueError as problem:
        _refuse_cell(
            "table.cell.money", str(problem), row, column, "Write pounds as 1250 or 1,250.00, without a minus."
        )


def pounds(text: str) -> int:
    """Pence from pounds as people write them. Raises ValueError.

    >>> pounds("£39,000"), pounds("5599.00"), pounds("0.5")
    (3900000, 559900, 50)
    """
    found = _POUNDS.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{_shown(text.strip())} is not a sum of money.")
    return int(found[1].replace(",", "")) * 100 + int((found[2] or "").ljust(2, "0"))


def ratio(text: str) -> Fraction:
    """A ratio or share as people write it, exactly. Raises ValueError.

    >>> ratio("39,000:5,599"), ratio("75%"), ratio("1/2"), ratio("0.15")
    (Fraction(39000, 5599), Fraction(3, 4), Fraction(1, 2), Fraction(3, 20))
    """
    text = text.strip()
    if found := _FRACTION.fullmatch(text):
        above, below = (Fraction(part.replace(",", "")) for part in found.groups())
        if below == 0:
            raise ValueError(f"{_shown(text)} divides by zero.")
        return above / below
    if found := _SHARE.fullmatch(text):
        return Fraction(found[1]) / (100 if found[2] else 1)
    raise ValueError(f"{_shown(text)} is not a ratio or a share; write 39000:5599, 1/2 or 75%.")


def label(text: str) -> str:
    """A name or category as it is compared: Unicode NFC, no space around, one space inside."""
    return " ".join(unicodedata.normalize("NFC", text).split())


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
        _refuse(
            "table.columns", f"There are {len(columns):,} columns; at most {limits.columns:,} are read.", file, line
        )
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
            listed = ", ".join(_shown(column) for column in columns[:12])
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


def _shown(text: str) -> str:
    """The user's text inside a message: short, and never able to disturb a terminal."""
    clean = "".join(mark if mark.isprintable() else "?" for mark in text)
    return f"'{clean[:40]}{'...' if len(clean) > 40 else ''}'"


def _refuse(code: str, message: str, file: str, line: int | None = None, *, field: str = "", fix: str = "") -> NoReturn:
    raise Unusable(Finding(code, message, "error", file, line, field, fix))


def _refuse_cell(code: str, message: str, row: Row, column: str, fix: str = "") -> NoReturn:
    _refuse(code, message, row.file, row.line, field=column, fix=fix)
