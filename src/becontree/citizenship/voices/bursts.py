"""Voices that came together: very like each other, or many from one moment. They are never ticked beforehand.

Two things are looked at, on the page of the desk only, and nothing of it is kept: words that are nearly the same, and
more forms on the site within minutes than people usually write. Who sent them is not known here, and not asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from becontree.citizenship.voices.models import Channel, Voice
from becontree.foundations.places.screening import Part

MINUTES: Final = 10
MANY: Final = 12  # forms on the site within MINUTES: beyond it a burst
ALIKE: Final = 0.8  # of the words of two texts together, in both
LEAST: Final = 3  # words: shorter texts ("More trees") are alike by chance


@dataclass(frozen=True, slots=True)
class Row:
    """One voice of the queue: whether anything personal was found, and its words in parts."""

    voice: Voice
    found: bool
    parts: list[Part]


@dataclass(slots=True)
class Group:
    """Voices nearly alike; of one row, one voice by itself. `burst`: it came with many others within minutes."""

    rows: list[Row] = field(default_factory=list)
    burst: bool = False

    @property
    def ticked(self) -> bool:
        return len(self.rows) == 1 and not self.burst and not self.rows[0].found


def grouped(rows: Sequence[Row]) -> list[Group]:
    """The rows in their order, those nearly alike together under the first of them. Quadratic: for one page.

    Words of one form are never a group, and what came on paper or in a file at one moment is no burst.
    """
    hasty = _bursts(rows)
    groups: list[Group] = []
    words: list[frozenset[str]] = []
    for row in rows:
        mine = frozenset(re.findall(r"\w+", row.voice.words.lower()))
        for group, theirs in zip(groups, words, strict=True):
            if _alike(mine, theirs) and row.voice.response_id not in {one.voice.response_id for one in group.rows}:
                group.rows.append(row)
                group.burst |= row.voice.pk in hasty
                break
        else:
            groups.append(Group([row], row.voice.pk in hasty))
            words.append(mine)
    return groups


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return min(len(one), len(other)) >= LEAST and len(one & other) >= ALIKE * len(one | other)


def _bursts(rows: Sequence[Row]) -> set[object]:
    """The voices of forms of which more than MANY came on the site within MINUTES."""
    forms = {row.voice.response_id: row.voice.entered_at for row in rows if row.voice.channel == Channel.WEB}
    times = sorted(forms.values())
    span = timedelta(minutes=MINUTES)
    hasty: set[object] = set()
    start = 0
    for end, at in enumerate(times):
        while at - times[start] > span:
            start += 1
        if end - start >= MANY:
            hasty |= set(times[start : end + 1])
    return {row.voice.pk for row in rows if row.voice.channel == Channel.WEB and row.voice.entered_at in hasty}
