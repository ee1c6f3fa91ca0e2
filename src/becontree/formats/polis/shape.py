"""What an export holds, what its columns are called, and how a fault in it is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from becontree.formats.tables import Limits, Table
from becontree.methods.findings import Finding, Level, Unusable
from becontree.methods.opinion.votes import Votes

VOTE_FILES: Final = ("votes.csv", "votes-derived.csv")
MOST_FINDINGS: Final = 20
LIMITS: Final = Limits(bytes=4 * 2**30, rows=80_000_000, columns=20_000, cell=100_000, cells=4 * 2**30)

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


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Every vote as it was cast, in the order of the file: ids as text, votes as 1, 0, -1, `time` in ms or None."""

    person: tuple[str, ...]
    statement: tuple[str, ...]
    value: tuple[int, ...]
    time: tuple[int, ...] | None


def refuse(code: str, file: str, message: str, fix: str, *, line: int | None = None, column: str = "") -> None:
    raise Unusable(Finding(code, message, file=file, line=line, field=column, fix=fix))


def warn(code: str, path: Path, message: str, fix: str, level: Level = "warning") -> Finding:
    return Finding(code, message, level, file=path.name, fix=fix)


def column_of(columns: Iterable[str], names: Sequence[str]) -> str | None:
    """The column that goes by one of `names`, whatever its case, with hyphens, underscores or spaces."""
    plain = {re.sub(r"[\s_]+", "-", name.strip().lower()): name for name in reversed(list(columns))}
    return next((plain[name] for name in names if name in plain), None)


def needed(table: Table, names: Sequence[str]) -> str:
    found = column_of(table.columns, names)
    if found is None:
        others = f" (also known as {', '.join(names[1:4])})" if len(names) > 1 else ""
        message = f"There is no column {names[0]}{others}."
        refuse("polis.column.missing", table.file, message, "Add it to the heading.", line=1, column=names[0])
    return found or ""


def shown(cell: str) -> str:
    return repr(cell if len(cell) <= 40 else cell[:37] + "...")


def whole(text: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,18}", text) is not None
