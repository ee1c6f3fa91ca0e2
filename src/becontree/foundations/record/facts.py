"""An entry's facts as rows that a person can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from becontree.foundations.kit.pence import pounds
from becontree.foundations.record import terms as words


def rows(facts: Any, name: str = "", *, family: str = "", terms: Any = None) -> Iterator[tuple[str, str]]:
    """Each fact with its name in words. Amounts named in pence are shown in pounds.

    `family`: of a decision, whose keys have their names and their money in `terms.py`; `terms`: a match fund's rule.

    >>> list(rows({"raised_pence": 559900, "of": {"people": 12}, "approved": True}))
    [('raised', '£5,599.00'), ('of, people', '12'), ('approved', 'yes')]
    >>> list(rows({"pence": 500}))
    [('amount', '£5.00')]
    >>> list(rows({"closes_on": "2027-01-12", "extra_use": ""}))
    [('closes on', '12 January 2027'), ('extra use', 'none')]
    """
    if isinstance(facts, dict):
        for key, value in facts.items():
            plain = words.name_of(family, key)
            within = ", ".join(part for part in (name, key if plain is None else plain) if part)
            said = words.shown(family, key, value, terms or {})
            yield from rows(value, within, family=family, terms=terms) if said is None else [(_words(within), said)]
    elif isinstance(facts, list) and any(isinstance(each, (dict, list)) for each in facts):
        for number, each in enumerate(facts, start=1):
            place = f"{name} {number}".strip() if name or len(facts) > 1 else ""
            yield from rows(each, place, family=family, terms=terms)
    else:
        yield _words(name), _shown(name, facts)


def _words(name: str) -> str:
    *parts, last = name.split(", ")
    last = "amount" if last == "pence" else last.removesuffix("_pence")
    return ", ".join([*parts, last]).replace("_", " ").strip() or "value"


def _shown(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(name, each) for each in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "":
        return "none"
    if isinstance(value, str) and name.endswith("_on"):
        return words.as_day(value)
    if isinstance(value, int):
        return pounds(value) if name.endswith("pence") else f"{value:,}"
    return str(value)
