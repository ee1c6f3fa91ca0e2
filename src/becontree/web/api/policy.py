"""The rules and figures that this council works by, each with its source, on any day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from becontree.foundations import policy
from becontree.foundations.policy.rules import NotInForce, UnknownKey, Value
from becontree.web.api.listing import Asked, Day, Listed, PageOf, paged, read

Key = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$", description="A rule's key")]
router = Router(tags=["policies"])
Scalar = bool | int | date | str


class OnDay(Listed):
    on: Day | None = Field(None, description="The day on which the rules hold; today where it is left out")


class OneDay(Asked):
    on: Day | None = Field(None, description="The day on which the rule holds; today where it is left out")


class RuleOut(Schema):
    key: str = Field(description="The rule's name for ever")
    title: str = Field(description="What it is about")
    value: Any = Field(description="A whole number, text, true or false, a day, or a list of them")
    unit: str = Field(description="What is counted; empty where nothing is")
    shown: str = Field(description="The value as a person reads it")
    since: date | None = Field(description="The first day on which it holds; null: always")
    until: date | None = Field(description="The last day on which it holds; null: no end is known")
    source: str = Field(description="Where it is written")
    standing: str = Field(description="law, code, guidance, practice or council")
    confirmed: bool = Field(description="Whether somebody held it against its source")
    note: str = Field(description="What else to know")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _rule(value: Value) -> dict[str, Any]:
    raw = value.value
    return {
        "key": value.key,
        "title": value.title,
        "value": [_plain(each) for each in raw] if isinstance(raw, tuple) else _plain(raw),
        "unit": value.unit,
        "shown": value.shown,
        "since": value.since if value.since.year > 1 else None,
        "until": value.until,
        "source": value.source,
        "standing": value.standing,
        "confirmed": value.confirmed,
        "note": value.note,
    }


def _rules(rows: Sequence[Value]) -> list[dict[str, Any]]:
    return [_rule(value) for value in rows]


@read(router, "", PageOf[RuleOut], summary="Every rule and figure in force on a day")
def rules(request: HttpRequest, asked: Query[OnDay]) -> Any:
    found = policy.at(asked.on or request.today)  # type: ignore[attr-defined]
    return paged(request, asked, [*found.national(), *found.council()], _rules)


@read(router, "/{key}", RuleOut, summary="One rule or figure")
def rule(request: HttpRequest, asked: Query[OneDay], key: Key) -> Any:
    try:
        return _rule(policy.at(asked.on or request.today).value(key))  # type: ignore[attr-defined]
    except (UnknownKey, NotInForce) as error:
        raise Http404 from error
