"""What looks personal in somebody's words, for the officer who reads them: marked, never taken out by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from becontree.foundations.places import queries as places
from becontree.methods import screening as method
from becontree.methods.screening import Found

masked = method.masked


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the words; `kind` and `why` where something was found in it."""

    text: str
    kind: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """The screen with this borough's own names of places, which are nobody's home."""

    venues: tuple[str, ...]

    def find(self, text: str) -> tuple[Found, ...]:
        return tuple(method.find(text, venues=self.venues))


def screen() -> Screen:
    """One query: the names of places to meet and of wards."""
    return Screen((*places.venues().values_list("name", flat=True), *places.ward_names().values()))


def parts(text: str, found: Sequence[Found]) -> list[Part]:
    """The words in pieces, those that were found marked; together they are the words.

    >>> [(part.text, part.kind) for part in parts("no names here", ())]
    [('no names here', '')]
    """
    pieces, at = [], 0
    for one in sorted(found, key=lambda each: each.start):
        if one.start < at:
            continue
        if one.start > at:
            pieces.append(Part(text[at : one.start]))
        pieces.append(Part(text[one.start : one.end], str(one.kind), str(one.why)))
        at = one.end
    return [*pieces, Part(text[at:])] if at < len(text) else pieces
