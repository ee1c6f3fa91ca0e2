"""Write a conversation as Polis exports it.

Source: as in `reading`. Why: a council's conversation must be able to leave. Cost: one pass. Rejected: a format of our
own alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from becontree.formats.polis.shape import (
    Conversation,
    Events,
)


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
