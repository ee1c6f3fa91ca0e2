"""One way, and only one, to write a public value as bytes, so that a hash of it means something.

The JSON Canonicalization Scheme (RFC 8785) for the values we let into public records: objects with text keys,
arrays, text, whole numbers within +/- 2**53 - 1, true, false and null. Floats are refused: no public figure of ours
is one (money is pence, shares are "numerator/denominator" text), and number formatting is where canonical JSON
writers differ. Keys sort by UTF-16 code units as the RFC says.

Source: RFC 8785, with I-JSON numbers (section 3.2.2.3). Why: hashes must not depend on who wrote the file. Cost: one
pass. Rejected: `json.dumps(sort_keys=True)` alone (it sorts by code points and writes floats its own way).

>>> canonical({"b": 1, "a": ["x", True, None]})
b'{"a":["x",true,null],"b":1}'
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

_quoted: Final = json.JSONEncoder(ensure_ascii=False).encode
LARGEST: Final = 2**53 - 1  # RFC 8785 section 3.2.2.3 (I-JSON numbers)


def canonical(value: Any) -> bytes:
    """The canonical bytes of `value`. Raises TypeError or ValueError for what has no canonical form."""
    return _write(value).encode("utf-8")


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _write(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        value.encode("utf-8")  # a lone surrogate has no bytes: fail here, by name
        return _quoted(value)
    if isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            raise ValueError(f"{value} is beyond the whole numbers that every JSON reader keeps; write it as text.")
        return str(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(_write, value)) + "]"
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"The key {key!r} is not text.")
        plain = all(key.isascii() for key in value)  # then code points and UTF-16 code units have one order
        keys = sorted(value) if plain else sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{_write(key)}:{_write(value[key])}" for key in keys) + "}"
    raise TypeError(
        f"{type(value).__name__} has no place in a public record: use whole numbers, text, lists or objects."
    )
