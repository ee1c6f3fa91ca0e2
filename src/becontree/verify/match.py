"""Recomputes a match-funding decision from its record: every project's pence, a second time and another way.

Where `becontree.methods.matching` asks pledge by pledge, this replays the list with plain dictionaries; where that uses
decimals, this takes whole-number square roots (`math.isqrt`) scaled by 10**110. Rules: docs/rooms/matching.md.
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import combinations
from math import isqrt
from typing import Any

from . import files

DIGITS = 110  # of the scaled square roots; subsidies are settled at 60 decimals of a penny
ROOT_UNIT = 10**DIGITS
SETTLED = 10**60
RATE = re.compile(r"[0-9]{1,30}/[0-9]{1,30}", re.ASCII)
MONEY = ("per_project", "per_pledge", "per_giver", "per_giver_in_fund", "pledges_per_giver")  # None, or a number


def check(record: dict[str, Any]) -> list[str]:
    """One sentence for each thing that does not agree; empty if all of it does."""
    try:
        return _check(record)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, AttributeError, IndexError) as problem:
        return [files.unreadable(problem)]


def _check(record: dict[str, Any]) -> list[str]:
    terms, inputs, said = record["parameters"], record["inputs"], record["result"]
    _well_formed(record)
    projects = {item["id"]: item for item in inputs["projects"]}
    pledges = [(giver, project, _money(pence)) for giver, project, pence in inputs["pledges"]]
    pot = _money(terms["pot"])
    if any(project not in projects or pence == 0 for _, project, pence in pledges):
        return ["A pledge is for a project that the record does not list, or is of nothing."]
    name = str(record["method"])
    if name == f"capped-ratio/{terms.get('when_short')}@1":
        paid, wanted, limits, tied = _capped(terms, projects, pledges, pot)
    elif name == _named(terms, name) and name.split("/", maxsplit=1)[0] in ("quadratic", "pairwise", "cluster", "cocm"):
        subsidies = _subsidies(name.split("/", maxsplit=1)[0], terms, projects, pledges)
        wanted = {project: value // SETTLED for project, value in subsidies.items()}
        paid, limits, tied = _water(subsidies, projects, pot, terms)
    else:
        return [f"The method {name!r} is not one that this version can recompute with these parameters."]
    problems = []
    listed = {item["project"]: item for item in said["matches"]}
    if sorted(listed) != sorted(projects) or len(said["matches"]) != len(projects):
        problems.append("The result does not list each project once.")
    for project, item in listed.items():
        gifts = [(giver, pence) for giver, at, pence in pledges if at == project]
        facts = {
            "paid": paid.get(project),
            "wanted": wanted.get(project),
            "crowd": sum(pence for _, pence in gifts),
            "backers": len({giver for giver, _ in gifts}),
            "limits": sorted(limits.get(project, ())),
        }
        for fact, value in facts.items():
            if item.get(fact) != value or isinstance(item.get(fact), bool):
                problems.append(f"{project}: {fact} is said to be {item.get(fact)}; recomputed it is {value}.")
    ties = [{"between": sorted(tied), "broken_by": "id" if terms["lot"] is None else "lot"}] if tied else []
    if said["ties"] != ties:
        problems.append(f"The ties are said to be {said['ties']}; recomputed they are {ties}.")
    total = sum(paid.values())
    if (said.get("paid"), said.get("left")) != (total, pot - total):
        problems.append(f"The pot is said to be paid {said.get('paid')}, left {said.get('left')}; recomputed {total}.")
    return problems


def _money(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is not a sum in pence")
    return value


def _well_formed(record: dict[str, Any]) -> None:
    """Raise ValueError for what no fund can have said: it might change nothing here, and mislead a reader."""
    terms, inputs = record["parameters"], record["inputs"]
    names = [item["id"] for item in inputs["projects"]]
    if len(set(names)) != len(names) or not all(isinstance(name, str) and name for name in names):
        raise ValueError("a project without an id of its own")
    for item in inputs["projects"]:
        for fact in ("target", "cap"):
            if item[fact] is not None:
                _money(item[fact])
    if not all(isinstance(giver, str) and giver for giver, _, _ in inputs["pledges"]):
        raise ValueError("a pledge without a giver")
    lot = terms["lot"]
    if lot is not None and not (
        isinstance(lot, list) and lot and len(set(lot)) == len(lot) and all(isinstance(one, str) for one in lot)
    ):
        raise ValueError("a lot that is not an order of projects")
    if record["randomness"] is not None or not isinstance(terms["name"], str):
        raise ValueError("randomness, or a fund without a name")
    choices = {
        "scale": ("down", "fill"),
        "form": ("published", "gitcoin-2020"),
        "ties": ("shared", "markov", "markov-harsh"),
        "when_short": ("first", "share"),
    }
    for option, known in choices.items():
        if option in terms and terms[option] not in known:
            raise ValueError(f"{option} that is not known")
    if "terms" in terms:
        rules = terms["terms"]
        for rule in MONEY:
            if rules[rule] is not None:
                _money(rules[rule])
        for rule in ("min_backers", "crowd_first"):
            _money(rules[rule])
        for rule in ("ratio", "share", "crowd_first_share"):
            if (rule == "ratio" or rules[rule] is not None) and not RATE.fullmatch(rules[rule]):
                raise ValueError(f"{rule} that is not a ratio")


def _named(terms: dict[str, Any], name: str) -> str:
    """The name that the parameters stand for."""
    kind, scale = name.split("/", maxsplit=1)[0], terms["scale"]
    if kind == "quadratic":
        return f"quadratic/{scale}@1"
    if kind == "pairwise":
        return f"pairwise/{terms['form']}/K={terms['k']}/{scale}@1"
    groups = terms["groups"] if isinstance(terms["groups"], str) else "given"
    ties = "" if kind == "cluster" or terms["ties"] == "shared" else f"/{terms['ties']}"
    return f"{kind}/{groups}{ties}/{scale}@1"


def _capped(
    terms: dict[str, Any], projects: dict[str, Any], pledges: list[tuple[str, str, int]], pot: int
) -> tuple[dict[str, int], dict[str, int], dict[str, set[str]], list[str]]:
    """({project: paid}, {project: wanted}, {project: limits that bit}, projects between which a penny was tied)."""
    rules = terms["terms"]
    rate = Fraction(rules["ratio"])
    part = Fraction(rules["share"]) if rules["share"] is not None else None
    first_part = Fraction(rules["crowd_first_share"] or 0)
    counts: dict[str, int] = dict.fromkeys(projects, 0)
    crowd, promised = dict(counts), dict(counts)
    people: dict[str, set[str]] = {project: set() for project in projects}
    bit: dict[str, set[str]] = {project: set() for project in projects}
    by_giver: dict[str, int] = {}
    by_both: dict[tuple[str, str], int] = {}
    times: dict[str, int] = {}
    left = pot

    def due_to(project: str) -> tuple[int, set[str]]:
        """What the project is due in all as it stands, and which of its own caps bit."""
        due, why, target = int(rate * counts[project]), set(), projects[project]["target"]
        caps = [cap for cap in (rules["per_project"], projects[project]["cap"]) if cap is not None]
        if caps and due > min(caps):
            due, why = min(caps), {"per_project"}
        if part is not None and due > int(part * target):
            due = int(part * target)
            why.add("share_of_target")
        return due, why

    def shut(project: str, due: int) -> set[str]:
        """The first gate that still holds back part of what is due."""
        if due <= promised[project]:
            return set()
        if len(people[project]) < rules["min_backers"]:
            return {"min_backers"}
        needed = first_part * projects[project]["target"] if first_part else 0
        return {"crowd_first"} if crowd[project] < max(rules["crowd_first"], needed) else set()

    for giver, project, pence in pledges:
        counted = pence
        if rules["pledges_per_giver"] is not None and times.get(giver, 0) >= rules["pledges_per_giver"]:
            counted = 0
            bit[project].add("pledges_per_giver")
        else:
            for rule, used in (
                ("per_pledge", 0),
                ("per_giver", by_both.get((giver, project), 0)),
                ("per_giver_in_fund", by_giver.get(giver, 0)),
            ):
                if rules[rule] is not None and counted > max(0, rules[rule] - used):
                    counted = max(0, rules[rule] - used)
                    bit[project].add(rule)
        times[giver] = times.get(giver, 0) + (counted > 0)
        by_giver[giver] = by_giver.get(giver, 0) + counted
        by_both[giver, project] = by_both.get((giver, project), 0) + counted
        counts[project] += counted
        crowd[project] += pence
        people[project].add(giver)
        due, why = due_to(project)
        bit[project] |= why
        if shut(project, due):
            continue
        more = max(0, due - promised[project])
        if terms["when_short"] == "first":
            if more > left:
                bit[project].add("pot")
            more = min(more, left)
            left -= more
        promised[project] += more
    for project in projects:  # a gate that opened in the end held nothing back
        due, why = due_to(project)
        bit[project] |= why | shut(project, due)
    wanted = {project: int(rate * counts[project]) for project in projects}
    tied: list[str] = []
    if terms["when_short"] == "share" and sum(promised.values()) > pot:
        paid, tied = _largest_remainder({p: Fraction(v) for p, v in promised.items()}, pot, terms["lot"])
        for project in projects:
            bit[project] |= {"pot"} if paid[project] < promised[project] else set()
        promised = paid
    return promised, wanted, bit, tied


def _subsidies(
    kind: str, terms: dict[str, Any], projects: dict[str, Any], pledges: list[tuple[str, str, int]]
) -> dict[str, int]:
    """{project: subsidy in units of 10**-60 of a penny}."""
    gifts: dict[str, dict[str, int]] = {project: {} for project in sorted(projects)}
    for giver, project, pence in pledges:
        gifts[project][giver] = gifts[project].get(giver, 0) + pence
    root = {
        project: {giver: _root(Fraction(pence, 100)) for giver, pence in given.items()}
        for project, given in gifts.items()
    }
    found: dict[str, Fraction] = {}
    if kind == "quadratic":
        for project, given in gifts.items():
            cross = sum((a * b for a, b in combinations(root[project].values(), 2)), Fraction(0))
            found[project] = 2 * cross if given else Fraction(0)
    elif kind == "pairwise":
        k = Fraction(terms["k"], 100)
        meet: dict[tuple[str, str], Fraction] = {}
        for given_roots in root.values():
            for i, j in combinations(sorted(given_roots), 2):
                meet[i, j] = meet.get((i, j), Fraction(0)) + given_roots[i] * given_roots[j]
        for project, roots in root.items():
            total = Fraction(0)
            for i, j in combinations(sorted(roots), 2):
                weight = 2 * k / (k + meet[i, j]) if terms["form"] == "published" else (k + 1) / meet[i, j]
                total += _short(weight * roots[i] * roots[j])
            found[project] = total
    else:
        groups = _groups(terms["groups"], gifts)
        member_of: dict[str, set[str]] = {}
        for group, givers in groups.items():
            for giver in givers:
                member_of.setdefault(giver, set()).add(group)
        kept: dict[tuple[str, str], Fraction] = {}
        for project, given in gifts.items():
            here = {group: [giver for giver in givers if giver in given] for group, givers in groups.items()}
            total = Fraction(0)
            for g, h in combinations([group for group, givers in here.items() if givers], 2):
                if kind == "cluster":
                    sides = [
                        sum((Fraction(given[i], 100 * len(member_of[i])) for i in here[side]), Fraction(0))
                        for side in (g, h)
                    ]
                else:
                    sides = [
                        sum(
                            (
                                _worth(
                                    terms["ties"],
                                    _tied(terms["ties"], i, other, groups, member_of, kept),
                                    Fraction(given[i], 100),
                                    root[project][i],
                                )
                                / len(member_of[i])
                                for i in here[side]
                            ),
                            Fraction(0),
                        )
                        for side, other in ((g, h), (h, g))
                    ]
                total += 2 * _root(sides[0] * sides[1])
            found[project] = total
    return {project: _settle(value * 100 * SETTLED) for project, value in found.items()}


def _worth(ties: str, tie: Fraction, gift: Fraction, its_root: Fraction) -> Fraction:
    """What a gift weighs towards a group to which its giver is tied so far."""
    return (1 - tie) * gift + (0 if ties == "markov-harsh" else tie * its_root)


def _tied(
    ties: str,
    giver: str,
    group: str,
    groups: dict[str, list[str]],
    member_of: dict[str, set[str]],
    kept: dict[tuple[str, str], Fraction],
) -> Fraction:
    """How far the giver is tied to the group, 0 to 1; wholly if they are in it.

    "shared": wholly, too, if in any group together with one of its members. Else the chance of the walk giver, one of
    their groups, one of its members, one of that member's groups, to end in the group.
    """
    if group in member_of[giver]:
        return Fraction(1)
    if (giver, group) not in kept:
        if ties == "shared":
            kept[giver, group] = Fraction(any(member_of[giver] & member_of[other] for other in groups[group]))
        else:
            chance = Fraction(0)
            for own in member_of[giver]:
                for member in groups[own]:
                    if group in member_of[member]:
                        chance += Fraction(1, len(member_of[giver]) * len(groups[own]) * len(member_of[member]))
            kept[giver, group] = chance
    return kept[giver, group]


def _groups(said: Any, gifts: dict[str, dict[str, int]]) -> dict[str, list[str]]:
    givers = sorted({giver for given in gifts.values() for giver in given})
    if said == "project":
        return {project: sorted(given) for project, given in gifts.items() if given}
    found: dict[str, list[str]] = {}
    if said == "profile":
        for giver in givers:
            found.setdefault("+".join(p for p in gifts if giver in gifts[p]), []).append(giver)
        return found
    placed: set[str] = set()
    for group, members in said.items():
        placed |= set(members)
        found[group] = [giver for giver in givers if giver in set(members)]
    for giver in givers:
        if giver not in placed:
            found[f"alone: {giver}"] = [giver]
    return {group: members for group, members in found.items() if members}


def _water(
    weights: dict[str, int], projects: dict[str, Any], pot: int, terms: dict[str, Any]
) -> tuple[dict[str, int], dict[str, set[str]], list[str]]:
    """Everyone at min(cap, level * weight), the level as high as the pot allows; limits that bit, and the tied."""
    caps = {project: item["cap"] for project, item in projects.items() if item["cap"] is not None}
    full: dict[str, int] = {}
    while True:
        free = [project for project in weights if project not in full]
        ask = sum(weights[project] for project in free)
        level = Fraction(pot - sum(full.values()), ask) if ask else Fraction(0)
        if terms["scale"] == "down":
            level = min(level, Fraction(1, SETTLED))
        over = [project for project in free if project in caps and weights[project] * level > caps[project]]
        if not over:
            break
        for project in over:
            full[project] = caps[project]
    shares = {project: weights[project] * level for project in free}
    paid, tied = _largest_remainder(shares, int(sum(shares.values())), terms["lot"])
    asked = sum(min(weight, caps[p] * SETTLED) if p in caps else weight for p, weight in weights.items())
    limits = {project: {"per_project"} for project in full}
    if asked > pot * SETTLED:
        limits |= {project: {"pot"} for project in free if weights[project]}
    return full | paid, limits, tied


def _largest_remainder(
    shares: dict[str, Fraction], total: int, lot: list[str] | None
) -> tuple[dict[str, int], list[str]]:
    """({project: pence}, the projects between which the last penny was tied)."""
    whole = sum(shares.values())
    exact = {key: share * total / whole if whole else Fraction(0) for key, share in shares.items()}
    pence = {key: int(value) for key, value in exact.items()}
    order = list(lot) if lot is not None else sorted(shares)
    order += sorted(set(shares) - set(order))
    missing = total - sum(pence.values()) if whole else 0
    over = {key: exact[key] - pence[key] for key in shares}
    ranked = sorted(shares, key=lambda key: (-over[key], order.index(key)))
    for key in ranked[:missing]:
        pence[key] += 1
    if 0 < missing < len(ranked) and over[ranked[missing - 1]] == over[ranked[missing]]:
        return pence, [key for key in ranked if over[key] == over[ranked[missing]]]
    return pence, []


def _root(value: Fraction) -> Fraction:
    return Fraction(isqrt(value.numerator * ROOT_UNIT * ROOT_UNIT // value.denominator), ROOT_UNIT)


def _short(value: Fraction) -> Fraction:
    """Cut to 110 decimals, so that sums of many quotients stay small."""
    return Fraction(value.numerator * ROOT_UNIT // value.denominator, ROOT_UNIT)


def _settle(value: Fraction) -> int:
    return round(value)  # half to even, as Fraction rounds
