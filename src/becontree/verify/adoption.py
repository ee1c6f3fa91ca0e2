"""Decisions to adopt a promise: are the figures that were before those who decided what the groups really said?

Nothing here is shared with the code that made the record. A record of the family "adoption" holds in its inputs what
each group of people said of the aspiration, the themes with the number of people who spoke of them, and the quotes it
rests on; in its result the share of each group that agrees, the least of them, and whether more than half of every
group agrees. Whether to promise was for people to decide; that the figures they saw follow from the answers can be
checked.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from . import files

_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")


def check(record: dict[str, Any]) -> list[str]:
    """One plain sentence for each thing that does not agree; nothing where all is well."""
    try:
        return list(_check(record))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        return [files.unreadable(error)]


def _check(record: dict[str, Any]) -> list[str]:
    found = []
    if record["method"] != "adoption@1":
        return [f"The method {record['method']!r} is not known here."]
    parameters, inputs, result = record["parameters"], record["inputs"], record["result"]
    adopted, vision = parameters["adopted_on"], parameters["vision_on"]
    if not (_DAY.match(adopted) and _DAY.match(vision) and adopted < vision):
        found.append("The promise does not look ahead of the day on which it was adopted.")
    needed = ("sentence", "authority", "minutes")
    found += [f"The record does not say its {name}." for name in needed if not parameters[name].strip()]
    shares = []
    for group in inputs["groups"]:
        counts = [group[name] for name in ("people", "agree", "pass", "disagree")]
        if counts[1] is None or counts[2:] == [None, None]:  # hidden: it would tell of 1 to 4 people
            known = [count for count in counts if count is not None]
            if any(type(count) is not int or count < 0 for count in known) or known != counts[: len(known)]:
                found.append(f"The group {group['group']!r} has a count that is no whole number.")
            shares.append(Fraction(counts[1], counts[0]) if counts[1] is not None and counts[0] else None)
            continue
        if any(type(count) is not int or count < 0 for count in counts):
            found.append(f"The group {group['group']!r} has a count that is no whole number.")
            continue
        answered = sum(counts[1:])
        if answered > counts[0]:
            found.append(f"The group {group['group']!r} has more answers ({answered}) than people ({counts[0]}).")
        shares.append(Fraction(counts[1], answered) if answered else None)
    given = [None if one is None else Fraction(one) for one in result["agreement"]]
    if given != shares:
        found.append("The shares of agreement do not follow from what the groups said.")
    told = [one for one in shares if one is not None]
    least = min(told) if told else None
    if (None if result["least_agreement"] is None else Fraction(result["least_agreement"])) != least:
        found.append("The least agreement is not the least of the groups'.")
    most = all(2 * one > 1 for one in told) if told else None
    if result["every_group_mostly_agrees"] is not most:
        found.append("Whether more than half of every group agrees is told wrongly.")
    if result["themes"] != len(inputs["themes"]) or result["quotes"] != len(inputs["aspiration"]["quotes"]):
        found.append("The number of themes or of quotes is not the number of those that are named.")
    people = [theme["people"] for theme in inputs["themes"] if theme["people"] is not None]  # None: hidden
    if any(type(one) is not int or one < 0 for one in people):
        found.append("A theme does not say how many people spoke of it.")
    return found
