"""The plain names of what a decision's frozen record holds, and which of its whole numbers are money, by family."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit import dates
from becontree.foundations.kit.pence import pounds

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# "" stands for a part that only holds others and is not named.
NAMES: Final[dict[str, dict[str, StrOrPromise]]] = {
    "adoption": {
        "adopted_on": _("Day it was adopted"),
        "agreement": _("Who agrees, by group"),
        "authority": _("By what power"),
        "every_group_mostly_agrees": _("More than half of every group agrees"),
        "least_agreement": _("The group that agrees least"),
        "minutes": _("Minutes"),
        "promise": _("Promise"),
        "quotes": _("How many quotes stand behind it"),
        "sentence": _("What was promised"),
        "themes": _("How many themes stand behind it"),
        "vision_on": _("The day it looks ahead to"),
    },
    "match": {
        "backers": _("Givers whose gifts count"),
        "crowd": _("Given by the crowd"),
        "crowd_first": _("What the crowd gives first"),
        "crowd_first_share": _("What the crowd gives first, of the target"),
        "left": _("Left in the fund"),
        "limits": _("Limit that bit"),
        "lot": _("Order drawn by lot"),
        "matches": "",
        "min_backers": _("Fewest givers"),
        "name": _("Name of the fund"),
        "paid": _("Granted"),
        "per_giver": _("Most that counts of one giver's gifts to a project"),
        "per_giver_in_fund": _("Most that counts of one giver's gifts in all"),
        "per_pledge": _("Most that counts of one gift"),
        "per_project": _("Most for one project"),
        "pledges_per_giver": _("Most gifts that count of one giver"),
        "pot": _("What there was to share out"),
        "project": _("Project"),
        "ratio": _("For each pound given"),
        "share": _("Most for one project, of the target"),
        "terms": "",
        "ties": _("Ties broken by lot"),
        "wanted": _("Match before any limit"),
        "when_short": _("Where there is not enough for all"),
    },
}
# What an entry's facts are called, where the key alone would not say it.
FACTS: Final[dict[str, StrOrPromise]] = {
    "model": _("What happens if the target is missed"),
    "strategy": _("When gifts are taken"),
}
# Codes that facts hold, in words: what is written, signed and hashed stays as it is.
CODES: Final[dict[str, StrOrPromise]] = {
    "all-or-nothing": _("all or nothing: nobody pays, or everybody is paid back"),
    "at-risk": _("at risk"),
    "behind-start": _("worse than at the start"),
    "charge-and-refund": _("at once"),
    "got-worse": _("worse than the reading before"),
    "keep-what-you-raise": _("the project keeps what people gave"),
    "not-said": _("not said yet"),
    "off-track": _("off track"),
    "on-track": _("on track"),
    "save-and-charge": _("after the campaign has closed as planned, not before"),
}
# Whole numbers that are pence though their keys do not say so.
MONEY: Final[dict[str, frozenset[str]]] = {
    "match": frozenset(
        {"crowd", "crowd_first", "left", "paid", "per_giver", "per_giver_in_fund", "per_pledge", "per_project", "pot"}
        | {"wanted"}
    )
}
# Keys whose value is the slug of a thing of that kind.
SLUGS: Final = frozenset({"fund", "measure", "project", "round"})
SHARES: Final = frozenset({"share", "crowd_first_share", "agreement", "least_agreement"})
WHEN_SHORT: Final = {"first": _("who comes first is paid first"), "share": _("all are paid the same part")}


def name_of(family: str, key: str) -> str | None:
    """The plain name of a key, "" where it is not named; None where the family's table does not know it."""
    found = NAMES.get(family, FACTS).get(key)
    return None if found is None else str(found)


def named(value: Any, key: str) -> str:
    """The ref of the public thing that a fact names, by itself or as the slug of a project or a fund; "" if none.

    >>> named("play-area", "project"), named("project/play-area", "leads_to"), named("12 March", "on")
    ('project/play-area', 'project/play-area', '')
    """
    if not isinstance(value, str) or len(value) > 120:
        return ""
    if re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", value):
        return f"{key}/{value}" if key in SLUGS else ""
    return value if re.fullmatch(r"[a-z]+/[a-z0-9-]+", value) else ""


def shown(family: str, key: str, value: Any, terms: dict[str, Any]) -> str | None:
    """A value as people read it; None where nothing special is known of it. `terms`: a match fund's rule."""
    if family not in NAMES:
        return None
    if isinstance(value, list):
        if key == "limits":
            return "; ".join(_limit(code, terms) for code in value) or gettext("none")
        parts = [shown(family, key, each, terms) for each in value]
        return ", ".join(part for part in parts if part is not None) if value and None not in parts else None
    if isinstance(value, int) and not isinstance(value, bool) and key in MONEY.get(family, ()):
        return pounds(value)
    if not isinstance(value, str):
        return None
    if key == "when_short":
        return str(WHEN_SHORT.get(value, value))
    if key == "ratio":
        return _rate(value)
    if key in SHARES and "/" in value:
        return f"{float(Fraction(value) * 100):.4g}%"
    return as_day(value) if key.endswith("_on") else None


def _limit(code: str, terms: dict[str, Any]) -> str:
    most = pounds(terms[code], short=True) if isinstance(terms.get(code), int) else ""
    said = {
        "crowd_first": gettext("the crowd had not given enough first"),
        "min_backers": gettext("there were too few givers"),
        "per_giver": gettext("at most %(most)s counts of one giver's gifts to a project"),
        "per_giver_in_fund": gettext("at most %(most)s counts of one giver's gifts in all"),
        "per_pledge": gettext("at most %(most)s counts of one gift"),
        "per_project": gettext("at most %(most)s to one project"),
        "pledges_per_giver": gettext("only so many gifts of one giver count"),
        "pot": gettext("there was no more to share out"),
        "share_of_target": gettext("at most so much of a project's target"),
    }
    return said.get(code, code) % {"most": most}


def _rate(text: str) -> str:
    """A rate of 7/1 is £7.00; where that would not be exact, both numbers are told."""
    rate = Fraction(text)
    if (rate * 100).denominator == 1:
        return pounds(int(rate * 100))
    return f"{rate.numerator:,} : {rate.denominator:,}"


def as_day(text: str) -> str:
    """A written day as people read it; anything else as it is."""
    try:
        return dates.day(date.fromisoformat(text))
    except ValueError:
        return text
