"""360Giving: the open standard in which British funders publish grants, as JSON and as a spreadsheet.

Writes and reads awards; checks a package against the standard's own schemas, offline, from files whose folder you give
(they are not part of this project: fetch them from the standard's repository, version 1.4).
Source: 360Giving Data Standard 1.4.3, schemas and the column titles of its spreadsheet form.

The package schema points at an older address of the grant schema than the grant schema's own: both are registered, so
nothing is fetched. Money is pence here and pounds there; JSON numbers are read as decimals, never as floats.

Why: British funders and the tools of GrantNav read it. Cost: one pass; checking against the schemas is what takes
time. Rejected: a copy of the schemas in here (they are not ours, and change).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from becontree.formats.tables import decode, read_bytes, read_table, unguarded, write_table
from becontree.methods.findings import Finding, Unusable

VERSION: Final = "1.4"
PACKAGE_SCHEMA: Final = "360-giving-package-schema.json"
GRANT_SCHEMA: Final = "360-giving-schema.json"
GRANT_ADDRESSES: Final = tuple(
    f"https://raw.githubusercontent.com/ThreeSixtyGiving/standard/{version}/schema/360-giving-schema.json"
    for version in ("1.4.2", "1.4.3")
)
MOST_ERRORS: Final = 50
_MOMENT: Final = re.compile(  # RFC 3339 section 5.6
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]"
    r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation. id: an org-id such as GB-CHC-1164883, or one made from the publisher's prefix."""

    id: str
    name: str
    charity_number: str = ""
    company_number: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Award:
    """One award. id begins with the publisher's 360Giving prefix. `pence` of `currency`; `awarded` is the date.

    programme and location are (code, title) and (name, code, kind of code); empty text where not known.
    """

    id: str
    title: str
    description: str
    pence: int
    awarded: date
    recipient: Organisation
    funder: Organisation
    currency: str = "GBP"
    url: str = ""
    programme: tuple[str, str] = ("", "")
    location: tuple[str, str, str] = ("", "", "")
    planned: tuple[date | None, date | None] = (None, None)
    open_call: bool | None = None
    modified: str = ""


# column title of the spreadsheet form -> where it stands in a grant
COLUMNS: Final[dict[str, tuple[str | int, ...]]] = {
    "Identifier": ("id",),
    "Title": ("title",),
    "Description": ("description",),
    "Currency": ("currency",),
    "Amount Awarded": ("amountAwarded",),
    "Award Date": ("awardDate",),
    "URL": ("url",),
    "Planned Dates:Start Date": ("plannedDates", 0, "startDate"),
    "Planned Dates:End Date": ("plannedDates", 0, "endDate"),
    "Recipient Org:Identifier": ("recipientOrganization", 0, "id"),
    "Recipient Org:Name": ("recipientOrganization", 0, "name"),
    "Recipient Org:Charity Number": ("recipientOrganization", 0, "charityNumber"),
    "Recipient Org:Company Number": ("recipientOrganization", 0, "companyNumber"),
    "Recipient Org:Postal Code": ("recipientOrganization", 0, "postalCode"),
    "Funding Org:Identifier": ("fundingOrganization", 0, "id"),
    "Funding Org:Name": ("fundingOrganization", 0, "name"),
    "Grant Programme:Code": ("grantProgramme", 0, "code"),
    "Grant Programme:Title": ("grantProgramme", 0, "title"),
    "Beneficiary Location:Name": ("beneficiaryLocation", 0, "name"),
    "Beneficiary Location:Geographic Code": ("beneficiaryLocation", 0, "geoCode"),
    "Beneficiary Location:Geographic Code Type": ("beneficiaryLocation", 0, "geoCodeType"),
    "From An Open Call?": ("fromOpenCall",),
    "Last Modified": ("dateModified",),
}
NEEDED: Final = (
    "Identifier", "Title", "Description", "Currency", "Amount Awarded", "Award Date", "Recipient Org:Identifier",
    "Recipient Org:Name", "Funding Org:Identifier", "Funding Org:Name",
)  # fmt: skip


def grant(award: Award) -> dict[str, Any]:
    """The award as a 360Giving grant; what is not known is left out."""
    programme, (place, code, kind) = award.programme, award.location
    start, end = award.planned
    opened = "" if award.open_call is None else "Yes" if award.open_call else "No"
    made: dict[str, Any] = _known(
        {
            "id": award.id,
            "title": award.title,
            "description": award.description,
            "currency": award.currency,
            "amountAwarded": award.pence // 100 if award.pence % 100 == 0 else award.pence / 100,
            "awardDate": award.awarded.isoformat(),
            "url": award.url,
            "plannedDates": [{"startDate": start and start.isoformat(), "endDate": end and end.isoformat()}],
            "recipientOrganization": [_organisation(award.recipient)],
            "fundingOrganization": [_organisation(award.funder)],
            "grantProgramme": [{"code": programme[0], "title": programme[1]}],
            "beneficiaryLocation": [{"name": place, "geoCode": code, "geoCodeType": kind}],
            "fromOpenCall": opened,
            "dateModified": award.modified,
        }
    )
    return made


def package(awards: Iterable[Award], **about: Any) -> dict[str, Any]:
    """A package of grants. about: title, description, issued, publisher, license ... as the standard names them."""
    return {"version": VERSION, **about, "grants": [grant(award) for award in awards]}


def write_json(awards: Iterable[Award], **about: Any) -> str:
    return json.dumps(package(awards, **about), ensure_ascii=False, indent=1) + "\n"


def write_csv(awards: Iterable[Award]) -> str:
    """The awards in the standard's spreadsheet form, safe to open in a spreadsheet."""
    rows = []
    for award in awards:
        made = grant(award) | {"amountAwarded": f"{award.pence // 100}.{award.pence % 100:02d}"}
        rows.append([_at(made, path) for path in COLUMNS.values()])
    return write_table(list(COLUMNS), rows)


def read_json(source: Path | bytes, *, file: str = "") -> tuple[Award, ...]:
    """The awards of a package. Raises `Unusable` naming each grant and field that cannot be read."""
    facts = _json(source, file)
    grants = facts.get("grants") if isinstance(facts, dict) else None
    if not isinstance(grants, list) or not grants:
        fix = 'A package is {"grants": [...]}.'
        raise Unusable(Finding("360.grants", "There is no list of grants.", file=file, field="grants", fix=fix))
    found: list[Finding] = []
    awards = []
    for number, item in enumerate(grants):
        if not isinstance(item, dict):
            found.append(Finding("360.grant", "This grant is not an object.", file=file, field=f"grants/{number}"))
        else:
            awards.append(_award(item, f"grants/{number}/", file, None, found))
        if len(found) >= MOST_ERRORS:
            break
    return _whole(awards, found, file)


def read_csv(source: Path | bytes, *, file: str = "") -> tuple[Award, ...]:
    """The awards of the spreadsheet form. Columns of the standard that we do not use are passed over."""
    table = read_table(source, file=file, required=NEEDED)
    found: list[Finding] = []
    awards = []
    for row in table.rows:
        item: dict[str, Any] = {}
        for column, path in COLUMNS.items():
            if value := unguarded(row.get(column)).strip():
                _put(item, path, value)
        awards.append(_award(item, "", table.file, row.line, found))
        if len(found) >= MOST_ERRORS:
            break
    return _whole(awards, found, table.file)


def validate(facts: Mapping[str, Any], schemas: Path) -> list[Finding]:
    """What is wrong with a package by the standard's own schemas, from the folder that holds the two files.

    The schema says "a date-time or a day, and not both", so the check of date-times must be on: without it every day is
    both, and a sound package is refused. jsonschema has it only with a further package; `_is_moment` stands in.
    """
    from jsonschema import Draft202012Validator, FormatChecker
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    of_package, of_grant = (_json(schemas / name, name) for name in (PACKAGE_SCHEMA, GRANT_SCHEMA))
    resource = DRAFT202012.create_resource(of_grant)
    registry: Registry[Any] = Registry().with_resources((address, resource) for address in GRANT_ADDRESSES)
    formats = FormatChecker(formats=())
    formats.checks("date-time")(_is_moment)
    checker = Draft202012Validator(of_package, registry=registry, format_checker=formats)
    found = []
    for error in checker.iter_errors(facts):
        for cause in _causes(error):
            field = "/".join(str(part) for part in cause.absolute_path)
            found.append(Finding("360.schema", f"{cause.message[:300]}.", field=field))
            if len(found) >= MOST_ERRORS:
                return found
    return found


def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or bool(_MOMENT.fullmatch(value))


def _causes(error: Any) -> list[Any]:
    """Below a "one of" that fails, the errors of the choice that comes nearest."""
    if error.validator in ("oneOf", "anyOf") and error.context:
        choices: dict[int, list[Any]] = {}
        for cause in error.context:
            choices.setdefault(cause.schema_path[0], []).append(cause)
        return min(choices.values(), key=len)
    return [error]


def _award(item: dict[str, Any], where: str, file: str, line: int | None, found: list[Finding]) -> Award:
    def wrong(field: str, message: str, fix: str = "") -> None:
        found.append(Finding("360.field", message, "error", file, line, f"{where}{field}", fix))

    def text(path: Sequence[str | int], needed: bool = False) -> str:
        value = _at(item, path)
        name = "/".join(map(str, path))
        if value is not None and not isinstance(value, str):
            wrong(name, "This is not text.")
            return ""
        if needed and not (value or "").strip():
            wrong(name, "It is missing.", "The standard requires it.")
        return (value or "").strip().encode("utf-8", "replace").decode()  # half a pair of \u escapes has no bytes

    def day(path: Sequence[str | int], needed: bool = False) -> date | None:
        value = text(path, needed)
        if not value:
            return None
        try:
            return date.fromisoformat(value[:10]) if value[10:11] in ("", "T") else date.fromisoformat(value)
        except ValueError:
            wrong("/".join(map(str, path)), "This is not a date.", "Write 2026-11-22.")
            return None

    def organisation(name: str) -> Organisation:
        fields = ("id", "name", "charityNumber", "companyNumber", "postalCode")
        return Organisation(*(text((name, 0, field), needed=field in ("id", "name")) for field in fields))

    opened = text(("fromOpenCall",))
    if opened not in ("", "Yes", "No"):
        wrong("fromOpenCall", "This is neither Yes nor No.")
    currency = text(("currency",), needed=True)
    return Award(
        id=text(("id",), needed=True),
        title=text(("title",), needed=True),
        description=text(("description",), needed=True),
        pence=_pence(item.get("amountAwarded"), wrong),
        awarded=day(("awardDate",), needed=True) or date.min,
        recipient=organisation("recipientOrganization"),
        funder=organisation("fundingOrganization"),
        currency=currency,
        url=text(("url",)),
        programme=(text(("grantProgramme", 0, "code")), text(("grantProgramme", 0, "title"))),
        location=(
            text(("beneficiaryLocation", 0, "name")),
            text(("beneficiaryLocation", 0, "geoCode")),
            text(("beneficiaryLocation", 0, "geoCodeType")),
        ),
        planned=(day(("plannedDates", 0, "startDate")), day(("plannedDates", 0, "endDate"))),
        open_call=None if not opened else opened == "Yes",
        modified=text(("dateModified",)),
    )


def _pence(value: Any, wrong: Any) -> int:
    fix = "Write 39000 or 39000.50, without signs or commas."
    if value is None or isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        wrong("amountAwarded", "It is missing or not a number.", fix)
        return 0
    try:
        amount = Decimal(value)
        plain = amount.is_finite() and 0 <= amount < 10**15
        pence = amount * 100 if plain else Decimal("NaN")
        if plain and pence == pence.to_integral_value():
            return int(pence)
    except (InvalidOperation, ValueError):
        pass
    wrong("amountAwarded", "This is not a sum of money in whole pence.", fix)
    return 0


def _whole(awards: list[Award], found: list[Finding], file: str) -> tuple[Award, ...]:
    seen: set[str] = set()
    for award in awards:
        if award.id and award.id in seen:
            found.append(Finding("360.twice", f"The grant {award.id[:60]!r} is listed twice.", file=file, field="id"))
        seen.add(award.id)
    if found:
        raise Unusable(found[:MOST_ERRORS])
    if not awards:
        raise Unusable(Finding("360.grants", "There are no grants.", file=file))
    return tuple(awards)


def _json(source: Path | bytes, file: str) -> Any:
    if isinstance(source, Path):
        file, source = file or source.name, read_bytes(source)
    text, _ = decode(source, file=file)
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except json.JSONDecodeError as problem:
        raise Unusable(
            Finding("360.json", f"This is not JSON: {problem.msg}.", file=file, line=problem.lineno)
        ) from problem
    except (ValueError, RecursionError, InvalidOperation) as problem:
        raise Unusable(Finding("360.json", "This is not JSON that can be read.", file=file)) from problem


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _organisation(it: Organisation) -> dict[str, str]:
    return {
        "id": it.id,
        "name": it.name,
        "charityNumber": it.charity_number,
        "companyNumber": it.company_number,
        "postalCode": it.postcode,
    }


def _known(value: Any) -> Any:
    """Without what is empty, all the way down."""
    if isinstance(value, dict):
        return {key: made for key, part in value.items() if (made := _known(part)) not in ("", None, [], {})}
    if isinstance(value, list):
        return [made for part in value if (made := _known(part)) not in ("", None, [], {})]
    return value


def _at(item: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        if isinstance(step, int):
            if not isinstance(item, list) or len(item) <= step:
                return None
            item = item[step]
        elif isinstance(item, dict):
            item = item.get(step)
        else:
            return None
    return item


def _put(item: dict[str, Any], path: Sequence[str | int], value: str) -> None:
    """Set a value at a path of the form (key,) or (key, 0, key)."""
    if len(path) == 1:
        item[str(path[0])] = value
    else:
        item.setdefault(str(path[0]), [{}])[0][str(path[2])] = value
