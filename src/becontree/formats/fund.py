"""A match fund as a TOML file, and the pledges it follows as a table.

    name = "Council match 2026"
    method = "capped-ratio"       # or quadratic, pairwise, cluster, cocm
    pot = "39,000"                # money is text or whole pounds, never a decimal number: 0.1 has no exact form
    ratio = "39000:5599"          # match : gift
    share = "15%"                 # of a project's target
    per_project = "39,000"
    min_backers = 20
    when_short = "first"          # or "share"

    [[project]]
    id = "play"
    target = "269,598"

Pledges: columns `giver` (an opaque id), `project`, and `amount` in pounds, in the order in which they were made.
Every key is documented on `Fund`; unknown keys are refused, so that a spelling mistake never switches a limit off.

Source of the rules: `methods.matching`. Why TOML: officers write it by hand, with comments, and 0.1 can be kept out by
type. Cost: one pass. Rejected: a spreadsheet of settings (cells have no names), JSON (no comments).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

from becontree.formats.tables import decode, pence, pounds, ratio, read_bytes, read_table
from becontree.methods import matching
from becontree.methods.findings import Finding, Unusable
from becontree.methods.matching import Pledge, Project, Shared, Terms

METHODS: Final = ("capped-ratio", "quadratic", "pairwise", "cluster", "cocm")
MONEY: Final = frozenset({"per_project", "per_pledge", "per_giver", "per_giver_in_fund", "crowd_first"})
SHARES: Final = frozenset({"ratio", "share", "crowd_first_share"})
COUNTS: Final = frozenset({"pledges_per_giver", "min_backers"})
LARGEST: Final = 2_000_000  # bytes; a fund is a page of text


@dataclass(frozen=True, slots=True)
class Fund:
    """A match fund as read. Money in pence.

    method: one of `METHODS`. terms: for capped-ratio, else None. when_short ("first", "share"): capped-ratio.
    scale ("down", "fill"): the quadratic methods. k: pairwise, pence. form ("published", "gitcoin-2020"): pairwise.
    groups: cluster and cocm, "profile", "project" or {group: givers}. ties ("shared", "markov", "markov-harsh"): cocm.
    lot: an order of project ids drawn in public.
    """

    name: str
    method: str
    pot: int
    terms: Terms | None
    projects: tuple[Project, ...]
    when_short: str = "first"
    scale: str = "down"
    k: int = 100
    form: str = "published"
    groups: Any = None
    ties: str = "shared"
    lot: tuple[str, ...] | None = None


def read_fund(source: Path | bytes, *, file: str = "") -> Fund:
    """The fund of a TOML file. Raises `Unusable` with every key that is missing, unknown or wrong."""
    if isinstance(source, Path):
        file, source = file or source.name, read_bytes(source, limit=LARGEST)
    text, _ = decode(source, file=file)
    try:
        facts = tomllib.loads(text)
    except ValueError as problem:
        fix = 'Write key = "value", one a line.'
        raise Unusable(Finding("fund.toml", f"This is not TOML: {problem}.", file=file, fix=fix)) from problem
    except RecursionError as problem:
        raise Unusable(Finding("fund.toml", "This is nested too deeply.", file=file)) from problem
    return fund_from(facts, file=file)


def fund_from(facts: Mapping[str, Any], *, file: str = "") -> Fund:
    """The fund of plain data, as `read_fund`."""
    found: list[Finding] = []

    def wrong(code: str, field: str, message: str, fix: str = "") -> None:
        found.append(Finding(code, message, "error", file, None, field, fix))

    def money(value: object, field: str) -> int:
        try:
            if isinstance(value, bool) or not isinstance(value, (int, str)) or value in ("", None):
                raise ValueError("This is not a sum of money.")
            return pounds(str(value))
        except ValueError as problem:
            wrong("fund.money", field, str(problem), 'Write pounds as text, "1,250.00", or as whole pounds, 1250.')
            return 0

    def choice(field: str, options: tuple[str, ...]) -> str:
        value = facts.get(field, options[0])
        if value not in options:
            wrong("fund.choice", field, "This is not one of the choices.", f"Choose {', '.join(options)}.")
            return options[0]
        return str(value)

    if facts.get("method") == "pairwise-bounded":  # its full name
        facts = {**facts, "method": "pairwise"}
    method = choice("method", METHODS)
    known = {"name", "method", "pot", "project", "lot"}
    known |= {"when_short"} | MONEY | SHARES | COUNTS if method == "capped-ratio" else {"scale"}
    known |= {"k", "form"} if method == "pairwise" else set()
    known |= {"groups"} if method in ("cluster", "cocm") else set()
    known |= {"ties"} if method == "cocm" else set()
    for key in facts:
        if key not in known:
            wrong(
                "fund.key", str(key)[:60], f"The method {method} has no such key.", "Check the spelling, or remove it."
            )
    if "pot" not in facts:
        wrong("fund.missing", "pot", "It is missing.", 'Write pot = "39,000".')
    values: dict[str, Any] = {}
    for key in sorted((MONEY | SHARES | COUNTS) & set(facts)) if method == "capped-ratio" else ():
        if key in MONEY:
            values[key] = money(facts[key], key)
        elif key in COUNTS:
            values[key] = facts[key]
            if isinstance(facts[key], bool) or not isinstance(facts[key], int):
                wrong("fund.count", key, "This is not a whole number.", "Write 20.")
        else:
            try:
                if isinstance(facts[key], (bool, float)):
                    raise ValueError("A ratio is text, so that it stays exact.")
                values[key] = ratio(str(facts[key]))
            except ValueError as problem:
                wrong("fund.ratio", key, str(problem), 'Write "39000:5599", "1/2" or "75%".')
    if method == "capped-ratio" and "ratio" not in facts:
        wrong("fund.missing", "ratio", "It is missing.", 'Write ratio = "1:1".')
    projects = _projects(facts.get("project", []), money, wrong)
    groups = _groups(facts.get("groups", "profile" if method == "cluster" else "project"), wrong)
    lot = facts.get("lot")
    if lot is not None and not (isinstance(lot, list) and all(isinstance(item, str) for item in lot)):
        wrong("fund.lot", "lot", "The lot is not a list of project ids.", 'Write lot = ["play", "choir"].')
        lot = None
    names = [project.id for project in projects]
    order: list[str] = lot or []
    for name in order:
        if order.count(name) > 1 or (names and name not in names):
            what = " twice" if order.count(name) > 1 else ", which is not a project of the fund"
            wrong("fund.lot", "lot", f"The lot names {name[:40]!r}{what}.", "Name each project once.")
            break
    fund: dict[str, Any] = {
        "pot": money(facts["pot"], "pot") if "pot" in facts else 0,
        "when_short": choice("when_short", ("first", "share")),
        "scale": choice("scale", ("down", "fill")),
        "form": choice("form", ("published", "gitcoin-2020")),
        "ties": choice("ties", ("shared", "markov", "markov-harsh")),
        "k": money(facts.get("k", 1), "k"),
    }
    if found:
        raise Unusable(found)
    terms = None
    if method == "capped-ratio":
        try:
            terms = Terms(**values)
        except Unusable as refused:
            raise Unusable(Finding(**{**f.as_dict(), "file": file}) for f in refused.findings) from refused
    return Fund(
        name=str(facts.get("name", "")),
        method=method,
        terms=terms,
        projects=tuple(projects),
        groups=groups,
        lot=tuple(order) or None,
        **fund,
    )


def read_pledges(source: Path | bytes, *, file: str = "") -> tuple[list[Pledge], tuple[Finding, ...]]:
    """The pledges of a table with the columns giver, project and amount (pounds), in the file's order."""
    table = read_table(source, file=file, required=("giver", "project", "amount"))
    found: list[Finding] = []
    pledges: list[Pledge] = []
    for row in table.rows:
        try:
            amount = pence(row, "amount")
            if not amount:
                raise Unusable(_cell(row.file, row.line, "amount", "A pledge is more than zero.", "Leave it out."))
            for column in ("giver", "project"):
                if not row[column].strip():
                    raise Unusable(_cell(row.file, row.line, column, "This cell is empty.", "Every pledge has one."))
            pledges.append(Pledge(row["giver"].strip(), row["project"].strip(), amount))
        except Unusable as refused:
            found += refused.findings
            if len(found) >= 50:
                break
    if found:
        raise Unusable(found)
    return pledges, table.findings


def apply(fund: Fund, pledges: list[Pledge]) -> Shared:
    """What every project of the fund is due. A fund that lists no projects takes those of the pledges."""
    projects = fund.projects or tuple(Project(name) for name in sorted({pledge.project for pledge in pledges}))
    common: dict[str, Any] = {"pot": fund.pot, "lot": fund.lot}
    if fund.method == "capped-ratio":
        terms = cast(Terms, fund.terms)
        return matching.share_pot(terms, projects, pledges, when_short=cast(Any, fund.when_short), **common)
    common["scale"] = fund.scale
    if fund.method == "pairwise":
        return matching.pairwise(projects, pledges, k_pence=fund.k, form=cast(Any, fund.form), **common)
    if fund.method == "cluster":
        return matching.cluster(projects, pledges, groups=fund.groups, **common)
    if fund.method == "cocm":
        return matching.cocm(projects, pledges, groups=fund.groups, ties=cast(Any, fund.ties), **common)
    return matching.quadratic(projects, pledges, **common)


def record(fund: Fund, pledges: list[Pledge], shared: Shared) -> dict[str, Any]:
    """The decision record that `becontree verify` recomputes. Givers appear by their ids: keep those opaque."""
    projects = fund.projects or tuple(Project(name) for name in sorted({pledge.project for pledge in pledges}))
    terms = {}
    if fund.terms is not None:
        for item in fields(fund.terms):
            value = getattr(fund.terms, item.name)
            terms[item.name] = f"{value.numerator}/{value.denominator}" if isinstance(value, Fraction) else value
    options: dict[str, Any] = {"terms": terms} if fund.terms is not None else {"scale": fund.scale}
    if fund.method == "pairwise":
        options |= {"k": fund.k, "form": fund.form}
    if fund.method in ("cluster", "cocm"):
        options["groups"] = fund.groups
    if fund.method == "cocm":
        options["ties"] = fund.ties
    if fund.method == "capped-ratio":
        options["when_short"] = fund.when_short
    return {
        "format": "becontree-decision/1",
        "family": "match",
        "method": shared.method,
        "parameters": {"name": fund.name, "pot": fund.pot, "lot": list(fund.lot) if fund.lot else None, **options},
        "inputs": {
            "projects": [{"id": p.id, "target": p.target, "cap": p.cap} for p in projects],
            "pledges": [[p.giver, p.project, p.pence] for p in pledges],
        },
        "randomness": None,
        "result": result(shared),
    }


def result(shared: Shared) -> dict[str, Any]:
    """The outcome as plain data: pence by project, and what is left."""
    return {
        "paid": shared.paid,
        "left": shared.left,
        "matches": [
            {
                "project": m.project,
                "crowd": m.crowd,
                "backers": m.backers,
                "wanted": m.wanted,
                "paid": m.paid,
                "limits": list(m.limits),
            }
            for m in shared.matches
        ],
        "ties": list(shared.ties),
    }


def _projects(listed: object, money: Any, wrong: Any) -> list[Project]:
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        wrong("fund.project", "project", "Projects are tables.", 'Write [[project]] and id = "...".')
        return []
    projects: list[Project] = []
    for item in listed:
        name = item.get("id")
        if not isinstance(name, str) or not name.strip():
            wrong("fund.project.id", "project", "A project has no id.", 'Write id = "play".')
            continue
        if name.strip() in {project.id for project in projects}:
            wrong("fund.project.twice", "project", f"The project {name[:40]!r} is listed twice.", "Remove one.")
        for key in item:
            if key not in ("id", "target", "cap", "title"):
                wrong("fund.key", str(key)[:60], "A project has no such key.", "It has id, title, target and cap.")
        target, cap = (money(item[key], key) if key in item else None for key in ("target", "cap"))
        projects.append(Project(name.strip(), target, cap))
    return projects


def _groups(value: object, wrong: Any) -> Any:
    if value in ("profile", "project"):
        return value
    if isinstance(value, dict) and all(
        isinstance(givers, list) and all(isinstance(giver, str) for giver in givers) for givers in value.values()
    ):
        return value
    wrong("fund.groups", "groups", "Groups are 'profile', 'project' or lists of givers by name.")
    return "profile"


def _cell(file: str, line: int, field: str, message: str, fix: str) -> Finding:
    return Finding("fund.pledge", message, "error", file, line, field, fix)
