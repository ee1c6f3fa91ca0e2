"""Writing a table that is safe to open: no cell of ours runs in anybody's spreadsheet.

Source: RFC 4180; OWASP's "CSV Injection". Why an apostrophe: spreadsheets hide it, and reading takes it off again.
Cost: one look at each cell. Rejected: leaving such cells out (they are people's words).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

# Cells that a spreadsheet may run instead of show (OWASP), with their full-width twins.
FORMULA_STARTS: Final = frozenset("=+-@\t\r\n＝＋－＠|%")
_PLAIN_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)*", re.ASCII)


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
