"""Whether a column holds what people wrote, or figures: asked before words are looked for in it.

How: a cell is a figure if it is a number, a date or a time, or yes or no and their like; a column is refused where at
least 19 of 20 of its filled cells are. Source: the columns that surveys and Polis exports hold beside the words
(counts, marks, moments). Why: themes of numbers are an empty answer that looks like a finding. Cost: one pattern a
cell. Rejected: guessing the column for people (they name it, and are told which they may have meant).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from becontree.methods.findings import Finding, Unusable

_FIGURE: Final = re.compile(r"[\d\s.,:/%£$€+\-TZ()]*\d[\d\s.,:/%£$€+\-TZ()]*")
_ANSWERS: Final = frozenset({"true", "false", "yes", "no", "y", "n", "t", "f", "nan", "null", "none", "n/a"})
FEWEST: Final = 5  # filled cells; of fewer nothing is said
SHARE: Final = 19, 20
MOST_NAMED: Final = 3
WORDS: Final = 15  # characters in a cell, on average, from which a column is offered as words


def refuse_figures(column: str, columns: Mapping[str, Sequence[str]], *, file: str = "") -> None:
    """Raise `Unusable` where `column` holds figures, with the columns that hold words, the longest first.

    columns: column -> its cells.
    """
    filled = [cell.strip() for cell in columns[column] if cell.strip()]
    if len(filled) < FEWEST or not _figures(filled):
        return
    length: dict[str, float] = {}
    for name, cells in columns.items():
        said = [cell.strip() for cell in cells if cell.strip()]
        if name != column and said and not _figures(said):
            length[name] = sum(map(len, said)) / len(said)
    likely = [name for name in sorted(length, key=lambda name: -length[name]) if length[name] >= WORDS][:MOST_NAMED]
    named = " or ".join(repr(name) for name in likely)
    fix = f"Name the column of words: {named}." if likely else "Name a column that holds what people wrote."
    what = "This column holds numbers, dates or yes and no, not what people wrote."
    raise Unusable(Finding("table.column.figures", what, file=file, field=column, fix=fix))


def _figures(filled: Sequence[str]) -> bool:
    found = sum(cell.casefold() in _ANSWERS or bool(_FIGURE.fullmatch(cell)) for cell in filled)
    return found * SHARE[1] >= len(filled) * SHARE[0]
