"""What must not be quoted: addresses, numbers and codes by which a person can be found.

Finds e-mail addresses, telephone numbers, UK postcodes and web addresses with a name in them. It does not find names or
streets: a person reads every quotation before it is published (7 of 3,186 real anonymous answers gave one away).
"""

from __future__ import annotations

import re
from typing import Final

_FOUND: Final = re.compile(
    r"""
    [\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+          # e-mail
    | (?<![\w.])\+?\(?\d(?:[\s().-]{0,2}\d){8,14}(?!\w)  # telephone: nine to fifteen digits
    | \b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b              # UK postcode
    | (?:https?://|www\.)\S{1,300}                       # web address
    | (?<!\w)@\w{2,30}                                   # account name
    """,
    re.VERBOSE | re.IGNORECASE,
)


def has_personal(text: str) -> bool:
    return _FOUND.search(text) is not None


def without_personal(text: str) -> str:
    """The text with such places replaced by [left out].

    >>> without_personal("Ring me on 020 7946 0018 or ann@example.org")
    'Ring me on [left out] or [left out]'
    """
    return _FOUND.sub("[left out]", text)
