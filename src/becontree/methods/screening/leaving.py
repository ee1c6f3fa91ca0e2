"""Whether a public text is somebody's own words with parts left out, and nothing else.

Source: ours. Why: what is published of a person's words may lack parts, and must never gain any. Cost: linear in the
words for each piece. Rejected: a likeness score ("not" is one word).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from becontree.methods.screening.finding import LEFT_OUT

_TOKEN: Final = re.compile(rf"{re.escape(LEFT_OUT)}|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Altered:
    """How a public text differs from the words: what was `added` that nobody said, what has `gone` without its mark."""

    added: tuple[str, ...]
    gone: tuple[str, ...]


def altered(words: str, public: str) -> Altered | None:
    """None where `public` is `words` with parts replaced by LEFT_OUT; else what differs, in its order.

    Each mark stands for at least one whole word or sign; what stands between two marks is one piece of the words, and
    the pieces keep their order. White space does not count. Linear in the words for each piece.

    >>> altered("Thanks to Irena for the bench", "Thanks to [left out] for the bench")
    >>> altered("Not good, Irena", "Good, [left out]")
    Altered(added=('Good',), gone=('Not good',))
    """
    said, shown = _TOKEN.findall(words), _TOKEN.findall(public)
    if _stands(said, shown):
        return None
    added, gone = [], []
    for what, i, j, k, m in SequenceMatcher(None, said, shown, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        new = [token for token in shown[k:m] if token != LEFT_OUT]
        if new:
            added.append(_written(new))
        if i < j and LEFT_OUT not in shown[k:m]:
            gone.append(_written(said[i:j]))
    return Altered(tuple(added), tuple(gone))


def _stands(said: Sequence[str], shown: Sequence[str]) -> bool:
    pieces: list[list[str]] = [[]]
    for token in shown:
        if token == LEFT_OUT:
            pieces.append([])
        else:
            pieces[-1].append(token)
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return list(said) == first
    if list(said[: len(first)]) != first or (last and list(said[-len(last) :]) != last):
        return False
    at, end = len(first), len(said) - len(last)
    for piece in pieces[1:-1]:
        if not piece:  # two marks side by side are one
            continue
        at = _where(said, piece, at + 1, end)
        if at < 0:
            return False
        at += len(piece)
    return at < end  # the last mark stands for something


def _where(said: Sequence[str], piece: Sequence[str], start: int, end: int) -> int:
    """The first place from `start` at which the piece stands and ends by `end`; -1 where it does not."""
    size = len(piece)
    return next((at for at in range(start, end - size + 1) if list(said[at : at + size]) == piece), -1)


def _written(tokens: Sequence[str]) -> str:
    return re.sub(r" (?=[^\w\s])", "", " ".join(tokens))
