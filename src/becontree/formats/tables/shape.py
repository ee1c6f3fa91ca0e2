"""What a table is once it is read, how large one may be, and how a fault in it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NoReturn

from becontree.methods.findings import Finding, Unusable


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest table that is read: bytes of the file, rows, columns, characters of one cell, cells in all.

    `cells` is rows x columns, the ones that short rows are filled with counted: a heading of many columns over many
    rows of one letter is a small file and a large table.
    """

    bytes: int = 200_000_000
    rows: int = 2_000_000
    columns: int = 2_000
    cell: int = 100_000
    cells: int = 50_000_000


USUAL: Final = Limits()


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


def shown(text: str) -> str:
    """The user's text inside a message: short, and never able to disturb a terminal."""
    clean = "".join(mark if mark.isprintable() else "?" for mark in text)
    return f"'{clean[:40]}{'...' if len(clean) > 40 else ''}'"


def refuse(code: str, message: str, file: str, line: int | None = None, *, field: str = "", fix: str = "") -> NoReturn:
    raise Unusable(Finding(code, message, "error", file, line, field, fix))
