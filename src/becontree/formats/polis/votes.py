"""The votes of an export: by NumPy where clean, by the strict reader where not, or from the table of people.

Source: as in `reading`. Why two paths: as in `pb.ballots`. Cost: one parse and one sort when clean. Rejected: data
frames (a large dependency for one sort).
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from pathlib import Path

import numpy as np

from becontree.formats.polis.shape import (
    HOW_TO_VOTE,
    LIMITS,
    MATRIX_FACTS,
    MOST_FINDINGS,
    PERSON,
    STATEMENT,
    TIME,
    VOTE,
    WORDS,
    column_of,
    needed,
    refuse,
    shown,
    whole,
)
from becontree.formats.tables import Row, Table, read_bytes
from becontree.methods.findings import Finding, Unusable
from becontree.methods.opinion.votes import Votes, collect, from_arrays, id_order


class Problems:
    """Collects errors of one table, up to a readable number."""

    def __init__(self) -> None:
        self.found: list[Finding] = []

    def add(self, code: str, message: str, fix: str, row: Row, column: str) -> None:
        if len(self.found) < MOST_FINDINGS:
            self.found.append(Finding(code, message, file=row.file, line=row.line, field=column, fix=fix))

    def stop(self) -> None:
        if self.found:
            raise Unusable(self.found)


def fast_votes(path: Path, agree: int, known: list[str], out: list[str]) -> Votes | None:
    """A clean file of whole numbers, or None: then the careful reader says what is the matter."""
    raw = read_bytes(path, limit=LIMITS.bytes)
    head, _, rest = raw.partition(b"\n")
    try:
        header = next(csv.reader([head.decode("utf-8-sig").rstrip("\r")]), [])
    except (UnicodeDecodeError, csv.Error):
        return None
    wanted = [column_of(header, names) for names in (PERSON, STATEMENT, VOTE, TIME)]
    # Quotes, signs and leading zeros are for the careful reader: 007 and 7 are two people.
    if None in wanted[:3] or len(set(header)) < len(header) or b'"' in rest or b"+" in rest or not rest.strip():
        return None
    if re.search(rb"(?:^|[\n,])\s*-?0[0-9]", rest):
        return None
    columns = [header.index(name) for name in wanted if name is not None]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            table = np.loadtxt(
                io.BytesIO(raw),
                delimiter=",",
                skiprows=1,
                usecols=columns,
                dtype=np.int64,
                comments=None,
                ndmin=2,
                encoding="utf-8",
            )
    except (ValueError, OverflowError, UserWarning, DeprecationWarning, IndexError):
        return None
    value = table[:, 2]
    if rest.count(b",") != (len(header) - 1) * len(table) or value.max() > 1 or value.min() < -1:
        return None
    people, person = np.unique(table[:, 0], return_inverse=True)
    about, statement = np.unique(table[:, 1], return_inverse=True)
    if people[0] < 0 or about[0] < 0:
        return None
    names = [str(one) for one in about.tolist()]
    statements = sorted(set(names).union(known), key=id_order)
    if len(statements) > len(names):
        at = {name: index for index, name in enumerate(statements)}
        statement = np.array([at[name] for name in names], dtype=np.int64)[statement]
    return from_arrays(
        person,
        statement,
        value * agree,
        participants=[str(one) for one in people.tolist()],
        statements=statements,
        time=table[:, 3] if len(columns) == 4 else None,
        out=out,
    )


def slow_votes(table: Table, agree: int, known: list[str], out: list[str]) -> Votes:
    person, statement, vote = needed(table, PERSON), needed(table, STATEMENT), needed(table, VOTE)
    time = column_of(table.columns, TIME)
    problems = Problems()
    events: list[tuple[str, str, int, int]] = []
    for row in table.rows:
        who, what = row[person].strip(), row[statement].strip()
        if not who or not what:
            column = person if not who else statement
            problems.add("polis.id.missing", "The id is missing.", "Say who voted on what.", row, column)
            continue
        value = WORDS.get(row[vote].strip().lower())
        if value is None:
            problems.add("polis.vote.unknown", f"{shown(row[vote])} is not a vote.", HOW_TO_VOTE, row, vote)
            continue
        when = row[time].strip() if time is not None else "0"
        if not whole(when):
            fix = "Give milliseconds since 1970."
            problems.add("polis.time.unknown", f"{shown(when)} is no time.", fix, row, time or "")
            continue
        events.append((who, what, value * agree, int(when)))
    problems.stop()
    if not events:
        refuse("polis.votes.none", table.file, "There are no votes.", "Export the conversation again.")
    return collect(events, statements=known, out=out)


def matrix_votes(table: Table, agree: int, known: list[str], out: list[str]) -> Votes:
    person = needed(table, PERSON)
    columns = [name for name in table.columns if name.lower() not in MATRIX_FACTS and name != person]
    if not columns:
        refuse("polis.matrix.empty", table.file, "No column is a statement.", "Export it again.", line=1)
    problems, seen = Problems(), set[str]()
    events: list[tuple[str, str, int]] = []
    for row in table.rows:
        who = row[person].strip()
        if not who:
            problems.add("polis.id.missing", "The person has no id.", "Give everybody a number.", row, person)
        elif who in seen:
            problems.add("polis.person.twice", f"Person {who} stands twice.", "Keep one row.", row, person)
        seen.add(who)
        for name in columns:
            word = row[name].strip().lower()
            if not word:
                continue
            value = WORDS.get(word)
            if value is None:
                fix = HOW_TO_VOTE + " Leave it empty for not seen."
                problems.add("polis.vote.unknown", f"{shown(row[name])} is not a vote.", fix, row, name)
                continue
            events.append((who, name, value * agree))
    problems.stop()
    if not events:
        refuse("polis.votes.none", table.file, "There are no votes.", "Export the conversation again.")
    return collect(events, statements=[*known, *columns], out=out)
