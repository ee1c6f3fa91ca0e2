"""The section VOTES: a quick path for files without trouble, a careful one that names every line that has some.

The quick path handles a whole column at a time (90,000 ballots in about 0.2 s). As soon as anything at all is odd it
gives up and the careful path reads ballot by ballot, so that every finding has its line.

Source: Pabulib's description of `.pb`, and section 3 of the design paper for what its files really hold. Why two
paths: reading must cost less than counting, and a finding must have its line. Rejected: the careful path alone
(several times as slow).
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from operator import itemgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from becontree.formats.pb.desk import SECTIONS, Desk, number
from becontree.methods.budgeting.election import Ballots, Ints, group

LIMITS: Final = ("min_length", "max_length", "min_points", "max_points", "min_sum_points", "max_sum_points")


def _limits(meta: Mapping[str, str]) -> dict[str, Fraction]:
    return {name: value for name in LIMITS if (value := number(meta.get(name, ""))) is not None}


def quick(
    rows: list[list[str]], fields: tuple[str, ...], kind: str, index: dict[str, int], meta: Mapping[str, str]
) -> Ballots | None:
    """Ballots of a file without any trouble, or None."""
    if not rows or set(map(len, rows)) != {len(fields)}:
        return None
    voter, vote = fields.index("voter_id"), fields.index("vote")
    ids = set(map(itemgetter(voter), rows))
    if len(ids) != len(rows) or "" in ids:
        return None
    scored = kind in ("cumulative", "scoring")
    points = fields.index("points") if scored else vote
    # For ballots with points the key is (names, points), otherwise the names alone: a third of the time.
    given: list[str] = []
    if scored:
        pairs = Counter(map(itemgetter(vote, points), rows))
        named, given, times = [pair[0] for pair in pairs], [pair[1] for pair in pairs], list(pairs.values())
    else:
        counted = Counter(map(itemgetter(vote), rows))
        named, times = list(counted), list(counted.values())
    if "" in named:
        return None
    tokens = ",".join(named).split(",")
    places: dict[str, int] = {}
    for token in set(tokens):
        place = index.get(token.strip())
        if place is None:
            return None
        places[token] = place
    lengths = np.array([text.count(",") for text in named], dtype=np.int64) + 1
    flat = np.array(list(map(places.__getitem__, tokens)), dtype=np.int64)
    limits = _limits(meta)
    if lengths.min() < limits.get("min_length", 0) or lengths.max() > limits.get("max_length", len(index)):
        return None
    if kind == "choose-1" and lengths.max() > 1:
        return None
    starts = np.concatenate(([0], np.cumsum(lengths)))
    key = np.repeat(np.arange(len(named), dtype=np.int64), lengths) * len(index) + flat
    values, unit = None, 1
    if scored:
        amounts = ",".join(given).split(",")
        if [text.count(",") + 1 for text in given] != lengths.tolist():
            return None
        known = {text: text.strip() for text in set(amounts)}
        if not all(text.isascii() and text.isdigit() and len(text) < 10 for text in known.values()):
            return None
        values = np.fromiter((int(known[text]) for text in amounts), np.int64, len(amounts))
        sums = np.add.reduceat(values, starts[:-1])
        if (
            values.min() < limits.get("min_points", 0)
            or values.max() > limits.get("max_points", 10**10)
            or sums.min() < limits.get("min_sum_points", 0)
            or sums.max() > limits.get("max_sum_points", 10**12)
        ):
            return None
    elif kind == "ordinal":
        values = np.arange(len(flat), dtype=np.int64) - np.repeat(starts[:-1], lengths)
    if values is None:
        key.sort()
    else:
        order = np.argsort(key, kind="stable")
        key, values = key[order], values[order]
    if len(key) > 1 and (key[1:] == key[:-1]).any():
        return None
    projects = (key % len(index)).astype(np.int32)
    return _together(starts, projects, np.array(times, dtype=np.int64), values, unit)


def _together(starts: Ints, projects: NDArray[np.int32], people: Ints, values: Ints | None, unit: int) -> Ballots:
    """Put ballots together that were written differently ("1,2" and "2,1")."""
    width = projects.itemsize
    names, cuts = projects.tobytes(), (starts * width).tolist()
    if values is None:
        keys = [names[a:b] for a, b in pairwise(cuts)]
    else:
        worth, places = values.tobytes(), (starts * values.itemsize).tolist()
        keys = [names[a:b] + worth[c:d] for (a, b), (c, d) in zip(pairwise(cuts), pairwise(places))]
    first: dict[bytes, int] = {}
    if len(set(keys)) == len(keys):
        return Ballots(starts, projects, people, values, unit)
    group_of = np.array([first.setdefault(key, len(first)) for key in keys], dtype=np.int64)
    people = np.bincount(group_of, weights=people, minlength=len(first)).astype(np.int64)
    keep = np.zeros(len(keys), dtype=bool)
    keep[np.unique(group_of, return_index=True)[1]] = True
    lengths = np.diff(starts)
    entries = np.repeat(keep, lengths)
    starts = np.concatenate(([0], np.cumsum(lengths[keep])))
    return Ballots(starts, projects[entries], people, None if values is None else values[entries], unit)


def lines_of(text: str, first: int, rows: int) -> Iterator[int]:
    """The line on which each non-empty row of VOTES ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    for row in reader:
        if row and reader.line_num > first:
            yield reader.line_num


def careful(
    rows: list[list[str]],
    lines: list[int],
    fields: tuple[str, ...],
    *,
    kind: str,
    index: dict[str, int],
    meta: Mapping[str, str],
    desk: Desk,
) -> tuple[Ballots, list[list[str]]]:
    voter, vote = fields.index("voter_id"), fields.index("vote")
    points = fields.index("points") if kind in ("cumulative", "scoring") else None
    limits = _limits(meta)
    seen: dict[str, int] = {}
    ballots: list[tuple[tuple[int, Fraction], ...]] = []
    kept: list[list[str]] = []
    for row, line in zip(rows, lines):
        if not "".join(row).strip():
            continue
        if len(row) == 1 and row[0].strip().upper() in SECTIONS:
            desk.fatal(
                "pb.section.order",
                f"The section {row[0].strip()} comes after VOTES.",
                "Sections come in the order META, PROJECTS, VOTES.",
                line,
            )
        if len(row) != len(fields):
            code = "pb.row.short" if len(row) < len(fields) else "pb.row.long"
            desk.error(
                code,
                f"The row has {len(row)} fields where the header has {len(fields)}.",
                "Check for a missing or an unquoted semicolon.",
                line,
            )
            if len(row) <= max(voter, vote, points or 0):
                continue
            row = (row + [""] * len(fields))[: len(fields)]  # noqa: PLW2901
        name = row[voter].strip()
        if not name:
            desk.error("pb.voter.nameless", "A ballot has no voter id.", "Give every ballot an id.", line, "voter_id")
        elif name in seen:
            desk.error(
                "pb.voter.twice",
                f"The voter {name!r} already voted on line {seen[name]}.",
                "Keep one ballot a person; lenient reading keeps both.",
                line,
                "voter_id",
            )
        seen.setdefault(name, line)
        ballots.append(_ballot(row, line, vote, points=points, kind=kind, index=index, limits=limits, desk=desk))
        kept.append(row)
    return group(ballots, with_values=kind not in ("approval", "choose-1")), kept


def _ballot(
    row: list[str],
    line: int,
    vote: int,
    *,
    points: int | None,
    kind: str,
    index: dict[str, int],
    limits: Mapping[str, Fraction],
    desk: Desk,
) -> tuple[tuple[int, Fraction], ...]:
    text = row[vote].strip()
    names = [name.strip() for name in text.split(",")] if text else []
    if not names:
        desk.note("pb.vote.blank", "The ballot names no project; it counts as a blank one.", line, "vote")
    amounts: list[Fraction | None] = [None] * len(names)
    if points is not None:
        parts = row[points].strip().split(",") if row[points].strip() else []
        if len(parts) != len(names):
            desk.error(
                "pb.points.count",
                f"The ballot names {len(names)} projects and gives {len(parts)} amounts of points.",
                "Give one number of points for each project.",
                line,
                "points",
            )
            parts = (parts + ["0"] * len(names))[: len(names)]
        amounts = [number(part) for part in parts]
    found: dict[int, Fraction] = {}
    for place, (name, amount) in enumerate(zip(names, amounts)):
        if not name:
            desk.error("pb.vote.gap", "There is nothing between two commas.", "Remove one comma.", line, "vote")
            continue
        if name not in index:
            desk.error(
                "pb.vote.unknown",
                f"The ballot names project {name!r}, which is not in PROJECTS.",
                "Correct the id, or read leniently to leave the name out.",
                line,
                "vote",
            )
            continue
        if points is not None and (amount is None or amount < 0):
            desk.error(
                "pb.points.number",
                f"The points for project {name!r} are not a number of 0 or more.",
                "Write points as digits.",
                line,
                "points",
            )
            continue
        if index[name] in found:
            desk.warn("pb.vote.repeated", f"The ballot names project {name!r} twice; it counts once.", line, "vote")
            continue
        found[index[name]] = amount if amount is not None else Fraction(len(found) if kind == "ordinal" else place)
    _within(found, points is not None, limits, line, desk)
    if kind == "choose-1" and len(found) > 1:
        desk.error(
            "pb.vote.several",
            f"The ballot names {len(found)} projects; only one may be chosen.",
            "Correct the ballot, or set vote_type to approval.",
            line,
            "vote",
        )
        if desk.lenient:
            found = dict(list(found.items())[:1])
    return tuple(sorted(found.items()))


def _within(found: dict[int, Fraction], scored: bool, limits: Mapping[str, Fraction], line: int, desk: Desk) -> None:
    figures = {"length": [Fraction(len(found))]} if found else {}
    if scored and found:
        figures["points"] = list(found.values())
        figures["sum_points"] = [sum(found.values(), Fraction(0))]
    for what, values in figures.items():
        words = {"length": "number of projects", "points": "points for one project", "sum_points": "sum of points"}[
            what
        ]
        if min(values) < limits.get(f"min_{what}", Fraction(0)):
            desk.warn("pb.vote.below", f"The {words} is {min(values)}, below the least allowed.", line, f"min_{what}")
        if f"max_{what}" in limits and max(values) > limits[f"max_{what}"]:
            desk.warn("pb.vote.above", f"The {words} is {max(values)}, above the most allowed.", line, f"max_{what}")
