"""An entry's facts as rows that a person can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from becontree.foundations.kit.pence import pounds
from becontree.foundations.record import terms as words


def refs(facts: Any, key: str = "") -> Iterator[str]:
    """The public things that facts name, so that their titles can be read at once.

    >>> list(refs({"matches": [{"project": "play-area", "paid": 5}], "leads_to": ["project/shed"]}))
    ['project/play-area', 'project/shed']
    """
    if isinstance(facts, dict):
        for inner, value in facts.items():
            yield from refs(value, inner)
    elif isinstance(facts, list):
        for each in facts:
            yield from refs(each, key)
    elif ref := words.named(facts, key):
        yield ref


def said_once(result: dict[str, Any]) -> dict[str, Any]:
    """A result without the sum of all its matches where there is one match, whose own sum says the same.

    >>> said_once({"paid": 500, "left": 0, "matches": [{"project": "shed", "paid": 500}]})
    {'left': 0, 'matches': [{'project': 'shed', 'paid': 500}]}
    """
    matches = result.get("matches")
    if isinstance(matches, list) and len(matches) == 1 and matches[0].get("paid") == result.get("paid"):
        return {key: value for key, value in result.items() if key != "paid"}
    return result


def rows(
    facts: Any,
    name: str = "",
    *,
    family: str = "",
    terms: Any = None,
    titles: Mapping[str, str] | None = None,
    key: str = "",
) -> Iterator[tuple[str, str]]:
    """Each fact with its name in words. Amounts named in pence are shown in pounds.

    `family`: of a decision, whose keys have their names and their money in `terms.py`; `terms`: a match fund's rule;
    `titles`: of the things that the facts name, by ref; `key`: under which the facts stand in others.

    >>> list(rows({"raised_pence": 559900, "of": {"people": 12}, "approved": True}))
    [('raised', '£5,599.00'), ('of, people', '12'), ('approved', 'yes')]
    >>> list(rows({"pence": 500}))
    [('amount', '£5.00')]
    >>> list(rows({"closes_on": "2027-01-12", "extra_use": ""}))
    [('closes on', '12 January 2027'), ('extra use', 'none')]
    >>> list(rows({"project": "shed"}, titles={"project/shed": "A shed"})), list(rows({"project": "shed"}))
    ([('project', 'A shed')], [('project', 'shed')])
    """
    if isinstance(facts, dict):
        for inner, value in facts.items():
            plain = words.name_of(family, inner)
            within = ", ".join(part for part in (name, inner if plain is None else plain) if part)
            said = words.shown(family, inner, value, terms or {})
            if said is None:
                yield from rows(value, within, family=family, terms=terms, titles=titles, key=inner)
            else:
                yield _words(within), said
    elif isinstance(facts, list) and any(isinstance(each, (dict, list)) for each in facts):
        for number, each in enumerate(facts, start=1):
            place = f"{name} {number}".strip() if name or len(facts) > 1 else ""
            yield from rows(each, place, family=family, terms=terms, titles=titles, key=key)
    else:
        yield _words(name), _shown(name, facts, key, titles or {})


def _words(name: str) -> str:
    *parts, last = name.split(", ")
    last = "amount" if last == "pence" else last.removesuffix("_pence")
    return ", ".join([*parts, last]).replace("_", " ").strip() or "value"


def _shown(name: str, value: Any, key: str, titles: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(name, each, key, titles) for each in value) or "none"
    if title := titles.get(words.named(value, key)):
        return title
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "":
        return "none"
    if isinstance(value, str) and name.endswith("_on"):
        return words.as_day(value)
    if isinstance(value, int):
        return pounds(value) if name.endswith("pence") else f"{value:,}"
    return str(words.CODES.get(str(value), value))
