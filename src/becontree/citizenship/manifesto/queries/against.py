"""Where figures say otherwise than the person who said how a promise stands. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from becontree.citizenship.manifesto.models import Promise, Target
from becontree.citizenship.manifesto.queries.promised import Progress

How = Literal["got-worse", "behind-start", "missed", "reached"]
GOES_WELL: Final = frozenset({Promise.Standing.ON_TRACK.value, Promise.Standing.KEPT.value})


@dataclass(frozen=True, slots=True)
class Against:
    """One figure that says otherwise. `before`: what `now` is worse than, or the target that was missed or reached.

    got-worse: worse than the reading before. behind-start: worse than at the start, and not worse than last time.
    missed: the day has come (or the promise is said to be kept) and the target is not reached. reached: every target
    is reached, and nobody has said that the promise is kept.
    """

    how: How
    target: Target
    before: Decimal
    now: Decimal

    @property
    def otherwise(self) -> bool:
        """Whether it goes against what was said (a reached target only goes further)."""
        return self.how != "reached"


def against(standing: str, progress: Iterable[Progress], on: date) -> tuple[Against, ...]:
    """What the latest figures of a promise say against its standing, as of a day. Targets never read are mute."""
    known = list(progress)
    read = [one for one in known if one.latest is not None]
    if known and standing not in Promise.OVER and all(one.reached for one in known):
        return tuple(_of("reached", one, one.target.value) for one in read)
    if standing not in GOES_WELL:
        return ()
    found = []
    for one in read:
        over = standing == Promise.Standing.KEPT.value or one.target.by_on <= on
        if over and not one.reached:
            found.append(_of("missed", one, one.target.value))
        elif one.slipping:
            found.append(_of("got-worse", one, one.values[-2].value))
        elif one.worse:
            first = len(one.values) == 1
            found.append(_of("got-worse" if first else "behind-start", one, one.target.baseline))
    return tuple(found)


def _of(how: How, one: Progress, before: Decimal) -> Against:
    assert one.latest is not None
    return Against(how, one.target, before, one.latest.value)
