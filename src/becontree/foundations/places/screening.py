"""What looks personal in somebody's words, for whoever reads them first: marked, never taken out by itself.

Here because this borough's own names of places are nobody's home, and are spared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from becontree.foundations.places import queries as places
from becontree.methods import screening as method
from becontree.methods.screening import LEFT_OUT, Found, masked

__all__ = ["LEFT_OUT", "Found", "Part", "Screen", "added_to", "masked", "parts", "screen"]


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
    return Screen(tuple(places.names()))


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


def added_to(words: str, public: str) -> str:
    """What is wrong with a text that is not somebody's own `words` with parts left out; empty where it is."""
    found = method.altered(words, public)
    if found is None:
        return ""
    said = [_("Write %(mark)s for each part that you take out, and change nothing else.") % {"mark": LEFT_OUT}]
    if found.added:
        said.append(_("Not the speaker's words: %(which)s.") % {"which": _quoted(found.added)})
    if found.gone:
        said.append(_("Gone without a mark: %(which)s.") % {"which": _quoted(found.gone)})
    return " ".join(said)


def _quoted(parts: Sequence[str]) -> str:
    return ", ".join(f"“{part[:80]}”" for part in parts[:6])
