"""What people said elsewhere: ideas and answers exported from Decidim, CONSUL Democracy and Citizen Space.

What the formats are, as far as they are documented (looked for in November 2026):
- **Decidim**: CSV with a semicolon (or the installation's separator); nested fields become columns with slashes, such
  as `title/en`; JSON is a list of the same objects. Open data come as one ZIP at /open-data/download with a file for
  each kind of content. Known from Decidim's own exporter and serialisers.
- **CONSUL**: a CSV of budget investments, thirteen columns in a fixed order, headings in the installation's language,
  price and feasibility in one cell; JSON with id, title and description. Known from CONSUL's own exporter.
- **Citizen Space**: no published layout was found. Taken here: one row a response, one column a question in the words
  of the survey; the columns that hold an id or a date are recognised by name, the rest are answers.

The readers keep every column they do not know in `more`, and never guess a number: what is not clear is left empty.

Why readers at all: what people already said elsewhere should not be asked again. Cost: one pass, within the limits of
`tables`. Rejected: fetching from a platform's programming interface (keys, and another council's server).
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from becontree.formats.tables import Limits, Table, decode, read_bytes, read_table, unguarded
from becontree.methods.findings import Finding, Unusable

MOST_MEMBERS: Final = 2_000
LARGEST_MEMBER: Final = 100_000_000
_WHOLE: Final = re.compile(r"\d{1,12}", re.ASCII)
_PRICE: Final = re.compile(r"^(.*?)\s*\((.*\d.*)\)\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Idea:
    """A proposal or investment. `supports` is None if the export does not say; `price` is the text as written."""

    id: str
    title: str
    text: str = ""
    place: str = ""
    category: str = ""
    state: str = ""
    supports: int | None = None
    price: str = ""
    url: str = ""
    published: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answered:
    """One response to a survey: answers by question, in the order of the survey; `submitted` as written."""

    id: str
    answers: Mapping[str, str]
    submitted: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader found, with warnings and notes."""

    ideas: tuple[Idea, ...] = ()
    responses: tuple[Answered, ...] = ()
    questions: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_decidim(source: Path | bytes, *, file: str = "", language: str = "en") -> Read:
    """Proposals from Decidim: a ZIP of open data, a CSV, or JSON. language: the one preferred in translated fields."""
    data, file = _bytes(source, file)
    if data.startswith(b"PK\x03\x04"):
        ideas: list[Idea] = []
        findings: list[Finding] = []
        for name, member in _members(data, file):
            found = _decidim_table(read_table(member, file=name, twins="number"), language)
            ideas += found.ideas
            findings += found.findings
        return Read(tuple(ideas), findings=tuple(findings))
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        rows = _objects(data, file)
        flat = [(None, {key: _text(value) for key, value in _flat(row).items()}) for row in rows]
        return Read(_unique(_decidim_idea(cells, language, line, file) for line, cells in flat))
    return _decidim_table(read_table(data, file=file, twins="number"), language)


def read_consul(source: Path | bytes, *, file: str = "") -> Read:
    """Budget investments from CONSUL: CSV by the place of its thirteen columns, or JSON."""
    data, file = _bytes(source, file)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        made = []
        for row in _objects(data, file):
            cells = {key: _text(value) for key, value in row.items()}
            more = {key: value for key, value in cells.items() if key not in ("id", "title", "description")}
            _need(cells.get("id", ""), cells.get("title", ""), None, file)
            made.append(Idea(cells["id"], cells["title"], cells.get("description", ""), more=more))
        return Read(_unique(made))
    table = read_table(data, file=file, separator=",", twins="number")
    if len(table.columns) != 13:
        text = f"CONSUL's table of investments has 13 columns; this one has {len(table.columns)}."
        raise Unusable(Finding("consul.columns", text, file=file, line=1, fix="Export the investments again, as CSV."))
    ideas = []
    for line in table.rows:
        parts = [unguarded(cell).strip() for cell in line.cells.values()]
        number, title, text, _, _, _, place, feasible, _, _, selected, *_ = parts
        _need(number, title, line.line, file)
        priced = _PRICE.match(feasible)
        more = {name: parts[at] for at, name in enumerate(table.columns) if at in (3, 4, 5, 8, 9, 11, 12)}
        ideas.append(
            Idea(
                number,
                title,
                text,
                place,
                state="; ".join(part for part in (priced[1] if priced else feasible, selected) if part),
                price=priced[2].strip() if priced else "",
                more=more,
            )
        )
    return Read(_unique(ideas), findings=table.findings)


def read_citizen_space(source: Path | bytes, *, file: str = "") -> Read:
    """Survey responses from Citizen Space, saved as CSV: one row a response, one column a question."""
    data, file = _bytes(source, file)
    if data.startswith(b"PK\x03\x04"):
        fix = "Open it and save it as 'CSV UTF-8'."
        raise Unusable(Finding("citizenspace.xlsx", "This is a workbook, not a table of text.", file=file, fix=fix))
    table = read_table(data, file=file, ragged="pad", twins="number", fallback="cp1252")
    ids = [
        name for name in table.columns if name.casefold() in ("response id", "responseid", "id", "reference", "anon id")
    ]
    dates = [name for name in table.columns if re.match(r"(date )?(submitted|created|response date)", name.casefold())]
    questions = tuple(name for name in table.columns if name not in (*ids[:1], *dates[:1]))
    if not questions:
        raise Unusable(Finding("citizenspace.questions", "There is no column with answers.", file=file, line=1))
    found = list(table.findings)
    if not ids:
        text = "No column of ids was found; responses are numbered by their line."
        found.append(Finding("citizenspace.id", text, "warning", file, 1))
    responses, seen = [], set()
    for row in table.rows:
        name = row[ids[0]].strip() if ids else f"line {row.line}"
        if not name or name in seen:
            text = "This response has no id." if not name else "This response's id was used before."
            raise Unusable(Finding("citizenspace.id", text, "error", file, row.line, ids[0]))
        seen.add(name)
        answers = {question: unguarded(row[question]).strip() for question in questions}
        responses.append(Answered(name, answers, row[dates[0]].strip() if dates else ""))
    return Read(responses=tuple(responses), questions=questions, findings=tuple(found))


def _decidim_table(table: Table, language: str) -> Read:
    made = (
        _decidim_idea({key: unguarded(value) for key, value in row.cells.items()}, language, row.line, table.file)
        for row in table.rows
    )
    return Read(_unique(made), findings=table.findings)


def _decidim_idea(cells: Mapping[str, str], language: str, line: int | None, file: str) -> Idea:
    used: set[str] = set()

    def take(*names: str) -> str:
        for name in names:
            if cells.get(name, "").strip():
                used.add(name)
                return cells[name].strip()
        for name in names:  # a translated field: the language asked for, else the first that is filled
            parts = sorted(key for key in cells if key.startswith(f"{name}/") and key.count("/") == name.count("/") + 1)
            for key in sorted(parts, key=lambda key: key != f"{name}/{language}"):
                if cells[key].strip():
                    used.add(key)
                    return cells[key].strip()
        return ""

    number, title = take("id"), take("title")
    _need(number, title, line, file)
    supports = take("votes", "supports", "proposal_votes_count", "votes_count", "total_votes")
    return Idea(
        number,
        title,
        take("body", "description"),
        take("scope/name", "address"),
        take("category/name", "taxonomies/name"),
        take("state"),
        int(supports) if _WHOLE.fullmatch(supports) else None,
        take("budget_amount", "cost"),
        take("url"),
        take("published_at"),
        {key: value for key, value in cells.items() if key not in used and value.strip()},
    )


def _members(data: bytes, file: str) -> list[tuple[str, bytes]]:
    """The tables of proposals in a ZIP, each read up to a limit (a small ZIP can hold a huge file)."""

    def refuse(code: str, message: str) -> Unusable:
        return Unusable(Finding(code, message, file=file, fix="Download the open data again."))

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.infolist()
            if len(names) > MOST_MEMBERS:
                raise refuse("decidim.zip", f"The ZIP holds {len(names):,} files; at most {MOST_MEMBERS:,} are read.")
            wanted = [one for one in names if re.search(r"proposals[^/]*\.csv$", one.filename)]
            if not wanted:
                raise refuse("decidim.zip", "The ZIP holds no table of proposals.")
            found, left = [], LARGEST_MEMBER
            for one in sorted(wanted, key=lambda one: one.filename):
                with archive.open(one) as handle:
                    content = handle.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise refuse("decidim.zip", f"The tables in the ZIP are over {LARGEST_MEMBER:,} bytes.")
                if content.strip():
                    found.append((one.filename, content))
            return found
    except Unusable:
        raise
    except (
        Exception
    ) as problem:  # zipfile raises many kinds for a damaged archive, RuntimeError and zlib.error among them
        raise refuse("decidim.zip", "The ZIP is damaged or locked.") from problem


def _objects(data: bytes, file: str) -> list[dict[str, Any]]:
    text, _ = decode(data, file=file)
    try:
        facts = json.loads(text)
    except json.JSONDecodeError as problem:
        raise Unusable(
            Finding("platform.json", f"This is not JSON: {problem.msg}.", file=file, line=problem.lineno)
        ) from problem
    except (ValueError, RecursionError) as problem:
        raise Unusable(Finding("platform.json", "This is not JSON that can be read.", file=file)) from problem
    if isinstance(facts, dict):
        facts = next((value for value in facts.values() if isinstance(value, list)), None)
    if not isinstance(facts, list) or not all(isinstance(item, dict) for item in facts):
        raise Unusable(Finding("platform.json", "This is not a list of proposals.", file=file))
    return facts


def _flat(value: Mapping[str, Any]) -> dict[str, Any]:
    """Nested objects as one, keys joined by slashes, as in Decidim's CSV."""
    found: dict[str, Any] = {}
    work: list[tuple[str, Any]] = [("", value)]
    while work:
        at, part = work.pop()
        if isinstance(part, dict):
            work += [(f"{at}/{key}" if at else str(key), inner) for key, inner in part.items()]
        else:
            found[at] = part
    return dict(sorted(found.items()))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value if not isinstance(item, (list, dict)))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)[:10_000]
    return text.encode("utf-8", "replace").decode()  # half a pair of \u escapes has no bytes


def _need(number: str, title: str, line: int | None, file: str) -> None:
    for name, value in (("id", number), ("title", title)):
        if not value.strip():
            raise Unusable(Finding("platform.field", "It is missing.", "error", file, line, name, "Export it again."))


def _unique(ideas: Any) -> tuple[Idea, ...]:
    found: dict[str, Idea] = {}
    for idea in ideas:
        if idea.id in found:
            raise Unusable(Finding("platform.twice", f"The id {idea.id[:40]!r} is used twice.", field="id"))
        found[idea.id] = idea
    return tuple(found.values())


def _bytes(source: Path | bytes, file: str) -> tuple[bytes, str]:
    if isinstance(source, Path):
        return read_bytes(source, limit=Limits().bytes), file or source.name
    return source, file


READERS: Final[dict[str, Callable[..., Read]]] = {
    "decidim": read_decidim,
    "consul": read_consul,
    "citizen-space": read_citizen_space,
}
