"""Conversations in the folder of CSV files that Polis exports, in and out.

A folder holds `votes.csv` (every vote event), `comments.csv` (the statements), `participants-votes.csv` (one
person a row) and `summary.csv`. Read from real exports of 2015 to 2024 (github.com/compdemocracy/openData):
columns come and go, some folders have no `votes.csv` (then the person-by-statement table is used), the rows
of `votes.csv` are not in time order, and one person may vote many times on one statement (the last by time
counts).

The sign: in exports agree is 1. In Polis's own database and vote API agree is -1; pass `agree=-1` for files
from there.

A clean `votes.csv` of whole numbers is read by NumPy's C reader (about 4 million votes a second); anything
else by Python's, which says the file, line, field and what to do. `keep=True` keeps every cell, so that
`write` gives the files back.
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

from becontree.methods.findings import Finding, Unusable
from becontree.methods.opinion.votes import AGREE, Votes, collect, from_arrays, id_order

VOTE_FILES: Final = ("votes.csv", "votes-derived.csv")
MOST_FINDINGS: Final = 20
LARGEST_FILE: Final = 4 * 2**30
LARGEST_CELL: Final = 1_000_000
LEAST_COLUMNS_OF_MATRIX: Final = 2

# our name -> what exports, the API and other tools call it
PERSON: Final = ("voter-id", "participant", "participant-id", "pid", "voter", "user-id")
STATEMENT: Final = ("comment-id", "statement-id", "statement", "tid", "comment", "item-id")
VOTE: Final = ("vote", "value")
TIME: Final = ("timestamp", "modified", "created", "time")
TEXT: Final = ("comment-body", "text", "txt", "body", "comment", "statement")
GROUP: Final = ("group-id", "group")
WORDS: Final = {
    "1": 1, "+1": 1, "1.0": 1, "agree": 1,
    "0": 0, "-0": 0, "0.0": 0, "-0.0": 0, "pass": 0, "unsure": 0,
    "-1": -1, "-1.0": -1, "disagree": -1,
}  # fmt: skip
TRUE: Final = frozenset({"true", "t", "1", "yes"})
FALSE: Final = frozenset({"false", "f", "0", "no", ""})
MATRIX_FACTS: Final = frozenset(
    {"participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", "n-pass"}
)


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
        """Whether it belongs on the map: not moderated out, and an opinion, not a question about the
        person.
        """
        return self.moderated != -1 and not self.is_meta


@dataclass(frozen=True, slots=True)
class Table:
    """A file as it was: every cell, in order."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    newline: str = "\n"


@dataclass(frozen=True, slots=True, eq=False)
class Conversation:
    """A conversation as read, or as it is to be written."""

    statements: tuple[Statement, ...]
    votes: Votes
    summary: tuple[tuple[str, str], ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    tables: tuple[Table, ...] = ()

    def text(self, statement: str) -> str:
        """The statement's words, or its id where they are not known."""
        return next((one.text for one in self.statements if one.id == statement), statement)


def read(path: Path, *, agree: int = AGREE, keep: bool = False) -> Conversation:
    """Read a folder of an export, or a single file of votes.

    Raises Unusable with what is wrong, in which file and line, and what to do. Smaller things are `findings`.
    """
    if agree not in (1, -1):
        raise ValueError("agree is 1 (exports) or -1 (the vote API).")
    if not path.exists():
        raise Unusable(
            _wrong("polis.path.missing", path, "There is no such file or folder.", "Check the path.")
        )
    folder = path if path.is_dir() else None
    findings: list[Finding] = []
    tables: list[Table] = []
    statements: tuple[Statement, ...] = ()
    summary: tuple[tuple[str, str], ...] = ()
    groups: dict[str, str] = {}
    if folder is not None:
        comments = folder / "comments.csv"
        if comments.exists():
            table = _table(comments)
            statements = _statements(table)
            tables.append(table)
        else:
            findings.append(
                _wrong(
                    "polis.comments.missing",
                    comments,
                    "There is no comments.csv: statements are shown by number.",
                    "Put comments.csv beside the votes.",
                    level="warning",
                )  # fmt: skip
            )
        if (folder / "summary.csv").exists():
            rows = _rows(folder / "summary.csv")
            summary = tuple((row[0], row[1] if len(row) > 1 else "") for _, row in rows if row)
            if keep:
                raw = tuple(tuple(row) for _, row in rows)
                tables.append(
                    Table("summary.csv", raw[0] if raw else (), raw[1:], _newline(folder / "summary.csv"))
                )
    votes_file, matrix_file = _vote_files(path)
    out = [one.id for one in statements if not one.takes_part]
    known = [one.id for one in statements]
    matrix: Table | None = None
    if matrix_file is not None and (keep or votes_file is None):
        matrix = _table(matrix_file)
        tables.append(matrix)
    if matrix_file is not None:
        groups = _exported_groups(matrix, matrix_file)
    votes: Votes | None = None
    if votes_file is not None:
        if keep:
            tables.append(_table(votes_file))
        else:
            votes = _fast_votes(votes_file, agree, known, out)
        if votes is None:
            votes = _slow_votes(_table(votes_file), agree, known, out)
    elif matrix is not None:
        votes = _matrix_votes(matrix, agree, known, out)
    assert votes is not None
    if statements:
        texts = set(known)
        unknown = [name for name in votes.statements if name not in texts]
        if unknown:
            findings.append(
                _wrong(
                    "polis.statement.unlisted",
                    path,
                    f"{len(unknown)} statements have votes but no line in comments.csv: {_few(unknown)}.",
                    "They are shown by number and count as accepted.",
                    level="warning",
                )  # fmt: skip
            )
    return Conversation(statements, votes, summary, groups, tuple(findings), tuple(tables) if keep else ())


def write(conversation: Conversation, folder: Path) -> None:
    """Write the folder: cell for cell as it was read with `keep=True`, else in the export's form from the
    records.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for table in conversation.tables or _as_tables(conversation):
        with (folder / table.name).open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator=table.newline)
            writer.writerow(table.header)
            writer.writerows(table.rows)


def _as_tables(conversation: Conversation) -> tuple[Table, ...]:
    votes = conversation.votes
    people, names = votes.participants, votes.statements
    tables = []
    if conversation.summary:
        first, *rest = conversation.summary
        tables.append(Table("summary.csv", first, tuple(rest)))
    agree = np.bincount(votes.column[votes.value == 1], minlength=len(names))
    disagree = np.bincount(votes.column[votes.value == -1], minlength=len(names))
    at = {name: index for index, name in enumerate(names)}
    tables.append(
        Table(
            "comments.csv",
            ("timestamp", "comment-id", "author-id", "agrees", "disagrees", "moderated", "is-meta", "is-seed", "comment-body"),
            tuple(
                (
                    "" if one.created is None else str(one.created), one.id, one.author,
                    str(agree[at[one.id]]) if one.id in at else "0", str(disagree[at[one.id]]) if one.id in at else "0",
                    str(one.moderated), str(one.is_meta).lower(), str(one.is_seed).lower(), one.text,
                )
                for one in conversation.statements
            ),
        )
    )  # fmt: skip
    person = np.repeat(np.arange(len(people)), votes.per_person).tolist()
    column, value = votes.column.tolist(), votes.value.tolist()
    tables.append(
        Table(
            "votes.csv",
            ("comment-id", "voter-id", "vote"),
            tuple((names[c], people[p], str(v)) for c, p, v in zip(column, person, value, strict=True)),
        )
    )
    rows = []
    for index, name in enumerate(people):
        row = votes.row(index)
        cells = [""] * len(names)
        for c, v in zip(column[row], value[row], strict=True):
            cells[c] = str(v)
        given = value[row]
        facts = (
            name,
            conversation.groups.get(name, ""),
            str(len(given)),
            str(given.count(1)),
            str(given.count(-1)),
        )
        rows.append((*facts, *cells))
    header = ("participant", "group-id", "n-votes", "n-agree", "n-disagree", *names)
    tables.append(Table("participants-votes.csv", header, tuple(rows)))
    return tuple(tables)


def _wrong(
    code: str,
    path: Path,
    message: str,
    fix: str = "",
    *,
    line: int | None = None,
    column: str = "",
    level: str = "error",
) -> Finding:
    return Finding(code, message, level=level, file=path.name, line=line, field=column, fix=fix)  # type: ignore[arg-type]


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _vote_files(path: Path) -> tuple[Path | None, Path | None]:
    if not path.is_dir():
        return path, None
    votes = next((path / name for name in VOTE_FILES if (path / name).exists()), None)
    matrix = path / "participants-votes.csv"
    if votes is None and not matrix.exists():
        raise Unusable(
            _wrong(
                "polis.votes.missing",
                path,
                "The folder has neither votes.csv nor participants-votes.csv.",
                "Download the conversation's export again and give the folder that holds its files.",
            )  # fmt: skip
        )
    return votes, matrix if matrix.exists() else None


def text_of(path: Path) -> str:
    """A file's text, or Unusable that says what is wrong with the file."""
    if not path.is_file():
        raise Unusable(_wrong("polis.file.not-a-file", path, "This is not a file.", "Give a CSV file."))
    if path.stat().st_size > LARGEST_FILE:
        raise Unusable(_wrong("polis.file.too-large", path, "The file is larger than 4 GB.", "Split it."))
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Unusable(
            _wrong(
                "polis.file.unreadable",
                path,
                f"The file cannot be read ({error.strerror}).",
                "Check who may read it.",
            )
        ) from error
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif raw[:2] == b"PK":
        raise Unusable(
            _wrong(
                "polis.file.zip",
                path,
                "This is a zip or Excel file, not CSV.",
                "Unpack it, or save the sheet as CSV UTF-8.",
            )
        )
    else:
        encoding = "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unusable(
            _wrong(
                "polis.file.encoding",
                path,
                "The text is not UTF-8.",
                "Save the file as CSV UTF-8.",
                line=line,
            )
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Unusable(
            _wrong(
                "polis.file.binary",
                path,
                "There is a NUL character: this is not text.",
                "Export it again.",
                line=line,
            )
        )
    if not text.strip():
        raise Unusable(_wrong("polis.file.empty", path, "The file is empty.", "Export it again."))
    return text


def rows_of(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """(line, cells) of every row that is not blank. The separator is the header's commonest of , ; and
    tab.
    """
    head = text.split("\n", 1)[0]
    separator = max((",", ";", "\t"), key=head.count)
    csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, line = [], 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        if "field larger" in str(error):
            message, fix = (
                f"A cell has more than {LARGEST_CELL:,} characters.",
                "Look for a quote that is never closed.",
            )
        else:
            message, fix = (
                "A quoted cell does not end properly.",
                'Close it with ", and double every " inside it.',
            )
        raise Unusable(_wrong("polis.file.quotes", path, message, fix, line=line)) from error
    return rows


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    return rows_of(path, text_of(path))


def _newline(path: Path) -> str:
    with path.open("rb") as handle:
        return "\r\n" if b"\r\n" in handle.read(65536) else "\n"


def _table(path: Path) -> Table:
    rows = _rows(path)
    header = tuple(cell.strip() for cell in rows[0][1])
    twice = (
        sorted({name for name in header if name and header.count(name) > 1})
        if len(set(header)) < len(header)
        else []
    )
    if twice:
        raise Unusable(
            _wrong(
                "polis.header.twice",
                path,
                f"The column {twice[0]} stands twice.",
                "Remove one.",
                line=rows[0][0],
            )
        )
    problems = [
        _wrong(
            "polis.row.length", path, f"The row has {len(row)} cells, the header {len(header)}.",
            "Quote cells that hold the separator.", line=line,
        )
        for line, row in rows[1:]
        if len(row) != len(header)
    ]  # fmt: skip
    if problems:
        raise Unusable(problems[:MOST_FINDINGS])
    lines = tuple(tuple(row) for _, row in rows[1:])
    return _Lined(path.name, header, lines, _newline(path), tuple(line for line, _ in rows[1:]))


@dataclass(frozen=True, slots=True)
class _Lined(Table):
    """A table that knows where in the file each row began."""

    lines: tuple[int, ...] = ()

    def line(self, row: int) -> int:
        return self.lines[row]


def _column(header: Iterable[str], names: Sequence[str]) -> int | None:
    plain = [re.sub(r"[\s_]+", "-", name.strip().lower()) for name in header]
    return next((plain.index(name) for name in names if name in plain), None)


def _needed(table: Table, names: Sequence[str]) -> int:
    at = _column(table.header, names)
    if at is None:
        raise Unusable(
            Finding(
                "polis.column.missing",
                f"There is no column {names[0]}.",
                file=table.name,
                line=1,
                field=names[0],
                fix=f"The header needs it (also known as {', '.join(names[1:4])}).",
            )  # fmt: skip
        )
    return at


def _line(table: Table, row: int) -> int:
    return table.line(row) if isinstance(table, _Lined) else row + 2


class _Problems:
    """Collects errors of one table, and gives up at a readable number."""

    def __init__(self, table: Table) -> None:
        self._table, self.found = table, list[Finding]()

    def add(self, code: str, message: str, fix: str, row: int, column: str) -> None:
        if len(self.found) < MOST_FINDINGS:
            self.found.append(
                Finding(
                    code, message, file=self._table.name, line=_line(self._table, row), field=column, fix=fix
                )
            )

    def stop(self) -> None:
        if self.found:
            raise Unusable(self.found)


def _shown(cell: str) -> str:
    return repr(cell if len(cell) <= 40 else cell[:37] + "...")


def _statements(table: Table) -> tuple[Statement, ...]:
    ids = _needed(table, STATEMENT)
    texts = _needed(table, [name for name in TEXT if _column(table.header, (name,)) != ids])
    moderated, meta = (
        _column(table.header, ("moderated", "mod")),
        _column(table.header, ("is-meta", "is_meta")),
    )
    seed, author = _column(table.header, ("is-seed",)), _column(table.header, ("author-id", "author"))
    created = _column(table.header, TIME)
    problems, found, seen = _Problems(table), [], dict[str, int]()
    for at, row in enumerate(table.rows):
        name = row[ids].strip()
        if not name:
            problems.add(
                "polis.statement.no-id",
                "The statement has no id.",
                "Give every statement a number.",
                at,
                table.header[ids],
            )
            continue
        if name in seen:
            problems.add(
                "polis.statement.twice", f"Statement {name} stands twice, first in line {_line(table, seen[name])}.",
                "Keep one.", at, table.header[ids],
            )  # fmt: skip
            continue
        seen[name] = at
        state = row[moderated].strip() if moderated is not None else "0"
        if state not in ("1", "0", "-1", ""):
            problems.add(
                "polis.moderated.unknown", f"{_shown(state)} is no moderation state.",
                "Use 1 (accepted), 0 (not looked at) or -1 (out).", at, "moderated",
            )  # fmt: skip
            state = "0"
        when = row[created].strip() if created is not None else ""
        if when and not _whole(when):
            problems.add(
                "polis.time.unknown",
                f"{_shown(when)} is no time.",
                "Give milliseconds since 1970.",
                at,
                table.header[created or 0],
            )
            when = ""
        flags = []
        for flag, column in ((meta, "is-meta"), (seed, "is-seed")):
            word = row[flag].strip().lower() if flag is not None else ""
            if word not in TRUE and word not in FALSE:
                problems.add(
                    "polis.flag.unknown",
                    f"{_shown(word)} is neither true nor false.",
                    "Use true or false.",
                    at,
                    column,
                )
            flags.append(word in TRUE)
        found.append(
            Statement(
                name,
                row[texts],
                row[author].strip() if author is not None else "",
                int(when) if when else None,
                int(state or 0),
                flags[0],
                flags[1],
            )  # fmt: skip
        )
    problems.stop()
    return tuple(found)


def _whole(text: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,18}", text) is not None


def _fast_votes(path: Path, agree: int, known: list[str], out: list[str]) -> Votes | None:
    """A clean file of whole numbers, or None: then the careful reader says what is the matter."""
    if path.stat().st_size > LARGEST_FILE:
        return None
    raw = path.read_bytes()
    head, _, rest = raw.partition(b"\n")
    try:
        header = next(csv.reader([head.decode("utf-8-sig").rstrip("\r")]), [])
    except (UnicodeDecodeError, csv.Error):
        return None
    wanted = [_column(header, names) for names in (PERSON, STATEMENT, VOTE, TIME)]
    # Quotes, signs and leading zeros are for the careful reader: 007 and 7 are two people.
    if (
        None in wanted[:3]
        or len(set(header)) < len(header)
        or b'"' in rest
        or b"+" in rest
        or not rest.strip()
    ):
        return None
    if re.search(rb"(?:^|[\n,])\s*-?0[0-9]", rest):
        return None
    columns = [at for at in wanted if at is not None]
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
    if rest.count(b",") != (len(header) - 1) * len(table):
        return None
    value = table[:, 2]
    if not len(table) or value.max() > 1 or value.min() < -1:
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
    time = _column(table.header, TIME)
    problems = _Problems(table)
    events: list[tuple[str, str, int, int]] = []
    for at, row in enumerate(table.rows):
        who, what, word = row[person].strip(), row[statement].strip(), row[vote].strip().lower()
        if not who or not what:
            missing = person if not who else statement
            problems.add(
                "polis.id.missing", "The id is missing.", "Say who voted on what.", at, table.header[missing]
            )
            continue
        value = WORDS.get(word)
        if value is None:
            problems.add(
                "polis.vote.unknown", f"{_shown(row[vote])} is not a vote.", "Use 1 (agree), -1 (disagree) or 0 (pass).",
                at, table.header[vote],
            )  # fmt: skip
            continue
        when = row[time].strip() if time is not None else "0"
        if not _whole(when):
            problems.add(
                "polis.time.unknown",
                f"{_shown(when)} is no time.",
                "Give milliseconds since 1970.",
                at,
                table.header[time or 0],
            )
            continue
        events.append((who, what, value * agree, int(when)))
    problems.stop()
    if not events:
        raise Unusable(
            Finding(
                "polis.votes.none",
                "There are no votes.",
                file=table.name,
                fix="Export the conversation again.",
            )
        )
    return collect(events, statements=known, out=out)


def _matrix_votes(table: Table, agree: int, known: list[str], out: list[str]) -> Votes:
    person = _needed(table, PERSON)
    facts = {index for index, name in enumerate(table.header) if name.lower() in MATRIX_FACTS} | {person}
    columns = [index for index in range(len(table.header)) if index not in facts]
    if not columns:
        raise Unusable(
            Finding(
                "polis.matrix.no-statements",
                "No column is a statement.",
                file=table.name,
                line=1,
                fix="Export it again.",
            )
        )
    problems, seen = _Problems(table), set[str]()
    events: list[tuple[str, str, int]] = []
    for at, row in enumerate(table.rows):
        who = row[person].strip()
        if not who or who in seen:
            message = f"Person {who} stands twice." if who else "The person has no id."
            problems.add(
                "polis.person.twice" if who else "polis.id.missing",
                message,
                "Keep one row a person.",
                at,
                table.header[person],
            )
            continue
        seen.add(who)
        for index in columns:
            word = row[index].strip().lower()
            if not word:
                continue
            value = WORDS.get(word)
            if value is None:
                problems.add(
                    "polis.vote.unknown", f"{_shown(row[index])} is not a vote.",
                    "Use 1 (agree), -1 (disagree), 0 (pass), or leave it empty (not seen).", at, table.header[index],
                )  # fmt: skip
                continue
            events.append((who, table.header[index], value * agree))
    problems.stop()
    if not events:
        raise Unusable(
            Finding(
                "polis.votes.none",
                "There are no votes.",
                file=table.name,
                fix="Export the conversation again.",
            )
        )
    return collect(events, statements=[*known, *(table.header[index] for index in columns)], out=out)


def _exported_groups(table: Table | None, path: Path) -> dict[str, str]:
    """The groups the export names. A landmark, not the truth: they carry the conversation's history."""
    if table is not None:
        header, rows = table.header, (list(row[: len(table.header)]) for row in table.rows)
    else:  # only the first cells of each row are wanted: do not parse hundreds of columns
        lines = text_of(path).splitlines()
        header = tuple(next(csv.reader(lines[:1]), []))
        rows = (line.split(",", 8) for line in lines[1:])
    person, group = _column(header, PERSON), _column(header, GROUP)
    if person is None or group is None or max(person, group) > 6:
        return {}
    return {
        row[person].strip(): row[group].strip()
        for row in rows
        if len(row) > max(person, group)
        and row[person].strip()
        and row[group].strip() not in ("", "None", "nan")
    }
