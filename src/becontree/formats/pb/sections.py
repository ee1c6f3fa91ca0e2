"""The sections META and PROJECTS, row by row: they are short, so every row is looked at with care.

Source: as in `reader`. Cost: a few hundred rows. Rejected: the quick path of `ballots` (nothing to gain here).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from becontree.formats.pb.desk import SECTIONS, Desk, how_to_write, number
from becontree.methods.budgeting.election import BALLOT_TYPES, Project

WITHDRAWN: Final = 999_999_999  # Pabulib's stand-in cost of a project that was taken back


def read_meta(rows: Iterator[list[str]], desk: Desk) -> tuple[dict[str, str], dict[str, int]]:
    first = next((row for row in rows if row), [])
    if not first or first[0].strip().upper() != "META":
        desk.fatal(
            "pb.section.missing",
            "The file does not begin with the section META.",
            "The first line must be META; check that this is a .pb file.",
            1,
        )
    read_header(rows, desk, "META", ("key", "value"), announced=True)
    meta: dict[str, str] = {}
    lines: dict[str, int] = {}
    for row in rows:
        line = rows.line_num  # type: ignore[attr-defined]
        if not row or not "".join(row).strip():
            continue
        key = row[0].strip()
        if len(row) == 1 and key.upper() in SECTIONS:
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


def read_header(
    rows: Iterator[list[str]], desk: Desk, section: str, needed: tuple[str, ...], *, announced: bool = True
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


def read_projects(
    rows: Iterator[list[str]], desk: Desk, meta: dict[str, str], lines: dict[str, int]
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
            f"The budget {meta['budget']!r} is not a number that can be read in one way only.",
            how_to_write(meta["budget"]),
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
    fields = read_header(rows, desk, "PROJECTS", ("project_id", "cost"))
    kept: list[list[str]] = []
    projects: list[Project] = []
    known: dict[str, int] = {}
    at = {name: place for place, name in enumerate(fields)}
    for row in rows:
        line = rows.line_num  # type: ignore[attr-defined]
        if not row or not "".join(row).strip():
            continue
        if len(row) == 1 and row[0].strip().upper() in SECTIONS:
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
            what = "not a number that can be read in one way only" if cost is None else "below 0"
            desk.error(
                "pb.cost.number" if cost is None else "pb.cost.negative",
                f"The cost {price.strip()!r} of project {id_!r} is {what}.",
                how_to_write(price),
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
