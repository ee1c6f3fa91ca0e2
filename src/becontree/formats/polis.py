"""Conversations in the folder of CSV files that Polis exports, in and out.

A folder holds `votes.csv` (every vote event), `comments.csv` (the statements), `participants-votes.csv` (one person a
row) and `summary.csv`. Read from real exports of 2015 to 2024 (github.com/compdemocracy/openData): columns come and
go, some folders have no `votes.csv` (then the person-by-statement table is used), the rows of `votes.csv` are not in
time order, and one person may vote many times on one statement (the last by time counts).

The sign: in exports agree is 1. In Polis's own database and vote API agree is -1; pass `agree=-1` for those.

A clean `votes.csv` of whole numbers is read by NumPy's C reader; anything else by the strict reader of `tables`, which
says the file, line, field and what to do. `keep=True` keeps the files, so that `write` gives them back byte for byte.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from becontree.formats.tables import Limits, Row, Table, decode, read_bytes, read_table
from becontree.methods.findings import Finding, Level, Unusable
from becontree.methods.opinion.votes import AGREE, Votes, collect, from_arrays, id_order

VOTE_FILES: Final = ("votes.csv", "votes-derived.csv")
MOST_FINDINGS: Final = 20
LIMITS: Final = Limits(bytes=4 * 2**30, rows=80_000_000, columns=20_000, cell=100_000)

# our name -> what exports, the API and other tools call it
PERSON: Final = ("voter-id", "participant", "participant-id", "pid", "voter", "user-id")
STATEMENT: Final = ("comment-id", "statement-id", "statement", "tid", "comment", "item-id")
VOTE: Final = ("vote", "value")
TIME: Final = ("timestamp", "modified", "created", "time")
TEXT: Final = ("comment-body", "text", "txt", "body", "comment", "statement")
GROUP: Final = ("group-id", "group")
WORDS: Final = {"agree": 1, "+1": 1, "1.0": 1, "1": 1, "0": 0, "-0": 0, "0.0": 0, "-0.0": 0, "pass": 0, "unsure": 0}
WORDS.update({"-1": -1, "-1.0": -1, "disagree": -1})
TRUE: Final = frozenset({"true", "t", "1", "yes"})
FALSE: Final = frozenset({"false", "f", "0", "no", ""})
MATRIX_FACTS: Final = frozenset(["xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", "n-pass"])
HOW_TO_VOTE: Final = "Use 1 (agree), -1 (disagree) or 0 (pass)."


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `moderated`: 1 accepted, 0 not looked at, -1 moderated out."""

    id: str
    text: str
    author: str = ""
    created: int | None = None
    moderated: int = 0
    is_meta: bool = False
    is_seed: bool = False

    @property
    def takes_part(self) -> bool:
        """Whether it belongs on the map: not moderated out, and an opinion, not a question about the person."""
        return self.moderated != -1 and not self.is_meta


@dataclass(frozen=True, slots=True, eq=False)
class Conversation:
    """A conversation as read, or as it is to be written. `files` are the bytes as read, by name."""

    statements: tuple[Statement, ...]
    votes: Votes
    summary: tuple[tuple[str, str], ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    files: tuple[tuple[str, bytes], ...] = ()


def read(path: Path, *, agree: int = AGREE, keep: bool = False) -> Conversation:
    """Read a folder of an export, or a single file of votes.

    Raises Unusable with what is wrong, in which file and line, and what to do. Smaller things are `findings`.
    """
    if agree not in (1, -1):
        raise ValueError("agree is 1 (exports) or -1 (the vote API).")
    if not path.exists():
        _refuse("polis.path.missing", path.name, "There is no such file or folder.", "Check the path.")
    findings: list[Finding] = []
    statements: tuple[Statement, ...] = ()
    summary: tuple[tuple[str, str], ...] = ()
    if path.is_dir():
        if (path / "comments.csv").exists():
            statements = _statements(read_table(path / "comments.csv", limits=LIMITS))
        else:
            message = "There is no comments.csv: statements are shown by number."
            findings.append(_warn("polis.comments.missing", path, message, "Put comments.csv beside the votes."))
        if (path / "summary.csv").exists():
            summary = _summary(path / "summary.csv")
    votes_file, matrix_file = _vote_files(path)
    out = [one.id for one in statements if not one.takes_part]
    known = [one.id for one in statements]
    votes: Votes | None = None
    if votes_file is not None:
        votes = _fast_votes(votes_file, agree, known, out)
        if votes is None:
            votes = _slow_votes(read_table(votes_file, limits=LIMITS), agree, known, out)
    elif matrix_file is not None:
        votes = _matrix_votes(read_table(matrix_file, limits=LIMITS), agree, known, out)
    assert votes is not None
    unlisted = sorted(set(votes.statements).difference(known), key=id_order) if statements else []
    if unlisted:
        names = ", ".join(unlisted[:5]) + (f" and {len(unlisted) - 5} more" if len(unlisted) > 5 else "")
        message = f"{len(unlisted)} statements have votes but no line in comments.csv: {names}."
        findings.append(
            _warn("polis.statement.unlisted", path, message, "They are shown by number and count as accepted.")
        )
    groups = _exported_groups(matrix_file) if matrix_file is not None else {}
    files: tuple[tuple[str, bytes], ...] = ()
    if keep:
        sources = sorted(path.glob("*.csv")) if path.is_dir() else [path]
        files = tuple((one.name, read_bytes(one, limit=LIMITS.bytes)) for one in sources)
    return Conversation(statements, votes, summary, groups, tuple(findings), files)


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Every vote as it was cast, in the order of the file: ids as text, votes as 1, 0, -1, `time` in ms or None."""

    person: tuple[str, ...]
    statement: tuple[str, ...]
    value: tuple[int, ...]
    time: tuple[int, ...] | None


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
    who, what, how, when = (_column(header, names) for names in (PERSON, STATEMENT, VOTE, TIME))
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
    person = _column(header, PERSON)
    if person is None:
        return {}
    who = header.index(person)
    facts = [(name, header.index(name)) for name in ("xid", "group-id") if name in header]
    return {row[who].strip(): {name: row[at] for name, at in facts if row[at]} for row in rows if row}


def write(conversation: Conversation, folder: Path, *, cast: Events | None = None) -> None:
    """Write the folder: byte for byte as it was read with `keep=True`, else in the export's form from the records.

    `cast`: every vote event, where there are more of them than the last ones.
    Not guarded against formulas: an apostrophe would change what people said. For Polis and the like, not for Excel.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in conversation.files or _as_files(conversation):
        (folder / name).write_bytes(content)
    if cast is not None:
        columns = [cast.statement, cast.person, cast.value]
        heading = ["comment-id", "voter-id", "vote"]
        if cast.time is not None:
            columns, heading = [cast.time, *columns], ["timestamp", *heading]
        (folder / "votes.csv").write_bytes(_bytes([heading, *zip(*columns, strict=True)]))


def _as_files(conversation: Conversation) -> Iterable[tuple[str, bytes]]:
    votes = conversation.votes
    people, names = votes.participants, votes.statements
    if conversation.summary:
        yield "summary.csv", _bytes(conversation.summary)
    agree = np.bincount(votes.column[votes.value == 1], minlength=len(names)).tolist()
    disagree = np.bincount(votes.column[votes.value == -1], minlength=len(names)).tolist()
    at = {name: index for index, name in enumerate(names)}
    rows: list[Sequence[object]] = [
        [
            "timestamp",
            "comment-id",
            "author-id",
            "agrees",
            "disagrees",
            "moderated",
            "is-meta",
            "is-seed",
            "comment-body",
        ]
    ]
    for one in conversation.statements:
        counts = (agree[at[one.id]], disagree[at[one.id]]) if one.id in at else (0, 0)
        flags = (str(one.is_meta).lower(), str(one.is_seed).lower())
        rows.append((one.created, one.id, one.author, *counts, one.moderated, *flags, one.text))
    yield "comments.csv", _bytes(rows)
    person = np.repeat(np.arange(len(people)), votes.per_person).tolist()
    column, value = votes.column.tolist(), votes.value.tolist()
    cast = ((names[c], people[p], v) for c, p, v in zip(column, person, value, strict=True))
    yield "votes.csv", _bytes([("comment-id", "voter-id", "vote"), *cast])
    rows = [("participant", "group-id", "n-votes", "n-agree", "n-disagree", *names)]
    for index, name in enumerate(people):
        row = votes.row(index)
        cells: list[object] = [""] * len(names)
        for c, v in zip(column[row], value[row], strict=True):
            cells[c] = v
        given = value[row]
        group = conversation.groups.get(name, "")
        rows.append((name, group, len(given), given.count(1), given.count(-1), *cells))
    yield "participants-votes.csv", _bytes(rows)


def _bytes(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _refuse(code: str, file: str, message: str, fix: str, *, line: int | None = None, column: str = "") -> None:
    raise Unusable(Finding(code, message, file=file, line=line, field=column, fix=fix))


def _warn(code: str, path: Path, message: str, fix: str, level: Level = "warning") -> Finding:
    return Finding(code, message, level, file=path.name, fix=fix)


def _vote_files(path: Path) -> tuple[Path | None, Path | None]:
    if not path.is_dir():
        return path, None
    votes = next((path / name for name in VOTE_FILES if (path / name).exists()), None)
    matrix = path / "participants-votes.csv"
    if votes is None and not matrix.exists():
        _refuse(
            "polis.votes.missing",
            path.name,
            "The folder has neither votes.csv nor participants-votes.csv.",
            "Download the conversation's export again and give the folder that holds its files.",
        )
    return votes, matrix if matrix.exists() else None


def _column(columns: Iterable[str], names: Sequence[str]) -> str | None:
    """The column that goes by one of `names`, whatever its case, with hyphens, underscores or spaces."""
    plain = {re.sub(r"[\s_]+", "-", name.strip().lower()): name for name in reversed(list(columns))}
    return next((plain[name] for name in names if name in plain), None)


def _needed(table: Table, names: Sequence[str]) -> str:
    found = _column(table.columns, names)
    if found is None:
        others = f" (also known as {', '.join(names[1:4])})" if len(names) > 1 else ""
        message = f"There is no column {names[0]}{others}."
        _refuse("polis.column.missing", table.file, message, "Add it to the heading.", line=1, column=names[0])
    return found or ""


class _Problems:
    """Collects errors of one table, up to a readable number."""

    def __init__(self) -> None:
        self.found: list[Finding] = []

    def add(self, code: str, message: str, fix: str, row: Row, column: str) -> None:
        if len(self.found) < MOST_FINDINGS:
            self.found.append(Finding(code, message, file=row.file, line=row.line, field=column, fix=fix))

    def stop(self) -> None:
        if self.found:
            raise Unusable(self.found)


def _shown(cell: str) -> str:
    return repr(cell if len(cell) <= 40 else cell[:37] + "...")


def _whole(text: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,18}", text) is not None


def _summary(path: Path) -> tuple[tuple[str, str], ...]:
    """Key and value lines; this file has no heading, and nothing in it is needed."""
    text, _ = decode(read_bytes(path, limit=LIMITS.bytes), file=path.name)
    csv.field_size_limit(LIMITS.cell)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error:
        _refuse("polis.summary.broken", path.name, "A quoted cell does not end.", "Mend it, or leave the file out.")
    return tuple((row[0], ",".join(row[1:])) for row in rows)


def _statements(table: Table) -> tuple[Statement, ...]:
    ids = _needed(table, STATEMENT)
    texts = _needed(table, [name for name in TEXT if _column(table.columns, (name,)) != ids])
    moderated, author = _column(table.columns, ("moderated", "mod")), _column(table.columns, ("author-id", "author"))
    flags, created = [_column(table.columns, (name,)) for name in ("is-meta", "is-seed")], _column(table.columns, TIME)
    problems, found, seen = _Problems(), [], dict[str, int]()
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
            problems.add("polis.moderated.unknown", f"{_shown(state)} is no state.", fix, row, moderated or "")
            state = "0"
        when = row.get(created or "").strip()
        if when and not _whole(when):
            fix = "Give milliseconds since 1970, or nothing."
            problems.add("polis.time.unknown", f"{_shown(when)} is no time.", fix, row, created or "")
            when = ""
        marks = []
        for flag in flags:
            word = row.get(flag or "").strip().lower()
            if word not in TRUE and word not in FALSE:
                message = f"{_shown(word)} is neither true nor false."
                problems.add("polis.flag.unknown", message, "Use true or false.", row, flag or "")
            marks.append(word in TRUE)
        writer = row.get(author or "").strip()
        found.append(Statement(name, row[texts], writer, int(when) if when else None, int(state), *marks))
    problems.stop()
    return tuple(found)


def _fast_votes(path: Path, agree: int, known: list[str], out: list[str]) -> Votes | None:
    """A clean file of whole numbers, or None: then the careful reader says what is the matter."""
    raw = read_bytes(path, limit=LIMITS.bytes)
    head, _, rest = raw.partition(b"\n")
    try:
        header = next(csv.reader([head.decode("utf-8-sig").rstrip("\r")]), [])
    except (UnicodeDecodeError, csv.Error):
        return None
    wanted = [_column(header, names) for names in (PERSON, STATEMENT, VOTE, TIME)]
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


def _slow_votes(table: Table, agree: int, known: list[str], out: list[str]) -> Votes:
    person, statement, vote = _needed(table, PERSON), _needed(table, STATEMENT), _needed(table, VOTE)
    time = _column(table.columns, TIME)
    problems = _Problems()
    events: list[tuple[str, str, int, int]] = []
    for row in table.rows:
        who, what = row[person].strip(), row[statement].strip()
        if not who or not what:
            column = person if not who else statement
            problems.add("polis.id.missing", "The id is missing.", "Say who voted on what.", row, column)
            continue
        value = WORDS.get(row[vote].strip().lower())
        if value is None:
            problems.add("polis.vote.unknown", f"{_shown(row[vote])} is not a vote.", HOW_TO_VOTE, row, vote)
            continue
        when = row[time].strip() if time is not None else "0"
        if not _whole(when):
            fix = "Give milliseconds since 1970."
            problems.add("polis.time.unknown", f"{_shown(when)} is no time.", fix, row, time or "")
            continue
        events.append((who, what, value * agree, int(when)))
    problems.stop()
    if not events:
        _refuse("polis.votes.none", table.file, "There are no votes.", "Export the conversation again.")
    return collect(events, statements=known, out=out)


def _matrix_votes(table: Table, agree: int, known: list[str], out: list[str]) -> Votes:
    person = _needed(table, PERSON)
    columns = [name for name in table.columns if name.lower() not in MATRIX_FACTS and name != person]
    if not columns:
        _refuse("polis.matrix.empty", table.file, "No column is a statement.", "Export it again.", line=1)
    problems, seen = _Problems(), set[str]()
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
                problems.add("polis.vote.unknown", f"{_shown(row[name])} is not a vote.", fix, row, name)
                continue
            events.append((who, name, value * agree))
    problems.stop()
    if not events:
        _refuse("polis.votes.none", table.file, "There are no votes.", "Export the conversation again.")
    return collect(events, statements=[*known, *columns], out=out)


def _exported_groups(path: Path) -> dict[str, str]:
    """The groups the export names. A landmark, not the truth: they carry the conversation's history.

    Only the first few cells of a row are looked at, since the rest may be thousands of votes.
    """
    text, _ = decode(read_bytes(path, limit=LIMITS.bytes), file=path.name)
    lines = text.splitlines()
    header = lines[0].split(",", 8)[:8] if lines else []
    person, group = _column(header, PERSON), _column(header, GROUP)
    if person is None or group is None or '"' in text:
        return {}
    who, where = header.index(person), header.index(group)
    rows = (line.split(",", 8) for line in lines[1:])
    cells = ((row[who].strip(), row[where].strip()) for row in rows if len(row) > max(who, where))
    return {name: group for name, group in cells if name and group not in ("", "None", "nan")}
