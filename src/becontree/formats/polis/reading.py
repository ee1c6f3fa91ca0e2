"""Read an export: its conversation, every vote event, what it says of its people.

Source: the export of Polis (`math/src` and the column names of its CSV files) and the five shared conversations, which
differ from one another. Why tolerant of names and strict of values: exports changed their headings over the years, and
a vote is 1, 0 or -1 in all of them. Cost: one pass over each file. Rejected: guessing the sign of "agree" from the
data.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

from becontree.formats.polis.shape import (
    FALSE,
    GROUP,
    LIMITS,
    PERSON,
    STATEMENT,
    TEXT,
    TIME,
    TRUE,
    VOTE,
    VOTE_FILES,
    WORDS,
    Conversation,
    Events,
    Statement,
    column_of,
    needed,
    refuse,
    shown,
    warn,
    whole,
)
from becontree.formats.polis.votes import Problems, fast_votes, matrix_votes, slow_votes
from becontree.formats.tables import Table, decode, read_bytes, read_table
from becontree.methods.findings import Finding
from becontree.methods.opinion.votes import AGREE, Votes, id_order


def read(path: Path, *, agree: int = AGREE, keep: bool = False) -> Conversation:
    """Read a folder of an export, or a single file of votes.

    Raises Unusable with what is wrong, in which file and line, and what to do. Smaller things are `findings`.
    """
    if agree not in (1, -1):
        raise ValueError("agree is 1 (exports) or -1 (the vote API).")
    if not path.exists():
        refuse("polis.path.missing", path.name, "There is no such file or folder.", "Check the path.")
    findings: list[Finding] = []
    statements: tuple[Statement, ...] = ()
    summary: tuple[tuple[str, str], ...] = ()
    if path.is_dir():
        if (path / "comments.csv").exists():
            statements = _statements(read_table(path / "comments.csv", limits=LIMITS))
        else:
            message = "There is no comments.csv: statements are shown by number."
            findings.append(warn("polis.comments.missing", path, message, "Put comments.csv beside the votes.", "note"))
        if (path / "summary.csv").exists():
            summary = _summary(path / "summary.csv")
    votes_file, matrix_file = _vote_files(path)
    out = [one.id for one in statements if not one.takes_part]
    known = [one.id for one in statements]
    votes: Votes | None = None
    if votes_file is not None:
        votes = fast_votes(votes_file, agree, known, out)
        if votes is None:
            votes = slow_votes(read_table(votes_file, limits=LIMITS), agree, known, out)
    elif matrix_file is not None:
        votes = matrix_votes(read_table(matrix_file, limits=LIMITS), agree, known, out)
    assert votes is not None
    unlisted = sorted(set(votes.statements).difference(known), key=id_order) if statements else []
    if unlisted:
        names = ", ".join(unlisted[:5]) + (f" and {len(unlisted) - 5} more" if len(unlisted) > 5 else "")
        message = f"{len(unlisted)} statements have votes but no line in comments.csv: {names}."
        findings.append(
            warn("polis.statement.unlisted", path, message, "They are shown by number and count as accepted.")
        )
    groups = _exported_groups(matrix_file) if matrix_file is not None else {}
    files: tuple[tuple[str, bytes], ...] = ()
    if keep:
        sources = sorted(path.glob("*.csv")) if path.is_dir() else [path]
        files = tuple((one.name, read_bytes(one, limit=LIMITS.bytes)) for one in sources)
    return Conversation(statements, votes, summary, groups, tuple(findings), files)


def events(path: Path, *, agree: int = AGREE) -> Events:
    """The vote events of a folder or file, none left out: people change their minds. Raises Unusable as `read` does.

    A folder without a file of votes gives each vote of its person-by-statement table once, without times.
    """
    found = read(path, agree=agree)  # says in full what is wrong
    file, _ = _vote_files(path)
    if file is None:
        votes = found.votes
        person = np.repeat(np.arange(len(votes.participants)), votes.per_person).tolist()
        return Events(
            tuple(votes.participants[at] for at in person),
            tuple(votes.statements[at] for at in votes.column.tolist()),
            tuple(votes.value.tolist()),
            None,
        )
    text, _ = decode(read_bytes(file, limit=LIMITS.bytes), file=file.name)
    rows = csv.reader(io.StringIO(text, newline=""))
    header = next(rows)
    who, what, how, when = (column_of(header, names) for names in (PERSON, STATEMENT, VOTE, TIME))
    assert who is not None and what is not None and how is not None  # noqa: PT018 - `read` has looked
    at = [header.index(name) for name in (who, what, how)]
    time = header.index(when) if when is not None else None
    people: list[str] = []
    statements: list[str] = []
    values: list[int] = []
    times: list[int] = []
    for row in rows:
        if not row:
            continue
        people.append(row[at[0]].strip())
        statements.append(row[at[1]].strip())
        values.append(WORDS[row[at[2]].strip().lower()] * agree)
        if time is not None:
            times.append(int(row[time]))
    return Events(tuple(people), tuple(statements), tuple(values), tuple(times) if time is not None else None)


def people(path: Path) -> dict[str, dict[str, str]]:
    """What the person-by-statement table says of each person besides votes (xid, group-id); empty without a table."""
    file = path / "participants-votes.csv" if path.is_dir() else None
    if file is None or not file.exists():
        return {}
    text, _ = decode(read_bytes(file, limit=LIMITS.bytes), file=file.name)
    rows = csv.reader(io.StringIO(text, newline=""))
    header = next(rows)
    person = column_of(header, PERSON)
    if person is None:
        return {}
    who = header.index(person)
    facts = [(name, header.index(name)) for name in ("xid", "group-id") if name in header]
    return {row[who].strip(): {name: row[at] for name, at in facts if row[at]} for row in rows if row}


def _vote_files(path: Path) -> tuple[Path | None, Path | None]:
    if not path.is_dir():
        return path, None
    votes = next((path / name for name in VOTE_FILES if (path / name).exists()), None)
    matrix = path / "participants-votes.csv"
    if votes is None and not matrix.exists():
        refuse(
            "polis.votes.missing",
            path.name,
            "The folder has neither votes.csv nor participants-votes.csv.",
            "Download the conversation's export again and give the folder that holds its files.",
        )
    return votes, matrix if matrix.exists() else None


def _summary(path: Path) -> tuple[tuple[str, str], ...]:
    """Key and value lines; this file has no heading, and nothing in it is needed."""
    text, _ = decode(read_bytes(path, limit=LIMITS.bytes), file=path.name)
    usual = csv.field_size_limit(LIMITS.cell)  # the whole process has only one: it is put back
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error:
        refuse("polis.summary.broken", path.name, "A quoted cell does not end.", "Mend it, or leave the file out.")
    finally:
        csv.field_size_limit(usual)
    return tuple((row[0], ",".join(row[1:])) for row in rows)


def _statements(table: Table) -> tuple[Statement, ...]:
    ids = needed(table, STATEMENT)
    texts = needed(table, [name for name in TEXT if column_of(table.columns, (name,)) != ids])
    moderated, author = (
        column_of(table.columns, ("moderated", "mod")),
        column_of(table.columns, ("author-id", "author")),
    )
    flags, created = (
        [column_of(table.columns, (name,)) for name in ("is-meta", "is-seed")],
        column_of(table.columns, TIME),
    )
    problems, found, seen = Problems(), [], dict[str, int]()
    for row in table.rows:
        name = row[ids].strip()
        if not name:
            problems.add("polis.statement.no-id", "The statement has no id.", "Give it a number.", row, ids)
            continue
        if name in seen:
            message = f"Statement {name} stands twice, first in line {seen[name]}."
            problems.add("polis.statement.twice", message, "Keep one.", row, ids)
            continue
        seen[name] = row.line
        state = row.get(moderated or "").strip() or "0"
        if state not in ("1", "0", "-1"):
            fix = "Use 1 (accepted), 0 (not looked at) or -1 (out)."
            problems.add("polis.moderated.unknown", f"{shown(state)} is no state.", fix, row, moderated or "")
            state = "0"
        when = row.get(created or "").strip()
        if when and not whole(when):
            fix = "Give milliseconds since 1970, or nothing."
            problems.add("polis.time.unknown", f"{shown(when)} is no time.", fix, row, created or "")
            when = ""
        marks = []
        for flag in flags:
            word = row.get(flag or "").strip().lower()
            if word not in TRUE and word not in FALSE:
                message = f"{shown(word)} is neither true nor false."
                problems.add("polis.flag.unknown", message, "Use true or false.", row, flag or "")
            marks.append(word in TRUE)
        writer = row.get(author or "").strip()
        found.append(Statement(name, row[texts], writer, int(when) if when else None, int(state), *marks))
    problems.stop()
    return tuple(found)


def _exported_groups(path: Path) -> dict[str, str]:
    """The groups the export names. A landmark, not the truth: they carry the conversation's history.

    Only the first few cells of a row are looked at, since the rest may be thousands of votes.
    """
    text, _ = decode(read_bytes(path, limit=LIMITS.bytes), file=path.name)
    lines = text.splitlines()
    header = lines[0].split(",", 8)[:8] if lines else []
    person, group = column_of(header, PERSON), column_of(header, GROUP)
    if person is None or group is None or '"' in text:
        return {}
    who, where = header.index(person), header.index(group)
    rows = (line.split(",", 8) for line in lines[1:])
    cells = ((row[who].strip(), row[where].strip()) for row in rows if len(row) > max(who, where))
    return {name: group for name, group in cells if name and group not in ("", "None", "nan")}
