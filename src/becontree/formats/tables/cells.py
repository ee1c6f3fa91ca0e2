"""A cell as a number: whole numbers, money in pence, ratios and shares; and names as they are compared.

Source: how people write them ("£1,250.00", "39,000:5,599", "75%"). Why exactly: money never passes through a float.
Cost: one pattern a cell. Rejected: `locale` and `float` (1.250 is a thousand and a quarter, or one and a quarter).
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import Final, NoReturn

from becontree.formats.tables.shape import Row, refuse, shown

_POUNDS: Final = re.compile(r"(?:£|GBP)? ?(\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.(\d{1,2}))?", re.ASCII)
_WHOLE: Final = re.compile(r"-?\d{1,18}", re.ASCII)
_SIDE: Final = r"((?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d{1,9})?)"  # "0,5:1" would be five to one
_FRACTION: Final = re.compile(f"{_SIDE} ?[:/] ?{_SIDE}", re.ASCII)
_SHARE: Final = re.compile(r"(\d{1,6}(?:\.\d{1,9})?) ?(%?)", re.ASCII)


def whole(row: Row, column: str, *, least: int | None = None, most: int | None = None) -> int:
    """The whole number in a cell, or `Unusable` with its line and column."""
    text = row.get(column).strip()
    if not _WHOLE.fullmatch(text):
        refuse_cell("table.cell.whole", f"{shown(text)} is not a whole number.", row, column, "Write it as 12.")
    value = int(text)
    if (least is not None and value < least) or (most is not None and value > most):
        bounds = " and ".join([f"at least {least}"] * (least is not None) + [f"at most {most}"] * (most is not None))
        refuse_cell("table.cell.range", f"{value} is out of range: it must be {bounds}.", row, column)
    return value


def pence(row: Row, column: str) -> int:
    """The sum of money in a cell, written in pounds, as pence; or `Unusable` with its line and column."""
    try:
        return pounds(row.get(column))
    except ValueError as problem:
        refuse_cell("table.cell.money", str(problem), row, column, "Write pounds as 1250 or 1,250.00, without a minus.")


def pounds(text: str) -> int:
    """Pence from pounds as people write them. Raises ValueError.

    >>> pounds("£39,000"), pounds("5599.00"), pounds("0.5")
    (3900000, 559900, 50)
    """
    found = _POUNDS.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{shown(text.strip())} is not a sum of money.")
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
            raise ValueError(f"{shown(text)} divides by zero.")
        return above / below
    if found := _SHARE.fullmatch(text):
        return Fraction(found[1]) / (100 if found[2] else 1)
    raise ValueError(f"{shown(text)} is not a ratio or a share.")


def label(text: str) -> str:
    """A name or category as it is compared: Unicode NFC, no space around, one space inside."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def refuse_cell(code: str, message: str, row: Row, column: str, fix: str = "") -> NoReturn:
    refuse(code, message, row.file, row.line, field=column, fix=fix)
