"""A file of answers from elsewhere: which column is what, and what cannot stand, said by line and column.

Pure but for the round's questions and the wards, which are handed in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from becontree.citizenship.voices import ages
from becontree.citizenship.voices.actions.checking import Mistake, Said
from becontree.citizenship.voices.models import Channel, Question
from becontree.formats.tables import Limits, read_table
from becontree.formats.xlsx import XlsxLimits, is_workbook, read_rows
from becontree.foundations.measures.characteristics import AGE
from becontree.methods.findings import Finding, Unusable

MOST_ROWS: Final = 20_000
MOST_BYTES: Final = 10_000_000
MOST_CELLS: Final = 2_000_000  # rows x columns, the empty ones with them: they are kept until the file is taken in
LONGEST_CELL: Final = 50_000
LEAVE: Final = ""
TARGETS: Final = {
    "channel": gettext_lazy("How it reached us"),
    "source": gettext_lazy("What we call where it came from"),
    "ward": gettext_lazy("Ward (name or code)"),
    "place": gettext_lazy("Place"),
    "language": gettext_lazy("Language"),
    "said_on": gettext_lazy("Day"),
    "may_quote": gettext_lazy("May we quote it?"),
    "contact": gettext_lazy("E-mail address"),
    "age": gettext_lazy("Age, or year of birth (counted apart)"),
    "key": gettext_lazy("Its own number in the file"),
}
# What other people's files call these, in small letters.
_NAMES: Final = {
    "channel": {"channel", "how", "how received", "method", "source", "mode", "response type", "kind of response"},
    "source": {"origin", "survey", "collector"},
    "ward": {"ward", "area", "ward name", "ward code", "neighbourhood"},
    "place": {"place", "venue", "event", "location", "where", "school"},
    "language": {"language", "lang"},
    "said_on": {"date", "day", "when", "said on", "submitted", "date received", "completed"},
    "may_quote": {"quote", "may quote", "consent to quote", "consent", "quotable"},
    "contact": {"email", "e-mail", "e-mail address", "email address", "contact"},
    "age": {"age", "ages", "age band", "age group", "age range", "how old are you", "year of birth", "birth year",
            "born", "yob", "date of birth", "dob"},
    "key": {"id", "number", "reference", "ref", "response id", "respondent", "respondent id", "form", "form number"},
}  # fmt: skip
_CHANNELS: Final = {
    "web": {"web", "online", "website", "internet", "on this site"},
    "paper": {"paper", "postcard", "form", "letter", "post", "leaflet", "on paper"},
    "doorstep": {"doorstep", "door", "canvass", "canvassing", "at the door"},
    "event": {"event", "stall", "festival", "meeting", "workshop", "at an event"},
    "phone": {"phone", "telephone", "call", "by telephone"},
    "sms": {"sms", "text", "text message", "by text message"},
    "school": {"school", "primary", "secondary", "primary school", "secondary school", "technical", "college",
               "secondary/technical", "pupil", "class", "at school"},
    "hub": {"hub", "at a hub"},
    "elsewhere": {"elsewhere", "somewhere else"},
}  # fmt: skip
# A workbook may hold as much text as a CSV file of the largest size.
_WORKBOOK: Final = XlsxLimits(rows=MOST_ROWS + 1, columns=200, cell=LONGEST_CELL, text=MOST_BYTES, cells=MOST_CELLS)
_YES: Final = {"yes", "y", "true", "1", "x", "ja", "oui", "agreed", "ok"}
_NO: Final = {"no", "n", "false", "0", "", "nein", "non"}
_DAY: Final = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as read: its columns, and (line, cells) of each row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class LineError:
    """What cannot stand: the line of the file, its column's heading, and what to do."""

    line: int
    column: str
    said: str


def read(data: bytes, *, name: str) -> Sheet:
    """A CSV or an .xlsx file as a sheet. Raises `Unusable`, each finding with its line and what to do."""
    if len(data) > MOST_BYTES:
        raise Unusable(
            Finding(
                "import.size", _("The file is larger than 10 MB."), file=name, fix=_("Split it and bring it in parts.")
            )
        )
    if is_workbook(data):
        found = read_rows(data, file=name, limits=_WORKBOOK)
        heading = [" ".join(cell.split())[:200] for cell in found[0][1]]
        width = max(len(cells) for _line, cells in found)
        if width * len(found) > MOST_CELLS:
            said = f"{width:,} columns in {len(found):,} rows are over {MOST_CELLS:,} cells."
            raise Unusable(Finding("import.cells", said, file=name, fix="Split it, or take out empty columns."))
        columns = _named(heading + [""] * (width - len(heading)))
        rows = [(line, tuple(cells + [""] * (width - len(cells)))) for line, cells in found[1:]]
    else:
        limits = Limits(bytes=MOST_BYTES, rows=MOST_ROWS, columns=200, cell=LONGEST_CELL, cells=MOST_CELLS)
        table = read_table(data, file=name, ragged="pad", twins="number", fallback="cp1252", limits=limits)
        columns = table.columns
        rows = [(row.line, tuple(row.cells[column] for column in columns)) for row in table.rows]
    if not rows:
        raise Unusable(Finding("import.empty", _("There is a heading but no row below it."), file=name))
    return Sheet(tuple(columns), tuple(rows))


def _named(heading: Sequence[str]) -> tuple[str, ...]:
    """Every column with a name of its own."""
    seen: dict[str, int] = {}
    names = []
    for number, given in enumerate(heading, start=1):
        name = given or f"column {number}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def guess(columns: Sequence[str], questions: Sequence[Question]) -> dict[str, str]:
    """Column -> what it probably is: "q:<id>", a name of TARGETS, or nothing. Nothing is used twice."""
    found: dict[str, str] = {}
    used: set[str] = set()

    def take(column: str, target: str) -> None:
        if target not in used:
            found[column] = target
            used.add(target)

    for column in columns:
        bare = _bare(column)
        for question in questions:
            if bare and (
                bare == _bare(question.text)
                or bare in {question.kind, f"{question.kind}s", f"q{question.position + 1}"}
            ):
                take(column, f"q:{question.pk}")
        if column not in found:
            for target, names in _NAMES.items():
                if bare in names:
                    take(column, target)
                    break
    return {column: found.get(column, LEAVE) for column in columns}


def forms(
    sheet: Sheet,
    *,
    mapping: Mapping[str, str],
    defaults: Mapping[str, str],
    wards: Mapping[str, Any],
    prefix: str,
    today: date,
) -> tuple[list[Said], list[LineError]]:
    """The rows as forms, and everything that cannot be read, by line and column.

    mapping: column -> target. today: for an age, where the row has no day.
    defaults: target -> value, where no column gives one or a cell is empty. wards: by code.
    prefix: begins the key of a row without a number of its own, so that one file is one set of forms.
    """
    by_name = {_bare(ward.name): ward for ward in wards.values()} | {_bare(code): ward for code, ward in wards.items()}
    places = {target: index for index, column in enumerate(sheet.columns) if (target := mapping.get(column, LEAVE))}
    heads = {target: sheet.columns[index] for target, index in places.items()}
    said: list[Said] = []
    errors: list[LineError] = []
    seen: dict[str, int] = {}
    for line, cells in sheet.rows:

        def cell(target: str, cells: tuple[str, ...] = cells) -> str:
            index = places.get(target)
            return (cells[index].strip() if index is not None else "") or defaults.get(target, "")

        def wrong(target: str, text: str, line: int = line) -> None:
            errors.append(LineError(line, heads.get(target, target), text))

        answers = {target[2:]: cells[index] for target, index in places.items() if target.startswith("q:")}
        if not any(text.strip() for text in answers.values()):
            continue  # a row without an answer is nobody's form
        channel = _channel(cell("channel"))
        if not channel:
            wrong(
                "channel",
                _("“%(value)s” is not a way we know. Write paper, online, school, door, event, telephone, text, hub.")
                % {"value": cell("channel")[:40]},
            )
        ward = by_name.get(_bare(cell("ward"))) if cell("ward") else None
        if cell("ward") and ward is None:
            wrong(
                "ward",
                _("There is no ward called “%(value)s”. Write its name as on the map, its code, or nothing.")
                % {"value": cell("ward")[:40]},
            )
        day = _day(cell("said_on"))
        if day is None:
            wrong(
                "said_on",
                _("“%(value)s” is not a day. Write it like 2026-05-04 or 4/5/2026.") % {"value": cell("said_on")[:40]},
            )
        quote = _bare(cell("may_quote"))
        if quote not in _YES | _NO:
            wrong("may_quote", _("“%(value)s” is neither yes nor no.") % {"value": cell("may_quote")[:40]})
        age = ages.band(cell("age"), on=day or today)
        if age is None:
            wrong(
                "age",
                _(
                    "“%(value)s” is no age, no year of birth, and lies in none of our bands: %(bands)s. "
                    "Put it right, or leave the column out."
                )
                % {"value": cell("age")[:40], "bands": ", ".join(str(label) for _code, label in AGE.answers)},
            )
        number = cell("key")
        key = f"{prefix}:{number}"[:80] if number else f"{prefix}:line-{line}"
        if number and number in seen:
            wrong(
                "key",
                _("The number %(number)s stands on line %(line)s already. Give each form its own.")
                % {"number": number[:40], "line": seen[number]},
            )
        seen.setdefault(number, line)
        source = cell("source") or (_source(cell("channel"), channel))
        said.append(
            Said(
                answers=answers,
                channel=channel or Channel.PAPER,
                key=key,
                ward=ward,
                place=cell("place"),
                language=(cell("language") or "en").lower() if len(cell("language")) <= 3 else cell("language"),
                may_quote=quote in _YES,
                said_on=day or None,
                source=source,
                contact=cell("contact") or None,
                equality={"age": age} if age else None,
            )
        )
    return said, errors


def lines(sheet: Sheet, mapping: Mapping[str, str], mistakes: Sequence[Mistake]) -> list[LineError]:
    """What `check` found, by the file's own line and column."""
    heads = {target.removeprefix("q:"): column for column, target in mapping.items() if target}
    asked = [column for column, target in mapping.items() if target.startswith("q:")]
    at = [sheet.columns.index(column) for column in asked]
    kept = [line for line, cells in sheet.rows if any(cells[index].strip() for index in at)]
    return [
        LineError(kept[mistake.index], heads.get(mistake.field, _ours(mistake.field)), mistake.said)
        for mistake in mistakes
    ]


def _ours(field: str) -> str:
    return str(TARGETS.get(field, field))


def _channel(text: str) -> str:
    bare = _bare(text)
    return next((channel for channel, names in _CHANNELS.items() if bare in names), "")


def _source(text: str, channel: str) -> str:
    """What the file itself calls it, where that says more than our word for the channel."""
    bare = _bare(text)
    return "" if not bare or bare == channel else " ".join(text.split())[:60]


def _day(text: str) -> date | Literal[False] | None:
    """A day; False for none given; None for what is no day. 4/5/2026 is the fourth of May, as here."""
    text = text.strip()
    if not text:
        return False
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        pass
    if found := _DAY.match(text):
        try:
            return date(int(found[3]), int(found[2]), int(found[1]))
        except ValueError:
            return None
    return None


def _bare(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold().replace("_", " ")
    return " ".join(text.split()).strip(" ?:.")
