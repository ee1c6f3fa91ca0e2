"""Texts that say the same in the same words: copies, near-copies, campaigns. Shown beside the themes, never hidden.

Two texts are near-copies if at least 70 % of all their three-word runs (five-character runs where a text has fewer
than six words) are in both: Jaccard's index over shingles (Broder 1997). All pairs that share a run are compared
exactly; runs that stand in more than 400 texts are a manner of speaking and start no comparison. Chains join: a with
b, b with c.

Why: a campaign is many people, and one text; readers of the themes should see both. Cost: linear in runs but for those
that many texts share. Rejected: hashed signatures (MinHash: they miss some pairs, and differ by seed); leaving copies
out (each was sent by somebody).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from becontree.methods.themes.words import fold, terms

ALIKE: Final = 0.7
COMMONPLACE: Final = 400
CAMPAIGN: Final = 5  # this many near-copies are called a campaign


@dataclass(frozen=True, slots=True)
class Repeat:
    """Texts (by index, first to last) that are copies (`identical`) or near-copies of each other."""

    texts: tuple[int, ...]
    identical: bool

    @property
    def campaign(self) -> bool:
        return len(self.texts) >= CAMPAIGN


def repeats(texts: Sequence[str]) -> tuple[Repeat, ...]:
    """Groups of two or more, largest first. Texts without a word are left out."""
    spoken = [" ".join(terms(fold(text))) for text in texts]
    same: dict[str, list[int]] = defaultdict(list)
    for at, words in enumerate(spoken):
        if words:
            same[words].append(at)
    different = sorted(same)
    runs = [_runs(words) for words in different]
    holding: dict[str, list[int]] = defaultdict(list)
    for at, own in enumerate(runs):
        for run in own:
            holding[run].append(at)
    leader = list(range(len(different)))

    def lead(at: int) -> int:
        while leader[at] != at:
            leader[at] = leader[leader[at]]
            at = leader[at]
        return at

    for at, own in enumerate(runs):
        shared: dict[int, int] = defaultdict(int)
        for run in own:
            if len(holding[run]) <= COMMONPLACE:
                for other in holding[run]:
                    if other > at:
                        shared[other] += 1
        for other, together in shared.items():
            # An upper bound first: most pairs share one run only.
            if together >= ALIKE * (len(own) + len(runs[other]) - together):
                leader[lead(other)] = lead(at)
    groups: dict[int, list[int]] = defaultdict(list)
    kinds: dict[int, int] = defaultdict(int)
    for at, words in enumerate(different):
        groups[lead(at)].extend(same[words])
        kinds[lead(at)] += 1
    found = [Repeat(tuple(sorted(group)), kinds[at] == 1) for at, group in groups.items() if len(group) > 1]
    return tuple(sorted(found, key=lambda one: (-len(one.texts), one.texts)))


def _runs(words: str) -> frozenset[str]:
    listed = words.split()
    if len(listed) < 6:
        return frozenset(words[at : at + 5] for at in range(max(1, len(words) - 4)))
    return frozenset(" ".join(listed[at : at + 3]) for at in range(len(listed) - 2))
