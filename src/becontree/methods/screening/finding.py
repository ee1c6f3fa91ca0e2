"""All kinds together: what overlaps is settled, what the council's own places are is left alone.

Source: ours. Why one of those that overlap (the kind named first, then the longest): each place in a text is left out
once. Cost: each kind's own, and every pair of what was found. Rejected: letting overlaps stand (a text would be
blanked twice, and places move).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Final

from becontree.methods.screening import reach
from becontree.methods.screening.kinds import KINDS, Found
from becontree.methods.screening.names import names as names_in
from becontree.methods.screening.streets import named_pattern
from becontree.methods.screening.streets import streets as streets_in
from becontree.methods.screening.tokens import plain

LEFT_OUT: Final = "[left out]"
_PLACE: Final = {kind: place for place, kind in enumerate(KINDS)}


def find(
    text: str,
    *,
    names: Collection[str] = (),
    streets: Collection[str] = (),
    venues: Collection[str] = (),
    public: Collection[str] = (),
) -> tuple[Found, ...]:
    """What in the text looks like personal data, in order, without overlaps.

    names: names to be found wherever they stand (of staff, say). streets: the council's streets, found even where
    nothing says that somebody lives there. venues: places that are never taken for people ("Jo Richardson School").
    public: people whom anybody may name (elected members, say).

    >>> [(one.kind, one.why) for one in find("Thanks to Irena at 12 Ripple Road, ring 020 7946 0018")]
    [('name', 'after thanks'), ('street', 'a house number and a street'), ('telephone', 'a telephone number')]
    """
    if not text.strip():
        return ()
    extra = frozenset(plain(word) for name in names for word in re.findall(r"[^\W\d_]+", name))
    known = frozenset(" ".join(plain(word) for word in name.split()) for name in public)
    found: list[Found] = [*reach.emails(text), *reach.links(text), *reach.accounts(text)]
    found += streets_in(text, _pattern(tuple(streets)))
    found += names_in(text, extra, known)
    if any(letter.isdigit() for letter in text):
        found += reach.numbers(text)
    found += reach.telephones(text)
    spared = [match.span() for match in pattern.finditer(text)] if (pattern := _pattern(tuple(venues))) else []
    return _settled(one for one in found if not any(start <= one.start and one.end <= end for start, end in spared))


@lru_cache(maxsize=16)
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str] | None:
    return named_pattern(forms)


def _settled(found: Iterable[Found]) -> tuple[Found, ...]:
    """Of those that overlap, the one whose kind comes first in KINDS, then the longest; of one kind, both together."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (_PLACE[one.kind], one.start - one.end, one.start)):
        same = next(
            (other for other in kept if other.kind == one.kind and one.start < other.end and other.start < one.end),
            None,
        )
        if same is not None:
            kept[kept.index(same)] = replace(same, start=min(one.start, same.start), end=max(one.end, same.end))
        elif all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.start))


def masked(text: str, found: Iterable[Found]) -> str:
    """The text with every place that was found left out.

    >>> masked("My neighbour Kwabena parks here", find("My neighbour Kwabena parks here"))
    'My neighbour [left out] parks here'
    """
    parts, at = [], 0
    for one in sorted(found, key=lambda one: one.start):
        parts += [text[at : one.start], LEFT_OUT]
        at = max(at, one.end)
    return "".join(parts) + text[at:]
