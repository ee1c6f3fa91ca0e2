"""The country's rules as dated data, read from `policies/uk/*.toml`. What the fields mean: policies/README.md."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, TypeAlias

Scalar: TypeAlias = int | str | bool | date
Plain: TypeAlias = Scalar | tuple[Scalar, ...]

STANDINGS: Final = ("law", "code", "guidance", "practice", "council")
_NEEDED: Final = {"key", "title", "from", "value", "unit", "source", "standing", "confirmed"}
_MAY: Final = _NEEDED | {"to", "note"}


class UnknownKey(LookupError):
    """Nothing is called that: a slip in the code or in a file, never a person's mistake."""


class NotInForce(LookupError):
    """The rule is known, but has no value on that day."""


class BadPolicy(ValueError):
    """A policy file that cannot be used; the message names the file and the key."""


@dataclass(frozen=True, slots=True)
class Value:
    """A figure or rule with the days on which it holds (both included) and where it comes from."""

    key: str
    title: str
    value: Plain
    unit: str
    source: str
    standing: str
    since: date
    until: date | None = None
    confirmed: bool = True
    note: str = ""
    subject: str = ""
    said: str = ""  # how a person reads it, where that is not its value with its unit
    words: tuple[str, ...] = ()  # of a list of words: shown only to who asks

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)

    @property
    def shown(self) -> str:
        """The value as a person reads it."""
        return self.said or show(self.value, self.unit)

    @property
    def fingerprint(self) -> str:
        """Of a list of words: which list it is, so that anybody can tell whether it is the one they were told of."""
        return fingerprint(self.words)


def fingerprint(words: Iterable[str]) -> str:
    """SHA-256, in hexadecimal, of the words in the order of the alphabet (Unicode code points), one a line, as UTF-8.

    >>> fingerprint(["b", "a"]) == fingerprint(["a", "b"])
    True
    """
    return sha256("".join(f"{word}\n" for word in sorted(words)).encode()).hexdigest()


def show(value: Plain, unit: str) -> str:
    """A value with its unit in words: 5000 pence is £50.00.

    >>> show(5000, "pence"), show(15, "percent"), show(1, "months"), show(("a", "b"), "facts")
    ('£50.00', '15%', '1 month', 'a; b')
    """
    from becontree.foundations.kit.pence import pounds

    if isinstance(value, tuple):
        return "; ".join(show(each, "") for each in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, str):
        return value
    if unit == "pence":
        return pounds(value)
    if unit == "percent":
        return f"{value}%"
    if value == 1 and unit.endswith("s") and " " not in unit:
        unit = unit[:-1]
    return f"{value:,} {unit}".strip()


def folder() -> Path:
    """Where the policies are: inside the installed package, else at the top of the repository."""
    package = Path(__file__).resolve().parents[2]
    inside = package / "_policies"
    return inside if inside.is_dir() else package.parents[1] / "policies"


def read(files: Iterable[Path]) -> dict[str, tuple[Value, ...]]:
    """All values by key, oldest first. Raises BadPolicy for a file that breaks the rules of policies/README.md."""
    found: dict[str, list[Value]] = {}
    for file in sorted(files):
        try:
            content = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BadPolicy(f"{file.name}: cannot be read ({error}).") from error
        subject = str(content.get("title", file.stem))
        for number, row in enumerate(content.get("rule", ()), start=1):
            value = _value(row, subject, f"{file.name}, rule {number}")
            found.setdefault(value.key, []).append(value)
    return {key: _in_order(values) for key, values in sorted(found.items())}


@lru_cache(maxsize=1)
def rules() -> Mapping[str, tuple[Value, ...]]:
    """The rules that this installation came with, read once."""
    files = list((folder() / "uk").glob("*.toml"))
    if not files:
        raise BadPolicy(f"There are no policy files in {folder() / 'uk'}.")
    return read(files)


def in_force(values: Iterable[Value], on: date) -> Value | None:
    """The one of a key's values that holds on a day."""
    return next((value for value in values if value.holds(on)), None)


def _value(row: Mapping[str, Any], subject: str, where: str) -> Value:
    lacking, extra = _NEEDED - row.keys(), row.keys() - _MAY
    if lacking or extra:
        raise BadPolicy(f"{where}: lacks {sorted(lacking) or 'nothing'}, has unknown {sorted(extra) or 'nothing'}.")
    since, until = row["from"], row.get("to")
    if not isinstance(since, date) or (until is not None and not (isinstance(until, date) and since <= until)):
        raise BadPolicy(f"{where} ({row['key']}): 'from' and 'to' are dates, in that order.")
    if row["standing"] not in STANDINGS or not str(row["source"]).strip():
        raise BadPolicy(f"{where} ({row['key']}): needs a source, and a standing of {', '.join(STANDINGS)}.")
    value = row["value"]
    made: Plain = tuple(value) if isinstance(value, list) else value
    for each in made if isinstance(made, tuple) else (made,):
        if not isinstance(each, (int, str, bool, date)):
            raise BadPolicy(
                f"{where} ({row['key']}): a value is whole, text, true or false, a date, or a list of them."
            )
    return Value(
        key=row["key"],
        title=row["title"],
        value=made,
        unit=row["unit"],
        source=row["source"],
        standing=row["standing"],
        since=since,
        until=until,
        confirmed=bool(row["confirmed"]),
        note=row.get("note", ""),
        subject=subject,
    )


def _in_order(values: list[Value]) -> tuple[Value, ...]:
    ordered = sorted(values, key=lambda value: value.since)
    for before, after in pairwise(ordered):
        if before.until is None or before.until >= after.since:
            raise BadPolicy(f"{after.key}: two values hold on {after.since}; close the earlier one with 'to'.")
        if before.unit != after.unit:
            raise BadPolicy(f"{after.key}: changes its unit from {before.unit} to {after.unit}; use another key.")
    return tuple(ordered)
