"""Reading `.pb`: a quick path for files without trouble, a careful one that names every line that has some.

The quick path handles a whole column at a time (90,000 ballots in about 0.2 s). As soon as anything at all is odd it
gives up and the careful path reads ballot by ballot, so that every finding has its line. Strict reading (the default)
refuses errors; lenient reading drops what cannot be used, turns those errors into warnings and goes on.
"""

from __future__ import annotations

import csv
import gc
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from becontree.methods.budgeting.election import BALLOT_TYPES, Ballots, Election, Ints, Project, group
from becontree.methods.findings import Finding, Unusable

WITHDRAWN: Final = 999_999_999  # Pabulib's stand-in cost of a project that was taken back
LARGEST: Final = 50_000_000  # bytes; the largest election on Pabulib has 8 MB
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}(?:[.,][0-9]{1,12})?")
_SECTIONS: Final = ("META", "PROJECTS", "VOTES")
_ENOUGH: Final = 200  # findings of one file; more help nobody


@dataclass(frozen=True, slots=True, eq=False)
class PbFile:
    """A file as read: the election to count, and every field of it, known to us or not, as text."""

    election: Election
    meta: Mapping[str, str]
    project_fields: tuple[str, ...]
    project_rows: tuple[tuple[str, ...], ...]
    vote_fields: tuple[str, ...]
    vote_rows: tuple[tuple[str, ...], ...] | list[list[str]]
    findings: tuple[Finding, ...] = ()
    sha256: str = ""
    line_end: str = "\n"

    def selected(self) -> dict[str, int]:
        """The official outcome, id -> 0, 1, 2 or 3 as the file has it (2 and 3 are special, see its `comment`)."""
        if "selected" not in self.project_fields:
            return {}
        column, ids = self.project_fields.index("selected"), self.project_fields.index("project_id")
        return {row[ids].strip(): int(row[column]) for row in self.project_rows if row[column].strip().isdigit()}


@dataclass(slots=True)
class _Desk:
    """Collects findings; knows whether errors are to be borne."""

    name: str
    lenient: bool
    findings: list[Finding] = field(default_factory=list)

    def error(self, code: str, message: str, fix: str, line: int | None = None, field_: str = "") -> None:
        """An error that lenient reading can step over."""
        self._add(Finding(code, message, "warning" if self.lenient else "error", self.name, line, field_, fix))

    def fatal(self, code: str, message: str, fix: str, line: int | None = None, field_: str = "") -> None:
        self._add(Finding(code, message, "error", self.name, line, field_, fix))
        self.stop()

    def note(self, code: str, message: str, line: int | None = None, field_: str = "", fix: str = "") -> None:
        self._add(Finding(code, message, "warning", self.name, line, field_, fix))

    def _add(self, finding: Finding) -> None:
        if len(self.findings) < _ENOUGH:
            self.findings.append(finding)

    def stop(self) -> None:
        errors = [finding for finding in self.findings if finding.level == "error"]
        if errors:
            raise Unusable(errors)


def read(path: Path | str, *, lenient: bool = False) -> PbFile:
    """Read a file. Raises Unusable with every error found, each with its line."""
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST:
            raise Unusable(
                Finding(
                    "pb.file.large",
                    f"The file is larger than {LARGEST // 1_000_000} MB.",
                    file=path.name,
                    fix="Check that it is a .pb file; split it if it is.",
                )
            )
        data = path.read_bytes()
    except OSError as problem:
        raise Unusable(
            Finding(
                "pb.file.unreadable",
                f"The file cannot be read: {problem.strerror}.",
                file=path.name,
                fix="Check its name and that you may open it.",
            )
        ) from None
    return read_bytes(data, name=path.name, lenient=lenient)


def read_bytes(data: bytes, *, name: str = "", lenient: bool = False) -> PbFile:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise Unusable(
            Finding("pb.encoding", "The file is not UTF-8 text.", file=name, line=line, fix="Save it again as UTF-8.")
        ) from None
    return read_text(text, name=name, lenient=lenient, sha256=hashlib.sha256(data).hexdigest())


def read_text(text: str, *, name: str = "", lenient: bool = False, sha256: str = "") -> PbFile:
    # Reading makes a hundred thousand lists and no cycles: looking for cycles meanwhile would double the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _read_text(text, name, lenient, sha256)
    finally:
        if collecting:
            gc.enable()


def _read_text(text: str, name: str, lenient: bool, sha256: str) -> PbFile:
    desk = _Desk(name, lenient)
    if not text.strip():
        desk.fatal("pb.empty", "The file is empty.", "Choose the file again.")
    if "\0" in text:
        desk.fatal(
            "pb.nul",
            "The file holds a zero byte.",
            "It is not a .pb file, or it is damaged: get it again.",
            text[: text.index("\0")].count("\n") + 1,
        )
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    try:
        meta, meta_lines = _meta(rows, desk)
        fields, project_rows, projects, budget, kind = _projects(rows, desk, meta, meta_lines)
        vote_fields = _header(rows, desk, "VOTES", ("voter_id", "vote"))
        if kind in ("cumulative", "scoring") and "points" not in vote_fields:
            desk.fatal(
                "pb.column.missing",
                f"VOTES has no column 'points', which {kind} ballots need.",
                "Add the column, or set vote_type to approval.",
                rows.line_num,
                "points",
            )
        first = rows.line_num
        vote_rows = [row for row in rows if row]
        vote_lines: list[int] = []
    except csv.Error as problem:
        desk.fatal(
            "pb.csv",
            f"The row cannot be split into fields ({problem}).",
            "Look for a quotation mark that is not closed, or a stray line end.",
            rows.line_num,
        )
        raise AssertionError from None
    index = {project.id: number for number, project in enumerate(projects)}
    ballots = _quick(vote_rows, vote_fields, kind, index, meta)
    if ballots is None:
        vote_lines = list(_lines(text, first, len(vote_rows)))
        ballots, vote_rows = _careful(vote_rows, vote_lines, vote_fields, kind=kind, index=index, meta=meta, desk=desk)
    if not vote_rows:
        desk.fatal("pb.votes.none", "There is no ballot in the file.", "Add ballots below the header of VOTES.")
    election = Election(
        tuple(projects),
        budget,
        ballots,
        kind,
        meta.get("description", "") or name,
        meta.get("currency", ""),
        _threshold(meta),
    )
    _totals(election, meta, meta_lines, fields=fields, rows=project_rows, desk=desk)
    desk.stop()
    line_end = "\r\n" if "\r\n" in text[:2000] else "\n"
    return PbFile(
        election,
        meta,
        fields,
        tuple(map(tuple, project_rows)),
        vote_fields,
        vote_rows,
        tuple(desk.findings),
        sha256,
        line_end,
    )


def number(text: str) -> Fraction | None:
    """An exact number with a decimal point or comma; None if it is not one.

    >>> number("1234,50"), number("1e9")
    (Fraction(2469, 2), None)
    """
    text = text.strip().replace("\u00a0", "")
    return Fraction(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


# -- the sections ----------------------------------------------------------------------------------------------


def _meta(rows: Iterator[list[str]], desk: _Desk) -> tuple[dict[str, str], dict[str, int]]:
    first = next((row for row in rows if row), [])
    if not first or first[0].strip().upper() != "META":
        desk.fatal(
            "pb.section.missing",
            "The file does not begin with the section META.",
            "The first line must be META; check that this is a .pb file.",
            1,
        )
    _header(rows, desk, "META", ("key", "value"), announced=True)
    meta: dict[str, str] = {}
    lines: dict[str, int] = {}
    for row in rows:
        line = rows.line_num  # type: ignore[attr-defined]
        if not row or not "".join(row).strip():
            continue
        key = row[0].strip()
        if len(row) == 1 and key.upper() in _SECTIONS:
            if key.upper() != "PROJECTS":
                desk.fatal(
                    "pb.section.order",
                    f"Found the section {key} where PROJECTS should be.",
                    "Sections come in the order META, PROJECTS, VOTES.",
                    line,
                )
            break
        if len(row) < 2:
            desk.error("pb.row.short", f"The row {key!r} has no value.", "Write key;value.", line, key)
            continue
        if key in meta:
            desk.error("pb.meta.twice", f"{key!r} is given twice.", "Keep one of the two rows.", line, key)
            continue
        meta[key] = ";".join(row[1:]).strip()
        lines[key] = line
    else:
        desk.fatal("pb.section.missing", "The file has no section PROJECTS.", "Add it below META.")
    return meta, lines


def _header(
    rows: Iterator[list[str]], desk: _Desk, section: str, needed: tuple[str, ...], *, announced: bool = True
) -> tuple[str, ...]:
    header = next((row for row in rows if row), None)
    line = rows.line_num  # type: ignore[attr-defined]
    if header is None:
        desk.fatal(
            "pb.header.missing",
            f"The section {section} has no header row.",
            f"Add {';'.join(needed)} below {section}.",
            line,
        )
    fields = tuple(name.strip() for name in header or ())
    for name in needed:
        if name not in fields:
            desk.fatal(
                "pb.column.missing",
                f"{section} has no column {name!r}.",
                f"The header must hold {', '.join(needed)}.",
                line,
                name,
            )
    for name, times in Counter(fields).items():
        if times > 1:
            desk.fatal(
                "pb.column.twice",
                f"{section} has the column {name!r} {times} times.",
                "Rename or remove one.",
                line,
                name,
            )
    return fields


def _projects(
    rows: Iterator[list[str]], desk: _Desk, meta: dict[str, str], lines: dict[str, int]
) -> tuple[tuple[str, ...], list[list[str]], list[Project], Fraction, str]:
    for key in ("budget", "vote_type"):
        if not meta.get(key):
            desk.fatal(
                "pb.meta.missing",
                f"META does not say the {key.replace('_', ' ')}.",
                f"Add a row {key};...",
                lines.get(key),
                key,
            )
    budget = number(meta["budget"])
    if budget is None:
        desk.fatal(
            "pb.budget.number",
            f"The budget {meta['budget']!r} is not a number.",
            "Write digits, with a point for pence.",
            lines["budget"],
            "budget",
        )
        raise AssertionError
    if budget <= 0:
        desk.fatal(
            "pb.budget.positive",
            f"The budget is {meta['budget']}, so nothing can be funded.",
            "Give an amount above 0.",
            lines["budget"],
            "budget",
        )
    kind = meta["vote_type"].lower()
    if kind not in BALLOT_TYPES:
        desk.fatal(
            "pb.vote_type.unknown",
            f"There is no ballot type {meta['vote_type']!r}.",
            f"Use one of {', '.join(BALLOT_TYPES)}.",
            lines["vote_type"],
            "vote_type",
        )
    fields = _header(rows, desk, "PROJECTS", ("project_id", "cost"))
    kept: list[list[str]] = []
    projects: list[Project] = []
    known: dict[str, int] = {}
    at = {name: place for place, name in enumerate(fields)}
    for row in rows:
        line = rows.line_num  # type: ignore[attr-defined]
        if not row or not "".join(row).strip():
            continue
        if len(row) == 1 and row[0].strip().upper() in _SECTIONS:
            if row[0].strip().upper() != "VOTES":
                desk.fatal(
                    "pb.section.order",
                    f"Found the section {row[0].strip()} where VOTES should be.",
                    "Sections come in the order META, PROJECTS, VOTES.",
                    line,
                )
            break
        if len(row) != len(fields):
            code = "pb.row.short" if len(row) < len(fields) else "pb.row.long"
            desk.error(
                code,
                f"The row has {len(row)} fields where the header has {len(fields)}.",
                "Check for a missing or an unquoted semicolon.",
                line,
                row[0],
            )
            if len(row) <= max(at["project_id"], at["cost"]):
                continue
            row = (row + [""] * len(fields))[: len(fields)]  # noqa: PLW2901
        id_, price = row[at["project_id"]].strip(), row[at["cost"]]
        cost = number(price)
        if not id_:
            desk.error("pb.project.nameless", "A project has no id.", "Give every project an id.", line, "project_id")
            continue
        if id_ in known:
            desk.error(
                "pb.project.twice",
                f"The project {id_!r} is already on line {known[id_]}.",
                "Give every project its own id.",
                line,
                "project_id",
            )
            continue
        if cost is None or cost < 0:
            what = "not a number" if cost is None else "below 0"
            desk.error(
                "pb.cost.number" if cost is None else "pb.cost.negative",
                f"The cost {price.strip()!r} of project {id_!r} is {what}.",
                "Write digits, with a point for pence.",
                line,
                "cost",
            )
            continue
        withdrawn = cost == WITHDRAWN
        if withdrawn:
            desk.note(
                "pb.cost.withdrawn", f"Project {id_!r} costs {WITHDRAWN}: it is taken as withdrawn.", line, "cost"
            )
        elif cost == 0:
            desk.note(
                "pb.cost.zero",
                f"Project {id_!r} costs nothing.",
                line,
                "cost",
                "It is funded without competing, unless the rule says otherwise.",
            )
        elif cost > budget:
            desk.note("pb.cost.dear", f"Project {id_!r} costs more than the budget and cannot win.", line, "cost")
        known[id_] = line
        kept.append(row)
        cell = {name: row[place].strip() for name, place in at.items()}
        projects.append(
            Project(
                id_,
                cost,
                cell.get("name", ""),
                withdrawn,
                cell.get("category", ""),
                cell.get("district", "") or cell.get("subunit", "") or cell.get("neighborhood", ""),
            )
        )
    else:
        desk.fatal("pb.section.missing", "The file has no section VOTES.", "Add it below PROJECTS.")
    if not projects:
        desk.fatal("pb.projects.none", "There is no project in the file.", "Add projects below the header of PROJECTS.")
    return fields, kept, projects, budget, kind


# -- ballots ---------------------------------------------------------------------------------------------------


def _limits(meta: Mapping[str, str]) -> dict[str, Fraction]:
    names = ("min_length", "max_length", "min_points", "max_points", "min_sum_points", "max_sum_points")
    return {name: value for name in names if (value := number(meta.get(name, ""))) is not None}


def _quick(
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


def _lines(text: str, first: int, rows: int) -> Iterator[int]:
    """The line on which each non-empty row of VOTES ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    for row in reader:
        if row and reader.line_num > first:
            yield reader.line_num


def _careful(
    rows: list[list[str]],
    lines: list[int],
    fields: tuple[str, ...],
    *,
    kind: str,
    index: dict[str, int],
    meta: Mapping[str, str],
    desk: _Desk,
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
        if len(row) == 1 and row[0].strip().upper() in _SECTIONS:
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
    desk: _Desk,
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
            desk.note("pb.vote.repeated", f"The ballot names project {name!r} twice; it counts once.", line, "vote")
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


def _within(found: dict[int, Fraction], scored: bool, limits: Mapping[str, Fraction], line: int, desk: _Desk) -> None:
    figures = {"length": [Fraction(len(found))]} if found else {}
    if scored and found:
        figures["points"] = list(found.values())
        figures["sum_points"] = [sum(found.values(), Fraction(0))]
    for what, values in figures.items():
        words = {"length": "number of projects", "points": "points for one project", "sum_points": "sum of points"}[
            what
        ]
        if min(values) < limits.get(f"min_{what}", Fraction(0)):
            desk.note("pb.vote.below", f"The {words} is {min(values)}, below the least allowed.", line, f"min_{what}")
        if f"max_{what}" in limits and max(values) > limits[f"max_{what}"]:
            desk.note("pb.vote.above", f"The {words} is {max(values)}, above the most allowed.", line, f"max_{what}")


def _threshold(meta: Mapping[str, str]) -> Fraction | None:
    value = number(meta.get("min_project_score_threshold", ""))
    return value if value and value > 0 else None


def _totals(
    election: Election,
    meta: Mapping[str, str],
    lines: Mapping[str, int],
    *,
    fields: tuple[str, ...],
    rows: list[list[str]],
    desk: _Desk,
) -> None:
    for key, true in (("num_projects", len(election.projects)), ("num_votes", election.voters)):
        said = number(meta.get(key, ""))
        if said is None:
            desk.note("pb.meta.missing", f"META does not say {key}.", lines.get(key), key)
        elif said != true:
            desk.error(
                "pb.count.differs",
                f"META says {key} is {said}, the file has {true}.",
                "The file may be cut short: get it again, or correct the figure.",
                lines[key],
                key,
            )
    if "votes" in fields:
        column = fields.index("votes")
        for row, project, counted in zip(rows, election.projects, election.votes):
            said = number(row[column])
            if said is not None and said != counted:
                desk.note(
                    "pb.votes.differ",
                    f"Project {project.id!r} is said to have {said} votes; {counted} were counted.",
                    field_="votes",
                )
    if sum(project.cost for project in election.projects if not project.withdrawn) <= election.budget:
        desk.note("pb.budget.enough", "The budget is enough for every project.", lines.get("budget"), "budget")
