"""What somebody gives to be found by: a telephone number or a name, written this way or that.

An e-mail address or a reference is looked up as it stands. A number is the same with or without spaces, brackets and
the code of the country; a name with or without capitals and accents, as banks and people write them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

FEWEST_DIGITS: Final = 5
_NUMBER: Final = re.compile(r"[0-9 +().-]+", re.ASCII)


def telephone(text: str) -> str:
    """A pattern (for `__regex`) of the same number however it is written; "" where this is no telephone number.

    0 and +44 before a number are the same: numbers of this country are kept both ways.
    """
    if not _NUMBER.fullmatch(text.strip()):
        return ""
    digits = re.sub(r"\D", "", text.replace("(0)", ""))
    for code in ("0044", "44") if text.strip().startswith(("+", "00")) else ():
        digits = digits.removeprefix(code)
    digits = digits.removeprefix("0")
    if len(digits) < FEWEST_DIGITS:
        return ""
    between = "[^0-9]*"
    return f"^{between}(00{between})?(44{between})?(0{between})?" + between.join(digits) + f"{between}$"


def words(text: str) -> tuple[str, ...]:
    """The words of a text, small, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return tuple(re.findall(r"\w+", "".join(letter for letter in plain if not unicodedata.combining(letter))))


def name(text: str) -> tuple[str, ...]:
    """The words of a name; none where the text is an address, a number or a reference."""
    if "@" in text or any(letter.isdigit() for letter in text):
        return ()
    found = words(text)
    return found if sum(map(len, found)) > 1 else ()


def whole_name(text: str) -> tuple[str, ...]:
    """The same for a name of two words or more, which may be looked for inside longer words."""
    found = name(text)
    return found if len(found) > 1 and max(map(len, found)) > 2 else ()


def within(wanted: tuple[str, ...], text: str) -> bool:
    """Whether every word wanted stands in the text as a word; the order is free, as banks put surnames first."""
    return bool(wanted) and set(wanted) <= set(words(text))
