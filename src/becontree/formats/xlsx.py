"""The first sheet of an .xlsx workbook as rows of text, read with the standard library only, strictly and in bounds.

Reads: ECMA-376 (Office Open XML) transitional and strict: shared and inline strings, numbers, true and false, days. A
number that its style shows as a day becomes "2026-05-04"; a formula gives the value that was last worked out.
Why not openpyxl: it reads all of a workbook (styles, drawings, links), keeps shared strings without a bound, and its
XML parser expands entities. What a pile of answers needs is a fiftieth of that.
Limits come first: a part is refused for the size that the archive declares, and again if it grows past it while it is
unpacked; a shared text counts in every cell that points to it, so that a small file cannot stand for a large table; a
document type (where entity bombs live) is refused outright; nothing outside the archive is ever asked for.

Cost: one pass over the sheet; memory for its shared strings, within the limits. Rejected besides: turning days into
the reader's own form of date.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, NoReturn
from xml.parsers import expat

from becontree.methods.findings import Finding, Unusable


@dataclass(frozen=True, slots=True)
class XlsxLimits:
    """The largest workbook that is read: bytes of the file and of one part unpacked, how far it unpacks, cells.

    `cell`: letters of one cell; `text`: letters of all cells together, each as often as it stands in the sheet;
    `cells`: cells of all rows, with the empty ones before the last of a row.
    """

    file: int = 20_000_000
    part: int = 100_000_000
    ratio: int = 200
    parts: int = 2_000
    rows: int = 100_000
    columns: int = 500
    cell: int = 100_000
    strings: int = 2_000_000
    text: int = 50_000_000
    cells: int = 5_000_000


_DAYS: Final = frozenset({*range(14, 23), *range(27, 32), *range(34, 37), *range(45, 48), *range(50, 55), 57})
_QUOTED: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_CELL: Final = re.compile(r"^([A-Z]{1,3})(\d{1,7})$")


def is_workbook(data: bytes) -> bool:
    """Whether the bytes begin as a ZIP archive does."""
    return data[:4] == b"PK\x03\x04"


def read_rows(data: bytes, *, file: str = "", limits: XlsxLimits = XlsxLimits()) -> list[tuple[int, list[str]]]:
    """(line, cells) of each row of the first sheet that is not empty. Raises `Unusable` with what to do."""
    if len(data) > limits.file:
        _refuse("xlsx.size", f"The file has {len(data):,} bytes; at most {limits.file:,} are read.", file, "Split it.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if len(names) > limits.parts:
                _refuse("xlsx.parts", "This workbook has too many parts.", file, "Save it as CSV UTF-8.")
            book = _Archive(archive, file, limits)
            sheet, name = _first_sheet(book, names)
            strings = _strings(book) if "xl/sharedStrings.xml" in names else []
            days, since_1904 = _styles(book) if "xl/styles.xml" in names else frozenset(), book.since_1904
            return _rows(book, sheet, name, strings, days, since_1904)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as problem:
        if isinstance(problem, Unusable):
            raise
        _refuse("xlsx.broken", "This is not a workbook that can be read.", file, "Open it and save it as CSV UTF-8.")


@dataclass(slots=True)
class _Archive:
    archive: zipfile.ZipFile
    file: str
    limits: XlsxLimits
    since_1904: bool = False

    def chunks(self, name: str) -> Iterator[bytes]:
        """The part, unpacked bit by bit; stops at once when there is more than declared or allowed."""
        try:
            info = self.archive.getinfo(name)
        except KeyError:
            _refuse("xlsx.part", f"The workbook lacks {name}.", self.file, "Open it and save it again.")
        if info.flag_bits & 1:
            _refuse("xlsx.locked", "The workbook is locked with a password.", self.file, "Save it without one.")
        bomb = info.file_size > self.limits.ratio * max(info.compress_size, 5_000)
        if info.file_size > self.limits.part or bomb:
            _refuse("xlsx.size", "The workbook unpacks to far more than it should.", self.file, "Save it as CSV UTF-8.")
        read = 0
        with self.archive.open(info) as part:
            while chunk := part.read(65_536):
                read += len(chunk)
                if read > info.file_size or read > self.limits.part:
                    _refuse("xlsx.size", "The workbook unpacks to more than it says.", self.file, "Save it again.")
                yield chunk

    def parse(
        self,
        name: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Walk the XML of a part; element names without their namespace."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True

        def no_doctype(*_: object) -> None:
            _refuse("xlsx.doctype", "The workbook holds a document type, which no real one does.", self.file)

        parser.StartDoctypeDeclHandler = no_doctype
        parser.StartElementHandler = lambda element, given: start(element.rpartition("}")[2], given)
        if end is not None:
            finish = end
            parser.EndElementHandler = lambda element: finish(element.rpartition("}")[2])
        if text is not None:
            parser.CharacterDataHandler = text
        try:
            for chunk in self.chunks(name):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError:
            _refuse("xlsx.broken", f"The part {name} is broken.", self.file, "Open it and save it again.")


def _first_sheet(book: _Archive, names: set[str]) -> tuple[str, str]:
    """(its part, its name) of the first sheet, by the workbook's own order."""
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def relation(element: str, given: dict[str, str]) -> None:
        if element == "Relationship":
            targets[given.get("Id", "")] = given.get("Target", "")

    def sheet(element: str, given: dict[str, str]) -> None:
        if element == "sheet":
            wanted = next((value for name, value in given.items() if name.rpartition("}")[2] == "id"), "")
            sheets.append((wanted, given.get("name", "")))
        elif element == "workbookPr":
            book.since_1904 = given.get("date1904", "0") in {"1", "true"}

    if "xl/workbook.xml" in names and "xl/_rels/workbook.xml.rels" in names:
        book.parse("xl/_rels/workbook.xml.rels", relation)
        book.parse("xl/workbook.xml", sheet)
    for wanted, called in sheets:
        target = targets.get(wanted, "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in names:
            return path, called
    found = sorted(name for name in names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name))
    if not found:
        _refuse("xlsx.sheet", "There is no sheet in this workbook.", book.file, "Save the sheet as CSV UTF-8.")
    return found[0], ""


def _strings(book: _Archive) -> list[str | int]:
    """The shared strings; of a string in several styles all parts, without the readings above Japanese words.

    Of one that no cell may hold only its letters are counted: it is refused where a cell points to it.
    """
    found: list[str | int] = []
    parts: list[str] = []
    inside, aside, size, long = False, 0, 0, 0

    def start(element: str, given: dict[str, str]) -> None:
        nonlocal inside, aside, long
        inside = element == "t" and not aside
        aside += element == "rPh"
        if element == "si":
            parts.clear()
            long = 0

    def end(element: str) -> None:
        nonlocal inside, aside
        inside = False
        aside -= element == "rPh"
        if element == "si":
            found.append("".join(parts) if long <= book.limits.cell else long)
            if len(found) > book.limits.strings:
                _refuse("xlsx.size", "The workbook holds too many texts.", book.file, "Split it.")

    def text(words: str) -> None:
        nonlocal size, long
        if inside:
            size += len(words)
            long += len(words)
            if size > book.limits.part:
                _refuse("xlsx.size", "The workbook holds too much text.", book.file, "Split it.")
            if long <= book.limits.cell:
                parts.append(words)

    book.parse("xl/sharedStrings.xml", start, end, text)
    return found


def _styles(book: _Archive) -> frozenset[int]:
    """Which cell styles show a number as a day."""
    custom: dict[int, str] = {}
    formats: list[int] = []
    inside = False

    def start(element: str, given: dict[str, str]) -> None:
        nonlocal inside
        if element == "numFmt":
            custom[_number(given.get("numFmtId", ""))] = given.get("formatCode", "")
        elif element == "cellXfs":
            inside = True
        elif element == "xf" and inside:
            formats.append(_number(given.get("numFmtId", "")))

    def end(element: str) -> None:
        nonlocal inside
        inside = inside and element != "cellXfs"

    book.parse("xl/styles.xml", start, end)

    def shows_day(code: int) -> bool:
        if code in custom:
            return bool(re.search(r"[dy]", _QUOTED.sub("", custom[code]), re.I))
        return code in _DAYS

    return frozenset(number for number, code in enumerate(formats) if shows_day(code))


@dataclass(slots=True)
class _Sheet:
    name: str
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    cells: dict[int, str] = field(default_factory=dict)
    line: int = 0
    column: int = 0
    kind: str = ""
    style: int = 0
    words: list[str] = field(default_factory=list)
    reading: bool = False
    letters: int = 0  # of this cell so far
    text: int = 0  # letters of all cells
    held: int = 0  # cells of all rows

    @property
    def place(self) -> str:
        """ "Cell B7 of the sheet 'Answers'", never able to disturb a terminal."""
        name = "".join(mark if mark.isprintable() else "?" for mark in self.name)[:40]
        sheet = f"the sheet '{name}'" if name else "the first sheet"
        return f"Cell {_column(self.column)}{self.line} of {sheet}"


def _rows(
    book: _Archive, part: str, name: str, strings: list[str | int], days: frozenset[int], since_1904: bool
) -> list[tuple[int, list[str]]]:
    sheet = _Sheet(name)
    limits, file = book.limits, book.file

    def too_long(letters: int) -> NoReturn:
        message = f"{sheet.place} holds {letters:,} letters or more; at most {limits.cell:,} are read."
        _refuse("xlsx.cell", message, file, "Shorten it.", sheet.line)

    def start(element: str, given: dict[str, str]) -> None:
        if element == "row":
            sheet.line = _number(given.get("r", "")) or sheet.line + 1
            sheet.cells, sheet.column = {}, 0
        elif element == "c":
            found = _CELL.match(given.get("r", ""))
            sheet.column = _letters(found[1]) if found else sheet.column + 1
            if sheet.column > limits.columns:
                _refuse("xlsx.columns", f"More than {limits.columns} columns are not read.", file, "", sheet.line)
            sheet.kind, sheet.style, sheet.words = given.get("t", "n"), _number(given.get("s", "")), []
            sheet.letters = 0
        sheet.reading = element in {"v", "t"}

    def text(words: str) -> None:
        if sheet.reading:
            sheet.words.append(words)
            sheet.letters += len(words)
            if sheet.letters > limits.cell:
                too_long(sheet.letters)

    def end(element: str) -> None:
        sheet.reading = False
        if element == "c" and sheet.words:
            value = _value("".join(sheet.words), sheet, strings, days, since_1904, file)
            if isinstance(value, int):
                too_long(value)
            sheet.text += len(value)
            if sheet.text > limits.text:
                message = f"With {_lower(sheet.place)} the cells hold {sheet.text:,} letters together; at most "
                _refuse("xlsx.text", f"{message}{limits.text:,} are read.", file, "Split the file.", sheet.line)
            sheet.cells[sheet.column] = value
        elif element == "row" and any(cell.strip() for cell in sheet.cells.values()):
            if len(sheet.rows) >= limits.rows:
                _refuse("xlsx.rows", f"There are more than {limits.rows:,} rows.", file, "Split it.", sheet.line)
            sheet.held += max(sheet.cells)
            if sheet.held > limits.cells:
                message = f"There are more than {limits.cells:,} cells, with the empty ones between them."
                _refuse("xlsx.cells", message, file, "Split it, or take out empty columns.", sheet.line)
            row = [sheet.cells.get(column, "") for column in range(1, max(sheet.cells) + 1)]
            sheet.rows.append((sheet.line, row))

    book.parse(part, start, end, text)
    if not sheet.rows:
        _refuse("xlsx.empty", "The first sheet is empty.", file, "Put the rows on the first sheet.")
    return sheet.rows


def _value(
    value: str, sheet: _Sheet, strings: list[str | int], days: frozenset[int], since_1904: bool, file: str
) -> str | int:
    """The cell's text; of a shared text that is too long for any cell, how many letters it has."""
    if sheet.kind == "s":
        number = _number(value)
        if not value.strip().isdigit() or number >= len(strings):
            message = f"{sheet.place} points to a text that is not there."
            _refuse("xlsx.string", message, file, "Save it again.", sheet.line)
        return strings[number]
    if sheet.kind == "b":
        return "yes" if value.strip() == "1" else "no"
    if sheet.kind in {"n", ""}:
        if sheet.style in days and (day := _day(value, since_1904)):
            return day
        return value.removesuffix(".0")
    return value


def _day(value: str, since_1904: bool) -> str:
    """A day's number as "2026-05-04"; nothing where it is none. 1900 had no 29 February, whatever the format says."""
    try:
        number = int(float(value))
    except (ValueError, OverflowError):
        return ""
    first = date(1904, 1, 1) if since_1904 else date(1899, 12, 30)
    return (first + timedelta(days=number)).isoformat() if 61 <= number < 2_900_000 else ""


def _letters(column: str) -> int:
    """ "A" is 1, "AA" is 27."""
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - 64
    return number


def _column(number: int) -> str:
    """1 is "A", 27 is "AA"."""
    name = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _number(text: str) -> int:
    return int(text) if text.strip().isascii() and text.strip().isdigit() and len(text) < 12 else 0


def _refuse(code: str, message: str, file: str, fix: str = "", line: int | None = None) -> NoReturn:
    raise Unusable([Finding(code, message, "error", file, line, fix=fix)])
