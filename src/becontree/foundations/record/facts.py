"""An entry's facts as rows that a person can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from becontree.foundations.kit.pence import pounds


def rows(facts: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Each fact with its name in words. Amounts named in pence are shown in pounds.

    >>> list(rows({"raised_pence": 559900, "of": {"people": 12}, "approved": True}))
    [('raised', '£5,599.00'), ('of, people', '12'), ('approved', 'yes')]
    """
    if isinstance(facts, dict):
        for key, value in facts.items():
            yield from rows(value, f"{name}, {key}" if name else key)
    elif isinstance(facts, list) and any(isinstance(each, (dict, list)) for each in facts):
        for number, each in enumerate(facts, start=1):
            yield from rows(each, f"{name} {number}".strip())
    else:
        yield _words(name), _shown(name, facts)


def _words(name: str) -> str:
    return name.removesuffix("_pence").replace("_", " ").strip() or "value"


def _shown(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(name, each) for each in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if isinstance(value, int):
        return pounds(value) if name.endswith("pence") else f"{value:,}"
    return str(value)
