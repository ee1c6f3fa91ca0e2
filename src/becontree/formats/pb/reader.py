"""Reading `.pb`: the file as a whole. Its sections are read in `sections` and `ballots`.

Strict reading (the default) refuses errors; lenient reading drops what cannot be used, turns those errors into
warnings and goes on.

Source: https://pabulib.org/format and the shared files themselves. Why strict first: a vote dropped in silence is a
vote stolen. Cost: 0.06 to 0.25 CPU s for the largest real files. Rejected: repairing by guesswork.
"""

from __future__ import annotations

import csv
import gc
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

from becontree.formats.pb import ballots as votes
from becontree.formats.pb.desk import Desk, how_to_write, number
from becontree.formats.pb.sections import read_header, read_meta, read_projects
from becontree.methods.budgeting.election import Election
from becontree.methods.findings import Finding, Unusable

LARGEST: Final = 50_000_000  # bytes; the largest election on Pabulib has 8 MB


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


def read(path: Path | str, *, lenient: bool = False) -> PbFile:
    """Read a file. Raises Unusable with every error found, each with its line."""
    path = Path(path)
    try:
        with path.open("rb") as handle:  # never more than the limit, also of a device or pipe that says it is empty
            data = handle.read(LARGEST + 1)
    except OSError as problem:
        raise Unusable(
            Finding(
                "pb.file.unreadable",
                f"The file cannot be read: {problem.strerror}.",
                file=path.name or str(path),
                fix="Check its name and that you may open it.",
            )
        ) from None
    if len(data) > LARGEST:
        raise Unusable(
            Finding(
                "pb.file.large",
                f"The file is larger than {LARGEST // 1_000_000} MB.",
                file=path.name,
                fix="Check that it is a .pb file; split it if it is.",
            )
        )
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
    desk = Desk(name, lenient)
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
        meta, meta_lines = read_meta(rows, desk)
        fields, project_rows, projects, budget, kind = read_projects(rows, desk, meta, meta_lines)
        vote_fields = read_header(rows, desk, "VOTES", ("voter_id", "vote"))
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
    ballots = votes.quick(vote_rows, vote_fields, kind, index, meta)
    if ballots is None:
        vote_lines = list(votes.lines_of(text, first, len(vote_rows)))
        ballots, vote_rows = votes.careful(
            vote_rows, vote_lines, vote_fields, kind=kind, index=index, meta=meta, desk=desk
        )
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
    _unclear(meta, meta_lines, desk)
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


def _threshold(meta: Mapping[str, str]) -> Fraction | None:
    value = number(meta.get("min_project_score_threshold", ""))
    return value if value and value > 0 else None


def _unclear(meta: Mapping[str, str], lines: Mapping[str, int], desk: Desk) -> None:
    """A figure of META that can be read in two ways would be left out, and a limit with it: it is named instead."""
    for key in (*votes.LIMITS, "min_project_score_threshold"):
        if (text := meta.get(key, "").strip()) and number(text) is None and number(text.replace(",", "")) is not None:
            desk.error("pb.meta.number", f"{text[:40]!r} can be read in two ways.", how_to_write(text), lines[key], key)


def _totals(
    election: Election,
    meta: Mapping[str, str],
    lines: Mapping[str, int],
    *,
    fields: tuple[str, ...],
    rows: list[list[str]],
    desk: Desk,
) -> None:
    for key, true in (("num_projects", len(election.projects)), ("num_votes", election.voters)):
        said = number(meta.get(key, "").replace(",", ""))  # a count has no decimals: a comma parts its thousands
        if said is None:
            desk.warn("pb.meta.missing", f"META does not say {key}.", lines.get(key), key)
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
            said = number(row[column].replace(",", ""))
            if said is not None and said != counted:
                desk.warn(
                    "pb.votes.differ",
                    f"Project {project.id!r} is said to have {said} votes; {counted} were counted.",
                    field_="votes",
                )
    if sum(project.cost for project in election.projects if not project.withdrawn) <= election.budget:
        desk.note("pb.budget.enough", "The budget is enough for every project.", lines.get("budget"), "budget")
