"""Who has been heard, held against who lives here: pure, records in, records out.

A group's share of those heard is set beside its share of the borough, with Wilson's interval. A group is heard *less*
when its whole interval lies below its share of the borough, *more* when it lies above; else the numbers do not say.
Small counts are hidden before anything is worked out from them (`methods.suppression`), so no share, sentence or
picture here tells more than the table does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.utils.translation import gettext as _

from becontree.methods.suppression import Sum, protect, share

Verdict = Literal["less", "more", "alike", "hidden", "unknown"]
RATHER_NOT: Final = "rather-not"
UNASKED: Final = frozenset({"under-16"})  # children write in a class, where nobody is asked: few answers tell nothing


@dataclass(frozen=True, slots=True)
class Group:
    """One group. `people` of `whole` live here; `heard` of `base` answered (None: hidden, or nobody was asked)."""

    code: str
    label: Any
    people: int
    whole: int
    heard: int | None
    base: int
    low: float | None = None
    high: float | None = None
    verdict: Verdict = "unknown"

    @property
    def here(self) -> float:
        return self.people / self.whole if self.whole else 0.0

    @property
    def share(self) -> float | None:
        return None if self.heard is None or not self.base else self.heard / self.base

    @property
    def expected(self) -> float:
        """How many there would be if those heard were like the borough."""
        return self.here * self.base

    @property
    def ratio(self) -> float:
        """Heard of expected; below 1 is heard less. 1 where it cannot be said."""
        return 1.0 if self.share is None or not self.here else self.share / self.here

    @property
    def sentence(self) -> str:
        """In plain words."""
        words = {"label": self.label, "here": percent(self.here)}
        if self.verdict == "hidden":
            return (
                _("%(label)s: %(here)s of the borough. So few of them answered that we do not show the number.") % words
            )
        if self.share is None:
            return _("%(label)s: %(here)s of the borough. We have no answers to hold against that yet.") % words
        words |= {"heard": percent(self.share)}
        return _("%(label)s: %(here)s of the borough and %(heard)s of those heard.") % words


@dataclass(frozen=True, slots=True)
class Table:
    """One characteristic. `answered`: all who were asked; `rather_not` of them did not say (None: hidden).

    `withheld`: too few answered to show anything."""

    code: str
    name: Any
    groups: tuple[Group, ...]
    answered: int
    rather_not: int | None
    withheld: bool

    @property
    def least(self) -> Group | None:
        """The group that is heard least, where the numbers say so."""
        found = [group for group in self.groups if group.verdict == "less"]
        return min(found, key=lambda group: (group.ratio, group.code)) if found else None

    @property
    def any_hidden(self) -> bool:
        return any(group.verdict == "hidden" for group in self.groups)


def table(
    code: str,
    name: Any,
    *,
    labels: Mapping[str, Any],
    here: Mapping[str, int],
    counts: Mapping[str, int],
    forms: int | None = None,
) -> Table:
    """Set the counts of one characteristic beside who lives here. `counts` are raw: they are protected here, first.

    `forms`: how many were asked, where readers know that from elsewhere. Who left the question out is then counted
    with those who would rather not say, as the difference of two known totals would tell how many they are.
    """
    every = {key: counts.get(key, 0) for key in [*here, *(key for key in counts if key not in here)]}
    total = sum(every.values())
    if forms is not None and total > every.get(RATHER_NOT, 0):
        every[RATHER_NOT] = every.get(RATHER_NOT, 0) + max(0, forms - total)
        total = max(total, forms)
    safe = protect({**every, "": total}, [Sum("", tuple(every))], fixed=[""])
    withheld = bool(safe.exposed)
    shown = {key: None if withheld else safe.shown[key] for key in every}
    rather_not = shown.get(RATHER_NOT, 0)
    # The base leaves out who would rather not say; but not where that number is hidden, as the base would tell it.
    base = total - rather_not if rather_not is not None else total
    whole = sum(here.values())
    groups = tuple(_group(key, labels.get(key, key), here[key], whole, shown[key], base, total=total) for key in here)
    return Table(code, name, groups, total, rather_not, withheld)


def percent(value: float) -> str:
    """A share as people read it: whole from ten up, one place below.

    >>> percent(0.124), percent(0.052), percent(0)
    ('12%', '5.2%', '0%')
    """
    number = 100 * value
    return f"{number:.0f}%" if number >= 9.95 or number == 0 else f"{number:.1f}%"


def _group(key: str, label: Any, people: int, whole: int, heard: int | None, base: int, *, total: int) -> Group:
    if not total or not whole:
        return Group(key, label, people, whole, None, base)
    if heard is None:
        return Group(key, label, people, whole, None, base, verdict="hidden")
    found = share(min(heard, base), base)
    here = people / whole
    verdict: Verdict = "less" if found.high < here else "more" if found.low > here else "alike"
    if verdict == "less" and key in UNASKED:
        verdict = "unknown"
    return Group(key, label, people, whole, heard, base, found.low, found.high, verdict)
