"""The two tables of a panel selection: who said yes, and the quotas. Our form and the Sortition Foundation's.

Quotas: one row a value of a category.
- ours: `feature,value,min,max`
- the Sortition Foundation's: `category,name,min,max` or `feature,value,min,max,min_flex,max_flex` (their published
  sortition-algorithms read both); the flex columns are the limits to which the organiser would let a quota move.

People: one row a person; an id column, one column a category, any other columns (ignored), and for "one person an
address" the columns that together make the address (`primary_address1,primary_zip` in the Foundation's form).

Labels are compared after one tidying (Unicode NFC, single spaces). Spelling is never guessed: `Non-binary` against
`non-binary` is a finding that names both, because a guess would change quotas and hashes alike.

Source: the README of sortition-algorithms and its fixtures. Why both forms: organisers have files already. Cost: one
pass. Rejected: asking people to rename columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from becontree.formats.tables import Row, Table, label, read_table, whole, write_table
from becontree.methods.findings import Finding, Unusable
from becontree.methods.sortition.pool import LARGEST_POOL, Person, Pool, Quota, pool

FEATURE: Final = ("feature", "category")
VALUE: Final = ("value", "name")
IDS: Final = ("id", "nationbuilder_id", "respondent_id", "unique_id", "person_id")
FOUNDATION_ADDRESS: Final = ("primary_address1", "primary_zip")
MOST_FINDINGS: Final = 50
Source = Path | bytes | str


def read_quotas(source: Source, *, file: str = "") -> tuple[Quota, ...]:
    """The quotas. Raises Unusable with every broken row (at most 50), its line and what to do."""
    table = read_table(source, file=file or "quotas")
    feature = _one_of(table, FEATURE, "sortition.quotas.feature", "names the category (for example 'age')")
    value = _one_of(table, VALUE, "sortition.quotas.value", "names the answer (for example '16-24')")
    least = _one_of(table, ("min",), "sortition.quotas.min", "gives the least number of seats")
    most = _one_of(table, ("max",), "sortition.quotas.max", "gives the greatest number of seats")
    floor, ceiling = _column(table, ("min_flex",)), _column(table, ("max_flex",))
    quotas: list[Quota] = []
    seen: dict[tuple[str, str], int] = {}
    problems: list[Finding] = []
    for row in table.rows:
        try:
            quota = Quota(
                label(row[feature]),
                label(row[value]),
                whole(row, least, least=0, most=LARGEST_POOL),
                whole(row, most, least=0, most=LARGEST_POOL),
                _limit(row, floor),
                _limit(row, ceiling),
            )
        except Unusable as refused:
            problems += refused.findings
            continue
        problems += _quota_problems(quota, row, (feature, value, most), seen)
        seen.setdefault((quota.feature, quota.value), row.line)
        quotas.append(quota)
    if not table.rows:
        problems.append(
            Finding("sortition.quotas.none", "The file has no quotas.", file=table.file, fix="Add a row a value.")
        )
    if problems:
        raise Unusable(problems[:MOST_FINDINGS])
    return tuple(quotas)


def _quota_problems(
    quota: Quota, row: Row, columns: tuple[str, str, str], seen: dict[tuple[str, str], int]
) -> Iterable[Finding]:
    feature, value, most = columns

    def found(code: str, message: str, field: str, fix: str = "") -> Finding:
        return Finding(f"sortition.quota.{code}", message, file=row.file, line=row.line, field=field, fix=fix)

    if not quota.feature:
        yield found("feature", "The category's name is empty.", feature, "Write the name of a column of the people.")
    if not quota.value:
        yield found("value", "The answer is empty.", value, "Write the answer as people gave it.")
    if quota.most < quota.least:
        yield found(
            "range", f"The most ({quota.most}) is below the least ({quota.least}).", most, "Swap or correct them."
        )
    if quota.floor is not None and quota.floor > quota.least:
        yield found("min_flex", f"The lower limit ({quota.floor}) is above the least ({quota.least}).", "min_flex")
    if quota.ceiling is not None and quota.ceiling < quota.most:
        yield found("max_flex", f"The upper limit ({quota.ceiling}) is below the most ({quota.most}).", "max_flex")
    first = seen.get((quota.feature, quota.value))
    if first is not None:
        yield found("twice", f"{quota.name} was already given on line {first}.", value, "Keep one of the two rows.")


def read_pool(
    respondents: Source,
    categories: Source,
    seats: int,
    *,
    address: Sequence[str] = (),
    id_column: str = "",
    file: str = "",
    quotas_file: str = "",
) -> Pool:
    """People and quotas as a checked pool. Raises Unusable with line and field for what cannot be used.

    address: the columns that together make an address; at most one person of an address will be on a panel.
    """
    quotas = read_quotas(categories, file=quotas_file or _name(categories, "quotas"))
    table = read_table(respondents, file=file or _name(respondents, "people"))
    features = sorted({quota.feature for quota in quotas})
    columns = {feature: _feature_column(table, feature) for feature in features}
    identifier = _id_column(table, id_column)
    homes = [_one_of(table, (name,), "sortition.address", "is part of the address") for name in address]
    missing = [column for column in (*columns.values(), identifier, *homes) if isinstance(column, Finding)]
    if missing:
        raise Unusable(missing)
    people, problems = _people(table, str(identifier), {name: str(at) for name, at in columns.items()}, homes, quotas)
    if not table.rows:
        problems.append(Finding("sortition.people.none", "Nobody is in the file.", file=table.file))
    if problems:
        raise Unusable(problems[:MOST_FINDINGS])
    return pool(people, quotas, seats, features, by_address=bool(address))


def _people(
    table: Table, identifier: str, columns: dict[str, str], homes: Sequence[str], quotas: Sequence[Quota]
) -> tuple[list[Person], list[Finding]]:
    known: dict[str, set[str]] = {}
    for quota in quotas:
        known.setdefault(quota.feature, set()).add(quota.value)
    people: list[Person] = []
    problems: list[Finding] = []
    seen: dict[str, int] = {}
    for row in table.rows:
        name = label(row[identifier])

        def found(code: str, message: str, field: str, fix: str = "", row: Row = row) -> None:
            problems.append(Finding(f"sortition.{code}", message, file=row.file, line=row.line, field=field, fix=fix))

        if not name:
            found("id.empty", "This row has no id.", identifier, "Give each person an id of their own.")
        elif name in seen:
            found(
                "id.twice", f"The id {name!r} is already on line {seen[name]}.", identifier, "Give each person one row."
            )
        seen.setdefault(name, row.line)
        answers = []
        for feature, column in columns.items():
            answer = label(row[column])
            if not answer:
                found("answer.empty", "The answer is missing.", column, "Fill it in, or add a value for 'not said'.")
            elif answer not in known[feature]:
                near = next((value for value in sorted(known[feature]) if value.casefold() == answer.casefold()), "")
                hint = (
                    f"Did you mean {near!r}?" if near else f"The quotas know {', '.join(sorted(known[feature])[:8])}."
                )
                found("answer.unknown", f"No quota is given for {answer[:40]!r}.", column, hint)
            answers.append(answer)
        home = "\n".join(label(row[column]).casefold() for column in homes)
        people.append(Person(name, tuple(answers), home if home.strip() else ""))
        if len(problems) > MOST_FINDINGS:
            break
    return people, problems


def write_quotas(quotas: Iterable[Quota]) -> str:
    """Quotas in our form, with the flex columns when any is set."""
    rows = list(quotas)
    flex = any(quota.floor is not None or quota.ceiling is not None for quota in rows)
    columns = ["feature", "value", "min", "max", *(["min_flex", "max_flex"] if flex else [])]
    cells = [[q.feature, q.value, q.least, q.most, *([q.floor, q.ceiling] if flex else [])] for q in rows]
    return write_table(columns, cells)


def write_panel(people: Iterable[Person], features: Sequence[str]) -> str:
    """People of a panel, one a row."""
    return write_table(["id", *features], [[person.id, *person.answers] for person in people])


def _name(source: Source, otherwise: str) -> str:
    return source.name if isinstance(source, Path) else otherwise


def _column(table: Table, names: Sequence[str]) -> str:
    """The column called one of `names`: exactly, else whatever the capitals; '' if none."""
    for name in names:
        if label(name) in table.columns:
            return label(name)
    for name in names:
        same = [column for column in table.columns if column.casefold() == label(name).casefold()]
        if len(same) == 1:
            return same[0]
    return ""


def _one_of(table: Table, names: Sequence[str], code: str, what: str) -> str:
    column = _column(table, names)
    if not column:
        called = " or ".join(repr(name) for name in names)
        listed = ", ".join(repr(name) for name in table.columns[:12])
        raise Unusable(
            Finding(
                code, f"No column is called {called}; it {what}.", file=table.file, line=1, fix=f"There is {listed}."
            )
        )
    return column


def _feature_column(table: Table, feature: str) -> str | Finding:
    column = _column(table, (feature,))
    if column:
        return column
    listed = ", ".join(repr(name) for name in table.columns[:12])
    return Finding(
        "sortition.people.feature", f"There are quotas for {feature!r}, and no column of that name.",
        file=table.file, line=1, field=feature, fix=f"The file has {listed}.",
    )  # fmt: skip


def _id_column(table: Table, wanted: str) -> str | Finding:
    column = _column(table, (wanted,) if wanted else IDS)
    if column:
        return column
    called = repr(wanted) if wanted else " or ".join(repr(name) for name in IDS)
    return Finding(
        "sortition.people.id", f"No column holds the ids: none is called {called}.", file=table.file, line=1,
        fix="Add a column 'id', or name it with --id.",
    )  # fmt: skip


def _limit(row: Row, column: str) -> int | None:
    """A flex limit; empty or -1 means that none is set."""
    if not column or not row[column].strip() or row[column].strip() == "-1":
        return None
    return whole(row, column, least=0, most=LARGEST_POOL)
